"""A retry: what can be read now is taken as of now, once; the past stays as it was known."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from aftc.audit.journal_history import JournalHistory
from aftc.clock import HOUR
from aftc.config import Settings
from aftc.errors import ReplayError
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.history.quarantine import Quarantine
from aftc.records import ConsignmentVersion, JournalEntry, Message
from aftc.state import TABLES, State, read_watermark
from aftc.streams import STREAMS, ens, ferry_booking
from aftc.testing import ARRIVAL, a_booking, a_roro_entry
from serving.ingest import Ingest
from serving.rebuild import rebuild_state
from serving.retry import Retried, Retry, retry

BOOKING, ENTRY = ferry_booking.build(a_booking()), ens.build(a_roro_entry())
NOW = ARRIVAL + 100 * HOUR
BAD = b"<CC315A/>"


def _ingest(store: Path, *raws: bytes) -> None:
    with Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take(Message(raw, ARRIVAL - HOUR, f"file {place}") for place, raw in enumerate(raws, start=1)):
            pass


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of an entry, a broken one, and a booking that came when nothing read bookings."""
    with monkeypatch.context() as yesterday:
        yesterday.delitem(STREAMS, "ferry_booking")
        _ingest(tmp_path, ENTRY, BAD, BOOKING)
    return tmp_path


def _retry(store: Path, *numbers: int, commit: int = 2_000) -> list[Retried]:
    with Ingest(Settings(store=store)) as ingest:
        quarantine = Quarantine(Lake(store / "lake"), ingest.number_of)
        rows = [quarantine.named(number) for number in numbers]
        return list(retry(ingest, Journal(store / "journal"), rows, NOW, commit))


def _results(done: list[Retried]) -> list[tuple[int, str, tuple[int, ...]]]:
    return [(each.held.sequence, each.result.value, each.numbers) for each in done]


def _rows(store: Path) -> dict[str, list[tuple[bytes, bytes]]]:
    state = State(store / "state")
    with state.snapshot() as snapshot:
        rows = {table: list(snapshot.rows(table)) for table in TABLES}
    state.close()
    return rows


def test_what_can_be_read_now_is_known_from_now_on(store: Path) -> None:
    """It gets a number and a known-at of its own, joins what it belongs to, and the old entry stays as it was."""
    before = list(Journal(store / "journal").entries())
    quarantine = Lake(store / "lake").read("quarantine")
    assert _results(_retry(store, 2, 3)) == [(2, "still refused", ()), (3, "taken", (4,))]
    *past, taken = Journal(store / "journal").entries()
    assert past == before
    assert (taken.sequence, taken.known_at, taken.raw, taken.source) == (4, NOW, BOOKING, "file 3")
    assert Lake(store / "lake").read("quarantine").equals(quarantine)
    versions = Lake(store / "lake").read("versions")
    assert versions["sequence"].to_pylist() == [1, 4]
    assert versions["consignment_id"][0] == versions["consignment_id"][1]


def test_a_second_retry_does_nothing(store: Path) -> None:
    """The digest says that the message was taken: by the same command, by the next one, and after a rebuild."""
    assert _results(_retry(store, 3)) == [(3, "taken", (4,))]
    rows = _rows(store)
    assert _results(_retry(store, 3)) == [(3, "taken before", (4,))]
    assert _rows(store) == rows
    rebuild_state(Settings(store=store), lambda _: None, from_journal=True)
    assert _results(_retry(store, 3)) == [(3, "taken before", (4,))]
    assert Journal(store / "journal").last()[0] == 4


def test_the_same_bytes_sent_again_are_no_retry(store: Path) -> None:
    """A sender's repetition is left out as ever; only a retry takes it."""
    _ingest(store, BOOKING)
    assert Journal(store / "journal").last()[0] == 3


def test_a_retry_cut_short_is_finished_by_the_next_writer(store: Path) -> None:
    """Journaled and not applied, as a kill leaves it: recovery applies it, and a further retry does nothing."""
    with Journal(store / "journal") as journal:
        journal.append([JournalEntry(4, NOW, sha256(BOOKING).digest(), "file 3", BOOKING)])
    assert _results(_retry(store, 3)) == [(3, "taken before", (4,))]
    assert Lake(store / "lake").read("versions")["sequence"].to_pylist() == [1, 4]


def test_a_rebuilt_state_is_the_same_state(store: Path) -> None:
    """What could not be read when it came stays unread when the journal is applied again, retried or not."""
    _retry(store, 3)
    before = _rows(store)
    rebuild_state(Settings(store=store), lambda _: None, from_journal=True)
    assert _rows(store) == before


def test_the_past_is_replayed_without_what_was_not_known(store: Path) -> None:
    """A history made again from the journal knows the booking from the retry on, not from when its bytes came."""
    _retry(store, 3)
    settings = Settings(store=store)
    identity = Lake(store / "lake").read("versions")["consignment_id"][0].as_py()
    known: dict[int, ConsignmentVersion] = {}
    for sequence in (3, 4):
        with JournalHistory(settings, sequence) as history:
            known[sequence] = history.version(identity, sequence)
    assert known[3].booking is None
    assert known[4].booking is not None
    with JournalHistory(settings, 3) as history, pytest.raises(ReplayError):
        history.version("CNOWHERE", 3)


def test_what_is_still_refused_says_why_and_changes_nothing(store: Path) -> None:
    """No entry is made for it, however often it is tried."""
    rows = _rows(store)
    (refused,) = _retry(store, 2)
    assert (refused.result, refused.expected, refused.found) == (Retry.REFUSED, "CC315A/HEAHEA", "no such element")
    assert _rows(store) == rows
    assert Journal(store / "journal").last()[0] == 3


def test_an_archive_kept_whole_is_taken_apart(tmp_path: Path) -> None:
    """Where its messages can now be got out they are taken, each by itself; again, and there is nothing to do."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, raw in (("a.json", BOOKING), ("b.xml", ENTRY), ("c.xml", BAD)):
            archive.writestr(name, raw)
    _ingest(tmp_path, held.getvalue())
    assert _results(_retry(tmp_path, 1)) == [(1, "taken", (2, 3, 4))]
    assert [entry.source for entry in Journal(tmp_path / "journal").entries()] == [
        "file 1",
        "file 1!a.json",
        "file 1!b.xml",
        "file 1!c.xml",
    ]
    assert Lake(tmp_path / "lake").read("quarantine")["sequence"].to_pylist() == [1, 4]
    assert _results(_retry(tmp_path, 1, 4)) == [(1, "taken before", (2, 3, 4)), (4, "still refused", ())]


def test_many_are_taken_in_their_order_group_by_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small commits or in one: the same entries in the same order."""
    bookings = [ferry_booking.build(a_booking(booking_reference=f"BK-{number}")) for number in range(7)]
    with monkeypatch.context() as yesterday:
        yesterday.delitem(STREAMS, "ferry_booking")
        _ingest(tmp_path, *bookings)
    assert _results(_retry(tmp_path, *range(7, 0, -1), commit=3)) == [
        (number, "taken", (number + 7,)) for number in range(1, 8)
    ]
    assert [entry.raw for entry in Journal(tmp_path / "journal").entries(after=7)] == bookings
    state = State(tmp_path / "state")
    with state.snapshot() as snapshot:
        assert read_watermark(snapshot).sequence == 14
    state.close()
