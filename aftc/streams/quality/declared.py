"""Doubts about entry summary declarations: totals, times, codes, numbers, masses, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from aftc.clock import DAY
from aftc.records import EntrySummary, GoodsItem, Party
from aftc.reference.check_digits import WRONG, air_waybill_fault, imo_fault, mrn_fault
from aftc.streams.quality.check import (
    EORI,
    HEAVIEST_CONTAINER_G,
    HEAVIEST_LORRY_G,
    NO_EORI,
    Doubts,
    Numbers,
    checks_of,
    container_checks,
    earlier,
    in_no_nomenclature,
    unassigned,
    untraded,
)

__all__ = ["DECLARED"]

STREAM = "ens"
MODES = frozenset(("1", "2", "3", "4", "5", "7", "8", "9", "10", "11"))  # UN/ECE Recommendation 19, and ro-ro
SEA, ROAD = "1", frozenset(("3", "10"))
AIR_WAYBILLS = frozenset(("N740", "N741"))  # air waybill, master air waybill
MASS_TOLERANCE_G = 1_000  # senders round the total to whole kilograms
LONGEST_NOTICE = 366 * DAY
UN_DIGITS = 4
PARTIES = ("consignor", "consignee", "notify", "carrier", "declarant", "representative")
ITEM_PARTIES = ("consignor", "consignee", "notify")


def _items(entry: EntrySummary) -> Iterator[tuple[str, GoodsItem]]:
    return ((f"items[{place}]", goods) for place, goods in enumerate(entry.items, start=1))


def _unlike(total: int | None, parts: list[int | None], tolerance: int = 0) -> str | None:
    """Both sums, where the total and all parts are stated and differ."""
    stated = [each for each in parts if each is not None]
    if total is None or len(stated) < len(parts) or abs(total - sum(stated)) <= tolerance:
        return None
    return f"{total} stated, {sum(stated)} over the goods items"


def _count(entry: EntrySummary) -> Doubts:
    if entry.total_items not in (None, len(entry.items)):
        yield "total_items", f"{entry.total_items} stated, {len(entry.items)} counted"


def _packages(entry: EntrySummary) -> Doubts:
    if found := _unlike(entry.total_packages, [goods.packages for goods in entry.items]):
        yield "total_packages", found


def _mass(entry: EntrySummary) -> Doubts:
    if found := _unlike(entry.total_gross_mass_g, [goods.gross_mass_g for goods in entry.items], MASS_TOLERANCE_G):
        yield "total_gross_mass_g", found


def _numbers(entry: EntrySummary) -> Doubts:
    if len({goods.number for goods in entry.items}) < len(entry.items):
        yield "items", None


def _late(entry: EntrySummary) -> Doubts:
    if not entry.amendment and earlier(entry.expected_arrival, entry.declared_at):
        yield "expected_arrival", None


def _early(entry: EntrySummary) -> Doubts:
    if entry.declared_at is not None and earlier(entry.declared_at + LONGEST_NOTICE, entry.expected_arrival):
        yield "expected_arrival", None


def _mode(entry: EntrySummary) -> Doubts:
    if entry.transport_mode is not None and entry.transport_mode not in MODES:
        yield "transport_mode", entry.transport_mode


def _parties(entry: EntrySummary) -> Iterator[tuple[str, Party | None]]:
    yield from ((role, getattr(entry, role)) for role in PARTIES)
    for field, goods in _items(entry):
        yield from ((f"{field}/{role}", getattr(goods, role)) for role in ITEM_PARTIES)


def _countries(entry: EntrySummary) -> Doubts:
    named = [
        ("conveyance_nationality", entry.conveyance_nationality),
        *(("itinerary", each) for each in entry.itinerary),
    ]
    return unassigned(named, _parties(entry))


def _traders(entry: EntrySummary) -> Doubts:
    return untraded(_parties(entry))


def _codes(entry: EntrySummary) -> Doubts:
    return in_no_nomenclature((f"{field}/hs_code", goods.hs_code) for field, goods in _items(entry))


def _containers(entry: EntrySummary) -> Numbers:
    return ((f"{field}/containers", number) for field, goods in _items(entry) for number in goods.containers)


def _vessel(entry: EntrySummary) -> Doubts:
    identity = entry.conveyance_identity
    if entry.transport_mode == SEA and identity is not None and imo_fault(identity) == WRONG:
        yield "conveyance_identity", identity


def _mrn(entry: EntrySummary) -> Doubts:
    if entry.mrn is not None and mrn_fault(entry.mrn) == WRONG:
        yield "mrn", entry.mrn


def _waybills(entry: EntrySummary) -> Doubts:
    for field, goods in _items(entry):
        for each in goods.documents:
            if each.kind in AIR_WAYBILLS and air_waybill_fault(each.reference):
                yield f"{field}/documents", each.reference


def _dangerous(entry: EntrySummary) -> Doubts:
    for field, goods in _items(entry):
        code = goods.dangerous_goods_code
        if code is not None and not (code.isascii() and code.isdigit() and len(code) == UN_DIGITS):
            yield f"{field}/dangerous_goods_code", code


def _weightless(entry: EntrySummary) -> Doubts:
    return ((f"{field}/gross_mass_g", None) for field, goods in _items(entry) if goods.gross_mass_g == 0)


def _overfull(entry: EntrySummary) -> Doubts:
    for field, goods in _items(entry):
        if goods.containers and (goods.gross_mass_g or 0) > HEAVIEST_CONTAINER_G * len(goods.containers):
            yield f"{field}/gross_mass_g", f"{goods.gross_mass_g} g in {len(goods.containers)} containers"


def _overladen(entry: EntrySummary) -> Doubts:
    if entry.transport_mode in ROAD:
        mass = sum(goods.gross_mass_g or 0 for goods in entry.items)
        vehicles = len({number for goods in entry.items for number in goods.vehicles}) or 1
        if mass > HEAVIEST_LORRY_G * vehicles:
            yield "items/gross_mass_g", f"{mass} g on {vehicles} vehicles"


def _undescribed(entry: EntrySummary) -> Doubts:
    for field, goods in _items(entry):
        if goods.description is None and goods.hs_code is None:
            yield f"{field}/description", None
        if goods.gross_mass_g is None:
            yield f"{field}/gross_mass_g", None


def _undocumented(entry: EntrySummary) -> Doubts:
    if not any(goods.documents for goods in entry.items):
        yield "items/documents", None


def _nobody(entry: EntrySummary) -> Doubts:
    if entry.consignor is None and any(goods.consignor is None for goods in entry.items):
        yield "consignor", None
    if entry.consignee is None and any(goods.consignee is None for goods in entry.items):
        yield "consignee", None


_check = checks_of(STREAM)


SUM = "not the sum over the goods items"

DECLARED = (
    _check("not the number of goods items", "the stated number of goods items is another", _count),
    _check(SUM, "the stated number of packages is another, though every item states its own", _packages),
    _check(SUM, "the stated mass differs by more than 1 kg, though every item states its own", _mass),
    _check("with the same number twice", "two goods items have one number", _numbers),
    _check("before the declaration", "a declaration, not an amendment, is dated after the arrival", _late),
    _check("more than a year after the declaration", "the arrival is that far off", _early),
    _check("not a known code", "the border transport mode is none of 1 to 5, 7 to 11", _mode),
    _check("not an assigned country", "nationality, itinerary or a party's country is not in ISO 3166-1", _countries),
    _check(NO_EORI, EORI, _traders),
    _check("not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
    *container_checks(STREAM, "a goods item's container", _containers),
    _check(WRONG, "by sea: the last digit of the vessel's IMO number", _vessel),
    _check(WRONG, "an amendment's MRN: the last digit is not that of ISO 6346", _mrn),
    _check(
        "not an air waybill number", "a document N740 or N741: eleven digits, the last the serial modulo 7", _waybills
    ),
    _check("not a UN number", "dangerous goods: not four digits", _dangerous),
    _check("zero", "a goods item's mass", _weightless),
    _check("heavier than containers carry", "a goods item of more than 36 t for each of its containers", _overfull),
    _check("heavier than lorries carry", "by road or accompanied: more than 60 t for each vehicle named", _overladen),
    _check("missing", "a goods item without mass, or with neither description nor commodity code", _undescribed),
    _check("missing", "no goods item names a document", _undocumented),
    _check("missing", "consignor or consignee, on the header and on some item", _nobody),
)
