"""Features of sea carriage: verified masses and the electronic bill beside the manifest's."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aftc.features.catalogue import SCHEMA
from aftc.features.extract import extract
from aftc.features.testing import a_version
from aftc.records import ConsignmentVersion, Mode, Unit, UnitKind
from aftc.testing import (
    a_bay_plan,
    a_container_entry,
    a_container_order,
    a_manifest,
    a_transport_document,
    a_voyage_container,
)

OTHER = "MSCU1234566"


def _sea(**given: Any) -> ConsignmentVersion:
    defaults: dict[str, Any] = {
        "mode": Mode.CONTAINER,
        "units": (Unit(UnitKind.CONTAINER, "CSQU3054383"),),
        "movements": ("V1",),
        "entry": a_container_entry(),
        "manifest": a_manifest(),
        "booking": None,
        "check_in": None,
        "goods_movement": None,
        "previous": None,
    }
    return a_version(**{**defaults, **given})


def _fact(version: ConsignmentVersion, name: str) -> int | None:
    value = dict(zip((fact.name for fact in SCHEMA.facts), extract(version).facts.tolist(), strict=False))[name]
    return value if value >= 0 else None


def test_the_bay_plan_has_the_last_word_on_a_verified_mass() -> None:
    """It was made when the container was aboard; an order stands in where there is none."""
    order = a_container_order(a_voyage_container(verified_mass_g=26_000_000))
    assert _fact(_sea(container_order=order), "verified_mass") == 26_000_000
    assert _fact(_sea(container_order=order, bay_plan=a_bay_plan()), "verified_mass") == 27_100_000
    unverified = a_bay_plan(a_voyage_container(verified_mass_g=None, gross_mass_g=1))
    assert _fact(_sea(container_order=order, bay_plan=unverified), "verified_mass") == 26_000_000
    assert _fact(_sea(), "verified_mass") is None


def test_a_verified_mass_is_of_all_containers_or_none() -> None:
    """A part of them is no total."""
    units = (Unit(UnitKind.CONTAINER, "CSQU3054383"), Unit(UnitKind.CONTAINER, OTHER))
    both = _sea(units=units, movements=("V1", "V2"), bay_plan=a_bay_plan())
    assert _fact(both, "verified_mass") is None
    plan = a_bay_plan(a_voyage_container(), a_voyage_container(number=OTHER, verified_mass_g=1_000_000))
    assert _fact(replace(both, bay_plan=plan), "verified_mass") == 28_100_000


def test_an_electronic_bill_beside_the_manifest_s() -> None:
    """Each says its own mass."""
    version = _sea(transport_document=a_transport_document())
    assert (_fact(version, "document_mass"), _fact(version, "carried_mass")) == (22_400_000, 22_400_000)
    assert _fact(_sea(), "document_mass") is None
