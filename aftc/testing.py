"""Builders of records with plausible defaults, for tests of every room. All parties and numbers are invented."""

from __future__ import annotations

from typing import Any

from aftc.audit.record import Basis, Subject, SubjectKind
from aftc.clock import HOUR, MINUTE, Instant, day_of, parse_instant
from aftc.features.feature import Standing
from aftc.records import (
    AirWaybill,
    Bill,
    ConsignmentVersion,
    CrossingStage,
    DeclarationReference,
    DeclaredValue,
    DocumentReference,
    EntrySummary,
    Equipment,
    Examination,
    FerryBooking,
    FerryCheckIn,
    Find,
    FlightLeg,
    FlightManifest,
    GoodsItem,
    GoodsMovement,
    LoadedUnit,
    LoadedWaybill,
    Manifest,
    Mode,
    OutcomeKind,
    Party,
    Seal,
    Selection,
    SelectionReason,
    Threat,
    Unit,
    UnitKind,
)
from aftc.scoring import Assessment, FeatureReason, Inputs, Reason, ThreatScore

__all__ = [
    "ARRIVAL",
    "a_basis",
    "a_bill",
    "a_booking",
    "a_check_in",
    "a_container_entry",
    "a_flight_manifest",
    "a_goods_movement",
    "a_house_waybill",
    "a_manifest",
    "a_party",
    "a_roro_entry",
    "a_selection",
    "a_subject",
    "a_version",
    "an_air_entry",
    "an_air_waybill",
    "an_assessment",
    "an_examination",
]

ARRIVAL: Instant = parse_instant("2026-02-03T06:00:00Z")


def a_party(name: str = "Harbour Fruit Imports Ltd", **given: Any) -> Party:
    """A party without a trader number."""
    return Party(
        **{"name": name, "street": "1 Quay Road", "city": "Dover", "postcode": "CT16 1AA", "country": "GB", **given}
    )


def a_roro_entry(**given: Any) -> EntrySummary:
    """An accompanied lorry's entry summary: one goods item with a road consignment note and a UCR."""
    goods = GoodsItem(
        number=1,
        description="FRESH BANANAS IN CARTONS",
        hs_code="080390",
        gross_mass_g=18_000_000,
        packages=1000,
        package_kind="CT",
        documents=(DocumentReference("N730", given.pop("document", "CMR-4711")),),
        vehicles=given.pop("vehicles", ("AB12 CDE",)),
    )
    defaults: dict[str, Any] = {
        "lrn": "LRN-1",
        "mrn": None,
        "message_id": "MSG-1",
        "amendment": False,
        "declared_at": ARRIVAL - 8 * HOUR,
        "transport_mode": "10",
        "conveyance_reference": None,
        "conveyance_identity": "9000001",
        "conveyance_nationality": "FR",
        "office_of_first_entry": "GB000060",
        "expected_arrival": ARRIVAL,
        "itinerary": ("ES", "FR", "GB"),
        "place_of_loading": "Valencia",
        "place_of_unloading": "Dover",
        "payment_method": "A",
        "special_circumstance": None,
        "ucr": "6GB123456789000-UCR1",
        "total_items": 1,
        "total_packages": 1000,
        "total_gross_mass_g": 18_000_000,
        "consignor": a_party("Naranjas del Turia SL", city="Valencia", postcode="46001", country="ES"),
        "consignee": a_party(eori="GB123456789000"),
        "notify": None,
        "carrier": Party(eori="GB987654321000"),
        "declarant": Party(eori="GB555555555000"),
        "representative": None,
        "items": (goods,),
        "seals": ("S100",),
    }
    return EntrySummary(**{**defaults, **given})


def a_container_entry(**given: Any) -> EntrySummary:
    """A deep-sea container's entry summary: one goods item with a master bill."""
    goods = GoodsItem(
        number=1,
        description="FROZEN SHRIMP",
        hs_code="030617",
        gross_mass_g=22_000_000,
        packages=1800,
        package_kind="CT",
        documents=(DocumentReference("N705", given.pop("document", "OCEAN0001")),),
        containers=given.pop("containers", ("CSQU3054383",)),
    )
    return a_roro_entry(
        **{
            "transport_mode": "1",
            "office_of_first_entry": "GB000051",
            "conveyance_reference": "V101E",
            "conveyance_identity": "9074729",
            "items": (goods,),
            "ucr": None,
            "itinerary": ("EC", "GB"),
            **given,
        }
    )


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


def a_manifest(*bills: Bill, **given: Any) -> Manifest:
    """A vessel call's manifest; with the default bill where none is given."""
    carried = bills or (a_bill(),)
    numbers = dict.fromkeys(number for bill in carried for number in bill.containers)
    defaults: dict[str, Any] = {
        "reference": "MANIFEST-1",
        "function": "9",
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


def a_selection(*, rule: float = 0.3, random: float = 0.02, random_fired: bool = False) -> Selection:
    """A selection with the two reasons that are always considered."""
    reasons = (SelectionReason("rule", rule, not random_fired), SelectionReason("random", random, random_fired))
    return Selection(ARRIVAL - 10 * MINUTE, reasons, 1.0 - (1.0 - rule) * (1.0 - random))


def an_examination(outcome: OutcomeKind = OutcomeKind.NEGATIVE, **given: Any) -> Examination:
    """The examination of the lorry; a positive one finds cannabis without naming a consignment."""
    found = (Find(Threat.CANNABIS, None, "herbal cannabis", 12_000, "in the load"),)
    defaults: dict[str, Any] = {
        "examination_id": "EX-1",
        "revision": 0,
        "unit": Unit(UnitKind.VEHICLE, "AB12 CDE"),
        "outcome": outcome,
        "selection": a_selection(),
        "consignments": (),
        "finds": found if outcome is OutcomeKind.POSITIVE else (),
        "method": "turn-out",
        "place": "Dover",
        "arrival": ARRIVAL,
        "started_at": ARRIVAL + HOUR,
        "ended_at": ARRIVAL + 3 * HOUR,
        "recorded_at": ARRIVAL + 4 * HOUR,
    }
    return Examination(**{**defaults, **given})


def a_version(**given: Any) -> ConsignmentVersion:
    """A container consignment of which the entry summary and the manifest are known."""
    defaults: dict[str, Any] = {
        "consignment_id": "CAAAA",
        "version": 2,
        "known_at": ARRIVAL - HOUR,
        "sequence": 2,
        "mode": Mode.CONTAINER,
        "units": (Unit(UnitKind.CONTAINER, "CSQU3054383"),),
        "movements": ("MAAAA",),
        "scheduled_arrival": ARRIVAL,
        "entry": a_container_entry(),
        "manifest": a_manifest(),
        "booking": None,
        "check_in": None,
        "goods_movement": None,
        "previous": None,
        "booking_amendments": 0,
        "control_at": None,
        "joined_from": (),
        "joined_into": None,
        "links": (),
    }
    return ConsignmentVersion(**{**defaults, **given})


def a_subject(**given: Any) -> Subject:
    """An ingested container consignment as an audit record names it."""
    defaults: dict[str, Any] = {
        "kind": SubjectKind.INGESTED,
        "consignment_id": "CAAAA",
        "version": 3,
        "mode": Mode.CONTAINER,
        "version_digest": bytes(32),
        "body": b"",
    }
    return Subject(**{**defaults, **given})


def a_basis(**given: Any) -> Basis:
    """A watermark on the day of `ARRIVAL`."""
    defaults: dict[str, Any] = {
        "sequence": 12,
        "known_at": ARRIVAL,
        "day": day_of(ARRIVAL),
        "bundle": "ab" * 32,
        "schema": "cd" * 32,
    }
    return Basis(**{**defaults, **given})


def an_assessment(**given: Any) -> Assessment:
    """An assessment of one threat with one reason, not made by any model."""
    feature = FeatureReason("goods_items", 1.0, 0.5, "count", "Goods items on the declaration: 1", Standing.FACT)
    defaults: dict[str, Any] = {
        "inputs": Inputs(bytes(16), bytes(8), bytes(8), bytes(24), bytes(32)),
        "threats": (ThreatScore(Threat.ANY, -1.5, 0.182, 931, "container", False),),
        "reasons": (Reason("goods and their description", 0.5, (feature,)),),
        "streams_known": ("ens",),
        "streams_missing": ("cuscar",),
        "degradations": ("streams_missing",),
        "flags": (),
    }
    return Assessment(**{**defaults, **given})
