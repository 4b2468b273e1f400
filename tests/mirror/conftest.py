"""A Redis server of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.a_redis import RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A real one, on a free port of loopback."""
    server = RedisServer(tmp_path)
    yield server
    server.stop()
