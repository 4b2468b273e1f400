"""A real scorer on loopback, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest

from aftc.config import Settings
from serving.plan import Plan
from serving.server import ScorerServer
from serving.wire import scorer_pb2_grpc


@dataclass(frozen=True, slots=True)
class Serving:
    """A scorer that serves, its store, and a caller's channel and stub."""

    store: Path
    server: ScorerServer
    channel: grpc.Channel
    stub: scorer_pb2_grpc.ScorerStub


@pytest.fixture
def serving(store: Path) -> Iterator[Serving]:
    """A scorer over a copy of the small store."""
    server = ScorerServer(Plan(Settings(store=store), "127.0.0.1", 0, threads=2))
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield Serving(store, server, channel, scorer_pb2_grpc.ScorerStub(channel))
    server.stop()
