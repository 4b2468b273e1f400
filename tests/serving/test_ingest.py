"""The one writer: numbers once, refuses what would rewrite the past, quarantines with reason and bytes."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from aftc.clock import HOUR
from aftc.config import Settings
from aftc.errors import HistoryError
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.history.tables import SCHEMAS
from aftc.records import Message
from aftc.state import TABLES, State, read_watermark
from aftc.streams import ens, ferry_booking
from aftc.streams.spool import load, order, scan
from aftc.testing import ARRIVAL, a_booking, a_roro_entry
from serving.arrivals import messages_of
from serving.ingest import Ingest, Tally
from serving.rebuild import rebuild_state
from training.world.generation import generate
from training.world.parameters import WorldParameters

BOOKING = Message(ferry_booking.build(a_booking()), ARRIVAL - 30 * HOUR, "booking")
ENTRY = Message(ens.build(a_roro_entry()), ARRIVAL - 8 * HOUR, "entry")


def _ingest(store: Path, *messages: Message, as_arrived: bool = False) -> Tally:
    with Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take(messages, as_arrived=as_arrived):
            pass
        return ingest.tally


def _rows(store: Path) -> dict[str, list[tuple[bytes, bytes]]]:
    state = State(store / "state")
    with state.snapshot() as snapshot:
        rows = {table: list(snapshot.rows(table)) for table in TABLES}
    state.close()
    return rows


def test_messages_are_journaled_linked_and_laid_down(tmp_path: Path) -> None:
    """A booking and its declaration give three versions: the empty movement, its end, the joined consignment."""
    tally = _ingest(tmp_path, BOOKING, ENTRY)
    assert dict(tally.taken) == {"ferry_booking": 1, "ens": 1}
    assert (tally.versions, tally.consignments) == (3, 1)
    versions = Lake(tmp_path / "lake").read("versions")
    assert versions["sequence"].to_pylist() == [1, 2, 2]
    assert [entry.raw for entry in Journal(tmp_path / "journal").entries()] == [BOOKING.raw, ENTRY.raw]


def test_the_same_bytes_are_taken_once(tmp_path: Path) -> None:
    """A message sent again, in one run or the next, is counted and changes nothing."""
    _ingest(tmp_path, BOOKING, BOOKING, ENTRY)
    before = _rows(tmp_path)
    tally = _ingest(tmp_path, replace(ENTRY, known_at=ARRIVAL))
    assert (tally.duplicates, tally.messages) == (1, 0)
    assert _rows(tmp_path) == before


@pytest.mark.parametrize(
    "raw",
    [
        b"<a>",
        b"{",
        b"UNB+UNOA:2+A+B'",
        b"\xff\xfe\x00",
        b"",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        ENTRY.raw[: len(ENTRY.raw) // 2],
        b'{"messageType": "ferry-booking", "grossMass": NaN}',
        b"\x00" * 1000,
    ],
)
def test_a_bad_message_is_quarantined_and_the_stream_goes_on(tmp_path: Path, raw: bytes) -> None:
    """What cannot be read is kept whole with its stage and reason, and the next message is taken."""
    tally = _ingest(tmp_path, BOOKING, Message(raw, BOOKING.known_at, "bad"), ENTRY)
    assert tally.taken.total() == 2
    (row,) = Lake(tmp_path / "lake").read("quarantine").to_pylist()
    assert row["stage"] == "streams"
    assert row["expected"]
    assert row["found"]
    assert row["digest"] == sha256(raw).hexdigest()
    assert Journal(tmp_path / "journal").entry(row["sequence"]).raw == raw


def test_an_oversize_message_keeps_its_bytes(tmp_path: Path) -> None:
    """A message of 50 MB is quarantined unread; its bytes are in the journal."""
    raw = ENTRY.raw + b" " * 50_000_000
    tally = _ingest(tmp_path, Message(raw, BOOKING.known_at, "large"), ENTRY)
    assert [each.expected for each in tally.refused] == ["at most 10000000 bytes"]
    assert len(Journal(tmp_path / "journal").entry(1).raw) == len(raw)
    assert tally.taken.total() == 1


def test_older_history_is_refused_unless_numbered_as_it_arrives(tmp_path: Path) -> None:
    """A message older than the newest is refused with what to do; as arrived it takes the newest's known-at."""
    _ingest(tmp_path, ENTRY)
    with pytest.raises(HistoryError, match="--as-arrived"):
        _ingest(tmp_path, BOOKING)
    _ingest(tmp_path, BOOKING, as_arrived=True)
    assert [entry.known_at for entry in Journal(tmp_path / "journal").entries()] == [ENTRY.known_at] * 2


def test_one_writer_alone(tmp_path: Path) -> None:
    """A second writer of the same store is refused while the first holds it."""
    with Ingest(Settings(store=tmp_path)), pytest.raises(HistoryError, match="one writer"):
        Ingest(Settings(store=tmp_path))


def test_a_journal_behind_its_state_is_refused(tmp_path: Path) -> None:
    """A journal that was lost is not silently begun anew above a state that has applied it."""
    _ingest(tmp_path, BOOKING)
    for path in (tmp_path / "journal").iterdir():
        path.unlink()
    with pytest.raises(HistoryError, match="restore it from its backup"):
        Ingest(Settings(store=tmp_path))


def test_a_store_keeps_to_what_it_was_derived_with(tmp_path: Path) -> None:
    """Another linking window is refused for ingest and rebuild alike; the journal applied to a new store takes it."""
    _ingest(tmp_path, BOOKING)
    other = Settings(store=tmp_path, link_window_hours=1)
    with pytest.raises(HistoryError, match="derived with"):
        Ingest(other)
    with pytest.raises(HistoryError, match="derived with"):
        rebuild_state(other, lambda _: None)
    assert read_sequence(tmp_path) == 1


def read_sequence(store: Path) -> int:
    """Last message that the store's state has applied."""
    state = State(store / "state")
    with state.snapshot() as snapshot:
        sequence = read_watermark(snapshot).sequence
    state.close()
    return sequence


def test_an_altered_journal_entry_is_refused(tmp_path: Path) -> None:
    """Bytes changed in the journal's file are found by their digest before anything is derived from them."""
    _ingest(tmp_path, BOOKING, ENTRY)
    (path,) = {each for each in (tmp_path / "journal").glob("*.sqlite") if "02-02" in each.name}
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE message SET raw = ? WHERE sequence = 2", (ENTRY.raw.replace(b"BANANAS", b"BANANES"),)
        )
    with pytest.raises(HistoryError, match="restore it from its backup"):
        rebuild_state(Settings(store=tmp_path), lambda _: None, from_journal=True)


def test_a_file_whose_name_is_no_utf_8_is_taken(tmp_path: Path) -> None:
    """An odd name is spelled out in the journal and stops nothing."""
    folder = tmp_path / "in"
    folder.mkdir()
    Path(os.fsdecode(bytes(folder) + b"/odd\xff.json")).write_bytes(BOOKING.raw)
    messages = [load(each, ARRIVAL) for each in order(scan([folder]), ARRIVAL)]
    assert _ingest(tmp_path / "store", *messages).taken.total() == 1
    assert Journal(tmp_path / "store" / "journal").entry(1).source.endswith("odd\\udcff.json")


def test_a_link_to_a_file_is_accounted_for(tmp_path: Path) -> None:
    """A file reached twice is taken once, by its own path, and the link is told as the same file."""
    (tmp_path / "b.json").write_bytes(BOOKING.raw)
    (tmp_path / "a.json").symlink_to(tmp_path / "b.json")
    found = {each.path.name: each.skipped for each in scan([tmp_path])}
    assert found["b.json"] is None
    assert "the same file as" in (found["a.json"] or "")


def _digests(store: Path) -> dict[str, str]:
    """Of the rows of each of the lake's tables, and of the state's."""
    lake = Lake(store / "lake")
    rows = {name: lake.read(name).to_pylist() for name in SCHEMAS}
    return {name: sha256(repr(each).encode()).hexdigest() for name, each in (rows | _rows(store)).items()}


def test_the_order_in_which_files_are_listed_does_not_count(tmp_path: Path) -> None:
    """A world's files, named one by one in whatever order, give the lake and the state that their folder gives."""
    generate(tmp_path / "world", WorldParameters(seed=5, days=14, consignments=100))
    messages = tmp_path / "world" / "messages"
    files = sorted(path for path in messages.rglob("*") if path.is_file())
    listings = {"folder": [messages], "last first": files[::-1], "shuffled": Random(1).sample(files, len(files))}
    digests = {}
    for name, listed in listings.items():
        _ingest(tmp_path / name, *messages_of(order(scan(listed), 0), 0, Counter()))
        digests[name] = _digests(tmp_path / name)
    assert digests["folder"] == digests["last first"] == digests["shuffled"]
    assert len(set(digests["folder"].values())) > len(SCHEMAS)
