"""The journal: every message as received, numbered, append-only. State and lake are functions of it.

One SQLite file a UTC day of known-at, write-ahead logged and committed in groups. Known-at never decreases along the
sequence, so a crash between two days' commits leaves a prefix, never a gap.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from types import TracebackType

from aftc.clock import DAY, Day, Instant, day_of, format_instant
from aftc.errors import HistoryError
from aftc.records import JournalEntry

__all__ = ["Journal", "begin_day"]

_CREATE = """
CREATE TABLE IF NOT EXISTS message (
    sequence INTEGER PRIMARY KEY,
    known_at INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    source   TEXT NOT NULL,
    raw      BLOB NOT NULL
) STRICT
"""
_COLUMNS = "sequence, known_at, digest, source, raw"


class Journal:
    """Reads and appends journal entries.

    Args:
        folder: Where the day files live; made when first appended to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: tuple[Day, sqlite3.Connection] | None = None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file being written."""
        if self._writer is not None:
            self._writer[1].close()
            self._writer = None

    def last(self) -> tuple[int, int]:
        """(sequence, known-at) of the newest entry; (0, 0) in an empty journal."""
        for path in reversed(self._files()):
            with closing(self._read(path)) as connection:
                row = connection.execute(
                    "SELECT sequence, known_at FROM message ORDER BY sequence DESC LIMIT 1"
                ).fetchone()
            if row is not None:
                return row[0], row[1]
        return 0, 0

    def append(self, entries: Iterable[JournalEntry]) -> None:
        """Make entries durable, in order; on return they survive a crash of the process and of the machine.

        Raises:
            HistoryError: a disk that is full or cannot be written.
        """
        for day, group in groupby(entries, key=lambda entry: day_of(entry.known_at)):
            rows = [(e.sequence, e.known_at, e.digest, e.source, e.raw) for e in group]
            try:
                connection = self._open(day)
                with connection:
                    connection.executemany(f"INSERT INTO message ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows)
            except sqlite3.Error as error:
                raise HistoryError(
                    "a journal that takes new entries",
                    str(error),
                    advice="free space or mend permissions, then run the same command again: it goes on from there",
                    subject=str(self._path(day)),
                ) from error

    def entries(self, *, after: int = 0, up_to: int | None = None) -> Iterator[JournalEntry]:
        """Entries with after < sequence <= up_to, in order.

        Raises:
            HistoryError: an entry is not what was written.
        """
        yield from self._entries(self._files(), after, up_to if up_to is not None else 2**62)

    def _entries(self, files: Iterable[Path], after: int, limit: int) -> Iterator[JournalEntry]:
        for path in files:
            with closing(self._read(path)) as connection:
                newest = connection.execute("SELECT max(sequence) FROM message").fetchone()[0]
                if newest is None or newest <= after:
                    continue
                query = f"SELECT {_COLUMNS} FROM message WHERE sequence > ? AND sequence <= ? ORDER BY sequence"
                for row in connection.execute(query, (after, limit)):
                    entry = JournalEntry(row[0], row[1], row[2], row[3], row[4])
                    if sha256(entry.raw).digest() != entry.digest:
                        raise HistoryError(
                            "the bytes of the entry's digest",
                            "other bytes",
                            advice="the journal is the only source: restore it from its backup",
                            subject=f"{path} entry {entry.sequence}",
                        )
                    yield entry
                if newest >= limit:
                    return

    def entry(self, sequence: int, *, known_at: Instant | None = None) -> JournalEntry:
        """One entry; at once where its known-at is given.

        Raises:
            HistoryError: no entry has this number.
        """
        day = None if known_at is None else self._path(day_of(known_at))
        files = self._files() if day is None else [day] * day.exists()
        for entry in self._entries(files, sequence - 1, sequence):
            return entry
        raise HistoryError(f"a journal entry {sequence}", "none", subject=str(self._folder))

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.sqlite")) if self._folder.is_dir() else []

    def _path(self, day: Day) -> Path:
        return self._folder / f"{format_instant(day * DAY)[:10]}.sqlite"

    def _read(self, path: Path) -> sqlite3.Connection:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    def _open(self, day: Day) -> sqlite3.Connection:
        if self._writer is not None and self._writer[0] == day:
            return self._writer[1]
        self.close()
        path = self._path(day)
        if not path.exists():
            begin_day(path)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA synchronous = FULL")
        self._writer = (day, connection)
        return connection


def begin_day(path: Path) -> None:
    """A day's file, made whole aside and renamed.

    Readers and restarts never find one without its table, nor one amid its change to a write-ahead log: a reader
    could not end that change for a writer that was killed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_suffix(".begun")
    for left in path.parent.glob(f"{begun.name}*"):
        left.unlink()
    with closing(sqlite3.connect(begun)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # nothing stands in it yet: it is synced once, below
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_CREATE)
    with begun.open("rb") as file:
        os.fsync(file.fileno())
    begun.rename(path)
