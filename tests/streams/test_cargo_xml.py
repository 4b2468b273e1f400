"""Cargo-XML: what the published samples mean, and what senders do to numbers, masses, values and times."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage, OversizeMessage, UnknownFormat
from aftc.records import AirWaybill, DeclaredValue, FlightLeg, FlightManifest, Party
from aftc.streams import read, recognise, xffm, xfwb, xfzb
from aftc.testing import a_flight_manifest, a_house_waybill, an_air_waybill

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "cargo_xml"
LIMIT = 10_000_000
beside = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")


def _sample(name: str) -> AirWaybill:
    raw = (SAMPLES / name).read_bytes()
    stream = recognise(raw)
    waybill: AirWaybill
    (waybill,) = xfzb.parse(raw) if stream == "xfzb" else xfwb.parse(raw)
    assert stream == ("xfzb" if waybill.house else "xfwb")
    assert waybill.flags == ()
    return waybill


@beside
def test_a_published_consolidation() -> None:
    """An air waybill of code 741 with two units and two commodity codes, its masses in grams, nothing declared."""
    waybill = _sample("888-11111111_XFWB_multipleULD_multipleHTS.xml")
    assert (waybill.master, waybill.house, waybill.consolidation) == ("888-11111111", None, True)
    assert (waybill.pieces, waybill.packages, waybill.gross_mass_g) == (3, 333, 1_042_000)
    assert waybill.units == ("PMC1337XX", "AKE4711XX")
    assert waybill.hs_codes == ("000111", "000222")
    assert waybill.legs == (
        FlightLeg("XX8012", "2021-03-10", "ORK", "DUB"),
        FlightLeg("XX345", "2021-03-12", "DUB", "AUH"),
    )
    assert (waybill.origin, waybill.destination, waybill.special_handling) == ("ORK", "PVG", ("NSC",))
    assert waybill.issued_at == parse_instant("2021-03-10T10:00:00Z")
    assert waybill.customs_value == DeclaredValue(None, None)
    assert waybill.consignor == Party(
        "IE1234567N", "FORWARDER COMPANY IRELAND LTD", "HARBOUR POINT BUSINESS PARK", "LITTLE CITY", "ABCD", "IE"
    )
    assert waybill.consignee is not None
    assert waybill.consignee.eori == "USCI1234567812345678X7"
    assert waybill.description is not None
    assert waybill.description.startswith("CONSOLIDATION AS PER ATTACHED MANIFEST")


@beside
def test_a_published_house_waybill() -> None:
    """The house consignment's own mass, pieces, airports and summary, under the air waybill that it names."""
    waybill = _sample("SEL22222222_XFZB.xml")
    assert (waybill.master, waybill.house, waybill.consolidation) == ("888-11111111", "SEL22222222", None)
    assert (waybill.pieces, waybill.packages, waybill.gross_mass_g) == (10, 200, 134_000)
    assert (waybill.origin, waybill.destination) == ("ICN", "FDH")
    assert waybill.description == "SPARE PARTS F345732-D CIP TERM VOL.WGHT. 133.7 KG .088 CBM"
    assert waybill.hs_codes == ("1133557799",)
    assert waybill.consignee == Party(
        "DE3056777000", "REPAIR DIENST GMBH", "SPEZIAL-STR. 13", "FRIEDRICHSHAFEN", "87654", "DE"
    )


@beside
@pytest.mark.parametrize(
    ("name", "number", "pieces", "consolidation"),
    [
        ("888-11111111_XFWB.xml", "888-11111111", 3, True),
        ("888-11111111_XFWB_ACAS_US.xml", "888-11111111", 3, True),
        ("888-11111111_XFWB_noModeCode.xml", "888-11111111", 3, False),
        ("888-11111111_XFWB_pieceQuantityItemCountMismatch.xml", "888-11111111", 5, True),
        ("xfwbExample.xml", "020-68548340", 4, True),
    ],
)
def test_the_other_published_waybills(name: str, number: str, pieces: int, consolidation: bool) -> None:
    """Each is taken without a flag of its reader; code 740 makes a direct waybill."""
    waybill = _sample(name)
    assert (waybill.master, waybill.pieces, waybill.consolidation) == (number, pieces, consolidation)


@pytest.mark.parametrize(
    ("before", "after", "flag"),
    [
        (b'unitCode="KGM">120.000', b'unitCode="TNE">0.12', "neither kilograms nor pounds: 'TNE'"),
        (b'currencyID="GBP"', b'currencyID="pounds"', "not a currency's code"),
        (b">1250.000<", b">lots<", "not an amount of at most three decimals"),
        (b"<OriginLocation><ID>PVG", b"<OriginLocation><ID>Shanghai", "not an airport's three letters"),
        (b"2026-02-02T18:00:00", b"2026-02-30T18:00:00", "no such date or time"),
    ],
)
def test_what_cannot_be_read_is_flagged(before: bytes, after: bytes, flag: str) -> None:
    """One bad value costs that value, with a flag that says where and why."""
    raw = xfwb.build(an_air_waybill())
    assert before in raw
    (waybill,) = xfwb.parse(raw.replace(before, after))
    assert any(flag in each for each in waybill.flags)


def test_pounds_become_the_nearest_gram() -> None:
    """A hundred pounds are 45,359 grams."""
    raw = xfwb.build(an_air_waybill()).replace(b'unitCode="KGM">120.000', b'unitCode="LBR">100')
    assert xfwb.parse(raw)[0].gross_mass_g == 45_359


def test_a_time_without_a_zone_is_the_airports() -> None:
    """Departure is read on the clock of the airport that loads, arrival on that of the one that unloads."""
    raw = xffm.build(a_flight_manifest()).replace(b"+08:00", b"").replace(b"+00:00", b"")
    assert xffm.parse(raw) == (a_flight_manifest(),)


def test_each_airport_of_unloading_is_a_manifest() -> None:
    """Two arrivals of one flight are two records, each with its own units."""
    raw = xffm.build(a_flight_manifest())
    start, end = raw.index(b"<m:ArrivalEvent>"), raw.index(b"</m:FlightManifest>")
    twice = raw[:end] + raw[start:end].replace(b"LHR", b"MAN").replace(b"AKE", b"PMC") + raw[end:]
    one, other = xffm.parse(twice)
    assert isinstance(other, FlightManifest)
    assert (one.discharge_airport, other.discharge_airport) == ("LHR", "MAN")
    assert [unit.number for unit in other.units] == ["PMC10427XV"]


def test_a_flight_without_cargo_has_no_units() -> None:
    """A cargo of type NIL is nothing loaded."""
    empty = replace(a_flight_manifest(), units=())
    nil, end = b"<AssociatedTransportCargo><TypeCode>NIL</TypeCode></AssociatedTransportCargo>", b"</m:ArrivalEvent>"
    raw = xffm.build(empty).replace(end, nil + end)
    assert xffm.parse(raw) == (empty,)


@pytest.mark.parametrize(
    ("raw", "lost"),
    [
        (xfwb.build(an_air_waybill()), b"m:BusinessHeaderDocument"),
        (xfzb.build(a_house_waybill()), b"IncludedHouseConsignment"),
        (xffm.build(a_flight_manifest()), b"DepartureEvent"),
    ],
)
def test_what_identifies_must_be_there(raw: bytes, lost: bytes) -> None:
    """Without its number, its consignment or its departure a message means nothing."""
    with pytest.raises(MalformedMessage, match="no such element"):
        read(raw.replace(b"<" + lost + b">", b"<x>").replace(b"</" + lost + b">", b"</x>"), limit_bytes=LIMIT)


def test_type_definitions_and_depth_are_refused() -> None:
    """A DOCTYPE is refused outright, and so is nesting beyond the parser's limit."""
    raw = xfwb.build(an_air_waybill())
    with pytest.raises(MalformedMessage, match="document type definition"):
        read(raw.replace(b"<m:Waybill", b'<!DOCTYPE a [<!ENTITY b "c">]><m:Waybill', 1), limit_bytes=LIMIT)
    with pytest.raises(OversizeMessage):
        read(raw.replace(b"</m:Waybill>", b"<a>" * 300 + b"</a>" * 300 + b"</m:Waybill>"), limit_bytes=LIMIT)


def test_other_cargo_messages_are_not_taken() -> None:
    """A house manifest (XFHL) and a Waybill of another namespace are no streams of ours."""
    for root, namespace in ((b"HouseManifest", b"iata:housemanifest:1"), (b"Waybill", b"urn:other")):
        with pytest.raises(UnknownFormat):
            read(b'<a:%b xmlns:a="%b"/>' % (root, namespace), limit_bytes=LIMIT)
