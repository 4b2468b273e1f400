"""A killed ingest goes on where it stopped: journal, lake and state end equal, row for row, to an undisturbed run's."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from aftc.clock import DAY
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.history.tables import SCHEMAS
from aftc.records import JournalEntry
from aftc.state import TABLES, State
from aftc.streams import party_merge
from aftc.streams.spool import load, order, scan
from aftc.testing import ARRIVAL
from tests.parties.decided import a_merge
from tests.serving.a_redis import STREAM, RedisServer
from training.world.generation import generate
from training.world.parameters import WorldParameters

AFTC = Path(sys.executable).with_name("aftc")
COMMIT_MESSAGES = "40"  # many small commits, so that a kill falls into every step of one
RUN_SECONDS = 120


def _world(folder: Path, consignments: int) -> Path:
    generate(
        folder, replace(WorldParameters(), seed=11, days=20, consignments=consignments, start=date(2026, 1, 5)), None
    )
    decided = folder / "messages" / "party_merge"
    decided.mkdir()
    for number, applied in enumerate((True, False, True)):
        merge = a_merge(applied=applied, decided_at=ARRIVAL + number * DAY)
        (decided / f"{number}.json").write_bytes(party_merge.build(merge))
    days = "".join(f"{number}.json,2026-01-1{number}T09:00:00Z\n" for number in range(3))
    (decided / "received.csv").write_text(f"file,received\n{days}")
    return folder / "messages"


Source = Callable[[Path], list[str]]
"""What `aftc ingest` of a store is told to take."""


def _start(source: Source, store: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "AFTC_COMMIT_MESSAGES": COMMIT_MESSAGES}
    command = [str(AFTC), "ingest", *source(store), "--store", str(store), "--json"]
    with _said(store).open("w") as said:
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=said)


def _said(store: Path) -> Path:
    """Where the last ingest of a store wrote its errors."""
    return store.with_suffix(".stderr")


def _journaled(store: Path) -> int:
    return Journal(store / "journal").last()[0]


def _kill_at(source: Source, store: Path, count: int) -> bool:
    """Start an ingest and kill it once the journal has grown by `count`; whether it was killed before its end."""
    until = _journaled(store) + count
    process = _start(source, store)
    try:
        while process.poll() is None:
            if _journaled(store) >= until:
                process.send_signal(signal.SIGKILL)
                break
        return process.wait(RUN_SECONDS) != 0
    finally:
        process.kill()


def _contents(store: Path) -> tuple[list[JournalEntry], dict[str, pa.Table], dict[str, list[tuple[bytes, bytes]]]]:
    lake = Lake(store / "lake")
    state = State(store / "state")
    try:
        with state.snapshot() as snapshot:
            rows = {table: list(snapshot.rows(table)) for table in TABLES}
    finally:
        state.close()
    tables = {name: lake.read(name) for name in SCHEMAS}
    ordered = {name: table.sort_by([(column, "ascending") for column in _SORT[name]]) for name, table in tables.items()}
    return list(Journal(store / "journal").entries()), ordered, rows


_SORT = {
    "records": ("sequence", "ordinal"),
    "versions": ("sequence", "consignment_id"),
    "sightings": ("sequence", "owner", "key"),
    "aliases": ("sequence", "key"),
    "outcomes": ("sequence", "examination_id"),
    "detections": ("sequence",),
    "quarantine": ("sequence",),
}


def _prove(tmp_path: Path, source: Source, kills: int) -> None:
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    assert _start(source, undisturbed).wait(RUN_SECONDS) == 0, _said(undisturbed).read_text()
    total = _journaled(undisturbed)
    steps = random.Random(7)
    killed = sum(_kill_at(source, disturbed, steps.randint(1, max(1, total // kills))) for _ in range(kills))
    assert killed >= kills // 2  # the rest found nothing left to do
    assert _start(source, disturbed).wait(RUN_SECONDS) == 0, _said(disturbed).read_text()
    expected, found = _contents(undisturbed), _contents(disturbed)
    assert found[0] == expected[0]
    assert {name: table.num_rows for name, table in found[1].items()} == {
        name: table.num_rows for name, table in expected[1].items()
    }
    for name, table in expected[1].items():
        assert found[1][name].equals(table), name
    assert found[2] == expected[2]
    assert expected[1]["versions"].num_rows > 0
    assert expected[1]["aliases"].num_rows == 6  # two keys, merged, parted and merged again


def _files(tmp_path: Path, consignments: int) -> Source:
    """A world's messages as files."""
    messages = str(_world(tmp_path / "world", consignments))
    return lambda _: [messages]


@contextmanager
def _stream(tmp_path: Path, consignments: int) -> Iterator[Source]:
    """A world's messages in a Redis stream, under ids of their received times; each store is a group of its own."""
    files = order(scan([_world(tmp_path / "world", consignments)]), 0)
    server = RedisServer(tmp_path)
    try:
        server.put(load(each, 0) for each in files)
        yield lambda store: ["--from-redis", server.url, "--stream", STREAM, "--group", store.name]
    finally:
        server.stop()


def test_three_kills_leave_no_trace(tmp_path: Path) -> None:
    """Killed at three random points and restarted, the store equals that of a run in one go."""
    _prove(tmp_path, _files(tmp_path, 150), kills=3)


def test_three_kills_amid_a_stream_leave_no_trace(tmp_path: Path) -> None:
    """An ingest of a Redis stream, killed likewise, takes what it had not acknowledged, and no message twice."""
    with _stream(tmp_path, 150) as source:
        _prove(tmp_path, source, kills=3)


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_twenty_kills_leave_no_trace(tmp_path: Path) -> None:
    """Killed at twenty random points and restarted, the store equals that of a run in one go."""
    _prove(tmp_path, _files(tmp_path, 1500), kills=20)


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_ten_kills_amid_a_stream_leave_no_trace(tmp_path: Path) -> None:
    """An ingest of a Redis stream, killed at ten random points, leaves the store of a run in one go."""
    with _stream(tmp_path, 600) as source:
        _prove(tmp_path, source, kills=10)
