"""Rows made messages: the cells that a mapping names, each with how to read it, and when the message was received."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import msgspec

from aftc.clock import Instant
from aftc.errors import InputError, MalformedMessage
from aftc.streams.own_formats import encode
from aftc.streams.table_cells import Cell
from aftc.streams.table_declared import Cells, known_at
from aftc.streams.table_examined import DAYS, EXAMINED, recorded_at
from aftc.streams.table_row import TableRow
from aftc.streams.values import LOST, Flags
from aftc.tabular.mapping import (
    EVERY_ROW,
    LABELLED_ROWS,
    Clock,
    Column,
    Document,
    Examined,
    Mapping,
    Mass,
    Money,
    Number,
)

__all__ = ["BrokenLine", "RowMessage", "RowWriter"]

MOST_NAMED = 12  # columns of a table, in the error about one that it lacks
_SEPARATOR: Final = "/"  # between the parts of a number from several columns
_UNREADABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line of a table that is no row of it: what a row is, what came, and the line with escapes."""

    expected: str
    found: str
    line: str


@dataclass(frozen=True, slots=True)
class RowMessage:
    """A message of a row; `known_at` is None where the row's own clock cannot be read."""

    raw: bytes
    known_at: Instant | None


@dataclass(frozen=True, slots=True)
class _Read:
    """How one cell is made: from the columns in these places, with what the mapping says of them."""

    name: str
    places: tuple[int, ...]
    cell: Cell
    meanings: dict[str, str] | None = None
    digits: int = 0
    unit_place: int | None = None


class RowWriter:
    """Makes messages of the rows of tables that have the mapping's columns.

    Args:
        mapping: What the columns mean.

    Attributes:
        columns: The columns that a row has to give, in this order.
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._digest = mapping.digest
        self._missing = frozenset((*mapping.missing, ""))
        self._places: dict[str, int] = {}
        self._declared = tuple(self._declaration())
        self._examined = tuple(self._outcome()) if mapping.outcome else ()
        self._labels = tuple(
            self._read("finds", each.column, meanings=each.means)
            for each in (mapping.outcome.finds if mapping.outcome else ())
        )
        self._chosen = mapping.selection.examined if mapping.selection else LABELLED_ROWS
        if isinstance(self._chosen, Examined):
            self._place(self._chosen.column)
        self.columns = tuple(self._places)

    def check(self, header: Sequence[str], subject: str) -> None:
        """Hold the mapping against the header of a table.

        Raises:
            InputError: the table lacks a column, or has it twice.
        """
        for name in self.columns:
            if header.count(name) == 1:
                continue
            near = get_close_matches(name, header, n=1)
            advice = f"did you mean '{near[0]}'? correct the mapping" if near else "correct the mapping or the table"
            shown = ", ".join(header[:MOST_NAMED]) + (", ..." if len(header) > MOST_NAMED else "")
            found = f"it {header.count(name)} times" if name in header else f"the columns {shown}"
            raise InputError(f"the column '{name}' once", found, advice=advice, subject=subject)

    def messages(self, row: Sequence[str] | BrokenLine) -> Iterator[RowMessage]:
        """The messages of a row, its contents in the order of `columns`."""
        if isinstance(row, BrokenLine):
            broken = TableRow(
                self._mapping.table, self._digest, "broken", expected=row.expected, found=row.found, line=row.line
            )
            yield RowMessage(encode(broken), None)
            return
        texts = [_cleaned(each) for each in row]
        cells = self._cells(self._declared, texts)
        yield self._message(TableRow(self._mapping.table, self._digest, "declaration", cells))
        if self._has_outcome(texts):
            finds = tuple(self._label(each, texts) for each in self._labels)
            examined = self._cells(self._examined, texts) | self._examination(texts)
            yield self._message(TableRow(self._mapping.table, self._digest, "outcome", examined, finds))

    def _message(self, row: TableRow) -> RowMessage:
        cells = Cells(row.cells, Flags())
        try:
            known = known_at(cells)
            if row.part == "outcome":
                known = recorded_at(cells, row.cells.get("recorded"), known)
        except MalformedMessage:
            return RowMessage(encode(row), None)
        return RowMessage(encode(row), known)

    def _has_outcome(self, texts: Sequence[str]) -> bool:
        if self._mapping.outcome is None:
            return False
        if isinstance(self._chosen, Examined):
            return texts[self._places[self._chosen.column]] not in self._chosen.no
        return self._chosen == EVERY_ROW or any(texts[each.places[0]] not in self._missing for each in self._labels)

    def _examination(self, texts: Sequence[str]) -> dict[str, Cell]:
        """The cell that says whether the row was examined; where the mapping asks no column, none is needed."""
        if not isinstance(self._chosen, Examined):
            return {}
        text = texts[self._places[self._chosen.column]]
        means = EXAMINED if text in self._chosen.yes else ""
        return {"examined": Cell(text, self._chosen.column, means=means)}

    def _label(self, read: _Read, texts: Sequence[str]) -> Cell:
        text = texts[read.places[0]]
        if text in self._missing:
            return read.cell
        return msgspec.structs.replace(read.cell, text=text, means=(read.meanings or {}).get(text, ""))

    def _cells(self, reads: Sequence[_Read], texts: Sequence[str]) -> dict[str, Cell]:
        cells = {}
        for read in reads:
            if not read.places:
                cells[read.name] = read.cell
                continue
            parts = [texts[place] for place in read.places]
            if any(part in self._missing for part in parts):
                continue
            text = _SEPARATOR.join(parts).zfill(read.digits)
            changes = {} if read.meanings is None else {"means": read.meanings.get(text, "")}
            if read.unit_place is not None:
                changes["unit"] = texts[read.unit_place]
            cells[read.name] = msgspec.structs.replace(read.cell, text=text, **changes)
        return cells

    def _place(self, column: str) -> int:
        return self._places.setdefault(column, len(self._places))

    def _read(self, name: str, source: object, *, meanings: dict[str, str] | None = None) -> _Read:
        """How to make the cell that a part of the mapping describes."""
        if isinstance(source, str):
            return _Read(name, (self._place(source),), Cell("", source), meanings)
        if isinstance(source, tuple):
            return _Read(name, tuple(map(self._place, source)), Cell("", "+".join(source)))
        if isinstance(source, Column):
            return self._of_column(name, source)
        column: str = source.column  # type: ignore[attr-defined]  # every other part of a mapping has one
        places = (self._place(column),)
        if isinstance(source, Clock):
            stated = Cell("", column, format=source.format, zone=source.zone or "", time=source.time or "")
            return _Read(name, places, stated)
        decimal = getattr(source, "decimal", ".").replace(".", "")
        unit = source.unit if isinstance(source, Mass) else source.kind if isinstance(source, Document) else ""
        if isinstance(source, Money) and source.currency_column is not None:
            return _Read(name, places, Cell("", column, decimal=decimal), None, 0, self._place(source.currency_column))
        if isinstance(source, Money):
            unit = source.currency or ""
        return _Read(name, places, Cell("", column, unit=unit, decimal=decimal))

    def _of_column(self, name: str, source: Column) -> _Read:
        if source.column is None:
            text = source.value or ""
            means = None if source.means is None else source.means.get(text, "")
            return _Read(name, (), Cell(text, means=means))
        return _Read(name, (self._place(source.column),), Cell("", source.column), source.means, source.digits or 0)

    def _declaration(self) -> Iterator[_Read]:
        for part in (self._mapping.declaration, self._mapping.goods):
            for name in part.__struct_fields__:
                if getattr(part, name) is not None:
                    yield self._read(_camel(name), getattr(part, name))
        for role, party in self._mapping.parties.items():
            for name in party.__struct_fields__:
                if getattr(party, name) is not None:
                    yield self._read(f"{role}.{name}", getattr(party, name))

    def _outcome(self) -> Iterator[_Read]:
        """The cells of the outcome: who it is about, its clocks, and how the row came to be examined."""
        names = ("reference", "mrn", "declared", "known", "container", "vehicle")
        yield from (each for each in self._declared if each.name in names)
        outcome, selection = self._mapping.outcome, self._mapping.selection
        if outcome is None or selection is None:
            return
        if outcome.recorded_after_days is not None:
            yield _Read("recorded", (), Cell(str(outcome.recorded_after_days), unit=DAYS))
        for name, source in (
            ("recorded", outcome.recorded),
            ("method", outcome.method),
            ("place", outcome.place),
            ("selected", selection.selected),
            ("reason", selection.reason),
            ("probability", selection.probability if isinstance(selection.probability, Number) else None),
        ):
            if source is not None:
                yield self._read(name, source)
        if selection.examined == EVERY_ROW:  # a draw that always fires: every row is in the random stratum
            yield _Read("probability", (), Cell("1"))
            yield _Read("reason", (), Cell("random"))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _cleaned(text: str) -> str:
    """The content without spaces at its ends or side by side; what no message may hold is marked as lost."""
    return _UNREADABLE.sub(LOST, " ".join(text.split()))
