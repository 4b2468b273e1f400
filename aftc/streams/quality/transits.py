"""Doubts about transit declarations: numbers, sums, codes, offices, what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from aftc.records import Party, TransitDeclaration, TransitHouse, TransitItem
from aftc.reference.check_digits import WRONG, air_waybill_fault, eori_fault, mrn_fault
from aftc.reference.countries import code_of
from aftc.streams.quality.check import (
    Doubts,
    Numbers,
    checks_of,
    container_checks,
    in_no_nomenclature,
    netter,
    unassigned,
    undescribed,
)

__all__ = ["TRANSITS"]

STREAM = "ncts_transit"
KINDS = frozenset(("T", "T1", "T2", "T2F", "T2SM", "TIR"))  # types of declaration
MODES = frozenset("123457")  # of transport at the border that the interface takes, and 7 for fixed installations
ENTRY_SUMMARY, AIR_WAYBILLS = "N355", frozenset(("N740", "N741"))
ROUNDED_G = 1_000  # by which a sum may differ
NO_MRN = "not of the form of an MRN"

_LRN = re.compile(r"[A-Za-z0-9_-]{1,22}")
_OFFICE = re.compile(r"[A-Z]{2}[A-Z0-9]{6}")
_UN_NUMBER = re.compile(r"[0-9]{4}")


def _houses(declaration: TransitDeclaration) -> Iterator[tuple[str, TransitHouse]]:
    return ((f"houses[{place}]", house) for place, house in enumerate(declaration.houses, start=1))


def _items(declaration: TransitDeclaration) -> Iterator[tuple[str, TransitItem]]:
    for field, house in _houses(declaration):
        yield from ((f"{field}/items[{place}]", item) for place, item in enumerate(house.items, start=1))


def _levels(declaration: TransitDeclaration) -> Iterator[tuple[str, TransitDeclaration | TransitHouse | TransitItem]]:
    """The declaration and its parts, which all may name documents."""
    yield "", declaration
    yield from ((f"{field}/", house) for field, house in _houses(declaration))
    yield from ((f"{field}/", item) for field, item in _items(declaration))


def _parties(declaration: TransitDeclaration) -> Iterator[tuple[str, Party]]:
    roles = ("holder", "representative", "carrier", "consignor", "consignee")
    for field, level in _levels(declaration):
        yield from ((f"{field}{role}", party) for role in roles if (party := getattr(level, role, None)) is not None)


def _misnumbered(declaration: TransitDeclaration) -> Doubts:
    if not _LRN.fullmatch(declaration.lrn):
        yield "lrn", declaration.lrn


def _numbers(declaration: TransitDeclaration) -> Doubts:
    counts = Counter(item.number for _, item in _items(declaration))
    return (("items", number) for number, count in counts.items() if count > 1)


def _house_sum(declaration: TransitDeclaration) -> Doubts:
    yield from _sum("gross_mass_g", declaration.gross_mass_g, [house.gross_mass_g for house in declaration.houses])


def _item_sums(declaration: TransitDeclaration) -> Doubts:
    for field, house in _houses(declaration):
        yield from _sum(f"{field}/gross_mass_g", house.gross_mass_g, [item.gross_mass_g for item in house.items])


def _sum(field: str, total: int | None, parts: list[int | None]) -> Doubts:
    counted = [each for each in parts if each is not None]
    if total is not None and len(counted) == len(parts) and abs(sum(counted) - total) > ROUNDED_G:
        yield field, f"{total} stated, {sum(counted)} together"


def _kind(declaration: TransitDeclaration) -> Doubts:
    if declaration.kind is not None and declaration.kind not in KINDS:
        yield "kind", declaration.kind


def _mode(declaration: TransitDeclaration) -> Doubts:
    if declaration.border_mode is not None and declaration.border_mode not in MODES:
        yield "border_mode", declaration.border_mode


def _offices(declaration: TransitDeclaration) -> Numbers:
    stated = (
        ("departure_office", declaration.departure_office),
        ("destination_office", declaration.destination_office),
    )
    yield from ((field, office) for field, office in stated if office is not None)
    yield from (("transit_offices", office) for office in declaration.transit_offices)


def _misformed_offices(declaration: TransitDeclaration) -> Doubts:
    return ((field, office) for field, office in _offices(declaration) if not _OFFICE.fullmatch(office))


def _nowhere(declaration: TransitDeclaration) -> Doubts:
    for field, office in _offices(declaration):
        if _OFFICE.fullmatch(office) and code_of(office[:2]) is None:
            yield field, office


def _countries(declaration: TransitDeclaration) -> Doubts:
    stated = ("dispatch_country", "destination_country")
    named = [(f"{field}{name}", getattr(level, name, None)) for field, level in _levels(declaration) for name in stated]
    named += [("border_means", each.nationality) for each in declaration.border_means]
    named += [("departure_means", each.nationality) for each in declaration.departure_means]
    return unassigned(named, _parties(declaration))


def _codes(declaration: TransitDeclaration) -> Doubts:
    return in_no_nomenclature((f"{field}/hs_code", item.hs_code) for field, item in _items(declaration))


def _traders(declaration: TransitDeclaration) -> Doubts:
    for field, party in _parties(declaration):
        if party.eori is not None and eori_fault(party.eori):
            yield f"{field}/eori", party.eori


def _containers(declaration: TransitDeclaration) -> Numbers:
    return (("equipment", each.container) for each in declaration.equipment if each.container is not None)


def _entry_mrns(words: str) -> Callable[[TransitDeclaration], Doubts]:
    def found(declaration: TransitDeclaration) -> Doubts:
        for field, level in _levels(declaration):
            for each in level.previous_documents:
                if each.kind == ENTRY_SUMMARY and mrn_fault(each.reference) == words:
                    yield f"{field}previous_documents", each.reference

    return found


def _waybills(declaration: TransitDeclaration) -> Doubts:
    for field, level in _levels(declaration):
        for each in level.transport_documents:
            if each.kind in AIR_WAYBILLS and air_waybill_fault(each.reference):
                yield f"{field}transport_documents", each.reference


def _un_numbers(declaration: TransitDeclaration) -> Doubts:
    for field, item in _items(declaration):
        if item.un_number is not None and not _UN_NUMBER.fullmatch(item.un_number):
            yield f"{field}/un_number", item.un_number


def _weightless(declaration: TransitDeclaration) -> Doubts:
    return ((f"{field}/gross_mass_g", None) for field, item in _items(declaration) if item.gross_mass_g == 0)


def _absent(declaration: TransitDeclaration) -> Doubts:
    names = ("holder", "departure_office", "destination_office")
    return ((name, None) for name in names if getattr(declaration, name) is None)


_check = checks_of(STREAM)

TRANSITS = (
    _check("not of the form of an LRN", "more than 22 signs, or others than letters, digits, - and _", _misnumbered),
    _check("with the same number twice", "two goods items of the declaration have one number", _numbers),
    _check("not the sum over the house consignments", "the stated mass differs by more than 1 kg", _house_sum),
    _check("not the sum over the goods items", "a house consignment's mass differs by more than 1 kg", _item_sums),
    _check("not a known code", "the type is none of T, T1, T2, T2F, T2SM, TIR", _kind),
    _check("not a known code", "the border transport mode is none of 1 to 5, 7", _mode),
    _check(
        "not of the form of a customs office", "two letters of the country, six letters or digits", _misformed_offices
    ),
    _check("not in an assigned country", "a customs office of that form, not in ISO 3166-1", _nowhere),
    _check("not an assigned country", "a country, or a party's, is not in ISO 3166-1", _countries),
    _check("not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
    _check(
        "not of the form of an EORI number",
        "a party's: two letters and up to fifteen signs, GB and XI digits",
        _traders,
    ),
    *container_checks(STREAM, "a container", _containers),
    _check(NO_MRN, "an entry summary's (previous document N355)", _entry_mrns(NO_MRN)),
    _check(WRONG, "an entry summary's MRN: the last digit is not that of ISO 6346", _entry_mrns(WRONG)),
    _check(
        "not an air waybill number",
        "a transport document N740 or N741: eleven digits, the last the serial modulo 7",
        _waybills,
    ),
    _check("not a UN number", "dangerous goods: not four digits", _un_numbers),
    _check("zero", "a goods item's gross mass", _weightless),
    _check("more than the gross mass", "a goods item's net mass", lambda declaration: netter(_items(declaration))),
    _check(
        "missing",
        "a goods item with neither description nor commodity code",
        lambda declaration: undescribed(_items(declaration)),
    ),
    _check("missing", "the holder of the procedure, the office of departure or of destination", _absent),
)
