"""Transit declarations of NCTS, phase 5 and later: CC015C, as XML or as the JSON that the same interface takes.

The JSON has a field for each element, an array where it repeats; it is read as the elements that it stands for. What
identifies must be there: the declarant's number, at least one house consignment, in each at least one goods item, and
the number of each. Times are on the clock of the office of departure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import (
    DocumentReference,
    GoodsLocation,
    Party,
    PreviousDocument,
    TransitDeclaration,
    TransitEquipment,
    TransitHouse,
    TransitItem,
    TransportMeans,
)
from aftc.reference.hs import SUBHEADING
from aftc.streams.bounds import MOST_GOODS_ITEMS, MOST_TAGS, bound
from aftc.streams.cds_parts import CdsPart, own_number
from aftc.streams.elements import element_among, elements_named, read_xml
from aftc.streams.json_text import decode, looks_like_json
from aftc.streams.ncts_build import build
from aftc.streams.values import Flags, commodity_code, country_code, kilograms, reference, whole_number
from aftc.streams.zones import zone_of_office

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "ncts_transit"

_ROOT = "CC015C"
_MARK = re.compile(rb'"(?:[A-Za-z_][\w.-]*:)?CC015C"\s*:\s*\{')
_TAG = re.compile(r"(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", re.ASCII)
_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TWO_DIGITS = re.compile(r"[0-9]{2}")
_CONTAINERISED = {"1": True, "0": False}


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold an element CC015C, or a field of that name."""
    if looks_like_json(head):
        return _MARK.search(head) is not None
    return element_among(head, (_ROOT,)) is not None


def parse(raw: bytes) -> tuple[TransitDeclaration, ...]:
    """The declarations in a document, usually one.

    Raises:
        MalformedMessage: broken syntax, a document type definition, or a part missing that identifies it.
        OversizeMessage: deeper than the reader's limit, or of too many parts.
    """
    root = _from_json(raw) if looks_like_json(raw) else read_xml(raw)
    declarations = tuple(_declaration(each) for each in elements_named(root, frozenset((_ROOT,))))
    if not declarations:
        raise MalformedMessage(f"an element {_ROOT}", "none")
    return declarations


def _from_json(raw: bytes) -> _Element:
    """The elements that a JSON text stands for, below one of no meaning."""
    from lxml import etree  # here, as the bare install has no lxml

    bound(raw.count(b":"), MOST_TAGS, "fields")
    root = etree.Element("message")
    waiting = [(root, decode(raw))]
    try:
        while waiting:
            parent, tree = waiting.pop()
            for name, value in tree.items() if isinstance(tree, dict) else ():
                for each in value if isinstance(value, list) else [value]:
                    if (tag := _TAG.fullmatch(name)) and each is not None:  # others are attributes (@...)
                        child = etree.SubElement(parent, tag[1])
                        child.text = None if isinstance(each, (dict, list)) else str(each)
                        waiting.append((child, each))
    except ValueError as error:
        raise MalformedMessage("texts that XML can hold", str(error)) from error
    return root


def _declaration(root: _Element) -> TransitDeclaration:
    flags = Flags()
    whole = CdsPart(root, _ROOT, flags)
    operation, consignment = _demanded(whole, "TransitOperation"), _demanded(whole, "Consignment")
    departure = _office(whole, "CustomsOfficeOfDeparture")
    zone, known = zone_of_office(departure)
    if not known:
        flags.add(f"{_ROOT}/CustomsOfficeOfDeparture", f"unknown office, its times are read in {zone}", departure)
    clock = whole.expected("preparationDateAndTime", _clock)
    return TransitDeclaration(
        lrn=operation.required("LRN", own_number),
        message_id=whole.expected("messageIdentification", reference),
        kind=operation.expected("declarationType", reference),
        additional=operation.reference("additionalDeclarationType"),
        security=operation.reference("security"),
        declared_at=flags.local(f"{_ROOT}/preparationDateAndTime", clock, zone),
        limit_day=operation.take("limitDate", _day),
        departure_office=departure,
        transit_offices=tuple(whole.listed("CustomsOfficeOfTransitDeclared", "referenceNumber")),
        destination_office=_office(whole, "CustomsOfficeOfDestinationDeclared"),
        holder=_party(whole, "HolderOfTheTransitProcedure"),
        representative=_party(whole, "Representative"),
        carrier=_party(consignment, "Carrier"),
        consignor=_party(consignment, "Consignor"),
        consignee=_party(consignment, "Consignee"),
        dispatch_country=consignment.take("countryOfDispatch", country_code),
        destination_country=consignment.take("countryOfDestination", country_code),
        containerised=consignment.take("containerIndicator", _containerised),
        inland_mode=consignment.reference("inlandModeOfTransport"),
        border_mode=consignment.reference("modeOfTransportAtTheBorder"),
        gross_mass_g=consignment.expected("grossMass", kilograms),
        ucr=consignment.reference("referenceNumberUCR"),
        goods_location=_location(consignment),
        place_of_loading=_place(consignment, "PlaceOfLoading"),
        place_of_unloading=_place(consignment, "PlaceOfUnloading"),
        equipment=tuple(_equipment(consignment)),
        departure_means=_means(consignment, "DepartureTransportMeans"),
        border_means=_means(consignment, "ActiveBorderTransportMeans"),
        transport_documents=_transport_documents(consignment),
        previous_documents=_previous_documents(consignment),
        houses=_houses(consignment),
        flags=flags.sealed(),
    )


def _demanded(whole: CdsPart, name: str) -> CdsPart:
    group = whole.group(name)
    if group is None:
        raise MalformedMessage(f"{_ROOT}/{name}", "no such element")
    return group


def _office(whole: CdsPart, name: str) -> str | None:
    group = whole.group(name)
    return group.expected("referenceNumber", reference) if group else None


def _place(consignment: CdsPart, name: str) -> str | None:
    group = consignment.group(name)
    return group.reference("UNLocode") if group else None


def _clock(value: str) -> datetime:
    if not _CLOCK.fullmatch(value):
        raise ValueError("not a time yyyy-mm-ddThh:mm:ss")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("no such date or time") from error


def _day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise ValueError("not a day yyyy-mm-dd")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise ValueError("no such day") from error


def _containerised(value: str) -> bool:
    if value not in _CONTAINERISED:
        raise ValueError("neither 0 nor 1")
    return _CONTAINERISED[value]


def _party(parent: CdsPart, name: str) -> Party | None:
    group = parent.group(name)
    if group is None:
        return None
    address = group.group("Address")
    party = Party(
        eori=group.reference("identificationNumber"),
        name=group.text("name"),
        street=address.text("streetAndNumber") if address else None,
        city=address.text("city") if address else None,
        postcode=address.reference("postcode") if address else None,
        country=address.take("country", country_code) if address else None,
    )
    return None if party == Party() else party


def _location(consignment: CdsPart) -> GoodsLocation | None:
    group = consignment.group("LocationOfGoods")
    if group is None:
        return None
    name, kind = group.reference("UNLocode"), group.reference("typeOfLocation")
    location = GoodsLocation(name, kind, group.reference("qualifierOfIdentification"))
    return None if location == GoodsLocation(None) else location


def _equipment(consignment: CdsPart) -> Iterator[TransitEquipment]:
    for group in consignment.each("TransportEquipment"):
        numbers = (each.take("declarationGoodsItemNumber", whole_number) for each in group.each("GoodsReference"))
        found = TransitEquipment(
            container=group.reference("containerIdentificationNumber"),
            seals=tuple(group.listed("Seal", "identifier")),
            items=tuple(each for each in numbers if each is not None),
        )
        if found != TransitEquipment(None):
            yield found


def _means(parent: CdsPart, name: str) -> tuple[TransportMeans, ...]:
    stated = (
        TransportMeans(
            kind=each.reference("typeOfIdentification"),
            identity=each.reference("identificationNumber"),
            nationality=each.take("nationality", country_code),
            office=each.reference("customsOfficeAtBorderReferenceNumber"),
            reference=each.reference("conveyanceReferenceNumber"),
        )
        for each in parent.each(name)
    )
    return tuple(each for each in stated if each != TransportMeans(None, None))


def _transport_documents(parent: CdsPart) -> tuple[DocumentReference, ...]:
    named = ((each.reference("type"), each.reference("referenceNumber")) for each in parent.each("TransportDocument"))
    return tuple(DocumentReference(kind or "", number) for kind, number in named if number)


def _previous_documents(parent: CdsPart) -> tuple[PreviousDocument, ...]:
    return tuple(
        PreviousDocument(each.reference("type"), number, item=each.take("goodsItemNumber", whole_number))
        for each in parent.each("PreviousDocument")
        if (number := each.expected("referenceNumber", reference))
    )


def _houses(consignment: CdsPart) -> tuple[TransitHouse, ...]:
    groups = consignment.groups.get("HouseConsignment", ())
    bound(sum(len(each) for each in groups), MOST_GOODS_ITEMS, "parts of house consignments")
    houses = tuple(_house(each) for each in consignment.each("HouseConsignment"))
    if not houses:
        raise MalformedMessage(f"{_ROOT}/Consignment/HouseConsignment", "no house consignment")
    return houses


def _house(group: CdsPart) -> TransitHouse:
    items = tuple(_item(each) for each in group.each("ConsignmentItem"))
    if not items:
        raise MalformedMessage(f"{_ROOT}/Consignment/HouseConsignment/ConsignmentItem", "no goods item")
    return TransitHouse(
        items=items,
        gross_mass_g=group.take("grossMass", kilograms),
        ucr=group.reference("referenceNumberUCR"),
        dispatch_country=group.take("countryOfDispatch", country_code),
        consignor=_party(group, "Consignor"),
        consignee=_party(group, "Consignee"),
        departure_means=_means(group, "DepartureTransportMeans"),
        transport_documents=_transport_documents(group),
        previous_documents=_previous_documents(group),
    )


def _item(group: CdsPart) -> TransitItem:
    commodity, measure = group.group("Commodity"), group.within("Commodity", "GoodsMeasure")
    packages, package_kind = _packages(group)
    return TransitItem(
        number=group.required("declarationGoodsItemNumber", whole_number),
        description=commodity.text("descriptionOfGoods") if commodity else None,
        hs_code=_code(group.within("Commodity", "CommodityCode")),
        gross_mass_g=measure.take("grossMass", kilograms) if measure else None,
        net_mass_g=measure.take("netMass", kilograms) if measure else None,
        packages=packages,
        package_kind=package_kind,
        ucr=group.reference("referenceNumberUCR"),
        un_number=next(commodity.listed("DangerousGoods", "UNNumber"), None) if commodity else None,
        consignee=_party(group, "Consignee"),
        dispatch_country=group.take("countryOfDispatch", country_code),
        destination_country=group.take("countryOfDestination", country_code),
        transport_documents=_transport_documents(group),
        previous_documents=_previous_documents(group),
    )


def _code(group: CdsPart | None) -> str | None:
    """The subheading, and the two digits after it where they are stated."""
    if group is None:
        return None
    code = group.take("harmonizedSystemSubHeadingCode", commodity_code)
    more = group.take("combinedNomenclatureCode", _two_digits)
    return f"{code}{more or ''}" if code is not None and len(code) == SUBHEADING else code


def _two_digits(value: str) -> str:
    if not _TWO_DIGITS.fullmatch(value):
        raise ValueError("not two digits")
    return value


def _packages(group: CdsPart) -> tuple[int | None, str | None]:
    """Packages over all lines, and the kind of the first line that names one."""
    total, kind = None, None
    for line in group.each("Packaging"):
        number = line.take("numberOfPackages", whole_number)
        if number is not None:
            total = (total or 0) + number
        kind = kind or line.reference("typeOfPackages")
    return total, kind
