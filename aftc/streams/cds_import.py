"""Import declarations of the Customs Declaration Service: WCO DMS declarations (DEC), with or without an envelope.

What identifies must be there: the declarant's number, a type IM., that it is an original (function 9), the number of
every goods item and at least one. Amendments and cancellations (function 13) hold what changes, not a declaration, and
are refused with that reason, as are exports. Everything else that is missing or unreadable becomes a flag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import GoodsLocation, ImportDeclaration, ImportItem, PreviousDocument, SupportingDocument
from aftc.streams.bounds import MOST_GOODS_ITEMS, bound
from aftc.streams.cds_build import build
from aftc.streams.cds_parts import CdsPart, own_number, read_party
from aftc.streams.elements import elements_named, looks_like_xml, read_xml
from aftc.streams.values import Flags, commodity_code, country_code, reference, whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "cds_import"

ORIGINAL = "9"  # function code, UN/EDIFACT 1225
COMMODITY, TARIC = "TSP", "TRC"  # kinds of classification: eight digits of a commodity code, two after them
NON_PREFERENTIAL, PREFERENTIAL = "1", "2"  # kinds of origin

_ROOT = "Declaration"
_MARK = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?Declaration[\s>]")
_KIND = re.compile(r"IM[A-Z]?")
_TARIC = re.compile(r"[0-9]{2}")
_CONTAINERISED = {"1": True, "0": False}


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of a declaration of the WCO data model."""
    return looks_like_xml(head) and b"datamodel:WCO:DEC-DMS" in head and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[ImportDeclaration, ...]:
    """The declarations in a document, usually one.

    Raises:
        MalformedMessage: broken XML, a document type definition, no import declaration, or a part missing that
            identifies it.
        OversizeMessage: deeper than the XML limit, or of too many parts.
    """
    declarations = tuple(_declaration(each) for each in elements_named(read_xml(raw), frozenset((_ROOT,))))
    if not declarations:
        raise MalformedMessage("an element Declaration", "none")
    return declarations


def _declaration(root: _Element) -> ImportDeclaration:
    flags = Flags()
    whole = CdsPart(root, _ROOT, flags)
    kind = whole.required("TypeCode", _kind)
    if (function := whole.required("FunctionCode", reference)) != ORIGINAL:
        raise MalformedMessage(f"an original declaration, function {ORIGINAL}", f"function {function}")
    shipment = whole.group("GoodsShipment")
    if shipment is None:
        raise MalformedMessage(f"{_ROOT}/GoodsShipment", "no such element")
    consignment, agent = shipment.group("Consignment"), whole.group("Agent")
    border, arrived = whole.group("BorderTransportMeans"), shipment.within("Consignment", "ArrivalTransportMeans")
    ucr, terms = shipment.group("UCR"), shipment.group("TradeTerms")
    valuation = shipment.group("CustomsValuation")
    return ImportDeclaration(
        lrn=whole.required("FunctionalReferenceID", own_number),
        kind=kind,
        accepted_at=whole.moment("AcceptanceDateTime"),
        declarant=read_party(whole, "Declarant"),
        representative=read_party(whole, "Agent"),
        representation=agent.reference("FunctionCode") if agent else None,
        exporter=read_party(whole, "Exporter"),
        importer=read_party(shipment, "Importer"),
        buyer=read_party(shipment, "Buyer"),
        seller=read_party(shipment, "Seller"),
        transport_mode=border.reference("ModeCode") if border else None,
        conveyance_nationality=border.take("RegistrationNationalityCode", country_code) if border else None,
        conveyance_identity=arrived.reference("ID") if arrived else None,
        conveyance_identity_kind=arrived.reference("IdentificationTypeCode") if arrived else None,
        containerised=consignment.take("ContainerCode", _containerised) if consignment else None,
        goods_location=_location(consignment),
        place_of_loading=_leaf(shipment.within("Consignment", "LoadingLocation"), "ID"),
        supervising_office=_leaf(whole.group("SupervisingOffice"), "ID"),
        dispatch_country=_country(shipment.group("ExportCountry"), "ID"),
        destination_country=_country(shipment.group("Destination"), "CountryCode"),
        ucr=ucr.reference("TraderAssignedReferenceID") if ucr else None,
        delivery_terms=terms.reference("ConditionCode") if terms else None,
        delivery_place=terms.reference("LocationID") if terms else None,
        invoice=whole.amount("InvoiceAmount"),
        freight=valuation.amount("FreightChargeAmount") if valuation else None,
        total_items=whole.expected("GoodsItemQuantity", whole_number),
        total_packages=whole.take("TotalPackageQuantity", whole_number),
        containers=tuple(consignment.listed("TransportEquipment", "ID")) if consignment else (),
        previous_documents=_previous(shipment),
        items=_items(shipment),
        flags=flags.sealed(),
    )


def _kind(value: str) -> str:
    if not _KIND.fullmatch(value):
        raise ValueError("not an import's type (IM.)")
    return value


def _containerised(value: str) -> bool:
    if value not in _CONTAINERISED:
        raise ValueError("neither 0 nor 1")
    return _CONTAINERISED[value]


def _leaf(part: CdsPart | None, name: str) -> str | None:
    return part.reference(name) if part else None


def _country(part: CdsPart | None, name: str) -> str | None:
    return part.take(name, country_code) if part else None


def _location(consignment: CdsPart | None) -> GoodsLocation | None:
    place = consignment.group("GoodsLocation") if consignment else None
    if place is None:
        return None
    address = place.group("Address")
    location = GoodsLocation(
        name=place.reference("Name"),
        kind=place.reference("TypeCode"),
        qualifier=_leaf(address, "TypeCode"),
        country=_country(address, "CountryCode"),
    )
    return None if location == GoodsLocation(None) else location


def _previous(part: CdsPart) -> tuple[PreviousDocument, ...]:
    return tuple(
        PreviousDocument(
            kind=each.reference("TypeCode"),
            reference=number,
            category=each.reference("CategoryCode"),
            item=each.take("LineNumeric", whole_number),
        )
        for each in part.each("PreviousDocument")
        if (number := each.expected("ID", reference))
    )


def _supporting(item: CdsPart) -> tuple[SupportingDocument, ...]:
    return tuple(
        SupportingDocument(
            kind=f"{each.reference('CategoryCode') or ''}{kind}",
            reference=each.reference("ID"),
            status=each.reference("LPCOExemptionCode"),
        )
        for each in item.each("AdditionalDocument")
        if (kind := each.expected("TypeCode", reference))
    )


def _items(shipment: CdsPart) -> tuple[ImportItem, ...]:
    bound(len(shipment.groups.get("GovernmentAgencyGoodsItem", ())), MOST_GOODS_ITEMS, "goods items")
    items = tuple(_item(each) for each in shipment.each("GovernmentAgencyGoodsItem"))
    if not items:
        raise MalformedMessage(f"{_ROOT}/GoodsShipment/GovernmentAgencyGoodsItem", "no goods item")
    return items


def _item(group: CdsPart) -> ImportItem:
    commodity = group.group("Commodity")
    measure, line = group.within("Commodity", "GoodsMeasure"), group.within("Commodity", "InvoiceLine")
    valuation = group.group("CustomsValuation")
    duties = (
        [regime for each in commodity.each("DutyTaxFee") if (regime := each.reference("DutyRegimeCode"))]
        if (commodity)
        else []
    )
    packages, package_kind = _packages(group)
    procedure, more = _procedures(group)
    return ImportItem(
        number=group.required("SequenceNumeric", whole_number),
        description=commodity.text("Description") if commodity else None,
        hs_code=_classified(commodity, COMMODITY),
        taric=_classified(commodity, TARIC),
        gross_mass_g=measure.mass("GrossMassMeasure") if measure else None,
        net_mass_g=measure.mass("NetNetWeightMeasure") if measure else None,
        packages=packages,
        package_kind=package_kind,
        procedure=procedure,
        more_procedures=more,
        origin_country=_origin(group, NON_PREFERENTIAL),
        preferential_origin=_origin(group, PREFERENTIAL),
        dispatch_country=_country(group.group("ExportCountry"), "ID"),
        price=line.amount("ItemChargeAmount") if line else None,
        statistical_value=group.amount("StatisticalValueAmount"),
        customs_value=group.amount("CustomsValueAmount"),
        valuation_method=valuation.reference("MethodCode") if valuation else None,
        preference=next(iter(duties), None),
        containers=tuple(commodity.listed("TransportEquipment", "ID")) if commodity else (),
        previous_documents=_previous(group),
        documents=_supporting(group),
    )


def _classified(commodity: CdsPart | None, kind: str) -> str | None:
    for each in commodity.each("Classification") if commodity else ():
        if each.reference("IdentificationTypeCode") == kind:
            return each.take("ID", commodity_code if kind == COMMODITY else _taric)
    return None


def _taric(value: str) -> str:
    if not _TARIC.fullmatch(value):
        raise ValueError("not two digits")
    return value


def _packages(group: CdsPart) -> tuple[int | None, str | None]:
    """Packages over all lines, and the kind of the first line that names one."""
    total, kind = None, None
    for line in group.each("Packaging"):
        number = line.take("QuantityQuantity", whole_number)
        if number is not None:
            total = (total or 0) + number
        kind = kind or line.reference("TypeCode")
    return total, kind


def _procedures(group: CdsPart) -> tuple[str | None, tuple[str, ...]]:
    """The procedure requested with the one before it, and the additional ones, which have none before."""
    main, more = None, []
    for each in group.each("GovernmentProcedure"):
        current, previous = each.reference("CurrentCode"), each.reference("PreviousCode")
        if current and previous:
            main = main or f"{current}{previous}"
        elif current:
            more.append(current)
    return main, tuple(more)


def _origin(group: CdsPart, kind: str) -> str | None:
    """Country of an origin of this kind; one without a kind is not preferential."""
    for each in group.each("Origin"):
        if (each.reference("TypeCode") or NON_PREFERENTIAL) == kind:
            return each.take("CountryCode", country_code)
    return None
