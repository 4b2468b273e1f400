"""Declarations of lorries and containers, and what customs answers."""

from __future__ import annotations

from typing import Any

from aftc.clock import HOUR, MINUTE, Instant, parse_instant
from aftc.records import (
    AnsweredEntry,
    CustomsIntervention,
    DocumentReference,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    GoodsItem,
    Party,
    ResponseKind,
)

__all__ = ["ARRIVAL", "MRN", "a_container_entry", "a_party", "a_response", "a_roro_entry", "an_intervention"]

ARRIVAL: Instant = parse_instant("2026-02-03T06:00:00Z")
MRN = "26GB7KI30FJ2X94BD7"


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


def _answered(given: dict[str, Any]) -> AnsweredEntry:
    """What customs repeats of `a_roro_entry`, but for what is given otherwise."""
    defaults = {
        "lrn": "LRN-1",
        "mrn": MRN,
        "office_of_first_entry": "GB000060",
        "declarant": Party(eori="GB555555555000"),
    }
    return AnsweredEntry(**{name: given.pop(name, default) for name, default in defaults.items()})


def a_response(kind: ResponseKind = ResponseKind.REGISTERED, **given: Any) -> EntryResponse:
    """Customs' answer to `a_roro_entry` five minutes after it; a rejection is known by its recipient alone."""
    if kind is ResponseKind.REJECTED:
        given = {"mrn": None, "office_of_first_entry": None, "declarant": None, **given}
    entry = _answered(given)
    defaults: dict[str, Any] = {
        "kind": kind,
        "message_id": "ANSWER-1",
        "correlation_id": None,
        "recipient": "GB555555555000/0000000000",
        "entry": entry,
        "answered_at": ARRIVAL - 8 * HOUR + 5 * MINUTE,
    }
    return EntryResponse(**{**defaults, **given})


def an_intervention(*items: int, **given: Any) -> EntryIntervention:
    """A notice that these goods items of `a_roro_entry` are held, two hours before arrival; none for all."""
    entry = _answered(given)
    defaults: dict[str, Any] = {
        "message_id": "NOTICE-1",
        "correlation_id": None,
        "recipient": "GB555555555000/0000000000",
        "entry": entry,
        "total_items": None,
        "notified_at": ARRIVAL - 2 * HOUR,
        "registered_at": ARRIVAL - 8 * HOUR + 5 * MINUTE,
        "submitted_at": ARRIVAL - 8 * HOUR,
        "interventions": tuple(CustomsIntervention("A001", item=item) for item in items or (None,)),
    }
    return EntryIntervention(**{**defaults, **given})
