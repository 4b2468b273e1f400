"""Transit declarations."""

from __future__ import annotations

from typing import Any

from aftc.clock import HOUR
from aftc.records import (
    DocumentReference,
    Party,
    TransitDeclaration,
    TransitEquipment,
    TransitHouse,
    TransitItem,
    TransportMeans,
)
from aftc.testing.declarations import ARRIVAL, a_party

__all__ = ["a_transit", "a_transit_house"]


def a_transit_house(**given: Any) -> TransitHouse:
    """The house consignment of what `a_roro_entry` carries, under its consignment note; `goods` go to its one item."""
    goods = {
        "number": 1,
        "description": "FRESH BANANAS IN CARTONS",
        "hs_code": "080390",
        "gross_mass_g": 18_000_000,
        "net_mass_g": 17_100_000,
        "packages": 1000,
        "package_kind": "CT",
        **given.pop("goods", {}),
    }
    defaults: dict[str, Any] = {
        "items": (TransitItem(**goods),),
        "gross_mass_g": 18_000_000,
        "consignor": a_party("Naranjas del Turia SL", city="Valencia", postcode="46001", country="ES"),
        "consignee": Party(eori="GB123456789000"),
        "transport_documents": (DocumentReference("N730", "CMR-4711"),),
    }
    return TransitHouse(**{**defaults, **given})


def a_transit(*houses: TransitHouse, **given: Any) -> TransitDeclaration:
    """A T1 declaration to move by the lorry of `a_roro_entry`; of `a_transit_house` where none is given."""
    declared = houses or (a_transit_house(),)
    masses = [house.gross_mass_g for house in declared if house.gross_mass_g is not None]
    defaults: dict[str, Any] = {
        "lrn": "TRANSIT-1",
        "message_id": "MSG-T1",
        "kind": "T1",
        "additional": "A",
        "security": "0",
        "declared_at": ARRIVAL - 20 * HOUR,
        "limit_day": "2026-03-09",
        "departure_office": "FR620001",
        "transit_offices": ("GB000060",),
        "destination_office": "GB000120",
        "holder": Party(eori="GB555555555000", name="Channel Forwarding Ltd"),
        "representative": None,
        "carrier": Party(eori="GB777777777000"),
        "consignor": None,
        "consignee": None,
        "dispatch_country": "ES",
        "destination_country": "GB",
        "containerised": False,
        "inland_mode": "3",
        "border_mode": "3",
        "gross_mass_g": sum(masses),
        "ucr": None,
        "goods_location": None,
        "place_of_loading": None,
        "place_of_unloading": None,
        "equipment": (TransitEquipment(None, ("S100",), (1,)),),
        "departure_means": (TransportMeans("30", "AB12 CDE", "GB"), TransportMeans("31", "TR7701", "GB")),
        "border_means": (TransportMeans("30", "AB12 CDE", "GB", "GB000060"),),
        "transport_documents": (),
        "previous_documents": (),
        "houses": declared,
    }
    return TransitDeclaration(**{**defaults, **given})
