"""A row of somebody's table of historical consignments: the declaration that it holds, or the outcome.

The project's own JSON, made by `aftc.tabular` from a table and its mapping. A message holds the cells as the table has
them and how the mapping says to read them, so that it can be read without either. A row gives two messages where it has
a label, for the two became known at different times; a line that is no row gives one, which is refused.

What identifies, and what a label rests on, refuses the message; any other bad cell costs that cell and a flag.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

import msgspec

from aftc.clock import format_instant
from aftc.errors import MalformedMessage
from aftc.records import EntrySummary, Examination, Party, UnitKind
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import encode
from aftc.streams.table_cells import ISO, Cell
from aftc.streams.table_declared import PARTY_FIELDS, ROLES, declaration
from aftc.streams.table_examined import NOTHING, examination

__all__ = ["NAME", "TableRow", "build", "parse", "sniff"]

NAME = "table_row"

Part: TypeAlias = Literal["declaration", "outcome", "broken"]
TableName: TypeAlias = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9._-]{1,40}$")]

_MARK = re.compile(rb'"messageType"\s*:\s*"tableRow"')


class TableRow(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="tableRow"
):
    """What a message says.

    Attributes:
        table: The mapping's name of the table; stands before codes and numbers that mean nothing elsewhere.
        mapping: SHA-256 of the mapping in canonical form, hexadecimal.
        cells: By what they are for.
        finds: The cells that say what an examination found.
        expected, found, line: Of a broken line, what is wrong with it and its content with escapes.
    """

    table: TableName
    mapping: Annotated[str, msgspec.Meta(max_length=64)]
    part: Part
    cells: dict[str, Cell] = {}
    finds: tuple[Cell, ...] = ()
    expected: str = ""
    found: str = ""
    line: str = ""


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of a row."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[EntrySummary] | tuple[Examination]:
    """The declaration or the outcome in a message.

    Raises:
        MalformedMessage: not such a message, a broken line, or a cell that identifies or labels cannot be read.
        OversizeMessage: nested deeper than the reader's limit.
    """
    row, unknown = decode_as(raw, TableRow)
    if row.part == "broken":
        raise MalformedMessage(
            row.expected or "a row of the table", row.found or "a broken one", advice="correct the table"
        )
    if row.part == "declaration":
        return (declaration(row.table, row.cells, unknown),)
    return (examination(row.table, row.cells, row.finds, unknown),)


def build(record: EntrySummary | Examination) -> bytes:
    """The message of a record that a row can hold; `parse` gives it back, but for flags."""
    number = record.message_id if isinstance(record, EntrySummary) else record.examination_id
    table, _, own = number.partition("/")
    if isinstance(record, EntrySummary):
        cells = {**_number(own, record.mrn or own), **_declared(record)}
        return encode(TableRow(table, "", "declaration", cells))
    finds = [Cell(own, means=each.threat.value) for each in record.finds] or [Cell("0", means=NOTHING)]
    cells = {**_number(own, record.consignments[0]), **_examined(record)}
    return encode(TableRow(table, "", "outcome", cells, tuple(finds)))


def _number(own: str, mrn: str) -> dict[str, Cell]:
    return {"mrn" if mrn == own else "reference": Cell(own)}


def _clock(instant: int) -> Cell:
    return Cell(format_instant(instant), format=ISO)


def _declared(entry: EntrySummary) -> dict[str, Cell]:
    goods = entry.items[0]
    cells = {"declared": _clock(entry.declared_at or 0)}
    if entry.expected_arrival is not None:
        cells["arrival"] = _clock(entry.expected_arrival)
    if goods.gross_mass_g is not None:
        cells["grossMass"] = Cell(str(goods.gross_mass_g), unit="g")
    if goods.customs_value is not None:
        value = goods.customs_value
        cells["value"] = Cell(f"{(value.thousandths or 0) / 1000:.3f}", unit=value.currency or "")
    for document in goods.documents:
        cells["document"] = Cell(document.reference, unit=document.kind)
    stated = {
        "ucr": entry.ucr,
        "mode": entry.transport_mode,
        "voyage": entry.conveyance_reference,
        "conveyance": entry.conveyance_identity,
        "office": entry.office_of_first_entry,
        "dispatch": entry.itinerary[0] if entry.itinerary else None,
        "loading": entry.place_of_loading,
        "unloading": entry.place_of_unloading,
        "hsCode": goods.hs_code,
        "description": goods.description,
        "origin": goods.origin_country,
        "packages": None if goods.packages is None else str(goods.packages),
        "container": goods.containers[0] if goods.containers else None,
        "vehicle": goods.vehicles[0] if goods.vehicles else None,
    }
    for role in ROLES:
        party: Party | None = getattr(entry, role)
        stated.update({f"{role}.{name}": getattr(party, name) for name in PARTY_FIELDS if party is not None})
    return cells | {name: Cell(text) for name, text in stated.items() if text is not None}


def _examined(record: Examination) -> dict[str, Cell]:
    (reason,) = record.selection.reasons
    cells = {
        "declared": _clock(record.selection.issued_at),
        "selected": _clock(record.selection.issued_at),
        "recorded": _clock(record.recorded_at),
        "reason": Cell(reason.reason),
        "probability": Cell(f"{reason.probability:.17f}"),
    }
    if record.unit.kind is not UnitKind.CONSIGNMENT:
        cells[record.unit.kind.value] = Cell(record.unit.number)
    stated = {"method": record.method, "place": record.place}
    return cells | {name: Cell(text) for name, text in stated.items() if text is not None}
