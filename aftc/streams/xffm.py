"""Flight manifests: IATA Cargo-XML XFFM, the units aboard a flight and the air waybills in each.

A manifest tells each airport of unloading apart: each becomes a record. The flight's number and departure must be there
and every waybill's number; everything else that is missing or unreadable becomes a flag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aftc.errors import MalformedMessage
from aftc.records import FlightManifest, LoadedUnit, LoadedWaybill
from aftc.streams.cargo_parts import (
    Part,
    element,
    leaf,
    load_device,
    message,
    written_device,
    written_mass,
    written_time,
)
from aftc.streams.elements import elements_named, looks_like_xml, read_xml
from aftc.streams.values import Flags, reference, whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "xffm"

DEVICE, LOOSE = "ULD", "BLK"
SCHEDULED = "S"

_ROOT = "FlightManifest"
_MARK = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?FlightManifest[\s>]")


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the root of an XFFM."""
    return looks_like_xml(head) and b"iata:flightmanifest:" in head and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[FlightManifest, ...]:
    """The manifests in a document, one for each airport of unloading.

    Raises:
        MalformedMessage: broken XML, a document type definition, or a part missing that identifies the message.
        OversizeMessage: deeper than the XML limit.
    """
    found = elements_named(read_xml(raw), frozenset((_ROOT,)))
    manifests = tuple(manifest for each in found for manifest in _manifests(each))
    if not manifests:
        raise MalformedMessage(f"an element {_ROOT} with an ArrivalEvent", "none")
    return manifests


def _manifests(root: _Element) -> Iterator[FlightManifest]:
    flags = Flags()
    whole = Part(root, _ROOT, flags)
    movement = whole.group("LogisticsTransportMovement")
    leaving = movement.group("DepartureEvent") if movement else None
    if movement is None or leaving is None:
        raise MalformedMessage(f"{_ROOT}/LogisticsTransportMovement/DepartureEvent", "no such element")
    flight = movement.required("ID", reference)
    load_airport = leaving.location("OccurrenceDepartureLocation")
    departure = leaving.time("DepartureOccurrenceDateTime", load_airport)
    if departure is None:
        raise MalformedMessage(f"a readable {_ROOT}/.../DepartureOccurrenceDateTime", "none")
    header = whole.group("MessageHeaderDocument")
    message_id = header.reference("ID") if header else None
    purpose = header.reference("PurposeCode") if header else None
    issued_at = header.time("IssueDateTime", load_airport) if header else None
    said = flags.sealed()
    for event in whole.each("ArrivalEvent"):
        own = Flags(said)
        unloading = event.under(own)
        airport = unloading.location("OccurrenceArrivalLocation")
        yield FlightManifest(
            flight=flight,
            departure=departure,
            load_airport=load_airport,
            discharge_airport=airport,
            arrival=unloading.time("ArrivalOccurrenceDateTime", airport),
            message_id=message_id,
            purpose=purpose,
            issued_at=issued_at,
            units=tuple(_unit(cargo) for cargo in unloading.each("AssociatedTransportCargo") if _holds(cargo)),
            flags=own.sealed(),
        )


def _holds(cargo: Part) -> bool:
    """Whether there is anything: a flight without cargo says so in a cargo of type NIL."""
    return bool(cargo.groups.get("UtilizedUnitLoadTransportEquipment") or cargo.groups.get("IncludedMasterConsignment"))


def _unit(cargo: Part) -> LoadedUnit:
    device = cargo.group("UtilizedUnitLoadTransportEquipment")
    return LoadedUnit(
        number=load_device(device) if device else None,
        gross_mass_g=device.mass("GrossWeightMeasure") if device else None,
        waybills=tuple(map(_waybill, cargo.each("IncludedMasterConsignment"))),
    )


def _waybill(consignment: Part) -> LoadedWaybill:
    document = consignment.group("TransportContractDocument")
    if document is None:
        raise MalformedMessage(f"{_ROOT}/.../IncludedMasterConsignment/TransportContractDocument", "no such element")
    return LoadedWaybill(
        number=document.required("ID", reference),
        pieces=consignment.take("TotalPieceQuantity", whole_number),
        gross_mass_g=consignment.mass("GrossWeightMeasure"),
        description=consignment.text("SummaryDescription"),
        origin=consignment.location("OriginLocation"),
        destination=consignment.location("FinalDestinationLocation"),
        share=consignment.reference("TransportSplitDescription"),
    )


def build(manifest: FlightManifest) -> bytes:
    """The message of a record, version 3; `parse` gives it back, but for flags."""
    header = (
        leaf("ID", manifest.message_id)
        + leaf("Name", "Transport Loading Report")
        + leaf("TypeCode", "122")
        + written_time("IssueDateTime", manifest.issued_at, manifest.load_airport)
        + leaf("PurposeCode", manifest.purpose)
        + leaf("VersionID", "3.00")
    )
    leaving = (
        written_time("DepartureOccurrenceDateTime", manifest.departure, manifest.load_airport)
        + leaf("DepartureDateTimeTypeCode", SCHEDULED)
        + _airport("OccurrenceDepartureLocation", manifest.load_airport)
    )
    movement = leaf("ModeCode", 4) + leaf("ID", manifest.flight) + element("DepartureEvent", leaving)
    unloading = (
        written_time("ArrivalOccurrenceDateTime", manifest.arrival, manifest.discharge_airport)
        + leaf("ArrivalDateTimeTypeCode", SCHEDULED)
        + _airport("OccurrenceArrivalLocation", manifest.discharge_airport)
        + "".join(map(_written_unit, manifest.units))
    )
    parts = (
        element("m:MessageHeaderDocument", header)
        + element("m:LogisticsTransportMovement", movement)
        + element("m:ArrivalEvent", unloading)
    )
    return message(_ROOT, "iata:flightmanifest:1", parts)


def _airport(name: str, code: str | None) -> str:
    return element(name, leaf("ID", code) + leaf("TypeCode", "Airport")) if code else ""


def _written_unit(unit: LoadedUnit) -> str:
    device = ""
    if unit.number is not None:
        mass = written_mass("GrossWeightMeasure", unit.gross_mass_g)
        device = written_device("UtilizedUnitLoadTransportEquipment", unit.number, mass)
    waybills = "".join(map(_written_waybill, unit.waybills))
    return element("AssociatedTransportCargo", leaf("TypeCode", DEVICE if device else LOOSE) + device + waybills)


def _written_waybill(waybill: LoadedWaybill) -> str:
    return element(
        "IncludedMasterConsignment",
        written_mass("GrossWeightMeasure", waybill.gross_mass_g)
        + leaf("TotalPieceQuantity", waybill.pieces)
        + leaf("SummaryDescription", waybill.description)
        + leaf("TransportSplitDescription", waybill.share)
        + element("TransportContractDocument", leaf("ID", waybill.number))
        + element("OriginLocation", leaf("ID", waybill.origin))
        + element("FinalDestinationLocation", leaf("ID", waybill.destination)),
    )
