"""`aftc serve` as a process of its own, for tests, and callers of it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from serving.wire import scorer_pb2_grpc

AFTC = Path(sys.executable).with_name("aftc")
SECONDS = 60.0


class Service:
    """A running `aftc serve`, read line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = int(self.line(r"serving on 127\.0\.0\.1:(\d+) ")[1])

    def line(self, pattern: str) -> re.Match[str]:
        """The next line that matches; fails at the end of the output."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = re.search(pattern, line)
            if found:
                return found
        pytest.fail(f"no line like {pattern}")

    def workers(self) -> list[int]:
        """Process ids of its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        commands = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for each in children}
        return [child for child, command in commands.items() if b"spawn_main" in command]


@contextmanager
def service_of(store: Path, *words: str) -> Iterator[Service]:
    """`aftc serve` of a store on a free port, stopped at the end."""
    command = [str(AFTC), "serve", "--port", "0", "--store", str(store), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield Service(process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=SECONDS)
        finally:
            process.kill()


@contextmanager
def stub_of(port: int) -> Iterator[Any]:
    """A caller of the service at a port, whose connection is its own."""
    # A channel of its own: otherwise channels share one connection, and with it one worker.
    options = (("grpc.use_local_subchannel_pool", 1),)
    with grpc.insecure_channel(f"127.0.0.1:{port}", options) as channel:
        yield scorer_pb2_grpc.ScorerStub(channel)
