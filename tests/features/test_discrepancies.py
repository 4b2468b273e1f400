"""Discrepancies: what cannot be true together, and what an honest load may differ by."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aftc.features.algebra import Measure
from aftc.features.discrepancies import discrepant, overweight, seals_differ
from aftc.features.measures import consignment_measures, movement_measures
from aftc.features.particulars import particulars
from aftc.features.testing import a_version
from aftc.records import ConsignmentVersion
from aftc.testing import a_bill, a_booking, a_check_in, a_container_entry, a_manifest, a_roro_entry

TONNE = 1_000_000


def boxed(*, mass: int, packages: int, carried_mass: int | None, carried_packages: int | None) -> ConsignmentVersion:
    """A container consignment as declared and as the carrier has it; no seals."""
    entry = a_container_entry()
    (item,) = entry.items
    bill = a_bill(gross_mass_g=carried_mass, packages=carried_packages)
    return a_version(
        entry=replace(entry, items=(replace(item, gross_mass_g=mass, packages=packages),), seals=()),
        manifest=a_manifest(bill),
        booking=None,
        check_in=None,
        goods_movement=None,
        previous=None,
    )


@pytest.mark.parametrize(
    ("carried_mass", "carried_packages", "expected"),
    [
        (20 * TONNE, 100, False),
        (20 * TONNE + 408_163, 100, False),  # two in a hundred of the greater, and not a gram more
        (20 * TONNE + 408_164, 100, True),
        (19_599_999, 100, True),
        (20 * TONNE, 99, True),
        (None, None, False),
        (None, 101, True),
    ],
)
def test_masses_may_differ_a_little_and_packages_not_at_all(
    carried_mass: int | None, carried_packages: int | None, expected: bool
) -> None:
    """Packages are counted, masses are rounded, with pallets or without."""
    version = boxed(mass=20 * TONNE, packages=100, carried_mass=carried_mass, carried_packages=carried_packages)
    assert discrepant(particulars(version)) is expected
    assert consignment_measures(particulars(version))[Measure.DISCREPANT] == expected
    assert movement_measures(particulars(version), version.units[0])[Measure.DISCREPANT] == 0


@pytest.mark.parametrize(
    ("weighed", "booked", "declared", "expected"),
    [
        (21 * TONNE, 20 * TONNE, 20 * TONNE, True),
        (21 * TONNE, 20 * TONNE, None, True),
        (21 * TONNE, 20 * TONNE, 5 * TONNE, True),  # one of several aboard
        (21 * TONNE, 20 * TONNE, 21 * TONNE, False),
        (19 * TONNE, 20 * TONNE, 20 * TONNE, False),  # lighter than said
        (21 * TONNE, None, 5 * TONNE, False),  # whether anything else is aboard is not known
        (None, 20 * TONNE, 20 * TONNE, False),
    ],
)
def test_a_unit_is_overweight_where_nothing_said_explains_its_weight(
    weighed: int | None, booked: int | None, declared: int | None, expected: bool
) -> None:
    """A declaration of a part of the load explains no lack of weight and a whole one explains more of it."""
    version = a_version(booking=a_booking(gross_mass_g=booked), check_in=a_check_in(weighed_mass_g=weighed))
    assert overweight(version, declared) is expected


def test_seals_are_compared_where_both_sides_have_some() -> None:
    """As registrations are: without blanks and case; with none on one side nothing can be said."""
    sealed = replace(a_roro_entry(), seals=("SL 1", "sl2"))
    assert seals_differ(a_version(entry=sealed, check_in=a_check_in(seals=("SL2", "SL1")))) is False
    assert seals_differ(a_version(entry=sealed, check_in=a_check_in(seals=("SL1",)))) is True
    assert seals_differ(a_version(entry=sealed, check_in=a_check_in(seals=()), manifest=None)) is None
    assert discrepant(particulars(a_version(entry=sealed, check_in=a_check_in(seals=("SL1",)))))
