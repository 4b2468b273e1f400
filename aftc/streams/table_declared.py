"""The cells of a row as a declaration of one goods item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from aftc.clock import Instant
from aftc.errors import MalformedMessage
from aftc.records import DocumentReference, EntrySummary, GoodsItem, Party
from aftc.streams.table_cells import Cell, commodity, count, declared_value, grams, meaning, moment
from aftc.streams.values import LOST, Flags, country_code, excerpt, reference, text

__all__ = ["FIELDS", "PARTY_FIELDS", "ROLES", "Cells", "declaration", "known_at"]

Value = TypeVar("Value")

ROLES: Final = ("consignor", "consignee", "notify", "carrier", "declarant", "representative")
PARTY_FIELDS: Final = ("eori", "name", "street", "city", "postcode", "country")
OWN_CODE: Final = "code"  # of a party, beside the fields above: means nothing outside its table
FIELDS: Final = frozenset(
    (
        *("reference", "mrn", "declared", "known", "arrival", "ucr", "document", "mode", "voyage", "conveyance"),
        *("office", "dispatch", "loading", "unloading", "container", "vehicle"),
        *("hsCode", "description", "origin", "grossMass", "packages", "value"),
        *(f"{role}.{name}" for role in ROLES for name in (OWN_CODE, *PARTY_FIELDS)),
    )
)


class Cells:
    """The cells of one row, read by what they are for; what cannot be read is a flag that names the column.

    Args:
        cells: The cells.
        flags: Where flags are noted.
    """

    __slots__ = ("_cells", "_flags")

    def __init__(self, cells: Mapping[str, Cell], flags: Flags) -> None:
        self._cells = cells
        self._flags = flags

    def has(self, name: str) -> bool:
        """Whether the row has such a cell."""
        return name in self._cells

    def take(self, name: str, read: Callable[[Cell], Value]) -> Value | None:
        """What `read` makes of a cell; None where there is none or, with a flag, where it cannot be read."""
        cell = self._cells.get(name)
        if cell is None or not cell.text:
            return None
        if LOST in cell.text:
            self._flags.add(named(name, cell), "characters that were lost", cell.text)
        try:
            return read(cell)
        except ValueError as problem:
            self._flags.add(named(name, cell), str(problem), cell.text)
            return None

    def must(self, name: str, read: Callable[[Cell], Value], expected: str) -> Value:
        """What `read` makes of a cell that has to be there.

        Raises:
            MalformedMessage: it is not there, or cannot be read.
        """
        cell = self._cells.get(name)
        if cell is None or not cell.text:
            raise MalformedMessage(f"{expected} in {named(name, cell)}", "an empty cell", advice="complete the table")
        try:
            if LOST in cell.text:
                raise ValueError("characters that were lost")
            return read(cell)
        except ValueError as problem:
            found = f"{problem}: {excerpt(cell.text)}"
            raise MalformedMessage(
                f"{expected} in {named(name, cell)}", found, advice="correct the table or its mapping"
            ) from problem

    def word(self, name: str, read: Callable[[str], str] = reference) -> str | None:
        """A text, translated where the mapping translates it."""
        return self.take(name, lambda cell: read(meaning(cell)))

    def clock(self, name: str, *, latest: bool = False) -> Instant | None:
        """A moment that may be absent."""
        return self._noted(name, self.take(name, lambda cell: moment(cell, latest=latest)))

    def must_clock(self, name: str, *, latest: bool = False) -> Instant:
        """A moment that has to be there.

        Raises:
            MalformedMessage: it is not there, or cannot be read.
        """
        instant = self._noted(name, self.must(name, lambda cell: moment(cell, latest=latest), "a date or time"))
        return instant or 0

    def _noted(self, name: str, stated: tuple[Instant, bool] | None) -> Instant | None:
        if stated is None:
            return None
        instant, ambiguous = stated
        if ambiguous:
            cell = self._cells[name]
            words = f"ambiguous or skipped hour in {cell.zone}, first reading taken"
            self._flags.add(named(name, cell), words, cell.text)
        return instant

    def number(self, table: str) -> tuple[str, str]:
        """The row's number in its table, and the number by which other messages may name the declaration.

        Raises:
            MalformedMessage: there is none.
        """
        name = "mrn" if "mrn" in self._cells else "reference"
        own = self.must(name, lambda cell: reference(meaning(cell)), "the number of the declaration")
        scoped = f"{table}/{own}"
        return scoped, own if name == "mrn" else scoped


def named(name: str, cell: Cell | None) -> str:
    """How flags and errors name a cell: by its column, else by what it is for."""
    return cell.column if cell is not None and cell.column else name


def known_at(cells: Cells) -> Instant:
    """When the declaration of a row was received, by the word of the row.

    Raises:
        MalformedMessage: its clock cannot be read.
    """
    return cells.must_clock("known" if cells.has("known") else "declared")


def declaration(table: str, cells: Mapping[str, Cell], unknown: tuple[str, ...]) -> EntrySummary:
    """The declaration that a row holds.

    Raises:
        MalformedMessage: its number or its clock is missing or cannot be read.
    """
    flags = Flags(unknown)
    row = Cells(cells, flags)
    for name in sorted(cells.keys() - FIELDS):
        flags.add(name[:100], "unknown field")
    number, mrn = row.number(table)
    dispatch = row.word("dispatch", country_code)
    return EntrySummary(
        lrn=None,
        mrn=mrn,
        message_id=number,
        amendment=False,
        declared_at=row.must_clock("declared"),
        transport_mode=row.word("mode"),
        conveyance_reference=row.word("voyage"),
        conveyance_identity=row.word("conveyance"),
        conveyance_nationality=None,
        office_of_first_entry=row.word("office"),
        expected_arrival=row.clock("arrival", latest=True),
        itinerary=(dispatch,) if dispatch else (),
        place_of_loading=row.word("loading"),
        place_of_unloading=row.word("unloading"),
        payment_method=None,
        special_circumstance=None,
        ucr=row.word("ucr"),
        total_items=None,
        total_packages=None,
        total_gross_mass_g=None,
        **{role: _party(row, table, role) for role in ROLES},
        items=(_goods(row),),
        seals=(),
        flags=flags.sealed(),
    )


def _party(row: Cells, table: str, role: str) -> Party | None:
    own = row.word(f"{role}.{OWN_CODE}")
    eori = row.word(f"{role}.eori") or (f"{table}/{own}" if own else None)
    party = Party(
        eori=eori,
        name=row.word(f"{role}.name", text),
        street=row.word(f"{role}.street", text),
        city=row.word(f"{role}.city", text),
        postcode=row.word(f"{role}.postcode"),
        country=row.word(f"{role}.country", country_code),
    )
    return None if party == Party() else party


def _goods(row: Cells) -> GoodsItem:
    container, vehicle = row.word("container"), row.word("vehicle")
    return GoodsItem(
        number=1,
        description=row.word("description", text),
        hs_code=row.word("hsCode", commodity),
        gross_mass_g=row.take("grossMass", grams),
        packages=row.take("packages", count),
        documents=_documents(row),
        containers=(container,) if container else (),
        vehicles=(vehicle,) if vehicle else (),
        origin_country=row.word("origin", country_code),
        customs_value=row.take("value", declared_value),
    )


def _documents(row: Cells) -> tuple[DocumentReference, ...]:
    document = row.take("document", lambda cell: DocumentReference(reference(cell.unit), reference(meaning(cell))))
    return (document,) if document else ()
