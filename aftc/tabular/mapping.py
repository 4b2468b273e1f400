"""A mapping: what the columns of a table mean. Its parts are those of the TOML that docs/tabular.md describes."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal, TypeAlias

import msgspec

__all__ = [
    "EVERY_ROW",
    "LABELLED_ROWS",
    "UNKNOWN_CHANCE",
    "Clock",
    "Column",
    "Csv",
    "Declaration",
    "Document",
    "Examined",
    "Goods",
    "Label",
    "Mapping",
    "Mass",
    "Money",
    "Number",
    "Outcome",
    "Part",
    "PartyColumns",
    "Selection",
    "Source",
]

EVERY_ROW = "every row"
LABELLED_ROWS = "labelled rows"
UNKNOWN_CHANCE = "unknown"

Header: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Meanings: TypeAlias = dict[str, str]
Digits: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=30)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mapping: a key that it does not have is an error."""


class Column(Part, frozen=True):
    """Where a text comes from: a column, or the same for every row.

    Attributes:
        means: What contents stand for; another content is flagged, or refused where a label rests on it.
        digits: Zeros are put before it up to so many: what a spreadsheet takes from a code.
    """

    column: Header | None = None
    value: str | None = None
    means: Meanings | None = None
    digits: Digits | None = None


Source: TypeAlias = Header | Column
Numbers: TypeAlias = Header | tuple[Header, ...]


class Clock(Part, frozen=True):
    """A column of times or dates; `zone` is whose clock it is where the content does not say."""

    column: Header
    format: str = "iso"
    zone: str | None = None
    time: str | None = None


class Mass(Part, frozen=True):
    """A column of masses."""

    column: Header
    unit: Literal["g", "kg", "t", "lb"]
    decimal: Literal[".", ","] = "."


class Money(Part, frozen=True):
    """A column of values, in one currency or in that of another column."""

    column: Header
    currency: str | None = None
    currency_column: Header | None = None
    decimal: Literal[".", ","] = "."


class Number(Part, frozen=True):
    """A column of counts, or of probabilities."""

    column: Header
    decimal: Literal[".", ","] = "."


class Document(Part, frozen=True):
    """A column of transport documents, all of one type (N705 bill of lading, N714 house bill, N730 road, N740 air)."""

    column: Header
    kind: Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{3,4}$")]


class Csv(Part, frozen=True):
    """How a CSV table is written."""

    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = ","
    quote: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = '"'
    encoding: str = "utf-8"


class Declaration(Part, frozen=True):
    """The declaration: its number, by `reference` or `mrn`, its clocks, and how the goods came."""

    declared: Clock
    reference: Numbers | None = None
    mrn: Header | None = None
    known: Clock | None = None
    arrival: Clock | None = None
    ucr: Source | None = None
    document: Document | None = None
    mode: Source | None = None
    voyage: Source | None = None
    conveyance: Source | None = None
    office: Source | None = None
    dispatch: Source | None = None
    loading: Source | None = None
    unloading: Source | None = None
    container: Source | None = None
    vehicle: Source | None = None


class Goods(Part, frozen=True):
    """The goods."""

    hs_code: Source | None = None
    description: Source | None = None
    origin: Source | None = None
    gross_mass: Mass | None = None
    packages: Number | None = None
    value: Money | None = None


class PartyColumns(Part, frozen=True):
    """A party: `eori` is a number that holds everywhere, `code` one that means something in this table alone."""

    code: Source | None = None
    eori: Source | None = None
    name: Source | None = None
    street: Source | None = None
    city: Source | None = None
    postcode: Source | None = None
    country: Source | None = None


class Label(Part, frozen=True):
    """A column that says what an examination found: each content is a threat, or nothing."""

    column: Header
    means: Meanings


class Outcome(Part, frozen=True):
    """The outcome, and when it became known: by a clock, or so many days after the declaration."""

    finds: Annotated[tuple[Label, ...], msgspec.Meta(min_length=1, max_length=20)]
    recorded: Clock | None = None
    recorded_after_days: Annotated[int, msgspec.Meta(ge=0, le=3_660)] | None = None
    method: Source | None = None
    place: Source | None = None


class Examined(Part, frozen=True):
    """A column that says which rows were examined."""

    column: Header
    yes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    no: tuple[str, ...] = ()


class Selection(Part, frozen=True):
    """How rows came to be examined, and with what chance."""

    examined: str | Examined
    probability: str | Number | None = None
    reason: Source | None = None
    selected: Clock | None = None


class Mapping(Part, frozen=True):
    """A whole mapping.

    Attributes:
        table: The table's name: it stands before numbers and codes that mean nothing elsewhere.
        missing: Contents that mean that there is none, besides the empty one.
    """

    table: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9._-]{1,40}$")]
    declaration: Declaration
    csv: Csv = Csv()
    missing: tuple[str, ...] = ()
    goods: Goods = Goods()
    parties: dict[
        Literal["consignor", "consignee", "notify", "carrier", "declarant", "representative"], PartyColumns
    ] = {}
    outcome: Outcome | None = None
    selection: Selection | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, however it is written: its comments and its order do not count."""
        return sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()
