"""A check of a readable record: what is missing in it, or cannot all be true. It flags; it never refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from aftc.clock import Instant
from aftc.records import DeclaredValue, Party
from aftc.reference.check_digits import WRONG, container_fault, eori_fault, imo_fault
from aftc.reference.countries import code_of
from aftc.reference.currencies import CURRENCIES
from aftc.reference.hs import SUBHEADING, narrowest

__all__ = [
    "CURRENCY",
    "EORI",
    "HEAVIEST_CONTAINER_G",
    "HEAVIEST_LORRY_G",
    "LOCODE",
    "NO_CURRENCY",
    "NO_EORI",
    "NO_LOCODE",
    "Check",
    "Doubts",
    "Numbers",
    "checks_of",
    "container_checks",
    "earlier",
    "in_no_nomenclature",
    "misformed",
    "netter",
    "unassigned",
    "uncurrent",
    "undescribed",
    "untraded",
    "vessel_check",
]

HEAVIEST_CONTAINER_G = 36_000_000  # ISO 668 rates 20, 40 and 45 ft boxes at up to 36,000 kg gross
HEAVIEST_LORRY_G = 60_000_000  # 44 t in most of Europe, 60 t the longest combinations; above it, grams or pounds

NO_LOCODE, LOCODE = "not of the form of a UN/LOCODE", "a port: a country, three letters or digits from 2 to 9"
NO_EORI, EORI = "not of the form of an EORI number", "a party's: two letters and up to fifteen signs, GB and XI digits"
NO_CURRENCY, CURRENCY = "not an assigned currency", "of a value, not in use in ISO 4217"

Checked = TypeVar("Checked")

Doubts: TypeAlias = Iterable[tuple[str, object]]
"""Fields in doubt, as flags name them, each with the value found (None: nothing to quote)."""

Numbers: TypeAlias = Iterable[tuple[str, str]]
"""Fields and the numbers or codes in them."""


@dataclass(frozen=True, slots=True)
class Check(Generic[Checked]):
    """One doubt that a record may raise.

    Attributes:
        stream: The stream whose records it is about.
        words: What a flag says after the field.
        when: When it says so, for the documentation.
        find: The fields of a record that it is in doubt about.
    """

    stream: str
    words: str
    when: str
    find: Callable[[Checked], Doubts]


def checks_of(stream: str) -> Callable[[str, str, Callable[[Any], Doubts]], Check[Any]]:
    """What makes the checks of a stream: of words, when they are said, and what finds the doubts."""
    return partial(Check, stream)


def vessel_check(stream: str) -> Check[Any]:
    """Form and check digit of the IMO number in a record's `vessel_imo`."""

    def faulty(record: Any) -> Doubts:
        if record.vessel_imo is not None and imo_fault(record.vessel_imo):
            yield "vessel_imo", record.vessel_imo

    return Check(stream, "not an IMO number", "the vessel's: seven digits, the last its check digit", faulty)


def container_checks(stream: str, where: str, numbers: Callable[[Any], Numbers]) -> tuple[Check[Any], Check[Any]]:
    """Form and check digit of container numbers.

    Args:
        stream: The stream.
        where: Where they stand, for the documentation.
        numbers: The container numbers of a record.
    """
    form = "not of the form of a container number"

    def faulty(words: str) -> Callable[[Any], Doubts]:
        return lambda record: [each for each in numbers(record) if container_fault(each[1]) == words]

    return (
        Check(stream, form, f"{where}: not three letters, U, J or Z, and seven digits (ISO 6346)", faulty(form)),
        Check(stream, WRONG, f"{where}: the last digit is not that of ISO 6346", faulty(WRONG)),
    )


def earlier(moment: Instant | None, other: Instant | None) -> bool:
    """Whether one moment is before another, both being stated."""
    return moment is not None and other is not None and moment < other


def unassigned(named: Iterable[tuple[str, str | None]], parties: Iterable[tuple[str, Party | None]] = ()) -> Doubts:
    """Country codes that ISO 3166-1 has not assigned, by themselves and in parties."""
    for field, country in named:
        if country is not None and code_of(country) is None:
            yield field, country
    for field, party in parties:
        if party is not None and party.country is not None and code_of(party.country) is None:
            yield f"{field}/country", party.country


def in_no_nomenclature(named: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, object]]:
    """Commodity codes whose beginning, six digits or what there is of them, the Harmonized System does not have."""
    for field, code in named:
        if code is not None and len(narrowest(code) or "") < min(len(code) // 2 * 2, SUBHEADING):
            yield field, code


def netter(items: Iterable[tuple[str, Any]]) -> Doubts:
    """Goods items whose net mass is above their gross mass."""
    for field, goods in items:
        net, gross = goods.net_mass_g, goods.gross_mass_g
        if net is not None and gross and net > gross:
            yield f"{field}/net_mass_g", f"{net} g of {gross} g"


def undescribed(items: Iterable[tuple[str, Any]]) -> Doubts:
    """Goods items with neither description nor commodity code."""
    for field, goods in items:
        if goods.description is None and goods.hs_code is None:
            yield f"{field}/description", None


def misformed(named: Iterable[tuple[str, str | None]], fault: Callable[[str], str | None]) -> Doubts:
    """Numbers in which a check of the reference data finds a fault."""
    return ((field, number) for field, number in named if number is not None and fault(number))


def untraded(parties: Iterable[tuple[str, Party | None]]) -> Doubts:
    """Trader numbers of parties that are not of the form of one."""
    return misformed(((f"{field}/eori", party.eori) for field, party in parties if party is not None), eori_fault)


def uncurrent(values: Iterable[tuple[str, DeclaredValue | None]]) -> Doubts:
    """Currencies of values that ISO 4217 has not assigned, or has withdrawn."""
    for field, value in values:
        if value is not None and value.currency is not None and value.currency not in CURRENCIES:
            yield f"{field}/currency", value.currency
