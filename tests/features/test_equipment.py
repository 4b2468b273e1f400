"""Features of the unit and its containers, and the other facts that practice asks for."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, parse_instant
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import extract
from aftc.features.testing import a_version
from aftc.records import ConsignmentVersion, DeclaredValue, Equipment, Mode, Seal, Unit, UnitKind
from aftc.testing import (
    a_booking,
    a_check_in,
    a_container_entry,
    a_manifest,
    an_import_declaration,
)

SOUND, WRONG = "CSQU3054383", "CSQU3054384"


def _fact(version: ConsignmentVersion, name: str) -> int | None:
    value = dict(zip((fact.name for fact in SCHEMA.facts), extract(version).facts.tolist(), strict=False))[name]
    return value if value >= 0 else None


def _sea(*equipment: Equipment, numbers: tuple[str, ...] = (SOUND,)) -> ConsignmentVersion:
    given: dict[str, Any] = dict.fromkeys(("booking", "check_in", "goods_movement", "previous"))
    return a_version(
        mode=Mode.CONTAINER,
        units=tuple(Unit(UnitKind.CONTAINER, number) for number in numbers),
        movements=tuple(f"V{place}" for place, _ in enumerate(numbers)),
        entry=a_container_entry(),
        manifest=a_manifest(equipment=equipment),
        **given,
    )


def test_a_tractor_that_draws_nothing_is_told_by_the_latest_word() -> None:
    """As checked in, else as in the goods movement, else as booked; unaccompanied trailers have no tractor."""
    ashore = a_version(check_in=None, goods_movement=None, booking=a_booking(trailers=(), containers=()))
    assert _fact(ashore, "vehicle_alone") == 1
    assert _fact(replace(ashore, booking=a_booking(trailers=("T1",))), "vehicle_alone") == 0
    assert _fact(replace(ashore, check_in=a_check_in(trailers=("T1",))), "vehicle_alone") == 0
    assert _fact(replace(ashore, booking=a_booking(vehicle=None, trailers=())), "vehicle_alone") is None
    assert _fact(replace(ashore, mode=Mode.RORO_UNACCOMPANIED), "vehicle_alone") is None
    assert _fact(_sea(), "vehicle_alone") is None


def test_one_wrong_container_number_is_enough() -> None:
    """Its check digit, or its form; a trailer's registration is no container number and is not asked."""
    assert _fact(_sea(numbers=(SOUND,)), "container_number_wrong") == 0
    assert _fact(_sea(numbers=(SOUND, WRONG)), "container_number_wrong") == 1
    assert _fact(_sea(numbers=("BOX 1",)), "container_number_wrong") == 1
    assert _fact(a_version(units=(Unit(UnitKind.TRAILER, WRONG),)), "container_number_wrong") is None


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("45R1",), 1),
        (("22G1", "22r1"), 1),
        (("22G1",), 0),
        ((None, "22G1"), 0),
        ((None,), None),
        (("R",), None),
        ((), None),
    ],
)
def test_a_container_that_cools_is_told_by_its_type(types: tuple[str | None, ...], expected: int | None) -> None:
    """The third sign; a code that is none says nothing."""
    assert _fact(_sea(*[Equipment(SOUND, each) for each in types]), "refrigerated") == expected


def test_a_laden_container_without_a_seal_is_told() -> None:
    """One that is said to be empty needs none; one of which nothing is said counts as laden."""
    sealed = Equipment(SOUND, seals=(Seal("S1", "CA"),), laden=True)
    assert _fact(_sea(sealed), "container_unsealed") == 0
    assert _fact(_sea(sealed, Equipment(WRONG)), "container_unsealed") == 1
    assert _fact(_sea(sealed, Equipment(WRONG, laden=False)), "container_unsealed") == 0
    assert _fact(_sea(Equipment(WRONG, laden=False)), "container_unsealed") is None


def test_a_seal_on_two_containers_is_told() -> None:
    """However it is spelt; twice on one container is one seal."""
    one = Equipment(SOUND, seals=(Seal("SL 1", "CA"), Seal("SL1", "CU")))
    assert _fact(_sea(one), "seal_repeated") is None
    assert _fact(_sea(one, Equipment(WRONG, seals=(Seal("sl1", "CA"),))), "seal_repeated") == 1
    assert _fact(_sea(one, Equipment(WRONG, seals=(Seal("SL2", "CA"),))), "seal_repeated") == 0


@pytest.mark.parametrize(
    ("freight", "invoice", "expected"),
    [
        (DeclaredValue(150_000, "GBP"), DeclaredValue(100_000, "GBP"), 150),
        (DeclaredValue(0, "GBP"), DeclaredValue(100_000, "GBP"), 0),
        (DeclaredValue(150_000, "EUR"), DeclaredValue(100_000, "GBP"), None),
        (DeclaredValue(150_000, "GBP"), DeclaredValue(0, "GBP"), None),
        (DeclaredValue(10**12, "GBP"), DeclaredValue(1, "GBP"), 10_000),
        (None, DeclaredValue(1, "GBP"), None),
        (DeclaredValue(1, "GBP"), None, None),
    ],
)
def test_carriage_is_held_against_what_is_invoiced(
    freight: DeclaredValue | None, invoice: DeclaredValue | None, expected: int | None
) -> None:
    """In one currency; nothing invoiced is no measure."""
    declared = a_version(import_declaration=an_import_declaration(freight=freight, invoice=invoice))
    assert _fact(declared, "freight_of_invoice") == expected
    assert _fact(a_version(import_declaration=None), "freight_of_invoice") is None


def test_the_weekday_is_that_of_the_scheduled_arrival() -> None:
    """Monday is 0; days end at midnight UTC."""
    monday = parse_instant("2026-11-23T00:00:00Z")
    assert [_fact(a_version(scheduled_arrival=monday + each * DAY), "arrival_weekday") for each in range(8)] == [
        *range(7),
        0,
    ]
    assert _fact(a_version(scheduled_arrival=monday - 1), "arrival_weekday") == 6
    assert _fact(a_version(scheduled_arrival=None), "arrival_weekday") is None
