"""Writing an import declaration in the order of its schema."""

from __future__ import annotations

from aftc.records import GoodsLocation, ImportDeclaration, ImportItem, PreviousDocument, SupportingDocument
from aftc.streams.cargo_parts import element, leaf, written_mass
from aftc.streams.cds_parts import message, written_party, written_time, written_value

__all__ = ["build"]


def build(declaration: ImportDeclaration) -> bytes:
    """The message of a record; `parse` gives it back, but for flags and fractions of a second."""
    border = leaf("RegistrationNationalityCode", declaration.conveyance_nationality)
    body = (
        written_time("AcceptanceDateTime", declaration.accepted_at, "Declaration")
        + leaf("FunctionCode", "9")
        + leaf("FunctionalReferenceID", declaration.lrn)
        + leaf("TypeCode", declaration.kind)
        + leaf("GoodsItemQuantity", declaration.total_items)
        + written_value("InvoiceAmount", declaration.invoice)
        + leaf("TotalPackageQuantity", declaration.total_packages)
        + written_party("Agent", declaration.representative, leaf("FunctionCode", declaration.representation))
        + element("BorderTransportMeans", border + leaf("ModeCode", declaration.transport_mode))
        + written_party("Declarant", declaration.declarant)
        + written_party("Exporter", declaration.exporter)
        + f"<GoodsShipment>{_shipment(declaration)}</GoodsShipment>"
        + element("SupervisingOffice", leaf("ID", declaration.supervising_office))
    )
    return message("DEC", "Declaration", body)


def _shipment(declaration: ImportDeclaration) -> str:
    terms = leaf("ConditionCode", declaration.delivery_terms) + leaf("LocationID", declaration.delivery_place)
    return (
        written_party("Buyer", declaration.buyer)
        + element("Consignment", _consignment(declaration))
        + element("CustomsValuation", written_value("FreightChargeAmount", declaration.freight))
        + element("Destination", leaf("CountryCode", declaration.destination_country))
        + element("ExportCountry", leaf("ID", declaration.dispatch_country))
        + "".join(_item(each) for each in declaration.items)
        + written_party("Importer", declaration.importer)
        + "".join(_previous(each) for each in declaration.previous_documents)
        + written_party("Seller", declaration.seller)
        + element("TradeTerms", terms)
        + element("UCR", leaf("TraderAssignedReferenceID", declaration.ucr))
    )


def _consignment(declaration: ImportDeclaration) -> str:
    contained = None if declaration.containerised is None else int(declaration.containerised)
    arrived = leaf("ID", declaration.conveyance_identity) + leaf(
        "IdentificationTypeCode", declaration.conveyance_identity_kind
    )
    return (
        leaf("ContainerCode", contained)
        + element("ArrivalTransportMeans", arrived)
        + _location(declaration.goods_location)
        + element("LoadingLocation", leaf("ID", declaration.place_of_loading))
        + _equipment(declaration.containers)
    )


def _location(place: GoodsLocation | None) -> str:
    if place is None:
        return ""
    address = leaf("TypeCode", place.qualifier) + leaf("CountryCode", place.country)
    content = leaf("Name", place.name) + leaf("TypeCode", place.kind) + element("Address", address)
    return element("GoodsLocation", content)


def _equipment(containers: tuple[str, ...]) -> str:
    return "".join(
        element("TransportEquipment", leaf("SequenceNumeric", place) + leaf("ID", number))
        for place, number in enumerate(containers, start=1)
    )


def _previous(document: PreviousDocument) -> str:
    content = (
        leaf("CategoryCode", document.category)
        + leaf("ID", document.reference)
        + leaf("TypeCode", document.kind)
        + leaf("LineNumeric", document.item)
    )
    return element("PreviousDocument", content)


def _supporting(document: SupportingDocument) -> str:
    content = (
        leaf("CategoryCode", document.kind[0])
        + leaf("ID", document.reference)
        + leaf("TypeCode", document.kind[1:])
        + leaf("LPCOExemptionCode", document.status)
    )
    return element("AdditionalDocument", content)


def _item(item: ImportItem) -> str:
    packaging = (
        leaf("SequenceNumeric", 1) + leaf("QuantityQuantity", item.packages) + leaf("TypeCode", item.package_kind)
    )
    packed = item.packages is not None or item.package_kind is not None
    content = (
        written_value("CustomsValueAmount", item.customs_value)
        + leaf("SequenceNumeric", item.number)
        + written_value("StatisticalValueAmount", item.statistical_value)
        + "".join(_supporting(each) for each in item.documents)
        + element("Commodity", _commodity(item))
        + element("CustomsValuation", leaf("MethodCode", item.valuation_method))
        + element("ExportCountry", leaf("ID", item.dispatch_country))
        + _procedures(item)
        + _origin(item.origin_country, "1")
        + _origin(item.preferential_origin, "2")
        + (element("Packaging", packaging) if packed else "")
        + "".join(_previous(each) for each in item.previous_documents)
    )
    return element("GovernmentAgencyGoodsItem", content)


def _commodity(item: ImportItem) -> str:
    measure = written_mass("GrossMassMeasure", item.gross_mass_g) + written_mass("NetNetWeightMeasure", item.net_mass_g)
    return (
        leaf("Description", item.description)
        + _classified(item.hs_code, "TSP")
        + _classified(item.taric, "TRC")
        + element("DutyTaxFee", leaf("DutyRegimeCode", item.preference))
        + element("GoodsMeasure", measure)
        + element("InvoiceLine", written_value("ItemChargeAmount", item.price))
        + _equipment(item.containers)
    )


def _classified(code: str | None, kind: str) -> str:
    return element("Classification", leaf("ID", code) + leaf("IdentificationTypeCode", kind)) if code else ""


def _procedures(item: ImportItem) -> str:
    procedure = item.procedure
    main = leaf("CurrentCode", procedure[:2]) + leaf("PreviousCode", procedure[2:]) if procedure else ""
    more = "".join(element("GovernmentProcedure", leaf("CurrentCode", each)) for each in item.more_procedures)
    return element("GovernmentProcedure", main) + more


def _origin(country: str | None, kind: str) -> str:
    return element("Origin", leaf("CountryCode", country) + leaf("TypeCode", kind)) if country else ""
