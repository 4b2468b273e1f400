"""A real Redis server on loopback for tests: its own process, a free port, nothing on disk but a log."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from aftc.records import Message

SERVER = Path(sys.executable).with_name("redis-server")
START_SECONDS = 30.0
STREAM = "messages"


class RedisServer:
    """A server that is started at once and stopped by its process id."""

    def __init__(self, folder: Path, *, port: int | None = None, password: str = "") -> None:
        self.folder = folder
        self.port = port or _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        given = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": folder}
        given |= {"maxmemory": "512mb", "requirepass": password} if password else {"maxmemory": "512mb"}
        options = [each for name, value in given.items() for each in (f"--{name}", str(value))]
        with (folder / f"redis-{self.port}.log").open("ab") as log:
            self._process = subprocess.Popen([str(SERVER), *options], stdout=log, stderr=log)
        self.client: Any = Redis.from_url(self.url, password=password or None, protocol=2)  # Any: answers or awaitables
        self._answers()

    def put(self, messages: Iterable[Message]) -> None:
        """Add messages to the stream, each under an id of its known-at."""
        last, within = 0, 0
        batch = self.client.pipeline(transaction=False)
        for each in messages:
            received = each.known_at // 1_000
            within = within + 1 if received == last else 0
            last = received
            batch.xadd(STREAM, {"raw": each.raw, "source": each.source}, id=f"{received}-{within}")
        batch.execute()

    def stop(self) -> None:
        """End it without a word, as a crash would."""
        self.client.close()
        self._process.kill()
        self._process.wait()

    def _answers(self) -> None:
        until = monotonic() + START_SECONDS
        while True:
            try:
                self.client.ping()
                return
            except RedisError:
                if self._process.poll() is not None or monotonic() > until:
                    self.stop()
                    raise


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
