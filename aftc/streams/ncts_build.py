"""Writing a transit declaration in the order of its schema."""

from __future__ import annotations

from collections.abc import Iterable

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
from aftc.streams.cargo_parts import element, leaf
from aftc.streams.zones import local_time, zone_of_office

__all__ = ["build"]


def build(declaration: TransitDeclaration) -> bytes:
    """The message of a record, XML; `parse` gives it back, but for flags and fractions of a second."""
    clock = None
    if declaration.declared_at is not None:
        zone = zone_of_office(declaration.departure_office)[0]
        clock = local_time(declaration.declared_at, zone).isoformat(timespec="seconds")
    body = (
        leaf("messageSender", "declarant")
        + leaf("messageRecipient", f"NTA.{(declaration.departure_office or 'GB')[:2]}")
        + leaf("preparationDateAndTime", clock)
        + leaf("messageIdentification", declaration.message_id)
        + leaf("messageType", "CC015C")
        + element("TransitOperation", _operation(declaration))
        + _office("CustomsOfficeOfDeparture", declaration.departure_office)
        + _office("CustomsOfficeOfDestinationDeclared", declaration.destination_office)
        + _numbered(
            "CustomsOfficeOfTransitDeclared",
            (leaf("referenceNumber", office) for office in declaration.transit_offices),
        )
        + _party("HolderOfTheTransitProcedure", declaration.holder)
        + _party("Representative", declaration.representative)
        + f"<Consignment>{_consignment(declaration)}</Consignment>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ncts:CC015C PhaseID="NCTS5.0" xmlns:ncts="http://ncts.dgtaxud.ec">{body}</ncts:CC015C>\n'
    ).encode()


def _operation(declaration: TransitDeclaration) -> str:
    return (
        leaf("LRN", declaration.lrn)
        + leaf("declarationType", declaration.kind)
        + leaf("additionalDeclarationType", declaration.additional)
        + leaf("security", declaration.security)
        + leaf("limitDate", declaration.limit_day)
    )


def _office(name: str, office: str | None) -> str:
    return element(name, leaf("referenceNumber", office))


def _party(name: str, given: Party | None) -> str:
    if given is None:
        return ""
    address = (
        leaf("streetAndNumber", given.street)
        + leaf("postcode", given.postcode)
        + leaf("city", given.city)
        + leaf("country", given.country)
    )
    content = leaf("identificationNumber", given.eori) + leaf("name", given.name) + element("Address", address)
    return element(name, content)


def _consignment(declaration: TransitDeclaration) -> str:
    contained = None if declaration.containerised is None else int(declaration.containerised)
    return (
        leaf("countryOfDispatch", declaration.dispatch_country)
        + leaf("countryOfDestination", declaration.destination_country)
        + leaf("containerIndicator", contained)
        + leaf("inlandModeOfTransport", declaration.inland_mode)
        + leaf("modeOfTransportAtTheBorder", declaration.border_mode)
        + _mass("grossMass", declaration.gross_mass_g)
        + leaf("referenceNumberUCR", declaration.ucr)
        + _party("Carrier", declaration.carrier)
        + _party("Consignor", declaration.consignor)
        + _party("Consignee", declaration.consignee)
        + _numbered("TransportEquipment", map(_equipment, declaration.equipment))
        + _location(declaration.goods_location)
        + _means("DepartureTransportMeans", declaration.departure_means)
        + _means("ActiveBorderTransportMeans", declaration.border_means)
        + element("PlaceOfLoading", leaf("UNLocode", declaration.place_of_loading))
        + element("PlaceOfUnloading", leaf("UNLocode", declaration.place_of_unloading))
        + _previous_documents(declaration.previous_documents)
        + _transport_documents(declaration.transport_documents)
        + _numbered("HouseConsignment", map(_house, declaration.houses))
    )


def _mass(name: str, grams: int | None) -> str:
    return "" if grams is None else leaf(name, f"{grams // 1000}.{grams % 1000:03d}")


def _equipment(equipment: TransitEquipment) -> str:
    return (
        leaf("containerIdentificationNumber", equipment.container)
        + leaf("numberOfSeals", len(equipment.seals))
        + _numbered("Seal", (leaf("identifier", seal) for seal in equipment.seals))
        + _numbered("GoodsReference", (leaf("declarationGoodsItemNumber", each) for each in equipment.items))
    )


def _location(place: GoodsLocation | None) -> str:
    if place is None:
        return ""
    content = leaf("typeOfLocation", place.kind) + leaf("qualifierOfIdentification", place.qualifier)
    return element("LocationOfGoods", content + leaf("UNLocode", place.name))


def _means(name: str, means: Iterable[TransportMeans]) -> str:
    return _numbered(
        name,
        (
            leaf("customsOfficeAtBorderReferenceNumber", each.office)
            + leaf("typeOfIdentification", each.kind)
            + leaf("identificationNumber", each.identity)
            + leaf("nationality", each.nationality)
            + leaf("conveyanceReferenceNumber", each.reference)
            for each in means
        ),
    )


def _previous_documents(documents: Iterable[PreviousDocument]) -> str:
    return _numbered("PreviousDocument", (_document(each) + leaf("goodsItemNumber", each.item) for each in documents))


def _transport_documents(documents: Iterable[DocumentReference]) -> str:
    return _numbered("TransportDocument", map(_document, documents))


def _document(document: PreviousDocument | DocumentReference) -> str:
    return leaf("type", document.kind) + leaf("referenceNumber", document.reference)


def _numbered(name: str, contents: Iterable[str]) -> str:
    """An element for each content, which begins with its place."""
    return "".join(element(name, leaf("sequenceNumber", place) + each) for place, each in enumerate(contents, start=1))


def _house(house: TransitHouse) -> str:
    return (
        leaf("countryOfDispatch", house.dispatch_country)
        + _mass("grossMass", house.gross_mass_g)
        + leaf("referenceNumberUCR", house.ucr)
        + _party("Consignor", house.consignor)
        + _party("Consignee", house.consignee)
        + _means("DepartureTransportMeans", house.departure_means)
        + _previous_documents(house.previous_documents)
        + _transport_documents(house.transport_documents)
        + "".join(_item(*each) for each in enumerate(house.items, start=1))
    )


def _item(place: int, item: TransitItem) -> str:
    packed = item.packages is not None or item.package_kind is not None
    packaging = leaf("sequenceNumber", 1) + leaf("typeOfPackages", item.package_kind)
    content = (
        leaf("goodsItemNumber", place)
        + leaf("declarationGoodsItemNumber", item.number)
        + leaf("countryOfDispatch", item.dispatch_country)
        + leaf("countryOfDestination", item.destination_country)
        + leaf("referenceNumberUCR", item.ucr)
        + _party("Consignee", item.consignee)
        + element("Commodity", _commodity(item))
        + (element("Packaging", packaging + leaf("numberOfPackages", item.packages)) if packed else "")
        + _previous_documents(item.previous_documents)
        + _transport_documents(item.transport_documents)
    )
    return element("ConsignmentItem", content)


def _commodity(item: TransitItem) -> str:
    code = item.hs_code
    numbered = leaf("sequenceNumber", 1) + leaf("UNNumber", item.un_number)
    codes = leaf("harmonizedSystemSubHeadingCode", code and code[:SUBHEADING]) + leaf(
        "combinedNomenclatureCode", (code or "")[SUBHEADING:] or None
    )
    return (
        leaf("descriptionOfGoods", item.description)
        + element("CommodityCode", codes)
        + (element("DangerousGoods", numbered) if item.un_number is not None else "")
        + element("GoodsMeasure", _mass("grossMass", item.gross_mass_g) + _mass("netMass", item.net_mass_g))
    )
