"""Conduct: signs, and that none of them tells the truth by itself."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from training.world.conduct import dirty_units
from training.world.imagined import World
from training.world.observed import observe
from training.world.parameters import Flags
from training.world.schemes import NO_SCHEME
from training.world.signs import Sign, Signs


def _near(shown: Flags, expected: float) -> bool:
    return bool(abs(float(shown.mean()) - expected) < 4 * np.sqrt(expected / len(shown)))


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        ("driver_changed", Signs.DRIVER_CHANGED),
        ("haulier_other", Signs.HAULIER_OTHER),
        ("seal_changed", Signs.SEAL_CHANGED),
        ("return_trip", Signs.RETURN_TRIP),
    ],
)
def test_units_show_signs_at_their_rates(demonstration: World, column: str, sign: Sign) -> None:
    """Signs of units occur at the documented rates, with and without a scheme aboard (within four errors)."""
    dirty = dirty_units(demonstration.traffic, demonstration.schemes)
    shown = getattr(demonstration.carriage, column)
    assert _near(shown[dirty], sign.scheme)
    assert _near(shown[~dirty], sign.honest)


@pytest.mark.parametrize(("column", "sign"), [("vague", Signs.VAGUE), ("to_order", Signs.TO_ORDER)])
def test_papers_show_signs_at_their_rates(demonstration: World, column: str, sign: Sign) -> None:
    """Signs of papers occur at the documented rates, with and without a scheme (within four errors)."""
    dirty = demonstration.schemes.threat != NO_SCHEME
    shown = getattr(demonstration.paperwork, column)
    assert _near(shown[dirty], sign.scheme)
    assert _near(shown[~dirty], sign.honest)


def test_no_single_column_tells_the_truth(demonstration: World) -> None:
    """Ranking by any one column, upwards or downwards, stays below half of the oracle's average precision."""
    truth, seen = demonstration.schemes.y_any, observe(demonstration)
    oracle = average_precision_score(truth, demonstration.schemes.p_any)
    columns = np.nan_to_num(np.hstack([seen.raw, seen.mismatches]))
    best = max(average_precision_score(truth, side * column) for column in columns.T for side in (1.0, -1.0))
    assert best < oracle / 2


def test_mass_aboard_adds_up(small: World) -> None:
    """What the port weighs is, but for hidden weight, what the goods weigh: the median ratio is within 1 % of one."""
    traffic = small.traffic
    mass = np.zeros(len(traffic.units.number))
    for unit, units, grams in zip(
        traffic.consignments.unit, traffic.consignments.units, traffic.consignments.mass, strict=True
    ):
        mass[unit : unit + units] += grams / units
    laden = mass > 0
    assert abs(np.median(small.carriage.weighed_mass[laden] / mass[laden]) - 1) < 0.01
