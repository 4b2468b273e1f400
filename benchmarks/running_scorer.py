"""A real scorer process on a free loopback port, called as a border system would call it."""

from __future__ import annotations

import re
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc
import numpy as np
import pyarrow.compute as pc
from google.protobuf.json_format import MessageToDict

from aftc.errors import InputError
from aftc.history.lake import Lake
from serving.wire import scorer_pb2, scorer_pb2_grpc

__all__ = ["CallTimes", "RunningScorer", "standing_consignments"]

AFTC = Path(sys.executable).with_name("aftc")
START_SECONDS = 120.0  # a first start may compile the kernels
STOP_SECONDS = 30.0
CALL_SECONDS = 5.0
WARM_CALLS = 50
_SERVING = re.compile(rb"serving on ([^ ]+) ")


@dataclass(frozen=True, slots=True)
class CallTimes:
    """Round trips of unary calls by one caller, in milliseconds."""

    calls: int
    p50_ms: float
    p99_ms: float


def standing_consignments(store: Path) -> list[str]:
    """Ids of the consignments that no other has taken over, in a fixed order."""
    rows = Lake(store / "lake").read("versions", columns=("consignment_id", "joined_into"))
    joined = rows.filter(pc.is_valid(rows["joined_into"]))["consignment_id"].to_pylist()
    return sorted(set(rows["consignment_id"].to_pylist()) - set(joined))


def _word(name: str) -> str:
    """An enumeration's value as the project writes it: MODE_CONTAINER is container."""
    return name.partition("_")[2].lower()


def _reason(reason: dict[str, Any]) -> dict[str, Any]:
    return {**reason, "standing": _word(reason["standing"])}


class RunningScorer:
    """`aftc serve` over a store, as a context: started, called, stopped by its process id.

    Raises:
        InputError: the server ends, or says nothing, before it serves.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        command = [str(AFTC), "serve", "--port", "0", "--store", str(store)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.replies: list[scorer_pb2.ScoreReply] = []

    def __enter__(self) -> RunningScorer:
        try:
            self.address = self._address()
            self._channel = grpc.insecure_channel(self.address)
            self._stub = scorer_pb2_grpc.ScorerStub(self._channel)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._channel.close()
        self._stop()

    def measure(self, calls: int) -> CallTimes:
        """Score that many consignments, one call after the other; the replies stay in `replies`."""
        identities = standing_consignments(self._store)
        chosen = [identities[place * len(identities) // calls] for place in range(calls)]
        for identity in chosen[:WARM_CALLS]:
            self._score(identity)
        seconds = []
        for identity in chosen:
            started = time.perf_counter()
            reply = self._score(identity)
            seconds.append(time.perf_counter() - started)
            self.replies.append(reply)
        p50, p99 = (float(each) * 1000 for each in np.percentile(seconds, (50, 99)))
        return CallTimes(calls, round(p50, 3), round(p99, 3))

    def riskiest(self) -> dict[str, Any]:
        """The reply with the highest probability of any threat, as JSON would hold it."""
        reply = max(self.replies, key=lambda reply: (reply.threats[0].probability, reply.consignment_id))
        fields = MessageToDict(reply, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
        return {**fields, "mode": _word(fields["mode"]), "reasons": [_reason(each) for each in fields["reasons"]]}

    def _score(self, identity: str) -> scorer_pb2.ScoreReply:
        request = scorer_pb2.ScoreRequest(consignment_id=identity)
        reply: scorer_pb2.ScoreReply = self._stub.Score(request, timeout=CALL_SECONDS)
        return reply

    def _address(self) -> str:
        """Where the server says that it serves, within the time allowed."""
        if self._process.stdout is None:
            raise InputError("a pipe from the server", "none")
        until = time.monotonic() + START_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while time.monotonic() < until and selector.select(until - time.monotonic()):
                line = self._process.stdout.readline()
                found = _SERVING.search(line)
                if found:
                    return found[1].decode()
                if not line:
                    break
        raise InputError(
            "a server that serves", "one that ended or stayed silent", advice="run 'aftc serve' to see why"
        )

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
