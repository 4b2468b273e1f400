"""Writers in memory: above a view, for what may be thrown away again, or above nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aftc.joined_records import Integers, Octets, joined, names_of, pieces
from aftc.state import TABLES, View, Writer

__all__ = ["MemoryState", "Overlay"]


class Overlay:
    """A writer whose writes stay in memory above a view: for linking that must not make history."""

    __slots__ = ("_view", "_written")

    def __init__(self, view: View) -> None:
        self._view = view
        self._written: dict[str, dict[bytes, bytes]] = {name: {} for name in TABLES}

    def get(self, table: str, key: bytes) -> bytes | None:
        """Value as written here, else as in the view below."""
        written = self._written[table].get(key)
        return self._view.get(table, key) if written is None else written

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:
        """As `get`."""
        written = self._written[table]
        below = [key for key in keys if key not in written] if written else keys
        if len(below) == len(keys):
            return self._view.get_many(table, keys)
        found = dict(zip(below, self._view.get_many(table, below), strict=True))
        return [written[key] if key in written else found[key] for key in keys]

    def records(self, table: str, keys: Integers) -> tuple[Octets, Integers]:
        """As `get`."""
        if self._written[table]:
            names = names_of(keys)
            if any(name in self._written[table] for name in names):
                return joined(self.get_many(table, names))
        return self._view.records(table, keys)

    def put(self, table: str, key: bytes, value: bytes) -> None:
        """Set a key's value, above the view."""
        self._written[table][key] = value

    def put_many(self, table: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Set the values of some keys, above the view."""
        self._written[table].update(rows)

    def put_records(self, table: str, keys: Integers, raw: Octets, ends: Integers) -> None:
        """As of `Writer`, above the view."""
        rows = zip(names_of(keys), pieces(raw, ends), strict=True)
        self._written[table].update([row for row in rows if row[1]])

    def rows(self) -> Iterator[tuple[tuple[str, bytes], bytes]]:
        """Everything written here, table by table: (table, key) and value, in the order first written."""
        for table, rows in self._written.items():
            for key, value in rows.items():
                yield (table, key), value

    def write_to(self, writer: Writer) -> None:
        """Put what was written here into a writer below, in the order of keys: neighbours share pages."""
        for table, rows in self._written.items():
            if rows:
                writer.put_many(table, sorted(rows.items()))


class MemoryState(Overlay):
    """A writer that starts empty and lives in memory."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_Nothing())


class _Nothing:
    __slots__ = ()

    def get(self, table: str, key: bytes) -> bytes | None:  # noqa: ARG002  # a view of nothing asks nothing
        return None

    def get_many(self, table: str, keys: Sequence[bytes]) -> list[bytes | None]:  # noqa: ARG002  # likewise, of each key it has nothing
        return [None] * len(keys)

    def records(self, table: str, keys: Integers) -> tuple[Octets, Integers]:  # noqa: ARG002  # likewise
        return joined([None] * len(keys))
