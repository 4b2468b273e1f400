"""Tables in blocks: what a batch reads its sightings and decisions from, a block at a time and any block again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["Blocks", "ParquetBlocks", "TableBlocks"]

DECISIONS_A_BLOCK: Final = 65_536  # vectors of 100 to 200 features: some 100 MB


class Blocks(Protocol):
    """A table in numbered blocks."""

    @property
    def identity(self) -> str:
        """Says what the rows are: of another identity, other rows."""

    @property
    def rows(self) -> Sequence[int]:
        """Number of rows of each block."""

    def read(self, number: int, columns: Sequence[str]) -> pa.Table:
        """Columns of a block."""


class TableBlocks:
    """A table in memory.

    Args:
        table: The table.
        identity: Says what its rows are.
        rows_a_block: Rows of each block but the last.
    """

    def __init__(self, table: pa.Table, identity: str, rows_a_block: int = DECISIONS_A_BLOCK) -> None:
        self._table, self._rows_a_block = table, rows_a_block
        self.identity = identity

    @property
    def rows(self) -> Sequence[int]:
        """As of `Blocks`."""
        count = len(self._table)
        return [min(self._rows_a_block, count - first) for first in range(0, count, self._rows_a_block)]

    def read(self, number: int, columns: Sequence[str]) -> pa.Table:
        """As of `Blocks`."""
        return self._table.select(list(columns)).slice(number * self._rows_a_block, self._rows_a_block)


class ParquetBlocks:
    """Parquet files whose row groups are the blocks; a file of one name and size is taken to be the same.

    Args:
        files: In the order of their rows.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self._files = tuple(map(Path.absolute, files))

    @cached_property
    def _groups(self) -> list[tuple[Path, int, int]]:
        """File, number within it and rows of each row group."""
        found: list[tuple[Path, int, int]] = []
        for path in self._files:
            about = pq.read_metadata(path)
            found.extend((path, place, about.row_group(place).num_rows) for place in range(about.num_row_groups))
        return found

    @property
    def identity(self) -> str:
        """As of `Blocks`."""
        return sha256("\n".join(f"{path.name} {path.stat().st_size}" for path in self._files).encode()).hexdigest()

    @property
    def rows(self) -> Sequence[int]:
        """As of `Blocks`."""
        return [rows for *_, rows in self._groups]

    def read(self, number: int, columns: Sequence[str]) -> pa.Table:
        """As of `Blocks`."""
        path, place, _ = self._groups[number]
        with pq.ParquetFile(path) as file:
            return file.read_row_group(place, columns=list(columns), use_threads=False)
