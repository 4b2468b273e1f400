"""Doubts about electronic bills of lading: the document, its parties, its goods and the containers they are in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from aftc.records import ContainerisedGoods, DocumentedGoods, TransportDocument
from aftc.streams.quality.check import (
    HEAVIEST_CONTAINER_G,
    Doubts,
    Numbers,
    checks_of,
    container_checks,
    in_no_nomenclature,
    unassigned,
)
from aftc.streams.quality.stowage import in_no_hazard_list

__all__ = ["SEA_DOCUMENTS"]

STREAM = "dcsa_bl"
WAYBILL = "SWB"
PARTIES = ("consignor", "consignee", "notify", "endorsee")


def _goods(document: TransportDocument) -> Iterator[tuple[str, DocumentedGoods]]:
    return ((f"goods[{place}]", each) for place, each in enumerate(document.goods, start=1))


def _parts(document: TransportDocument) -> Iterator[tuple[str, ContainerisedGoods]]:
    for field, goods in _goods(document):
        yield from ((f"{field}/parts[{place}]", part) for place, part in enumerate(goods.parts, start=1))


def _unnumbered(document: TransportDocument) -> Doubts:
    if document.reference is None:
        yield "reference", None


def _negotiable(document: TransportDocument) -> Doubts:
    if document.to_order and document.kind == WAYBILL:
        yield "to_order", None


def _backwards(document: TransportDocument) -> Doubts:
    if (
        document.planned_arrival
        and document.planned_departure
        and document.planned_arrival < document.planned_departure
    ):
        yield "planned_arrival", document.planned_arrival


def _early(document: TransportDocument) -> Doubts:
    if document.issued and document.shipped_on_board and document.issued < document.shipped_on_board:
        yield "issued", document.issued


def _numbers(document: TransportDocument) -> Numbers:
    return (("containers", number) for number in document.numbers)


def _unlisted(document: TransportDocument) -> Doubts:
    listed = {each.number for each in document.containers}
    if listed:
        for field, part in _parts(document):
            if part.container is not None and part.container not in listed:
                yield f"{field}/container", part.container


def _relisted(document: TransportDocument) -> Doubts:
    counts = Counter(each.number for each in document.containers)
    return (("containers", number) for number, count in counts.items() if count > 1)


def _resealed(document: TransportDocument) -> Doubts:
    counts = Counter(number for each in document.containers for number in {seal.number for seal in each.seals})
    return (("seals", number) for number, count in counts.items() if count > 1)


def _weightless(document: TransportDocument) -> Doubts:
    return ((f"{field}/gross_mass_g", None) for field, part in _parts(document) if part.gross_mass_g == 0)


def _overfull(document: TransportDocument) -> Doubts:
    held: dict[str, int] = defaultdict(int)
    for _, part in _parts(document):
        if part.container is not None:
            held[part.container] += part.gross_mass_g or 0
    return (("goods", f"{mass} g in {number}") for number, mass in held.items() if mass > HEAVIEST_CONTAINER_G)


def _undescribed(document: TransportDocument) -> Doubts:
    for field, goods in _goods(document):
        if goods.description is None and not goods.hs_codes:
            yield f"{field}/description", None
    for field, part in _parts(document):
        if part.gross_mass_g is None:
            yield f"{field}/gross_mass_g", None


def _nobody(document: TransportDocument) -> Doubts:
    if document.consignor is None:
        yield "consignor", None
    if document.consignee is None and not document.to_order:
        yield "consignee", None


def _codes(document: TransportDocument) -> Doubts:
    return in_no_nomenclature(
        (f"{field}/hs_codes", code) for field, goods in _goods(document) for code in goods.hs_codes
    )


def _countries(document: TransportDocument) -> Doubts:
    return unassigned((), ((role, getattr(document, role)) for role in PARTIES))


def _hazardous(document: TransportDocument) -> Doubts:
    for field, part in _parts(document):
        for hazard in part.hazards:
            for name, found in in_no_hazard_list(hazard.hazard_class, hazard.un_number):
                yield f"{field}/hazards/{name}", found


_check = checks_of(STREAM)


SEA_DOCUMENTS = (
    _check("missing", "the number of a transport document: these are instructions for one", _unnumbered),
    _check("not of a sea waybill", "a sea waybill that is made out to order", _negotiable),
    _check("before departure", "the planned arrival is earlier than the planned departure", _backwards),
    _check("before the goods were on board", "the day of issue", _early),
    *container_checks(STREAM, "a container", _numbers),
    _check(
        "not among the containers",
        "a container of the goods that the list of containers, where there is one, lacks",
        _unlisted,
    ),
    _check("listed twice", "one container, two entries", _relisted),
    _check("on two containers", "one seal number, two containers", _resealed),
    _check("zero", "the mass of the goods in a container", _weightless),
    _check("heavier than containers carry", "goods of more than 36 t in one container", _overfull),
    _check("missing", "goods without mass, or with neither description nor commodity code", _undescribed),
    _check("missing", "the shipper, or the consignee of a document that is not to order", _nobody),
    _check("not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
    _check("not an assigned country", "a party's, not in ISO 3166-1", _countries),
    _check("not of the IMDG Code", "a class, or a UN number of other than four digits", _hazardous),
)
