"""Extraction: facts, slots, owners and what is added to history."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from aftc.clock import day_of
from aftc.features.algebra import MISSING, KeyKind, Measure
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract, Owned, extract
from aftc.features.identity import owner_of_consignment, owner_of_movement, stable_id
from aftc.features.testing import a_version
from aftc.records import Mode, Unit, UnitKind
from aftc.testing import a_booking, a_check_in, a_container_entry, a_goods_movement, a_manifest, a_roro_entry

CONTAINERS = ("CSQU3054383", "MSKU6011672")
BOX = a_version(
    mode=Mode.CONTAINER,
    units=tuple(Unit(UnitKind.CONTAINER, number) for number in CONTAINERS),
    movements=("V1", "V2"),
    entry=a_container_entry(containers=CONTAINERS),
    manifest=a_manifest(),
    booking=None,
    check_in=None,
    goods_movement=None,
    previous=None,
)


def named(extracted: Extract) -> dict[str, int]:
    """Facts that are known, by name."""
    names = [fact.name for fact in SCHEMA.facts]
    return {name: value for name, value in zip(names, extracted.facts.tolist(), strict=False) if value != MISSING}


def keys_of(owned: Owned) -> dict[str, int]:
    """Keys by their kind."""
    return {kind.label: key for kind, key in zip(owned.kinds, owned.keys, strict=True)}


def test_facts_of_a_lorry_are_what_its_streams_say() -> None:
    """Pinned: whoever changes how a fact is read must raise its revision, for models are bound to it."""
    assert named(extract(a_version())) == {
        "mode": 1,
        "gross_mass_g": 18_000_000,
        "packages": 1000,
        "log_unit_mass": 9798,
        "goods_items": 1,
        "containers": 0,
        "itinerary_countries": 3,
        "laden": 1,
        "paid_in_cash": 0,
        "return_trip": 0,
        "hs_chapter": 8,
        "dispatch_country": 68,
        "dangerous_goods": 0,
        "entry_mass": 18_000_000,
        "booked_mass": 18_500_000,
        "weighed_mass": 18_900_000,
        "entry_packages": 1000,
        "vehicle_differs": 0,
        "trailer_differs": 0,
        "haulier_differs": 0,
        "driver_differs": 1,
        "seals_differ": 0,
        "vehicle_alone": 0,
        "booking_lead_minutes": 1710,
        "check_in_lead_minutes": 90,
        "declaration_lead_minutes": 480,
        "departure_hour": 4,
        "arrival_weekday": 1,
        "booking_amendments": 1,
        "turnaround_minutes": 1200,
        "driver_changed_on_return": 1,
        "route_changed_on_return": 1,
        "vague_description": 0,
        "description_characters": 24,
        "descriptions_shared_words": 0,
        "selectors_stated_as_fact": 0,
        "selectors_stated_as_assessment": 0,
    }


def test_facts_of_a_container_are_what_its_streams_say() -> None:
    """Pinned likewise."""
    assert named(extract(BOX)) == {
        "mode": 0,
        "gross_mass_g": 22_000_000,
        "packages": 1800,
        "log_unit_mass": 9411,
        "goods_items": 1,
        "containers": 2,
        "itinerary_countries": 2,
        "hs_chapter": 3,
        "dispatch_country": 63,
        "dangerous_goods": 0,
        "origin_elsewhere": 0,
        "transhipment": 0,
        "freight_collect": 0,
        "consignee_to_order": 0,
        "entry_mass": 22_000_000,
        "carried_mass": 22_400_000,
        "entry_packages": 1800,
        "carried_packages": 1800,
        "containers_differ": 1,
        "seals_differ": 1,
        "container_number_wrong": 0,
        "refrigerated": 1,
        "container_unsealed": 0,
        "declaration_lead_minutes": 480,
        "departure_hour": 14,
        "arrival_weekday": 1,
        "vague_description": 0,
        "description_characters": 13,
        "descriptions_shared_words": 100,
        "selectors_stated_as_fact": 0,
        "selectors_stated_as_assessment": 0,
    }


def test_the_last_fact_columns_say_which_slots_are_filled() -> None:
    """Assembly tells an unknown entity from one without history by them."""
    extracted = extract(a_version(booking=None))
    presence = extracted.facts[len(SCHEMA.facts) :]
    assert presence.tolist() == [MISSING if slot == 0 else 1 for slot in extracted.slots.tolist()]
    assert extracted.slots[KeyKind.ACCOUNT] == 0
    assert extracted.slots[KeyKind.VEHICLE] == stable_id("vehicle", "AB12CDE")


def test_the_latest_word_on_equipment_fills_the_slot() -> None:
    """Check-in goes before goods movement, and that before booking."""
    streams: dict[str, Any] = {
        "booking": a_booking(vehicle="BOOK 1"),
        "goods_movement": a_goods_movement(vehicle="GMR 1"),
        "check_in": a_check_in(vehicle="CHECK 1"),
    }
    for gone, expected in ((None, "CHECK1"), ("check_in", "GMR1"), ("goods_movement", "BOOK1")):
        if gone:
            del streams[gone]
        bare = a_version(booking=None, goods_movement=None, check_in=None)
        assert extract(replace(bare, **streams)).slots[KeyKind.VEHICLE] == stable_id("vehicle", expected)


def test_owners_are_the_consignment_its_movements_and_what_it_took_over() -> None:
    """A version never sees what any of them added; the day is that of its message."""
    version = a_version(joined_from=("C0", "M7"))
    extracted = extract(version)
    assert set(extracted.owners.tolist()) >= {
        owner_of_consignment("C1"),
        owner_of_movement("M1"),
        owner_of_consignment("C0"),
        owner_of_movement("M7"),
    }
    assert extracted.day == day_of(version.known_at)
    assert extracted.owners[0] == owner_of_consignment("C1")


def test_goods_and_parties_are_the_consignments_equipment_the_movements() -> None:
    """Each owner adds to its own kinds of key alone."""
    consignment, movement = extract(a_version()).owned
    assert (consignment.movement, movement.movement) == (None, "M1")
    assert {"consignor", "consignee", "consignor_consignee", "hs6_origin", "route"} <= keys_of(consignment).keys()
    assert keys_of(movement).keys() == {
        "vehicle",
        "trailer",
        "haulier",
        "account",
        "driver",
        "vehicle_trailer",
        "account_driver",
    }


def test_each_container_is_a_movement_of_its_own() -> None:
    """Every container of a consignment counts; the slot holds the first."""
    extracted = extract(BOX)
    _, first, second = extracted.owned
    assert keys_of(first)["container"] == stable_id("container", "CSQU3054383") == extracted.slots[KeyKind.CONTAINER]
    assert keys_of(second) == {"container": stable_id("container", "MSKU6011672")}
    assert (first.measures[Measure.GROSS_MASS_G], second.measures[Measure.GROSS_MASS_G]) == (24_000_000, 0)


def test_a_unit_on_no_known_movement_adds_nothing() -> None:
    """A declared container whose voyage is not known has a slot, and no movement to count it."""
    extracted = extract(replace(BOX, movements=()))
    assert len(extracted.owned) == 1
    assert extracted.slots[KeyKind.CONTAINER] == stable_id("container", "CSQU3054383")


def test_measures_are_what_the_streams_say_of_them() -> None:
    """A measure that is not known is 0: it adds nothing and stays open."""
    consignment, movement = extract(a_version(booking=a_booking(cash=True, laden=False), check_in=None)).owned
    assert {measure.label: value for measure, value in zip(Measure, consignment.measures, strict=True) if value} == {
        "count": 1,
        "gross_mass_g": 18_000_000,
        "packages": 1000,
        "log_unit_mass": 9798,
        "log_unit_mass_square": 9798**2,
        "log_unit_mass_count": 1,
    }
    assert {measure.label: value for measure, value in zip(Measure, movement.measures, strict=True) if value} == {
        "count": 1,
        "gross_mass_g": 18_500_000,
        "unladen": 1,
        "cash": 1,
    }


def test_absurd_numbers_are_taken_for_the_bounds() -> None:
    """No message can make sums overflow."""
    goods = replace(a_roro_entry().items[0], gross_mass_g=10**40, packages=-5)
    extracted = extract(a_version(entry=a_roro_entry(items=(goods,))))
    assert named(extracted)["gross_mass_g"] == 10**12
    assert named(extracted)["packages"] == 0
    assert extracted.owned[0].measures[Measure.GROSS_MASS_G] == 10**9
    assert extracted.owned[0].measures[Measure.PACKAGES] == 0
    assert extracted.facts.dtype == np.int64
