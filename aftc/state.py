"""The online state: one LMDB environment, many readers with one snapshot each, one writer.

A `View` reads; a `Writer` also writes. Linking and features use only these two, so they run alike on the
environment, on an overlay that is thrown away, and in tests in memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import lmdb

from aftc.errors import HistoryError

__all__ = [
    "TABLES",
    "MemoryState",
    "Overlay",
    "State",
    "View",
    "Watermark",
    "Writer",
    "read_watermark",
    "write_watermark",
]

TABLES = (
    "meta",  # watermark, schema
    "digests",  # SHA-256 of a message -> its sequence
    "links",  # linking key -> candidates
    "consignments",  # id -> last version
    "movements",  # id -> what linking knows of a crossing
    "owners",  # owner id -> its sighting rows
    "heads",  # entity key -> last day and totals
    "bodies",  # entity key -> closed days
    "merges",  # party key -> keys it is merged with as a pair
    "members",  # entity key -> other keys of its party
    "examinations",  # examination id -> last revision and the rows it added
)

MAP_BYTES = 1 << 40  # address space only; the file grows as needed
_WATERMARK = struct.Struct("<qq")


class View(Protocol):
    """Reads of one consistent snapshot."""

    def get(self, table: str, key: bytes) -> bytes | None:
        """Value of a key, or None."""


class Writer(View, Protocol):
    """A view that also writes; what it wrote it reads."""

    def put(self, table: str, key: bytes, value: bytes) -> None:
        """Set a key's value."""


class Watermark(tuple[int, int]):
    """(sequence, known-at) of the last applied message; (0, 0) in an empty state."""

    __slots__ = ()

    @property
    def sequence(self) -> int:
        """Last applied sequence number."""
        return self[0]

    @property
    def known_at(self) -> int:
        """Known-at of that message (instant)."""
        return self[1]


def read_watermark(view: View) -> Watermark:
    """The last message that this view has applied."""
    raw = view.get("meta", b"watermark")
    return Watermark(_WATERMARK.unpack(raw) if raw else (0, 0))


def write_watermark(writer: Writer, sequence: int, known_at: int) -> None:
    """Record the last applied message."""
    writer.put("meta", b"watermark", _WATERMARK.pack(sequence, known_at))


class _Transaction:
    """A `Writer` over an LMDB transaction."""

    __slots__ = ("_tables", "_transaction")

    def __init__(self, transaction: lmdb.Transaction, tables: dict[str, lmdb._Database]) -> None:
        self._transaction = transaction
        self._tables = tables

    def get(self, table: str, key: bytes) -> bytes | None:
        value = self._transaction.get(key, db=self._tables[table])
        return value if value is None else bytes(value)  # bytes already: the environment hands out no buffers

    def put(self, table: str, key: bytes, value: bytes) -> None:
        self._transaction.put(key, value, db=self._tables[table])

    def rows(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of a table in key order."""
        with self._transaction.cursor(db=self._tables[table]) as cursor:
            for key, value in cursor:
                yield bytes(key), bytes(value)

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: int(self._transaction.stat(table)["entries"]) for name, table in self._tables.items()}


class State:
    """The state's LMDB environment.

    Args:
        folder: Where it lives; made when `writable`.
        writable: The one writer opens it so; scorers only read.

    Raises:
        HistoryError: the folder is missing and not to be made.
    """

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        if not writable and not (folder / "data.mdb").exists():
            raise HistoryError(f"a state in {folder}", "none", advice="run 'aftc ingest PATH...' first")
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._environment = lmdb.open(
            str(folder),
            map_size=MAP_BYTES,
            max_dbs=len(TABLES),
            readonly=not writable,
            metasync=False,
            sync=writable,
            max_readers=512,
            max_spare_txns=16,  # py-lmdb: at least as many as threads that read
        )
        if writable:
            self._environment.reader_check()  # slots of readers that were killed would hold old pages for ever
        self._tables = {name: self._environment.open_db(name.encode(), create=writable) for name in TABLES}

    @contextmanager
    def snapshot(self) -> Iterator[_Transaction]:
        """One consistent view; nothing committed later is seen in it."""
        with self._environment.begin(buffers=False) as transaction:
            yield _Transaction(transaction, self._tables)

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """The one writer's transaction: committed as a whole at the end, dropped on an exception."""
        with self._environment.begin(write=True) as transaction:
            yield _Transaction(transaction, self._tables)

    def size(self) -> int:
        """Bytes of the file."""
        return (self.folder / "data.mdb").stat().st_size

    def close(self) -> None:
        """Close the environment."""
        self._environment.close()


class Overlay:
    """A writer whose writes stay in memory above a view: for linking that must not make history."""

    __slots__ = ("_view", "_written")

    def __init__(self, view: View) -> None:
        self._view = view
        self._written: dict[tuple[str, bytes], bytes] = {}

    def get(self, table: str, key: bytes) -> bytes | None:
        """Value as written here, else as in the view below."""
        if (table, key) in self._written:
            return self._written[table, key]
        return self._view.get(table, key)

    def put(self, table: str, key: bytes, value: bytes) -> None:
        """Set a key's value, above the view."""
        self._written[table, key] = value

    def rows(self) -> Iterator[tuple[tuple[str, bytes], bytes]]:
        """Everything written here: (table, key) and value, in the order first written."""
        yield from self._written.items()

    def write_to(self, writer: Writer) -> None:
        """Put what was written here into a writer below, in the order of keys: neighbours share pages."""
        for (table, key), value in sorted(self.rows()):
            writer.put(table, key, value)


class MemoryState(Overlay):
    """A writer that starts empty and lives in memory."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_Nothing())


class _Nothing:
    __slots__ = ()

    def get(self, table: str, key: bytes) -> bytes | None:  # noqa: ARG002  # a view of nothing asks nothing
        return None
