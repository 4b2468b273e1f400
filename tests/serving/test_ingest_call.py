"""The call `Ingest` from end to end: what is acknowledged reaches the journal, once, whatever dies in between."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import grpc
import pytest

from aftc.clock import DAY
from aftc.config import Settings
from aftc.history.journal import Journal
from aftc.records import JournalEntry
from aftc.streams import ferry_booking
from aftc.testing import ARRIVAL, a_booking
from serving.arrivals import take_spool
from serving.ingest import Ingest
from serving.wire import scorer_pb2 as wire
from tests.serving.a_service import SECONDS, service_of, stub_of

CALLERS = 4
LATER = ARRIVAL + 30 * DAY  # after all that the small store knows


def _raw(reference: str) -> bytes:
    return ferry_booking.build(a_booking(booking_reference=reference))


def _applied(store: Path) -> list[JournalEntry]:
    """What the writer makes of the spool, newest entries only."""
    before = Journal(store / "journal").last()[0]
    with Ingest(Settings(store=store)) as ingest:
        take_spool(ingest, store / "spool", lambda: LATER)
    assert list((store / "spool").iterdir()) == []
    return list(Journal(store / "journal").entries(after=before))


def test_the_same_call_twice_has_one_effect(store: Path) -> None:
    """A caller that did not hear the answer repeats its call: both are acknowledged, one message is journaled."""
    request = wire.IngestRequest(raw=_raw("BK-TWICE"), source="port", received_at=LATER)
    with service_of(store) as service, stub_of(service.port) as stub:
        replies = [stub.Ingest(request, timeout=SECONDS) for _ in range(2)]
        again = stub.Ingest(wire.IngestRequest(raw=request.raw, source="elsewhere"), timeout=SECONDS)
    assert {each.digest for each in (*replies, again)} == {sha256(request.raw).hexdigest()}
    assert [entry.raw for entry in _applied(store)] == [request.raw]
    assert _applied(store) == []


def _call_until_it_dies(port: int, caller: int, acknowledged: list[bytes]) -> None:
    with stub_of(port) as stub:
        number = 0
        while True:
            raw = _raw(f"BK-{caller}-{number}")
            try:
                stub.Ingest(wire.IngestRequest(raw=raw, source="port", received_at=LATER), timeout=SECONDS)
            except grpc.RpcError:
                return
            acknowledged.append(raw)
            number += 1


@pytest.mark.timeout(120)
def test_a_killed_service_loses_no_acknowledged_message(store: Path) -> None:
    """After SIGKILL of every process under load, the writer finds each acknowledged message whole, and none in part."""
    acknowledged: list[bytes] = []
    with service_of(store, "--workers", "2") as service, ThreadPoolExecutor(CALLERS) as callers:
        calls = [callers.submit(_call_until_it_dies, service.port, each, acknowledged) for each in range(CALLERS)]
        with stub_of(service.port) as stub:
            for number in range(30):
                raw = _raw(f"BK-MINE-{number}")
                stub.Ingest(wire.IngestRequest(raw=raw, source="port", received_at=LATER), timeout=SECONDS)
                acknowledged.append(raw)
        os.kill(service.process.pid, signal.SIGSTOP)  # so that the dead stay dead
        for worker in service.workers():
            os.kill(worker, signal.SIGKILL)
        service.process.kill()
        for call in calls:
            call.result(SECONDS)
    for left in (store / "spool").glob(".*"):
        left.unlink()  # one that was still being written: never acknowledged, never taken
    journaled = [entry.raw for entry in _applied(store)]
    assert len(acknowledged) >= 30
    assert set(acknowledged) <= set(journaled)
    assert len(set(journaled)) == len(journaled)
    assert len(journaled) <= len(acknowledged) + CALLERS  # each caller waited for one answer at most
