"""Tables through the one writer: rows of any order become messages in the order in which they were known.

A private database without a name holds them meanwhile, on disk beyond a small cache; it goes with the process, however
that ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from aftc.clock import Instant
from aftc.errors import InputError, MessageError
from aftc.records import Message
from aftc.streams.spool import source_of
from aftc.streams.table_row import parse
from aftc.tabular import BrokenLine, RowWriter, Table, find_tables, open_table, read_mapping

__all__ = ["GatheredRows"]

_TABLE = """CREATE TABLE message (known_at INTEGER, part INTEGER, digest BLOB, source TEXT, raw BLOB)"""
_INSERT = "INSERT INTO message VALUES (?, ?, ?, ?, ?)"
# A row whose clock cannot be read was known when the row before it was; the first rows, with the first that has one.
_UNDATED = "UPDATE message SET known_at = (SELECT min(known_at) FROM message) WHERE known_at IS NULL"
_ORDERED = "SELECT raw, known_at, source FROM message ORDER BY known_at, part, digest"


class GatheredRows:
    """The messages of tables that one mapping describes.

    Nothing is written anywhere that stays.

    Args:
        paths: Tables, or folders of them.
        mapping: The mapping's file.
        now: The clock: nothing was known later.

    Attributes:
        tables: How many tables there are.
        rows: How many rows they have, broken lines among them.
        messages: How many messages these give.

    Raises:
        InputError: the mapping does not fit a table, a table cannot be read, or no row of them can be dated.
    """

    def __init__(self, paths: Sequence[Path], mapping: Path, now: Instant) -> None:
        described = read_mapping(mapping)
        self._writer = RowWriter(described)
        self._now = now
        opened = [open_table(path, described.csv) for path in find_tables(paths)]
        for table in opened:
            self._writer.check(table.header, str(table.path))
        self.tables = len(opened)
        self.rows = self.messages = 0
        self._held = sqlite3.connect("")
        try:
            self._fill(opened)
        except BaseException:
            self._held.close()
            raise

    def __enter__(self) -> GatheredRows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def ordered(self) -> Iterator[Message]:
        """The messages by known-at; at one moment declarations before outcomes, then by digest."""
        for raw, known_at, source in self._held.execute(_ORDERED):
            yield Message(raw, known_at, source)

    def _fill(self, tables: Sequence[Table]) -> None:
        with self._held:
            self._held.execute(_TABLE)
            for table in tables:
                self._held.executemany(_INSERT, self._gather(table))
            dated = self._held.execute("SELECT count(known_at) FROM message").fetchone()[0]
            if self.messages and not dated:
                self._refuse_undated()
            self._held.execute(_UNDATED)

    def _gather(self, table: Table) -> Iterator[tuple[Instant | None, int, bytes, str, bytes]]:
        latest: Instant | None = None
        for number, row in enumerate(table.rows(self._writer.columns), start=1):
            self.rows += 1
            source = f"{source_of(str(table.path))}!{number}"
            for part, message in enumerate(self._writer.messages(row)):
                self.messages += 1
                known_at = latest if message.known_at is None else min(message.known_at, self._now)
                if part == 0 and not isinstance(row, BrokenLine):
                    latest = known_at
                yield known_at, part, sha256(message.raw).digest(), source, message.raw

    def _refuse_undated(self) -> None:
        raw, source = self._held.execute("SELECT raw, source FROM message LIMIT 1").fetchone()
        try:
            parse(raw)
        except MessageError as error:
            expected, found = error.expected, error.found
        else:
            expected, found = "rows with a clock", "none"
        raise InputError(f"{expected}, in at least one row", found, advice="correct the mapping", subject=source)
