"""Doubts about import declarations and what customs tells of them: totals, codes, numbers, masses, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aftc.records import DeclarationNotification, ImportDeclaration, ImportItem, PreviousDocument
from aftc.reference.check_digits import WRONG, air_waybill_fault, imo_fault, mrn_fault, ucr_fault
from aftc.streams.quality.check import (
    CURRENCY,
    EORI,
    HEAVIEST_CONTAINER_G,
    NO_CURRENCY,
    NO_EORI,
    Check,
    Doubts,
    Numbers,
    checks_of,
    container_checks,
    earlier,
    in_no_nomenclature,
    netter,
    unassigned,
    uncurrent,
    undescribed,
    untraded,
)

__all__ = ["IMPORTS"]

STREAM, NOTIFICATION = "cds_import", "cds_notification"
MODES = frozenset("123456789")  # data element 7/4: 6 is ro-ro
SEA, IMO = "1", "10"
ENTRY_SUMMARY, UCR = "355", "DCR"  # kinds of previous documents
AIR_WAYBILLS = frozenset(("740", "741"))
PRICE_PAID = "1"  # valuation method
PARTIES = ("declarant", "representative", "exporter", "importer", "buyer", "seller")
NO_MRN, NO_UCR = "not of the form of an MRN", "not of the form of a UCR"


def _items(declaration: ImportDeclaration) -> Iterator[tuple[str, ImportItem]]:
    return ((f"items[{place}]", goods) for place, goods in enumerate(declaration.items, start=1))


def _previous(declaration: ImportDeclaration, *kinds: str) -> Iterator[tuple[str, PreviousDocument]]:
    """Previous documents of these kinds, each with its field."""
    everywhere = [("previous_documents", each) for each in declaration.previous_documents]
    for field, goods in _items(declaration):
        everywhere += [(f"{field}/previous_documents", each) for each in goods.previous_documents]
    return (each for each in everywhere if each[1].kind in kinds)


def _count(declaration: ImportDeclaration) -> Doubts:
    if declaration.total_items not in (None, len(declaration.items)):
        yield "total_items", f"{declaration.total_items} stated, {len(declaration.items)} counted"


def _packages(declaration: ImportDeclaration) -> Doubts:
    total, stated = declaration.total_packages, [goods.packages for goods in declaration.items]
    counted = [each for each in stated if each is not None]
    if total is not None and len(counted) == len(stated) and sum(counted) != total:
        yield "total_packages", f"{total} stated, {sum(counted)} over the goods items"


def _numbers(declaration: ImportDeclaration) -> Doubts:
    if len({goods.number for goods in declaration.items}) < len(declaration.items):
        yield "items", None


def _mode(declaration: ImportDeclaration) -> Doubts:
    if declaration.transport_mode is not None and declaration.transport_mode not in MODES:
        yield "transport_mode", declaration.transport_mode


def _countries(declaration: ImportDeclaration) -> Doubts:
    stated = ("conveyance_nationality", "dispatch_country", "destination_country")
    named = [(field, getattr(declaration, field)) for field in stated]
    for field, goods in _items(declaration):
        stated = ("origin_country", "preferential_origin", "dispatch_country")
        named += [(f"{field}/{each}", getattr(goods, each)) for each in stated]
    return unassigned(named, [(role, getattr(declaration, role)) for role in PARTIES])


def _codes(declaration: ImportDeclaration) -> Doubts:
    return in_no_nomenclature((f"{field}/hs_code", goods.hs_code) for field, goods in _items(declaration))


def _traders(declaration: ImportDeclaration) -> Doubts:
    return untraded((role, getattr(declaration, role)) for role in PARTIES)


def _values(declaration: ImportDeclaration) -> Doubts:
    named = [(each, getattr(declaration, each)) for each in ("invoice", "freight")]
    for field, goods in _items(declaration):
        named += [(f"{field}/{each}", getattr(goods, each)) for each in ("price", "statistical_value", "customs_value")]
    return uncurrent(named)


def _containers(declaration: ImportDeclaration) -> Numbers:
    if declaration.transport_mode == SEA:
        yield from (("containers", number) for number in declaration.containers)
        for field, goods in _items(declaration):
            yield from ((f"{field}/containers", number) for number in goods.containers)


def _vessel(declaration: ImportDeclaration) -> Doubts:
    identity = declaration.conveyance_identity
    if declaration.conveyance_identity_kind == IMO and identity is not None and imo_fault(identity):
        yield "conveyance_identity", identity


def _entry_mrns(words: str) -> Callable[[ImportDeclaration], Doubts]:
    def found(declaration: ImportDeclaration) -> Doubts:
        named = _previous(declaration, ENTRY_SUMMARY)
        return ((field, each.reference) for field, each in named if mrn_fault(each.reference) == words)

    return found


def _ucrs(declaration: ImportDeclaration) -> Doubts:
    named = [(field, each.reference) for field, each in _previous(declaration, UCR)]
    named += [("ucr", declaration.ucr)] if declaration.ucr is not None else []
    return ((field, reference) for field, reference in named if ucr_fault(reference))


def _waybills(declaration: ImportDeclaration) -> Doubts:
    named = _previous(declaration, *sorted(AIR_WAYBILLS))
    return ((field, each.reference) for field, each in named if air_waybill_fault(each.reference))


def _weightless(declaration: ImportDeclaration) -> Doubts:
    for field, goods in _items(declaration):
        yield from ((f"{field}/{each}", None) for each in ("gross_mass_g", "net_mass_g") if getattr(goods, each) == 0)


def _overfull(declaration: ImportDeclaration) -> Doubts:
    for field, goods in _items(declaration):
        containers = goods.containers or declaration.containers
        if containers and (goods.gross_mass_g or 0) > HEAVIEST_CONTAINER_G * len(containers):
            yield f"{field}/gross_mass_g", f"{goods.gross_mass_g} g in {len(containers)} containers"


def _unpriced(declaration: ImportDeclaration) -> Doubts:
    for field, goods in _items(declaration):
        if goods.valuation_method == PRICE_PAID and goods.price is None:
            yield f"{field}/price", None


def _nobody(declaration: ImportDeclaration) -> Doubts:
    return ((role, None) for role in ("importer", "declarant") if getattr(declaration, role) is None)


def _mrns(words: str) -> Callable[[DeclarationNotification], Doubts]:
    def found(notification: DeclarationNotification) -> Doubts:
        if notification.mrn is not None and mrn_fault(notification.mrn) == words:
            yield "mrn", notification.mrn

    return found


def _foretold(notification: DeclarationNotification) -> Doubts:
    if earlier(notification.issued_at, notification.accepted_at):
        yield "issued_at", None


_check = checks_of(STREAM)


IMPORTS = (
    _check("not the number of goods items", "the stated number of goods items is another", _count),
    _check(
        "not the sum over the goods items",
        "the stated number of packages is another, though every item states its own",
        _packages,
    ),
    _check("with the same number twice", "two goods items have one number", _numbers),
    _check("not a known code", "the border transport mode is none of 1 to 9", _mode),
    _check("not an assigned country", "a country, or a party's, is not in ISO 3166-1", _countries),
    _check("not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
    _check(NO_EORI, EORI, _traders),
    _check(NO_CURRENCY, CURRENCY, _values),
    *container_checks(STREAM, "by sea a container", _containers),
    _check("not an IMO number", "the vessel's, where it is said to be one", _vessel),
    _check(NO_MRN, "an entry summary's (previous document 355)", _entry_mrns(NO_MRN)),
    _check(WRONG, "an entry summary's MRN: the last digit is not that of ISO 6346", _entry_mrns(WRONG)),
    _check(NO_UCR, "a digit, a trader number, a dash, the trader's own reference", _ucrs),
    _check(
        "not an air waybill number",
        "a previous document 740 or 741: eleven digits, the last the serial modulo 7",
        _waybills,
    ),
    _check("zero", "a goods item's gross or net mass", _weightless),
    _check("more than the gross mass", "a goods item's net mass", lambda declaration: netter(_items(declaration))),
    _check("heavier than containers carry", "a goods item of more than 36 t for each of its containers", _overfull),
    _check(
        "missing",
        "a goods item with neither description nor commodity code",
        lambda declaration: undescribed(_items(declaration)),
    ),
    _check("missing", "the price of a goods item that is valued by it (method 1)", _unpriced),
    _check("missing", "the importer or the declarant", _nobody),
    Check(NOTIFICATION, NO_MRN, "the declaration's", _mrns(NO_MRN)),
    Check(NOTIFICATION, WRONG, "the MRN: the last digit is not that of ISO 6346", _mrns(WRONG)),
    Check(NOTIFICATION, "before the acceptance", "it was issued before the declaration was accepted", _foretold),
)
