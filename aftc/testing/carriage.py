"""What carriers and hauliers state of crossings and voyages."""

from __future__ import annotations

from typing import Any

from aftc.clock import HOUR, MINUTE
from aftc.records import (
    Bill,
    CrossingStage,
    DeclarationReference,
    Equipment,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    GoodsMovement,
    Manifest,
    Party,
    SailedUnit,
    Seal,
)
from aftc.testing.declarations import ARRIVAL, a_party

__all__ = ["a_bill", "a_booking", "a_check_in", "a_departure", "a_goods_movement", "a_manifest", "a_sailed_unit"]


def a_booking(**given: Any) -> FerryBooking:
    """An accompanied, laden lorry's booking on the first Calais to Dover route."""
    defaults: dict[str, Any] = {
        "booking_reference": "BK-1",
        "amendment": 0,
        "cancelled": False,
        "operator": "NARROWSEA",
        "vessel": "Channel Tern",
        "route_id": "101",
        "booked_at": ARRIVAL - 30 * HOUR,
        "departure": ARRIVAL - 90 * MINUTE,
        "arrival": ARRIVAL,
        "account": "ACC-9",
        "booker": a_party("Turia Transporte SL", country="ES"),
        "haulier": Party(eori="GB777777777000", name="Weald Haulage Ltd", country="GB"),
        "unaccompanied": False,
        "vehicle": "AB12CDE",
        "trailers": ("TR77 01",),
        "containers": (),
        "laden": True,
        "cash": False,
        "return_trip": False,
        "gross_mass_g": 18_500_000,
        "goods_description": "fruit",
        "driver": "D-1",
    }
    return FerryBooking(**{**defaults, **given})


def a_check_in(**given: Any) -> FerryCheckIn:
    """The check-in of `a_booking`."""
    defaults: dict[str, Any] = {
        "booking_reference": "BK-1",
        "operator": "NARROWSEA",
        "route_id": "101",
        "checked_in_at": ARRIVAL - 3 * HOUR,
        "departure": ARRIVAL - 90 * MINUTE,
        "arrival": ARRIVAL,
        "unaccompanied": False,
        "vehicle": "AB12 CDE",
        "trailers": ("TR7701",),
        "containers": (),
        "laden": True,
        "weighed_mass_g": 18_900_000,
        "driver": "D-2",
        "driver_changed": True,
        "seals": ("S100",),
    }
    return FerryCheckIn(**{**defaults, **given})


def a_sailed_unit(**given: Any) -> SailedUnit:
    """The unit of `a_check_in`, aboard."""
    defaults: dict[str, Any] = {
        "booking_reference": "BK-1",
        "boarded": True,
        "unaccompanied": False,
        "vehicle": "AB12 CDE",
        "trailers": ("TR7701",),
    }
    return SailedUnit(**{**defaults, **given})


def a_departure(*units: SailedUnit, **given: Any) -> FerryDeparture:
    """The departure of the sailing of `a_check_in`, five minutes late; with its unit aboard where none is given."""
    defaults: dict[str, Any] = {
        "operator": "NARROWSEA",
        "route_id": "101",
        "departure": ARRIVAL - 90 * MINUTE,
        "arrival": ARRIVAL,
        "departed_at": ARRIVAL - 85 * MINUTE,
        "units": units or (a_sailed_unit(),),
        "vessel": "Narrowsea Star",
        "expected_arrival": ARRIVAL + 4 * MINUTE,
    }
    return FerryDeparture(**{**defaults, **given})


def a_goods_movement(**given: Any) -> GoodsMovement:
    """The goods movement of the same crossing, naming the entry's UCR."""
    defaults: dict[str, Any] = {
        "gmr_id": "GMRA00000001",
        "updated_at": ARRIVAL - 4 * HOUR,
        "state": "OPEN",
        "direction": "UK_INBOUND",
        "unaccompanied": False,
        "vehicle": "AB12 CDE",
        "trailers": ("TR7701",),
        "containers": (),
        "haulier_eori": "GB777777777000",
        "route_id": "101",
        "crossing_stage": CrossingStage.PLANNED,
        "departure": ARRIVAL - 90 * MINUTE,
        "arrival": None,
        "declarations": (DeclarationReference("customs", "6GB123456789000-UCR1"),),
        "inspection_required": None,
        "report_to": (),
    }
    return GoodsMovement(**{**defaults, **given})


def a_bill(**given: Any) -> Bill:
    """A master bill of one container."""
    defaults: dict[str, Any] = {
        "master": "OCEAN0001",
        "house": None,
        "consignor": a_party("Camarones del Golfo SA", country="EC", postcode=None),
        "consignee": a_party(eori="GB123456789000"),
        "notify": None,
        "description": "FROZEN SHRIMP",
        "hs_code": "030617",
        "packages": 1800,
        "package_kind": "CT",
        "gross_mass_g": 22_400_000,
        "containers": ("CSQU3054383",),
        "origin_country": "EC",
        "place_of_loading": "ECGYE",
        "place_of_discharge": "GBFXT",
        "place_of_delivery": "GBFXT",
        "transhipment": None,
        "freight": "P",
    }
    return Bill(**{**defaults, **given})


def a_manifest(*bills: Bill, **given: Any) -> Manifest:
    """A vessel call's manifest; with the default bill where none is given."""
    carried = bills or (a_bill(),)
    numbers = dict.fromkeys(number for bill in carried for number in bill.containers)
    defaults: dict[str, Any] = {
        "reference": "MANIFEST-1",
        "function": "9",
        "prepared_at": ARRIVAL - 48 * HOUR,
        "carrier": Party(name="Meridian Ocean Lines", eori="MOLU"),
        "voyage": "V101E",
        "vessel_imo": "9074729",
        "vessel_call_sign": "MXYZ1",
        "vessel_name": "Meridian Dawn",
        "load_port": "ECGYE",
        "discharge_port": "GBFXT",
        "departure": ARRIVAL - 400 * HOUR,
        "arrival": ARRIVAL + HOUR,
        "bills": carried,
        "equipment": tuple(Equipment(each, "45R1", True, 24_000_000, (Seal("SL1", "CA"),)) for each in numbers),
    }
    return Manifest(**{**defaults, **given})
