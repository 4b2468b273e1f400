"""Transit declarations: published samples with their meaning, both syntaxes, and what must be there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aftc.clock import parse_instant
from aftc.errors import MalformedMessage
from aftc.records import GoodsLocation, Party, TransitEquipment, TransitItem, TransportMeans
from aftc.streams import ncts_transit, read
from aftc.testing import a_transit, a_transit_house

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "ncts5"
LIMIT = 1_000_000
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")

BODY: dict[str, Any] = {
    "preparationDateAndTime": "2026-07-02T03:11:04",
    "messageIdentification": "M-1",
    "@PhaseID": "NCTS5.0",
    "TransitOperation": {"LRN": "L-1", "declarationType": "T1"},
    "CustomsOfficeOfDeparture": {"referenceNumber": "FR620001"},
    "Consignment": {
        "grossMass": 12.5,
        "containerIndicator": 0,
        "HouseConsignment": [
            {"ConsignmentItem": [{"declarationGoodsItemNumber": 1}, {"declarationGoodsItemNumber": 2}]},
            {"ConsignmentItem": {"declarationGoodsItemNumber": 3, "PreviousDocument": []}},
        ],
    },
}


@needs_samples
def test_the_published_example_has_its_meaning() -> None:
    """Numbers, offices, parties, equipment, border transport and goods of the fullest sample are read as written."""
    ((declaration,),) = [read((SAMPLES / "cc015c-valid-2.xml").read_bytes(), limit_bytes=LIMIT).records]
    assert isinstance(declaration, type(a_transit()))
    assert (declaration.lrn, declaration.kind, declaration.limit_day) == ("MDTP-18", "T1", "2023-07-30")
    assert declaration.declared_at == parse_instant("2023-04-03T09:18:16Z")  # summer time at an office in XI
    assert (declaration.departure_office, declaration.destination_office) == ("XI000081", "GB000120")
    assert declaration.transit_offices == ("GB000060",)
    holder = Party("XI985524247819", "Trader 1", "1 TRADER STREET", "Belfast", "BT12 5EE", "BG")
    assert declaration.holder == holder
    assert (declaration.ucr, declaration.gross_mass_g) == ("TEST123456", 60_000_204)
    assert declaration.equipment == (TransitEquipment("CSQU3054383", ("F742",), (1,)),)
    assert declaration.border_means == (TransportMeans("80", "56984526487521", "XI", "XI005220", "AIR1234b"),)
    assert declaration.goods_location == GoodsLocation("ADENC", "A", "U")
    (house,) = declaration.houses
    assert house.items == (
        TransitItem(
            number=1,
            description="Drum, steel",
            hs_code="152000",
            gross_mass_g=3_340_102,
            net_mass_g=3_340_102,
            packages=10,
            package_kind="1A",
            un_number="0004",
        ),
    )
    assert set(declaration.flags) == {
        "gross_mass_g: not the sum over the house consignments: '60000204 stated, 6000204 together'",
        "houses[1]/gross_mass_g: not the sum over the goods items: '6000204 stated, 3340102 together'",
    }


@needs_samples
@pytest.mark.parametrize(
    ("name", "lrn", "flags"),
    [
        ("cc015c-valid.xml", "DHbrfgDQJRm", ()),
        ("cc015c-valid.json", "qvRcL", ()),
        ("cc015c-invalid.xml", "DHbrfgDQJRm", ("CustomsOfficeOfDeparture: unknown office",)),
        ("cc015c-invalid.json", "qvRcL", ()),
        ("cc015c-invalid-lrn.xml", "{{LRN}}", ("lrn: not of the form of an LRN",)),
        ("cc015c-invalid-lrn.json", "{{LRN}}", ("lrn: not of the form of an LRN",)),
        ("cc015c-invalid-message-sender.xml", "DHbrfgDQJRm", ("CustomsOfficeOfDeparture: unknown office",)),
        ("cc015c-invalid-message-sender.json", "qvRcL", ()),
        (
            "cc015c-invalid-reference-departure.xml",
            "DHbrfgDQJRm",
            ("departure_office: not in an assigned country: 'XB3KMA8M'",),
        ),
        (
            "cc015c-invalid-reference-departure.json",
            "qvRcL",
            ("departure_office: not in an assigned country: 'GV123456'",),
        ),
    ],
)
def test_every_sample_is_taken_with_its_doubts(name: str, lrn: str, flags: tuple[str, ...]) -> None:
    """What the publisher broke in a sample is flagged, where this reader keeps it at all; the rest is read."""
    reading = read((SAMPLES / name).read_bytes(), limit_bytes=LIMIT)
    assert reading.stream == "ncts_transit"
    (declaration,) = reading.records
    assert isinstance(declaration, type(a_transit()))
    assert declaration.lrn == lrn
    assert declaration.houses[0].items[0].description is not None
    for words in (*flags, "grossMass: finer than a gram"):
        assert any(words in flag for flag in declaration.flags), words


def test_json_stands_for_its_elements() -> None:
    """Prefix, numbers, arrays and single objects are read alike; attributes and empty arrays say nothing."""
    (declaration,) = ncts_transit.parse(json.dumps({"n1:CC015C": BODY}).encode())
    assert (declaration.lrn, declaration.gross_mass_g, declaration.containerised) == ("L-1", 12_500, False)
    assert [[item.number for item in house.items] for house in declaration.houses] == [[1, 2], [3]]
    assert declaration.declared_at == parse_instant("2026-07-02T01:11:04Z")
    assert declaration.flags == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"TransitOperation": {"declarationType": "T1"}}, "CC015C/TransitOperation/LRN"),
        ({"TransitOperation": None}, "CC015C/TransitOperation"),
        ({"Consignment": {"grossMass": 1}}, "CC015C/Consignment"),
        ({"Consignment": {"HouseConsignment": {"grossMass": 1}}}, "HouseConsignment/ConsignmentItem"),
        (
            {"Consignment": {"HouseConsignment": {"ConsignmentItem": {"goodsItemNumber": 1}}}},
            "declarationGoodsItemNumber",
        ),
    ],
)
def test_what_identifies_must_be_there(change: dict[str, Any], expected: str) -> None:
    """Without LRN, consignment, goods item or its number the message is refused, and says what is missing."""
    with pytest.raises(MalformedMessage) as refused:
        ncts_transit.parse(json.dumps({"CC015C": {**BODY, **change}}).encode())
    assert expected in refused.value.expected


def test_texts_that_no_xml_holds_are_refused() -> None:
    """JSON may hold characters that XML cannot; such a message is malformed, not a crash."""
    body = {**BODY, "messageIdentification": "\uffff"}
    with pytest.raises(MalformedMessage, match="texts that XML can hold"):
        ncts_transit.parse(json.dumps({"CC015C": body}, ensure_ascii=False).encode())


def test_several_house_consignments_keep_their_documents() -> None:
    """Each house consignment is written and read with its own goods, parties and documents."""
    other = a_transit_house(goods={"number": 2}, transport_documents=())
    declaration = a_transit(a_transit_house(), other)
    assert ncts_transit.parse(ncts_transit.build(declaration)) == (declaration,)
