"""The online state: one LMDB environment, many readers with one snapshot each, one writer.

A `View` reads; a `Writer` also writes. Linking and features use only these two, so they run alike on the
environment, on an overlay that is thrown away, and in tests in memory.

Every value ends in a check of itself and its key. Records of the online history bring their own, with which they also
travel; to all other values the environment adds one, a CRC-32 begun with that of the key.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Final, Protocol, runtime_checkable
from zlib import crc32

import lmdb

from aftc.errors import HistoryError, StateError
from aftc.joined_records import Integers, Octets, joined, names_of
from aftc.lmdb_calls import LIBRARY_VERSION, NO_TRANSACTION, Calls, fetch, store

__all__ = [
    "CHANGES",
    "HISTORY",
    "REBUILD",
    "TABLES",
    "Distant",
    "Snapshots",
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
    "owners",  # owner id -> its keys, and what it added
    "entities",  # entity key -> the days on which it was seen, and what they added
    "merges",  # party key -> keys it is merged with as a pair
    "members",  # entity key -> other keys of its party
    "examinations",  # examination id -> last revision and the rows it added
)

HISTORY: Final = ("entities", "owners")
"""Tables made of sightings, whose records bring their own checks; the others are linking's."""

NUMBERED: Final = (*HISTORY, "members")
"""Tables whose keys are numbers."""

CHANGES: Final = "changes"
"""Table beside those of the state: which keys the last commits wrote (`aftc.history.changes`)."""

REBUILD: Final = "run 'aftc state rebuild'"
"""What mends a state."""

MAP_BYTES = 1 << 40  # address space only; the file grows as needed
_WATERMARK = struct.Struct("<qq")
_CHECK: Final = struct.Struct("<I")


class View(Protocol):
    """Reads of one consistent snapshot."""

    def get(self, table: str, key: bytes) -> bytes | None:
        """Value of a key, or None."""

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """Values of some keys, as many `get` would give them."""

    def records(self, table: str, keys: Integers) -> tuple[Octets, Integers]:
        """Values of keys that are numbers, one after the other, and the length of each: -1 of one that is not there."""


class Writer(View, Protocol):
    """A view that also writes; what it wrote it reads."""

    def put(self, table: str, key: bytes, value: bytes) -> None:
        """Set a key's value."""

    def put_many(self, table: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Set the values of some keys."""

    def put_records(self, table: str, keys: Integers, raw: Octets, ends: Integers) -> None:
        """Set the values of keys that are numbers; where one has no bytes, what stands there stays.

        Args:
            table: Of the online history.
            keys: int64[n].
            raw: The values, one after the other.
            ends: int64[n + 1]: where the first begins, and where each ends.
        """


@runtime_checkable
class Distant(View, Protocol):
    """A view at the other end of a wire: what is known to be wanted is asked for at once."""

    def fetch(self, wanted: Mapping[str, Sequence[bytes]]) -> None:
        """Read keys of several tables in one round trip; a later `get` of them costs none."""


class Snapshots(Protocol):
    """A state that is read, wherever it is kept."""

    def snapshot(self) -> AbstractContextManager[View]:
        """One consistent view; nothing committed later is seen in it."""

    def close(self) -> None:
        """Leave it."""


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

    __slots__ = ("_calls", "_handle", "_tables", "_transaction")

    def __init__(self, transaction: lmdb.Transaction, tables: dict[str, lmdb._Database], calls: Calls) -> None:
        self._transaction = transaction
        self._tables = tables
        self._calls = calls
        self._handle = calls.handle(transaction)

    def close(self) -> None:
        """See that compiled code asks nothing more of it."""
        self._handle = NO_TRANSACTION

    def get(self, table: str, key: bytes) -> bytes | None:
        """As of `View`.

        Raises:
            StateError: the value is damaged, or a page on the way to it.
        """
        try:
            raw = self._transaction.get(key, db=self._tables[table])
        except lmdb.Error as error:
            raise _damaged(table, key, str(error)) from error
        if raw is None:
            return None
        return bytes(raw) if table in HISTORY else _unchecked(table, key, bytes(raw))

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """As of `View`; raises as `get`."""
        return [self.get(table, key) for key in keys]

    def records(self, table: str, keys: Integers) -> tuple[Octets, Integers]:
        """As of `View`, in one call of compiled code; raises as `get`."""
        fault, raw, lengths = fetch(self._handle, self._calls.databases[table], keys)
        if fault >= 0 or (raw.size and table not in HISTORY):
            return joined(self.get_many(table, names_of(keys)))
        return raw, lengths

    def put(self, table: str, key: bytes, value: bytes) -> None:
        self._transaction.put(key, value if table in HISTORY else _checked(key, value), db=self._tables[table])

    def put_many(self, table: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """As of `Writer`, in one go."""
        self._put_many(table, rows, append=False)

    def put_records(self, table: str, keys: Integers, raw: Octets, ends: Integers) -> None:
        """As of `Writer`, in one call of compiled code."""
        self._store(table, keys, raw, ends, append=False)

    def append(self, table: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Put many rows after all that the table holds: in key order, each key once."""
        self._put_many(table, rows, append=True)

    def append_records(self, table: str, keys: Integers, raw: Octets, ends: Integers) -> None:
        """Put records of the online history after all that the table holds: in key order, each key once."""
        self._store(table, keys, raw, ends, append=True)

    def _store(self, table: str, keys: Integers, raw: Octets, ends: Integers, *, append: bool) -> None:
        fault = store(self._handle, self._calls.databases[table], keys, raw, ends, append)
        if fault >= 0:
            name, value = names_of(keys)[fault], raw[ends[fault] : ends[fault + 1]].tobytes()
            if not self._transaction.put(name, value, db=self._tables[table], append=append):  # it raises for all else
                raise HistoryError("records in the order of their keys", f"{name!r} after a later one", subject=table)

    def _put_many(self, table: str, rows: Iterable[tuple[bytes, bytes]], *, append: bool) -> None:
        checked = rows if table in HISTORY else ((key, _checked(key, value)) for key, value in rows)
        with self._transaction.cursor(db=self._tables[table]) as cursor:
            cursor.putmulti(checked, append=append)

    def delete(self, table: str, key: bytes) -> None:
        """Take a key away, if it is there."""
        self._transaction.delete(key, db=self._tables[table])

    def rows(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of a table in key order.

        Raises:
            StateError: a value is damaged, or a page, or not all rows are met.
        """
        met, last = 0, b""
        try:
            with self._transaction.cursor(db=self._tables[table]) as cursor:
                for key, raw in map(_copied, cursor):
                    if met and key <= last:
                        raise _damaged(table, key, "keys out of order")
                    met, last = met + 1, key
                    yield key, raw if table in HISTORY else _unchecked(table, key, raw)
        except lmdb.Error as error:
            raise _damaged(table, last, str(error)) from error
        if met != self.counts()[table]:
            raise _damaged(table, last, f"{met} of {self.counts()[table]} rows")

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: int(self._transaction.stat(table)["entries"]) for name, table in self._tables.items()}


def _copied(row: tuple[bytes | memoryview, bytes | memoryview]) -> tuple[bytes, bytes]:
    """A row as bytes, which the library hands out where no buffers are asked for."""
    return bytes(row[0]), bytes(row[1])


def _checked(key: bytes, value: bytes) -> bytes:
    return value + _CHECK.pack(crc32(value, crc32(key)))


def _unchecked(table: str, key: bytes, raw: bytes) -> bytes:
    value = raw[: -_CHECK.size]
    if raw[-_CHECK.size :] != _CHECK.pack(crc32(value, crc32(key))):
        raise _damaged(table, key, "one that fails its check")
    return value


def _damaged(table: str, key: bytes, found: str) -> StateError:
    return StateError("a sound record", found, advice=REBUILD, subject=f"{table} {key!r}")


class State:
    """The state's LMDB environment.

    Args:
        folder: Where it lives; made when `writable`.
        writable: The one writer opens it so; scorers only read.

    Raises:
        HistoryError: the folder is missing and not to be made, or its file cannot be read as a state.
    """

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        if not writable and not (folder / "data.mdb").exists():
            raise HistoryError(f"a state in {folder}", "none", advice="run 'aftc ingest PATH...' first")
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        try:
            self._environment = _environment(folder, writable=writable)
            names = (*TABLES, CHANGES)
            self._tables = {name: self._environment.open_db(name.encode(), create=writable) for name in names}
            self._calls = Calls(self._environment, NUMBERED)
        except lmdb.Error as error:
            raise HistoryError("a readable state", str(error), advice=REBUILD, subject=str(folder)) from error

    @contextmanager
    def snapshot(self) -> Iterator[_Transaction]:
        """One consistent view; nothing committed later is seen in it."""
        with self._environment.begin() as transaction, closing(self._over(transaction)) as view:
            yield view

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """The one writer's transaction: committed as a whole at the end, dropped on an exception."""
        with self._environment.begin(write=True) as transaction, closing(self._over(transaction)) as writer:
            yield writer
        needed = _bytes_needed(self._environment)
        if self.size() < needed:  # LMDB leaves out pages at the end that were taken and given back
            os.truncate(self.folder / "data.mdb", needed)

    def _over(self, transaction: lmdb.Transaction) -> _Transaction:
        return _Transaction(transaction, self._tables, self._calls)

    def size(self) -> int:
        """Bytes of the file."""
        return (self.folder / "data.mdb").stat().st_size

    def sync(self) -> None:
        """Make everything committed survive a crash of the machine, the last commit too."""
        self._environment.sync(True)

    def close(self) -> None:
        """Close the environment."""
        self._environment.close()


def _environment(folder: Path, *, writable: bool) -> lmdb.Environment:
    environment = lmdb.open(
        str(folder),
        map_size=MAP_BYTES,
        max_dbs=len(TABLES) + 1,
        lib_version=LIBRARY_VERSION,
        readonly=not writable,
        metasync=False,
        sync=writable,
        max_readers=512,
        max_spare_txns=16,  # py-lmdb: at least as many as threads that read
    )
    needed = _bytes_needed(environment)
    found = (folder / "data.mdb").stat().st_size
    if found < needed:  # to read behind the end of the file would end the process
        environment.close()
        raise HistoryError(f"a state of {needed} bytes", f"{found}", advice=REBUILD, subject=str(folder))
    if writable:
        environment.reader_check()  # slots of readers that were killed would hold old pages for ever
    return environment


def _bytes_needed(environment: lmdb.Environment) -> int:
    """Bytes of the file up to its last page."""
    return int((environment.info()["last_pgno"] + 1) * environment.stat()["psize"])
