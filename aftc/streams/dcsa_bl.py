"""DCSA electronic bill of lading 3.0, JSON: transport documents, and the shipping instructions that ask for one.

One message may give several records. What identifies must be there: the number of the transport document or of its
instructions, else a carrier's booking reference. What else is unreadable becomes a flag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from aftc.errors import MalformedMessage
from aftc.records import (
    ContainerisedGoods,
    DocumentedContainer,
    DocumentedGoods,
    Hazard,
    Party,
    Seal,
    TransportDocument,
)
from aftc.streams.dcsa_build import build
from aftc.streams.json_fields import Fields
from aftc.streams.json_text import decode, looks_like_json
from aftc.streams.values import Flags, commodity_code, country_code

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "dcsa_bl"

_MARK = re.compile(rb'"transportDocumentTypeCode"\s*:\s*"')
_SCHEMA = re.compile(rb'"\$schema"\s*:')

KINDS = ("BOL", "SWB")
FREIGHT = {"PRE": "P", "COL": "C"}
SEALED_BY = {"CAR": "CA", "SHI": "SH", "CUS": "CU"}  # as UN/EDIFACT 9303 has it; others as sent
TRADER_NUMBER = "EORI"  # type of a tax or legal reference


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the type of a transport document, and are not of a JSON Schema."""
    return looks_like_json(head) and _MARK.search(head) is not None and _SCHEMA.search(head) is None


def parse(raw: bytes) -> tuple[TransportDocument, ...]:
    """The transport documents, or the instructions for them, in a message.

    Raises:
        MalformedMessage: not JSON, no document, or one that nothing identifies.
        OversizeMessage: nested deeper than the reader's limit, or of too many values.
    """
    tree = decode(raw)
    bodies = tree if isinstance(tree, list) else [tree]
    if not bodies:
        raise MalformedMessage("at least one transport document", "an empty array")
    return tuple(_document(body, f"$[{place}]" if tree is bodies else "$") for place, body in enumerate(bodies))


def _document(body: Any, path: str) -> TransportDocument:
    if not isinstance(body, dict):
        raise MalformedMessage(f"an object at {path}", type(body).__name__)
    flags = Flags()
    fields = Fields(body, "", flags)
    number = fields.reference("transportDocumentReference")
    instructions = fields.reference("shippingInstructionsReference")
    goods = tuple(_goods(each) for each in fields.each("consignmentItems"))
    if not (number or instructions or any(each.booking for each in goods)):
        raise MalformedMessage(f"the number of a transport document, its instructions or a booking at {path}", "none")
    parties = fields.group("documentParties") or Fields({}, "documentParties/", flags)
    transports = fields.group("transports") or Fields({}, "transports/", flags)
    vessel_name, voyage = _voyage(transports)
    return TransportDocument(
        reference=number,
        version=fields.reference("transportDocumentSubReference"),
        instructions=instructions,
        status=fields.reference("transportDocumentStatus"),
        kind=fields.choice("transportDocumentTypeCode", {each: each for each in KINDS}),
        to_order=fields.truth("isToOrder"),
        freight=fields.choice("freightPaymentTermCode", FREIGHT),
        carrier=fields.reference("carrierCode"),
        carrier_list=fields.reference("carrierCodeListProvider"),
        issued=fields.day("issueDate"),
        shipped_on_board=fields.day("shippedOnBoardDate"),
        planned_departure=transports.day("plannedDepartureDate"),
        planned_arrival=transports.day("plannedArrivalDate"),
        vessel_name=vessel_name,
        voyage=voyage,
        place_of_receipt=_place(transports, "placeOfReceipt"),
        load_port=_place(transports, "portOfLoading"),
        discharge_port=_place(transports, "portOfDischarge"),
        place_of_delivery=_place(transports, "placeOfDelivery"),
        consignor=_party(parties.group("shipper")),
        consignee=_party(parties.group("consignee")),
        notify=next((found for each in parties.each("notifyParties") if (found := _party(each))), None),
        endorsee=_party(parties.group("endorsee")),
        goods=goods,
        containers=tuple(_containers(fields)),
        houses=_houses(fields),
        flags=flags.sealed(),
    )


def _voyage(transports: Fields) -> tuple[str | None, str | None]:
    """Vessel and voyage of the last sea leg, on which the goods arrive."""
    legs = list(transports.each("vesselVoyages"))
    return (legs[-1].text("vesselName"), legs[-1].reference("carrierExportVoyageNumber")) if legs else (None, None)


def _place(transports: Fields, name: str) -> str | None:
    place = transports.group(name)
    return place.reference("UNLocationCode") or place.reference("locationName") if place else None


def _party(given: Fields | None) -> Party | None:
    if given is None:
        return None
    address = given.group("address")
    numbers = (each for each in given.each("taxLegalReferences") if each.reference("type") == TRADER_NUMBER)
    found = Party(
        eori=next((number for each in numbers if (number := each.reference("value"))), None),
        name=given.text("partyName"),
        street=" ".join(filter(None, (address.text("street"), address.text("streetNumber")))) or None
        if address
        else None,
        city=address.text("city") if address else None,
        postcode=address.reference("postCode") if address else None,
        country=address.read("countryCode", country_code) if address else None,
    )
    return None if found == Party() else found


def _goods(given: Fields) -> DocumentedGoods:
    return DocumentedGoods(
        booking=given.reference("carrierBookingReference"),
        description=given.lines("descriptionOfGoods"),
        hs_codes=given.reads("HSCodes", commodity_code),
        parts=tuple(_part(each) for each in given.each("cargoItems")),
    )


def _part(given: Fields) -> ContainerisedGoods:
    packaging = given.group("outerPackaging")
    return ContainerisedGoods(
        container=given.reference("equipmentReference"),
        gross_mass_g=given.mass("cargoGrossWeight"),
        packages=packaging.whole("numberOfPackages") if packaging else None,
        package_kind=packaging.reference("packageCode") or packaging.reference("description") if packaging else None,
        hazards=tuple(_hazards(packaging)) if packaging else (),
    )


def _hazards(packaging: Fields) -> Iterator[Hazard]:
    for each in packaging.each("dangerousGoods"):
        hazard = Hazard(each.reference("imoClass"), each.reference("UNNumber"))
        if hazard != Hazard(None, None):
            yield hazard


def _containers(fields: Fields) -> Iterator[DocumentedContainer]:
    """The containers, described in an object of their own (shipper-owned ones in instructions) or by number alone."""
    for each in fields.each("utilizedTransportEquipments"):
        equipment = each.group("equipment") or each
        number = equipment.reference("equipmentReference")
        if number is None:
            each.doubt("equipmentReference", "a container without a number")
            continue
        reefer = each.group("activeReeferSettings")
        yield DocumentedContainer(
            number=number,
            size_type=equipment.reference("ISOEquipmentCode"),
            tare_mass_g=equipment.mass("tareWeight"),
            shipper_owned=each.truth("isShipperOwned"),
            temperature_dc=reefer.temperature("temperatureSetpoint", "temperatureUnit") if reefer else None,
            seals=tuple(_seals(each)),
        )


def _seals(given: Fields) -> Iterator[Seal]:
    for each in given.each("seals"):
        number, source = each.reference("number"), each.reference("source")
        if number:
            yield Seal(number, SEALED_BY.get(source, source) if source else None)


def _houses(fields: Fields) -> tuple[str, ...]:
    named = (each.reference("houseBillOfLadingReference") for each in fields.each("houseBillOfLadings"))
    return tuple(dict.fromkeys(number for number in named if number))
