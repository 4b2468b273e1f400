"""Records as columns: nested Arrow types that follow from the fields, and Parquet files of such rows.

A record becomes a struct, a tuple a list, a word of an enumeration its text, None null; an instant is an int64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain
from operator import attrgetter
from pathlib import Path
from types import NoneType, TracebackType
from typing import Any, Generic, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["Table", "TableWriter", "table_of"]

_ROWS = 8_192  # of a row group: what is held in memory at once
_LEAVES = {str: pa.string(), int: pa.int64(), bool: pa.bool_(), float: pa.float64()}

_Row = TypeVar("_Row")
_Build: TypeAlias = Callable[[Sequence[Any]], pa.Array]


@dataclass(frozen=True, slots=True)
class Table(Generic[_Row]):
    """How rows become columns.

    Attributes:
        schema: The columns.
        turn: Their arrays, given rows.
    """

    schema: pa.Schema
    turn: Callable[[Sequence[_Row]], list[pa.Array]]


def table_of(kind: type[_Row]) -> Table[_Row]:
    """The table of a record: a column a field."""
    struct, build = _column(kind)
    return Table(pa.schema(list(struct)), lambda rows: build(rows).flatten())


class TableWriter(Generic[_Row]):
    """Writes rows to a new Parquet file, a row group at a time.

    Args:
        path: The file.
        table: Its columns.
    """

    def __init__(self, path: Path, table: Table[_Row]) -> None:
        self._table = table
        self._waiting: list[_Row] = []
        self._writer = pq.ParquetWriter(path, table.schema, compression="zstd")

    def __enter__(self) -> TableWriter[_Row]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """The file is complete only where all went well."""
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()

    def put(self, row: _Row) -> None:
        """Append a row."""
        self._waiting.append(row)
        if len(self._waiting) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        arrays = self._table.turn(self._waiting)
        self._writer.write_batch(pa.record_batch(arrays, schema=self._table.schema))
        self._waiting = []


def _column(kind: Any) -> tuple[pa.DataType, _Build]:
    """The Arrow type of a Python type, and what makes a column of its values; None is null."""
    kind = _without_none(kind)
    if get_origin(kind) is tuple:
        of, build = _column(get_args(kind)[0])
        return pa.list_(of), lambda values: _lists(values, build)
    if kind not in _LEAVES and not issubclass(kind, StrEnum):
        return _struct(kind)
    leaf = _LEAVES.get(kind, pa.string())
    return leaf, lambda values: pa.array(values, leaf)


def _without_none(kind: Any) -> Any:
    chosen = [each for each in get_args(kind) if each is not NoneType]
    return chosen[0] if NoneType in get_args(kind) else kind


def _lists(values: Sequence[tuple[Any, ...]], build: _Build) -> pa.Array:
    offsets = pa.array(accumulate(map(len, values), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, build(list(chain.from_iterable(values))))


def _struct(kind: Any) -> tuple[pa.DataType, _Build]:
    hints = get_type_hints(kind)
    names = list(hints)
    columns = [_column(hints[name]) for name in names]
    members = [pa.field(name, of) for name, (of, _) in zip(names, columns, strict=True)]
    parts = attrgetter(*names)  # of two names or more: no record has fewer
    blank = tuple(() if pa.types.is_list(of) else None for of, _ in columns)

    def build(values: Sequence[Any]) -> pa.Array:
        rows = [blank if value is None else parts(value) for value in values]
        turned = zip(*rows, strict=True) if rows else iter([()] * len(names))
        arrays = [make(each) for each, (_, make) in zip(turned, columns, strict=True)]
        absent = pa.array([value is None for value in values], pa.bool_())
        return pa.StructArray.from_arrays(arrays, fields=members, mask=absent)

    return pa.struct(members), build
