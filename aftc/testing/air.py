"""What is declared and stated of air consignments and flights."""

from __future__ import annotations

from typing import Any

from aftc.clock import HOUR, MINUTE
from aftc.records import (
    AirWaybill,
    DeclaredValue,
    DocumentReference,
    EntrySummary,
    FlightLeg,
    FlightManifest,
    GoodsItem,
    LoadedUnit,
    LoadedWaybill,
)
from aftc.testing.declarations import ARRIVAL, a_party, a_roro_entry

__all__ = ["a_flight_manifest", "a_house_waybill", "an_air_entry", "an_air_waybill"]


def an_air_entry(house: str | None = None, master: str = "80912345675", **given: Any) -> EntrySummary:
    """An air consignment's entry summary: one goods item under an air waybill, or under a house waybill and it."""
    own = (DocumentReference("N703", house),) if house else ()
    goods = GoodsItem(
        number=1,
        description="WRIST WATCHES",
        hs_code="910211",
        gross_mass_g=120_000,
        packages=6,
        package_kind="CT",
        documents=(*own, DocumentReference("N741" if house else "N740", master)),
    )
    return a_roro_entry(
        **{
            "transport_mode": "4",
            "office_of_first_entry": "GB000040",
            "conveyance_reference": "XV123",
            "conveyance_identity": None,
            "conveyance_nationality": None,
            "items": (goods,),
            "ucr": None,
            "itinerary": ("CN", "GB"),
            "expected_arrival": ARRIVAL + 30 * MINUTE,
            "seals": (),
            **given,
        }
    )


def an_air_waybill(**given: Any) -> AirWaybill:
    """A direct air waybill from Shanghai to London, with a value for customs."""
    defaults: dict[str, Any] = {
        "master": "809-12345675",
        "house": None,
        "message_id": "WAYBILL-1",
        "purpose": "Creation",
        "issued_at": ARRIVAL - 20 * HOUR,
        "consolidation": False,
        "consignor": a_party("Pudong Watch Works", city="Shanghai", postcode=None, country="CN"),
        "consignee": a_party(eori="GB123456789000"),
        "notify": None,
        "forwarder": a_party("Meridian Forwarding Ltd"),
        "origin": "PVG",
        "destination": "LHR",
        "legs": (FlightLeg("XV123", "2026-02-02", "PVG", "LHR"),),
        "pieces": 6,
        "packages": None,
        "gross_mass_g": 120_000,
        "description": "WRIST WATCHES",
        "hs_codes": ("910211",),
        "carriage_value": DeclaredValue(None, None),
        "customs_value": DeclaredValue(1_250_000, "GBP"),
        "insured_value": None,
        "special_handling": ("SPX",),
        "units": (),
    }
    return AirWaybill(**{**defaults, **given})


def a_house_waybill(house: str = "MWF0001", **given: Any) -> AirWaybill:
    """A house waybill under the same air waybill."""
    return an_air_waybill(**{"house": house, "consolidation": None, "legs": (), "message_id": house, **given})


def a_flight_manifest(*units: LoadedUnit, **given: Any) -> FlightManifest:
    """A flight from Shanghai to London; with one unit, which holds the air waybill, where none is given."""
    loaded = LoadedWaybill("809-12345675", 6, 120_000, "WRIST WATCHES", "PVG", "LHR", "T")
    defaults: dict[str, Any] = {
        "flight": "XV123",
        "departure": ARRIVAL - 20 * HOUR,
        "load_airport": "PVG",
        "discharge_airport": "LHR",
        "arrival": ARRIVAL,
        "message_id": "MANIFEST-1",
        "purpose": "Creation",
        "issued_at": ARRIVAL - 21 * HOUR,
        "units": units or (LoadedUnit("AKE10427XV", 120_000, (loaded,)),),
    }
    return FlightManifest(**{**defaults, **given})
