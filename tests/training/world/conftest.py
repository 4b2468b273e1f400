"""A small world, made once, for the tests of the world."""

from __future__ import annotations

import pytest

from training.world.cast import Cast, make_cast
from training.world.control_messages import control_dispatches
from training.world.dispatch import Dispatch
from training.world.entry_messages import entry_dispatches
from training.world.ferry_messages import ferry_dispatches
from training.world.manifest_messages import manifest_dispatches
from training.world.outcome_messages import outcome_dispatches
from training.world.parameters import WorldParameters
from training.world.simulation import Week, weeks


@pytest.fixture(scope="session")
def small_cast() -> Cast:
    """The cast of a world of 3,000 consignments in three weeks, a tenth of the units drawn at random."""
    return make_cast(WorldParameters(seed=11, days=20, consignments=3_000, random_stratum=0.1))


@pytest.fixture(scope="session")
def small_weeks(small_cast: Cast) -> list[Week]:
    """Its weeks under the legacy policy."""
    return list(weeks(small_cast))


@pytest.fixture(scope="session")
def dispatches(small_cast: Cast, small_weeks: list[Week]) -> list[Dispatch]:
    """All its messages, in no order."""
    found: list[Dispatch] = []
    for week in small_weeks:
        for family in (entry_dispatches, ferry_dispatches, manifest_dispatches):
            found.extend(family(small_cast, week.arrivals))
        for report in (control_dispatches, outcome_dispatches):
            found.extend(report(small_cast, week))
    return found
