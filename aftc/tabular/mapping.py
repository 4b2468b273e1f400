"""A mapping: what the columns of somebody's table mean, in TOML; read, checked, and held against a table's header.

docs/tabular.md describes it. A mapping with an unknown key, an impossible unit or format, or no word on how rows came
to be examined is refused before any row is read.
"""

from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from aftc.errors import InputError
from aftc.streams.table_cells import CURRENCY, clock_fault, time_of_day, zone_fault
from aftc.streams.table_examined import NOTHING, REASONS, THREATS
from aftc.streams.values import excerpt

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
    "PartyColumns",
    "Selection",
    "Source",
    "read_mapping",
]

EVERY_ROW = "every row"
LABELLED_ROWS = "labelled rows"
UNKNOWN_CHANCE = "unknown"
ADVICE = "docs/tabular.md describes mappings"

Header: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Meanings: TypeAlias = dict[str, str]
Digits: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=30)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the mapping: a key that it does not have is an error."""


class Column(_Part, frozen=True):
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


class Clock(_Part, frozen=True):
    """A column of times or dates; `zone` is whose clock it is where the content does not say."""

    column: Header
    format: str = "iso"
    zone: str | None = None
    time: str | None = None


class Mass(_Part, frozen=True):
    """A column of masses."""

    column: Header
    unit: Literal["g", "kg", "t", "lb"]
    decimal: Literal[".", ","] = "."


class Money(_Part, frozen=True):
    """A column of values, in one currency or in that of another column."""

    column: Header
    currency: str | None = None
    currency_column: Header | None = None
    decimal: Literal[".", ","] = "."


class Number(_Part, frozen=True):
    """A column of counts, or of probabilities."""

    column: Header
    decimal: Literal[".", ","] = "."


class Document(_Part, frozen=True):
    """A column of transport documents, all of one type (N705 bill of lading, N714 house bill, N730 road, N740 air)."""

    column: Header
    kind: Annotated[str, msgspec.Meta(pattern="^[A-Z0-9]{3,4}$")]


class Csv(_Part, frozen=True):
    """How a CSV table is written."""

    delimiter: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = ","
    quote: Annotated[str, msgspec.Meta(min_length=1, max_length=1)] = '"'
    encoding: str = "utf-8"


class Declaration(_Part, frozen=True):
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


class Goods(_Part, frozen=True):
    """The goods."""

    hs_code: Source | None = None
    description: Source | None = None
    origin: Source | None = None
    gross_mass: Mass | None = None
    packages: Number | None = None
    value: Money | None = None


class PartyColumns(_Part, frozen=True):
    """A party: `eori` is a number that holds everywhere, `code` one that means something in this table alone."""

    code: Source | None = None
    eori: Source | None = None
    name: Source | None = None
    street: Source | None = None
    city: Source | None = None
    postcode: Source | None = None
    country: Source | None = None


class Label(_Part, frozen=True):
    """A column that says what an examination found: each content is a threat, or nothing."""

    column: Header
    means: Meanings


class Outcome(_Part, frozen=True):
    """The outcome, and when it became known: by a clock, or so many days after the declaration."""

    finds: Annotated[tuple[Label, ...], msgspec.Meta(min_length=1, max_length=20)]
    recorded: Clock | None = None
    recorded_after_days: Annotated[int, msgspec.Meta(ge=0, le=3_660)] | None = None
    method: Source | None = None
    place: Source | None = None


class Examined(_Part, frozen=True):
    """A column that says which rows were examined."""

    column: Header
    yes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    no: tuple[str, ...] = ()


class Selection(_Part, frozen=True):
    """How rows came to be examined, and with what chance."""

    examined: str | Examined
    probability: str | Number | None = None
    reason: Source | None = None
    selected: Clock | None = None


class Mapping(_Part, frozen=True):
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


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        InputError: no such file, no TOML, or no possible mapping; says where and what was expected.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"a mapping in {path}", str(error), advice="check --mapping") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"TOML in {path}", str(error), advice="correct the mapping") from error
    try:
        mapping = msgspec.convert(tree, Mapping)
    except msgspec.ValidationError as error:
        raise InputError(f"a mapping in {path}", str(error), advice=ADVICE) from error
    for where, expected, found in _faults(mapping):
        raise InputError(f"{expected} at {where} in {path}", found, advice=ADVICE)
    return mapping


def _faults(mapping: Mapping) -> list[tuple[str, str, str]]:
    """Where a mapping is wrong, what was expected there, and what was found."""
    declaration = mapping.declaration
    faults = []
    if (declaration.reference is None) == (declaration.mrn is None):
        faults.append(("declaration", "one of reference and mrn", "neither" if declaration.mrn is None else "both"))
    if not declaration.reference and declaration.mrn is None:
        faults.append(("declaration.reference", "a column, or several", "none"))
    for where, part in _parts(mapping, ""):
        faults.extend((where, *each) for each in _faults_of(part))
    faults.extend(_outcome_faults(mapping))
    try:
        b"".decode(mapping.csv.encoding)
    except (LookupError, ValueError):
        faults.append(("csv.encoding", "a character set that Python knows", excerpt(mapping.csv.encoding)))
    return faults


def _parts(part: Any, where: str) -> list[tuple[str, _Part]]:
    """All parts of a mapping, each with its place."""
    if isinstance(part, _Part):
        below = [_parts(getattr(part, name), f"{where}.{name}".lstrip(".")) for name in part.__struct_fields__]
        return [(where, part), *(each for found in below for each in found)]
    if isinstance(part, (tuple, dict)):
        named = part.items() if isinstance(part, dict) else enumerate(part)
        return [each for name, value in named for each in _parts(value, f"{where}.{name}")]
    return []


def _faults_of(part: _Part) -> list[tuple[str, str]]:
    if isinstance(part, Column) and (part.column is None) == (part.value is None):
        return [("one of column and value", "neither" if part.column is None else "both")]
    if isinstance(part, Clock):
        return _clock_faults(part)
    if isinstance(part, Money):
        if (part.currency is None) == (part.currency_column is None):
            return [("one of currency and currency_column", "neither" if part.currency is None else "both")]
        if part.currency is not None and not CURRENCY.fullmatch(part.currency):
            return [("a currency of three capital letters (ISO 4217)", excerpt(part.currency))]
    if isinstance(part, Label):
        wrong = [each for each in part.means.values() if each not in (*THREATS, NOTHING)]
        return [(f"one of {', '.join((*THREATS, NOTHING))}", excerpt(each)) for each in wrong]
    if isinstance(part, Examined) and set(part.yes) & set(part.no):
        return [("contents that mean yes or no", f"both: {excerpt(sorted(set(part.yes) & set(part.no))[0])}")]
    return []


def _clock_faults(clock: Clock) -> list[tuple[str, str]]:
    if fault := clock_fault(clock.format):
        return [("'iso' or a format of digits as %Y-%m-%d", fault)]
    if clock.zone is not None and (fault := zone_fault(clock.zone)):
        return [("a zone as Europe/London", f"{excerpt(clock.zone)}, {fault}")]
    if clock.zone is None and clock.format != "iso" and "%z" not in clock.format:
        return [("a zone: the format has none", "none")]
    if clock.time is not None:
        try:
            time_of_day(clock.time)
        except ValueError as problem:
            return [("a time of day as 12:00", f"{excerpt(clock.time)}, {problem}")]
    return []


def _outcome_faults(mapping: Mapping) -> list[tuple[str, str, str]]:
    outcome, selection = mapping.outcome, mapping.selection
    if outcome is None:
        return [("outcome", "what the selection led to", "none")] if selection is not None else []
    faults = []
    if (outcome.recorded is None) == (outcome.recorded_after_days is None):
        found = "neither" if outcome.recorded is None else "both"
        faults.append(("outcome", "one of recorded and recorded_after_days: a label has its own clock", found))
    if selection is None:
        return [*faults, ("selection", "how rows came to be examined, for weights rest on it", "none")]
    if isinstance(selection.examined, str) and selection.examined not in (EVERY_ROW, LABELLED_ROWS):
        expected = f"'{EVERY_ROW}', '{LABELLED_ROWS}' or a column with its yes"
        faults.append(("selection.examined", expected, excerpt(selection.examined)))
    if selection.examined == EVERY_ROW:
        if selection.probability is not None or selection.reason is not None:
            faults.append(("selection", "no probability or reason where every row was examined: it is 1", "one"))
    elif selection.probability is None:
        faults.append(("selection.probability", f"a column, or '{UNKNOWN_CHANCE}'", "none"))
    if isinstance(selection.probability, str) and selection.probability != UNKNOWN_CHANCE:
        expected = f"a column as {{ column = ... }}, or '{UNKNOWN_CHANCE}'"
        faults.append(("selection.probability", expected, excerpt(selection.probability)))
    if isinstance(selection.reason, Column) and selection.reason.means:
        wrong = [each for each in selection.reason.means.values() if each not in REASONS]
        faults.extend(("selection.reason", f"one of {', '.join(REASONS)}", excerpt(each)) for each in wrong)
    return faults
