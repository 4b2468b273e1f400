"""The cells of a row as the outcome of an examination. Labels rest on them: what cannot be read is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aftc.clock import DAY, Instant
from aftc.errors import MalformedMessage
from aftc.records import Examination, Find, OutcomeKind, Selection, SelectionReason, Threat, Unit, UnitKind
from aftc.streams.table_cells import Cell, count, meaning, share
from aftc.streams.table_declared import Cells, known_at, named
from aftc.streams.values import Flags, excerpt, reference

__all__ = ["DAYS", "EXAMINED", "FIELDS", "NOTHING", "REASONS", "THREATS", "UNKNOWN", "examination", "recorded_at"]

NOTHING: Final = "nothing"
EXAMINED: Final = "examined"
UNKNOWN: Final = "unknown"
DAYS: Final = "days"
LONGEST_DELAY_DAYS: Final = 3_660
THREATS: Final = tuple(each.value for each in Threat if each is not Threat.ANY)
REASONS: Final = ("model", "rule", "selector", "intelligence", "random", UNKNOWN)
UNITS: Final = (UnitKind.CONTAINER, UnitKind.VEHICLE, UnitKind.TRAILER, UnitKind.ULD)
FIELDS: Final = frozenset(
    (
        *("reference", "mrn", "declared", "known", "recorded", "selected", "examined", "probability", "reason"),
        *("method", "place"),
        *(kind.value for kind in UNITS),
    )
)


def recorded_at(row: Cells, cell: Cell | None, declared: Instant) -> Instant:
    """When the outcome of a row became known: as it says itself, or so many days after its declaration.

    Args:
        row: The row.
        cell: Its cell `recorded`.
        declared: When the declaration was known.

    Raises:
        MalformedMessage: not stated, or before the declaration was known.
    """
    if cell is not None and cell.unit == DAYS:
        return declared + row.must("recorded", _days, "a number of days") * DAY
    recorded = row.must_clock("recorded", latest=True)
    if recorded < declared:
        found = "a moment before it"
        raise MalformedMessage("an outcome recorded when its declaration was known, or later", found)
    return recorded


def examination(
    table: str, cells: Mapping[str, Cell], finds: tuple[Cell, ...], unknown: tuple[str, ...]
) -> Examination:
    """The outcome that a row holds.

    Raises:
        MalformedMessage: number, clocks, label or selection are missing or cannot be read.
    """
    flags = Flags(unknown)
    row = Cells(cells, flags)
    for name in sorted(cells.keys() - FIELDS):
        flags.add(name[:100], "unknown field")
    number, mrn = row.number(table)
    _check_examined(cells.get("examined"))
    declared = known_at(row)
    recorded = recorded_at(row, cells.get("recorded"), declared)
    found = tuple(Find(threat, mrn, None, None, None) for threat in _threats(finds))
    return Examination(
        examination_id=number,
        revision=0,
        unit=_unit(row, mrn),
        outcome=OutcomeKind.POSITIVE if found else OutcomeKind.NEGATIVE,
        selection=_selection(row, declared, flags),
        consignments=(mrn,),
        finds=found,
        method=row.word("method"),
        place=row.word("place"),
        arrival=None,
        started_at=None,
        ended_at=None,
        recorded_at=recorded,
        flags=flags.sealed(),
    )


def _days(cell: Cell) -> int:
    days = count(cell)
    if days > LONGEST_DELAY_DAYS:
        raise ValueError("later than ten years")
    return days


def _check_examined(cell: Cell | None) -> None:
    if cell is not None and cell.means != EXAMINED:
        expected = f"whether it was examined in {named('examined', cell)}, as the mapping says it"
        raise MalformedMessage(expected, excerpt(cell.text), advice="add the value to the mapping")


def _threats(finds: tuple[Cell, ...]) -> tuple[Threat, ...]:
    """What was found over all label cells, each threat once."""
    if not finds:
        raise MalformedMessage("a label", "none", advice="say in the mapping which rows were examined")
    found: dict[Threat, None] = {}
    for cell in finds:
        if not cell.text:
            raise MalformedMessage(f"a label in {named('finds', cell)}", "an empty cell")
        if cell.means == NOTHING:
            continue
        if cell.means not in THREATS:
            expected = f"a label of the mapping in {named('finds', cell)}"
            raise MalformedMessage(expected, excerpt(cell.text), advice="add the value to the mapping")
        found[Threat(cell.means)] = None
    return tuple(found)


def _unit(row: Cells, mrn: str) -> Unit:
    for kind in UNITS:
        number = row.word(kind.value)
        if number:
            return Unit(kind, number)
    return Unit(UnitKind.CONSIGNMENT, mrn)


def _selection(row: Cells, declared: Instant, flags: Flags) -> Selection:
    """Why it was examined; where its chance is unknown, 1 stands for it, which weights nothing, and a flag says so."""
    issued = row.must_clock("selected", latest=True) if row.has("selected") else declared + 1
    if row.has("probability"):
        chance = row.must("probability", share, "a probability")
    else:
        chance = 1.0
        flags.add("selection/combined", "unknown, 1 stands for it")
    reason = row.take("reason", lambda cell: _reason(reference(meaning(cell)))) or UNKNOWN
    return Selection(issued, (SelectionReason(reason, chance, True),), chance)


def _reason(word: str) -> str:
    if word not in REASONS:
        raise ValueError("no reason of a selection")
    return word
