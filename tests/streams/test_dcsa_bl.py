"""Electronic bills of lading: transport documents and shipping instructions, and the published samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from aftc.errors import MalformedMessage
from aftc.records import ContainerisedGoods, DocumentedContainer, Hazard, Party, Seal, TransportDocument
from aftc.streams import dcsa_bl, read
from aftc.testing import a_transport_document

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "dcsa_ebl"

BODY: dict[str, Any] = {
    "transportDocumentReference": "NSEA123456",
    "transportDocumentTypeCode": "BOL",
    "transportDocumentStatus": "ISSUED",
    "isToOrder": False,
    "freightPaymentTermCode": "COL",
    "carrierCode": "NSEA",
    "carrierCodeListProvider": "NMFTA",
    "issueDate": "2026-03-02",
    "transports": {
        "plannedDepartureDate": "2026-03-01",
        "portOfLoading": {"UNLocationCode": "COCTG"},
        "portOfDischarge": {"locationName": "Felixstowe"},
        "vesselVoyages": [
            {"vesselName": "Feeder", "carrierExportVoyageNumber": "F1"},
            {"vesselName": "North Wind", "carrierExportVoyageNumber": "123W"},
        ],
    },
    "documentParties": {
        "shipper": {
            "partyName": "Frutas del Caribe SA",
            "address": {"street": "Calle", "streetNumber": "1", "city": "Cartagena", "countryCode": "CO"},
        },
        "consignee": {
            "partyName": "Harbour Fruit Ltd",
            "taxLegalReferences": [{"type": "VAT", "value": "1"}, {"type": "EORI", "value": "GB123456789000"}],
        },
    },
    "consignmentItems": [
        {
            "carrierBookingReference": "BKG7",
            "descriptionOfGoods": ["Fresh bananas", "in cartons"],
            "HSCodes": ["080390"],
            "cargoItems": [
                {
                    "equipmentReference": "MSCU1234566",
                    "cargoGrossWeight": {"value": 20412.345, "unit": "KGM"},
                    "outerPackaging": {
                        "packageCode": "CT",
                        "numberOfPackages": 1080,
                        "dangerousGoods": [{"imoClass": "9", "UNNumber": "1845"}],
                    },
                }
            ],
        }
    ],
    "utilizedTransportEquipments": [
        {
            "equipment": {
                "equipmentReference": "MSCU1234566",
                "ISOEquipmentCode": "45R1",
                "tareWeight": {"value": 10000, "unit": "LBR"},
            },
            "isShipperOwned": False,
            "activeReeferSettings": {"temperatureSetpoint": 13.5, "temperatureUnit": "CEL"},
            "seals": [{"number": "CA123", "source": "CAR"}, {"number": "V1", "source": "VET"}],
        }
    ],
}


def _parse(**changes: Any) -> TransportDocument:
    (document,) = dcsa_bl.parse(json.dumps(BODY | changes).encode())
    return document


def test_a_transport_document_is_read() -> None:
    """Carrier, voyage of the last leg, parties, goods by container, seals and cold as stated; no flag."""
    document = _parse()
    assert (document.reference, document.kind, document.status) == ("NSEA123456", "BOL", "ISSUED")
    assert (document.carrier, document.carrier_list, document.freight) == ("NSEA", "NMFTA", "C")
    assert (document.vessel_name, document.voyage) == ("North Wind", "123W")
    assert (document.load_port, document.discharge_port) == ("COCTG", "Felixstowe")
    assert document.consignor == Party(name="Frutas del Caribe SA", street="Calle 1", city="Cartagena", country="CO")
    assert document.consignee == Party(eori="GB123456789000", name="Harbour Fruit Ltd")
    (goods,) = document.goods
    assert (goods.booking, goods.description, goods.hs_codes) == ("BKG7", "Fresh bananas in cartons", ("080390",))
    hazards = (Hazard("9", "1845"),)
    assert goods.parts == (ContainerisedGoods("MSCU1234566", 20_412_345, 1080, "CT", hazards),)
    seals = (Seal("CA123", "CA"), Seal("V1", "VET"))
    assert document.containers == (DocumentedContainer("MSCU1234566", "45R1", 4_535_924, False, 135, seals),)
    assert (document.gross_mass_g, document.packages, document.numbers) == (20_412_345, 1080, ("MSCU1234566",))
    assert document.flags == ()


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"issueDate": "2026-02-30"}, "issueDate: no such day: '2026-02-30'"),
        ({"issueDate": "March"}, "issueDate: not a day as 2026-03-01: 'March'"),
        ({"freightPaymentTermCode": "FREE"}, "freightPaymentTermCode: none of PRE, COL: 'FREE'"),
        ({"isToOrder": "no"}, "isToOrder: not true or false: 'no'"),
        ({"transports": []}, "transports: not an object: an array"),
        (
            {"utilizedTransportEquipments": [{"isShipperOwned": True}]},
            "utilizedTransportEquipments[1]/equipmentReference: a container without a number",
        ),
    ],
)
def test_an_unreadable_value_is_flagged(change: dict[str, Any], flag: str) -> None:
    """One bad value costs that value and no more."""
    assert _parse(**change).flags == (flag,)


@pytest.mark.parametrize(
    ("weight", "flag"),
    [
        ({"value": "1", "unit": "KGM"}, "value: not a number: '1'"),
        ({"value": 1, "unit": "TNE"}, "unit: neither kilograms nor pounds: 'TNE'"),
        ({"value": -1, "unit": "KGM"}, "value: negative mass: '-1'"),
        ({"value": 1e-7, "unit": "KGM"}, "value: finer than a gram: '0.0000001'"),
    ],
)
def test_a_mass_that_is_none(weight: dict[str, Any], flag: str) -> None:
    """A mass is a number of kilograms or pounds."""
    goods = [{"carrierBookingReference": "B", "cargoItems": [{"cargoGrossWeight": weight}]}]
    document = _parse(consignmentItems=goods)
    assert document.flags == (f"consignmentItems[1]/cargoItems[1]/cargoGrossWeight/{flag}",)
    assert document.gross_mass_g is None


def test_a_total_needs_every_part() -> None:
    """A part without mass or packages leaves the document without a total of them."""
    document = a_transport_document()
    goods = replace(document.goods[0], parts=(*document.goods[0].parts, ContainerisedGoods("X", None, None, None)))
    assert replace(document, goods=(goods,)).gross_mass_g is None
    assert replace(document, goods=(goods,)).packages is None
    assert replace(document, goods=()).gross_mass_g is None


def test_what_nothing_identifies_is_refused() -> None:
    """No number of a document, of instructions or of a booking; no document at all."""
    for raw in (b'{"transportDocumentTypeCode": "BOL"}', b'["transportDocumentTypeCode"]', b"[]"):
        with pytest.raises(MalformedMessage):
            dcsa_bl.parse(raw)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside the project")
def test_published_samples() -> None:
    """Every instruction is read without a flag of its reader; all of them lack the number of a document."""
    found = {}
    for path in sorted(SAMPLES.glob("*.json")):
        if "error-message" not in path.name:
            (record,) = read(path.read_bytes(), limit_bytes=100_000).records
            assert isinstance(record, TransportDocument)
            found[path.stem.removeprefix("ebl-api-3.0.0-")] = record
    assert len(found) == 10
    assert all("reference: missing" in each.flags for each in found.values())
    assert all(dcsa_bl.parse(path.read_bytes())[0].flags == () for path in SAMPLES.glob("*g*-bl.json"))
    two = found["2c2u"]
    assert (two.gross_mass_g, two.packages, two.numbers) == (20_000_000, 404, ("ABCU1234567", "XYZU9876543"))
    assert found["negotiable-bl"].to_order is True
    assert found["negotiable-bl"].endorsee == Party(name="Bank of America")
    assert found["request"].houses == ("HBOL001",)
    owned = found["soc-references"].containers[0]
    assert (owned.shipper_owned, owned.size_type, owned.tare_mass_g) == (True, "45G1", 4_030_000)
