"""The journal keeps every message, in order, whatever day it came and however it is read."""

from __future__ import annotations

import stat
from hashlib import sha256
from pathlib import Path

import pytest

from aftc.clock import DAY, HOUR
from aftc.errors import HistoryError
from aftc.history.journal import Journal, begin_day
from aftc.records import JournalEntry
from aftc.testing import ARRIVAL


def _entries(count: int, *, first: int = 1, step: int = HOUR * 5) -> list[JournalEntry]:
    raws = [f"message {number}".encode() for number in range(first, first + count)]
    return [
        JournalEntry(first + index, ARRIVAL + index * step, sha256(raw).digest(), f"f{index}", raw)
        for index, raw in enumerate(raws)
    ]


def test_entries_come_back_in_order_over_days(tmp_path: Path) -> None:
    """Twenty entries over four days are read back equal, from one file a day."""
    entries = _entries(20)
    with Journal(tmp_path) as journal:
        journal.append(entries[:7])
        journal.append(entries[7:])
    read = Journal(tmp_path)
    assert list(read.entries()) == entries
    assert list(read.entries(after=3, up_to=11)) == entries[3:11]
    assert read.entry(13) == entries[12]
    assert read.last() == (20, entries[-1].known_at)
    days = {entry.known_at // DAY for entry in entries}
    assert len(list(tmp_path.glob("*.sqlite"))) == len(days)


def test_empty_journal_has_nothing(tmp_path: Path) -> None:
    """A journal that does not exist yet reads as empty and names no last entry."""
    journal = Journal(tmp_path / "none")
    assert journal.last() == (0, 0)
    assert list(journal.entries()) == []
    with pytest.raises(HistoryError, match="a journal entry 1"):
        journal.entry(1)


def test_a_number_is_given_once(tmp_path: Path) -> None:
    """A sequence number cannot be written twice: the second append fails and the first stands."""
    entries = _entries(2)
    with Journal(tmp_path) as journal:
        journal.append(entries)
        with pytest.raises(HistoryError, match="UNIQUE"):
            journal.append(entries[1:])
    assert list(Journal(tmp_path).entries()) == entries


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A journal path that is a file gives an error that names what to do, not a traceback of SQLite's."""
    (tmp_path / "journal").write_text("in the way")
    with pytest.raises((HistoryError, OSError)), Journal(tmp_path / "journal") as journal:
        journal.append(_entries(1))
    assert stat.S_ISREG((tmp_path / "journal").stat().st_mode)


def test_a_day_begins_whole(tmp_path: Path) -> None:
    """A day's file is in write-ahead mode as soon as it has its name, and leftovers of a kill are dropped."""
    for ending in ("", "-journal", "-wal"):
        (tmp_path / f"2026-02-03.begun{ending}").write_bytes(b"left by a kill")
    path = tmp_path / "2026-02-03.sqlite"
    begin_day(path)
    assert path.read_bytes()[18:20] == b"\x02\x02"  # SQLite's file format: read and write versions of WAL
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    with Journal(tmp_path) as journal:
        journal.append(_entries(1))
    assert Journal(tmp_path).last()[0] == 1
