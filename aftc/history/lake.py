"""The lake: Delta tables that only the one writer appends to, each commit naming the sequence it goes up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import DeltaError

from aftc.errors import HistoryError
from aftc.history.tables import SCHEMAS

__all__ = ["Lake"]

APPLICATION = "aftc-ingest"
COMPACT_ABOVE_FILES = 24
KEEP_HOURS = 24  # longer than any reader of an earlier state of a table runs


class Lake:
    """Reads and appends the lake's tables.

    Args:
        folder: Where the tables live, a folder each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._through: dict[str, int] = {}  # of the tables that this writer has appended to

    def append(self, tables: Mapping[str, pa.Table], *, through: int) -> None:
        """Append rows of messages up to and including `through`.

        Rows that an earlier, interrupted run has already appended are left out: appending twice is appending once.

        Raises:
            HistoryError: a disk that is full or cannot be written.
        """
        for name, table in tables.items():
            known = self._through[name] if name in self._through else self.through(name)
            fresh = table.filter(pc.greater(table["sequence"], known)) if known else table
            if not len(fresh):
                continue
            marker = CommitProperties(app_transactions=[Transaction(APPLICATION, through)])
            try:
                write_deltalake(str(self._folder / name), fresh, mode="append", commit_properties=marker)
            except (DeltaError, OSError) as error:
                raise HistoryError(
                    "a lake that takes new rows",
                    str(error).splitlines()[0],
                    advice="free space or mend permissions, then run the same command again: it goes on from there",
                    subject=name,
                ) from error
            self._through[name] = through

    def through(self, name: str) -> int:
        """Sequence up to which a table's rows are there; 0 for a table that is not yet made."""
        table = self._open(name)
        return (table.transaction_version(APPLICATION) or 0) if table else 0

    def read(self, name: str, *, up_to: int | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """Rows of a table in the order of their sequence, optionally only those with sequence <= up_to.

        Raises:
            HistoryError: no such table is known.
        """
        if name not in SCHEMAS:
            raise HistoryError(f"one of the tables {', '.join(SCHEMAS)}", name)
        wanted = list(columns) if columns is not None else None
        table = self._open(name)
        if table is None:
            empty = SCHEMAS[name].empty_table()
            return empty.select(wanted) if wanted is not None else empty
        read = None if wanted is None else list(dict.fromkeys((*wanted, "sequence")))
        filters = [("sequence", "<=", up_to)] if up_to is not None else None
        rows = table.to_pyarrow_table(columns=read, filters=filters)
        order = pc.sort_indices(rows, sort_keys=[("sequence", "ascending")])
        rows = rows.take(order)
        return rows.select(wanted) if wanted is not None else rows

    def files(self, name: str) -> tuple[Path, ...]:
        """Parquet files that hold a table's rows now; none for a table that is not yet made."""
        table = self._open(name)
        return tuple(sorted(map(Path, table.file_uris()))) if table else ()

    def quarantined(self, *, after: int = 0, up_to: int | None = None) -> frozenset[int]:
        """Numbers of the messages in quarantine with after < sequence <= up_to: what was not known when it came."""
        numbers = self.read("quarantine", up_to=up_to, columns=("sequence",))["sequence"]
        return frozenset(numbers.filter(pc.greater(numbers, after)).to_pylist())

    def compact(self) -> None:
        """Merge small files where a table has many, and drop those merged long ago; the rows stay the same."""
        for name in SCHEMAS:
            table = self._open(name)
            if table is not None and len(table.file_uris()) > COMPACT_ABOVE_FILES:
                table.optimize.compact()
                table.vacuum(KEEP_HOURS, dry_run=False, enforce_retention_duration=False)

    def _open(self, name: str) -> DeltaTable | None:
        path = self._folder / name
        return DeltaTable(str(path)) if (path / "_delta_log").is_dir() else None
