"""The transport document of a record in the JSON of the DCSA eBL 3.0."""

from __future__ import annotations

from typing import Any

import msgspec

from aftc.records import ContainerisedGoods, DocumentedContainer, DocumentedGoods, Party, TransportDocument

__all__ = ["build"]

FREIGHT = {"P": "PRE", "C": "COL"}
SEALED_BY = {"CA": "CAR", "SH": "SHI", "CU": "CUS"}
LOCATION_CODE = 5  # signs of a UN/LOCODE


def build(document: TransportDocument) -> bytes:
    """The message of a record; `dcsa_bl.parse` gives it back, but for flags."""
    voyage = _given({"vesselName": document.vessel_name, "carrierExportVoyageNumber": document.voyage})
    body = {
        "transportDocumentReference": document.reference,
        "transportDocumentSubReference": document.version,
        "shippingInstructionsReference": document.instructions,
        "transportDocumentStatus": document.status,
        "transportDocumentTypeCode": document.kind or "",
        "isToOrder": document.to_order,
        "freightPaymentTermCode": FREIGHT.get(document.freight or ""),
        "carrierCode": document.carrier,
        "carrierCodeListProvider": document.carrier_list,
        "issueDate": document.issued,
        "shippedOnBoardDate": document.shipped_on_board,
        "transports": _given(
            {
                "plannedDepartureDate": document.planned_departure,
                "plannedArrivalDate": document.planned_arrival,
                "placeOfReceipt": _place(document.place_of_receipt),
                "portOfLoading": _place(document.load_port),
                "portOfDischarge": _place(document.discharge_port),
                "placeOfDelivery": _place(document.place_of_delivery),
                "vesselVoyages": [voyage] if voyage else None,
            }
        ),
        "documentParties": _given(
            {
                "shipper": _party(document.consignor),
                "consignee": _party(document.consignee),
                "notifyParties": [_party(document.notify)] if document.notify else None,
                "endorsee": _party(document.endorsee),
            }
        ),
        "consignmentItems": [_goods(each) for each in document.goods],
        "utilizedTransportEquipments": [_container(each) for each in document.containers],
        "houseBillOfLadings": [{"houseBillOfLadingReference": each} for each in document.houses],
    }
    return msgspec.json.encode({name: value for name, value in body.items() if value not in (None, [], {})})


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}


def _place(named: str | None) -> dict[str, str] | None:
    """A place by its UN/LOCODE, or by a name where that has not its form."""
    if named is None:
        return None
    return {"UNLocationCode" if len(named) == LOCATION_CODE and named.isalnum() else "locationName": named}


def _party(given: Party | None) -> dict[str, Any] | None:
    if given is None:
        return None
    address = _given(
        {"street": given.street, "city": given.city, "postCode": given.postcode, "countryCode": given.country}
    )
    return _given(
        {
            "partyName": given.name,
            "address": address or None,
            "taxLegalReferences": [{"type": "EORI", "value": given.eori}] if given.eori else None,
        }
    )


def _goods(goods: DocumentedGoods) -> dict[str, Any]:
    return _given(
        {
            "carrierBookingReference": goods.booking,
            "descriptionOfGoods": [goods.description] if goods.description else None,
            "HSCodes": goods.hs_codes,
            "cargoItems": [_part(each) for each in goods.parts],
        }
    )


def _part(part: ContainerisedGoods) -> dict[str, Any]:
    dangerous = [_given({"imoClass": each.hazard_class, "UNNumber": each.un_number}) for each in part.hazards]
    packaging = _given(
        {
            "packageCode": part.package_kind,
            "numberOfPackages": part.packages,
            "dangerousGoods": dangerous or None,
        }
    )
    return _given(
        {
            "equipmentReference": part.container,
            "cargoGrossWeight": _mass(part.gross_mass_g),
            "outerPackaging": packaging or None,
        }
    )


def _mass(grams: int | None) -> dict[str, Any] | None:
    """A mass in kilograms, as a number with as many decimals as it needs."""
    if grams is None:
        return None
    kilograms = msgspec.Raw(f"{grams // 1000}.{grams % 1000:03d}".rstrip("0").rstrip(".").encode())
    return {"value": kilograms, "unit": "KGM"}


def _container(container: DocumentedContainer) -> dict[str, Any]:
    equipment = {
        "equipmentReference": container.number,
        "ISOEquipmentCode": container.size_type,
        "tareWeight": _mass(container.tare_mass_g),
    }
    reefer = None
    if container.temperature_dc is not None:
        reefer = {"temperatureSetpoint": container.temperature_dc / 10, "temperatureUnit": "CEL"}
    seals = [
        _given({"number": each.number, "source": SEALED_BY.get(each.issuer, each.issuer) if each.issuer else None})
        for each in container.seals
    ]
    return _given(
        {
            "equipment": _given(equipment),
            "isShipperOwned": container.shipper_owned,
            "activeReeferSettings": reefer,
            "seals": seals or None,
        }
    )
