"""What air waybills and house waybills have in common: their header, parties, goods, values and flights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftc.records import AirWaybill, DeclaredValue, FlightLeg, Party
from aftc.streams.cargo_parts import (
    Part,
    element,
    leaf,
    load_device,
    written_device,
    written_mass,
    written_time,
)
from aftc.streams.values import Flags, commodity_code, country_code, text, whole_number

__all__ = ["Identity", "read_waybill", "written_consignment", "written_header", "written_items"]

NOTIFY = "NI"  # UN/EDIFACT 3035
TRADER = "T"  # a customs note's content: trader identification number
_SUBJECTS = {"consignor": "SHP", "consignee": "CNE", "notify": "NFY", "forwarder": "AGT"}
_DEVICE, _HANDLING = "AssociatedUnitLoadTransportEquipment", "HandlingSPHInstructions"
_NOBODY = Party()
_UNSTATED = "UNSTATED"  # what the schema demands and the record does not hold


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a waybill from others: the numbers, and whether house waybills stand below it."""

    master: str | None
    house: str | None
    consolidation: bool | None


def read_waybill(
    identity: Identity, header: Part | None, consignment: Part, items: Sequence[Part], around: Part, flags: Flags
) -> AirWaybill:
    """A waybill from its consignment and its items; where a house waybill is silent, `around` gives the airports."""
    origin = consignment.location("OriginLocation") or around.location("OriginLocation")
    numbers = _traders(consignment)
    associated = (each for each in consignment.each("AssociatedParty") if each.reference("RoleCode") == NOTIFY)
    return AirWaybill(
        master=identity.master,
        house=identity.house,
        message_id=header.reference("ID") if header else None,
        purpose=header.reference("PurposeCode") if header else None,
        issued_at=header.time("IssueDateTime", origin) if header else None,
        consolidation=identity.consolidation,
        consignor=_party(consignment.group("ConsignorParty"), numbers.get("SHP")),
        consignee=_party(consignment.group("ConsigneeParty"), numbers.get("CNE")),
        notify=_party(next(associated, None), numbers.get("NFY")),
        forwarder=_party(consignment.group("FreightForwarderParty"), numbers.get("AGT"), "FreightForwarderAddress"),
        origin=origin,
        destination=consignment.location("FinalDestinationLocation") or around.location("FinalDestinationLocation"),
        legs=tuple(filter(None, map(_leg, consignment.each("SpecifiedLogisticsTransportMovement")))),
        pieces=consignment.take("TotalPieceQuantity", whole_number),
        packages=_packages(consignment, items),
        gross_mass_g=consignment.mass("IncludedTareGrossWeightMeasure"),
        description=_description(consignment, items, flags),
        hs_codes=_commodities(items, flags),
        carriage_value=consignment.value("DeclaredValueForCarriageAmount", "NilCarriageValueIndicator"),
        customs_value=consignment.value("DeclaredValueForCustomsAmount", "NilCustomsValueIndicator"),
        insured_value=consignment.value("InsuranceValueAmount", "NilInsuranceValueIndicator"),
        special_handling=_present(each.reference("DescriptionCode") for each in consignment.each(_HANDLING)),
        units=_present(load_device(each) for item in items for each in item.each(_DEVICE)),
        flags=flags.sealed(),
    )


def _present(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in values if each))


def _traders(consignment: Part) -> dict[str, str]:
    """Trader identification numbers by whose they are; the first of each."""
    found: dict[str, str] = {}
    for note in consignment.each("IncludedCustomsNote"):
        subject, number = note.reference("SubjectCode"), note.reference("Content")
        if note.reference("ContentCode") == TRADER and subject and number:
            found.setdefault(subject, number)
    return found


def _party(group: Part | None, number: str | None, address: str = "PostalStructuredAddress") -> Party | None:
    place = group.group(address) if group else None
    party = Party(
        eori=number,
        name=group.text("Name") if group else None,
        street=place.text("StreetName") if place else None,
        city=place.text("CityName") if place else None,
        postcode=place.reference("PostcodeCode") if place else None,
        country=place.take("CountryID", country_code) if place else None,
    )
    return None if party == _NOBODY else party


def _leg(movement: Part) -> FlightLeg | None:
    departure, arrival = movement.group("DepartureEvent"), movement.group("ArrivalEvent")
    leg = FlightLeg(
        flight=movement.reference("ID"),
        day=departure.day("ScheduledOccurrenceDateTime") if departure else None,
        load_airport=departure.location("OccurrenceDepartureLocation") if departure else None,
        discharge_airport=arrival.location("OccurrenceArrivalLocation") if arrival else None,
    )
    return None if leg == FlightLeg(None, None, None, None) else leg


def _packages(consignment: Part, items: Sequence[Part]) -> int | None:
    """What the shipper counted inside the pieces: of the whole, else over the items that say so."""
    whole = consignment.take("PackageQuantity", whole_number)
    if whole is not None:
        return whole
    counted = [count for item in items if (count := item.take("PackageQuantity", whole_number)) is not None]
    return sum(counted) if counted else None


def _description(consignment: Part, items: Sequence[Part], flags: Flags) -> str | None:
    """The summary, else what the items say, each wording once."""
    summary = consignment.text("SummaryDescription")
    if summary:
        return summary
    said = (each.text("Identification") for item in items for each in item.each("NatureIdentificationTransportCargo"))
    return flags.take("Identification", text, "; ".join(_present(said)) or None)


def _commodities(items: Sequence[Part], flags: Flags) -> tuple[str, ...]:
    codes = (code for item in items for code in item.all("TypeCode"))
    return _present(flags.take("TypeCode", commodity_code, code) for code in codes)


def written_header(waybill: AirWaybill, name: str, kind: str | None, number: str) -> str:
    """The two headers of a message; `number` is the document's own."""
    party = leaf("PrimaryID", _UNSTATED)
    header = (
        leaf("ID", waybill.message_id)
        + leaf("Name", name)
        + leaf("TypeCode", kind)
        + written_time("IssueDateTime", waybill.issued_at, waybill.origin)
        + leaf("PurposeCode", waybill.purpose)
        + leaf("VersionID", "3.00")
        + element("SenderParty", party)
        + element("RecipientParty", party)
    )
    return element("m:MessageHeaderDocument", header) + element("m:BusinessHeaderDocument", leaf("ID", number))


def written_consignment(waybill: AirWaybill) -> str:
    """What stands in the consignment before its items, in the order of the schema."""
    house = waybill.house is not None
    return (
        _value("NilCarriageValueIndicator", "DeclaredValueForCarriageAmount", waybill.carriage_value)
        + _value("NilCustomsValueIndicator", "DeclaredValueForCustomsAmount", waybill.customs_value)
        + _value("NilInsuranceValueIndicator", "InsuranceValueAmount", waybill.insured_value)
        + written_mass("IncludedTareGrossWeightMeasure", waybill.gross_mass_g)
        + (leaf("PackageQuantity", waybill.packages) if house else "")
        + leaf("TotalPieceQuantity", waybill.pieces)
        + (leaf("SummaryDescription", waybill.description) if house else "")
        + _written_party("ConsignorParty", waybill.consignor)
        + _written_party("ConsigneeParty", waybill.consignee)
        + _written_party("FreightForwarderParty", waybill.forwarder, "FreightForwarderAddress")
        + _written_party("AssociatedParty", waybill.notify, more=leaf("RoleCode", NOTIFY))
        + element("OriginLocation", leaf("ID", waybill.origin))
        + element("FinalDestinationLocation", leaf("ID", waybill.destination))
        + "".join(_written_leg(place, leg) for place, leg in enumerate(waybill.legs, start=1))
        + "".join(element(_HANDLING, leaf("DescriptionCode", each)) for each in waybill.special_handling)
        + "".join(_written_trader(getattr(waybill, role), subject) for role, subject in _SUBJECTS.items())
    )


def written_items(waybill: AirWaybill, name: str) -> str:
    """One item a commodity; what is said of all of them stands in the first."""
    house = waybill.house is not None
    nature = "" if house else element("NatureIdentificationTransportCargo", leaf("Identification", waybill.description))
    devices = "".join(written_device(_DEVICE, each) for each in waybill.units)
    first = ("" if house else leaf("PackageQuantity", waybill.packages)) + nature + devices
    codes: Sequence[str | None] = waybill.hs_codes or ((None,) if first else ())
    return "".join(
        element(name, leaf("SequenceNumeric", place) + leaf("TypeCode", code) + (first if place == 1 else ""))
        for place, code in enumerate(codes, start=1)
    )


def _value(nil: str, name: str, value: DeclaredValue | None) -> str:
    if value is None:
        return ""
    if value.thousandths is None:
        return leaf(nil, "true")
    whole, rest = divmod(value.thousandths, 1000)
    return leaf(name, f"{whole}.{rest:03d}", currencyID=value.currency)


def _written_party(name: str, party: Party | None, address: str = "PostalStructuredAddress", more: str = "") -> str:
    if party is None:
        return ""
    place = (
        leaf("PostcodeCode", party.postcode)
        + leaf("StreetName", party.street)
        + leaf("CityName", party.city)
        + leaf("CountryID", party.country)
    )
    said = leaf("Name", party.name) + element(address, place)
    return element(name, said + more) if said else ""


def _written_leg(place: int, leg: FlightLeg) -> str:
    airport = leaf("TypeCode", "Airport")
    arrival = leaf("ID", leg.discharge_airport)
    departure = leaf("ID", leg.load_airport)
    moment = leaf("ScheduledOccurrenceDateTime", f"{leg.day}T00:00:00" if leg.day else None)
    return element(
        "SpecifiedLogisticsTransportMovement",
        leaf("StageCode", "Main-Carriage")
        + leaf("ModeCode", 4)
        + leaf("ID", leg.flight)
        + leaf("SequenceNumeric", place)
        + element("ArrivalEvent", element("OccurrenceArrivalLocation", arrival and arrival + airport))
        + element("DepartureEvent", moment + element("OccurrenceDepartureLocation", departure and departure + airport)),
    )


def _written_trader(party: Party | None, subject: str) -> str:
    if party is None or party.eori is None:
        return ""
    said = leaf("ContentCode", TRADER) + leaf("Content", party.eori) + leaf("SubjectCode", subject)
    return element("IncludedCustomsNote", said + leaf("CountryID", party.country))
