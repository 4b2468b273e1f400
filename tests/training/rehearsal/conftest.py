"""A small world for the tests of rehearsal, made once."""

from __future__ import annotations

import pytest

from training.world.cast import Cast, make_cast
from training.world.parameters import FaultLevel, WorldParameters
from training.world.simulation import Week, weeks


@pytest.fixture(scope="session")
def little_cast() -> Cast:
    """The cast of a world of 1,200 consignments in four weeks, much examined, with the usual faults."""
    return make_cast(
        WorldParameters(
            seed=5,
            days=28,
            consignments=1_200,
            prevalence=0.15,
            examined_share=0.5,
            random_stratum=0.1,
            faults=FaultLevel.USUAL,
        )
    )


@pytest.fixture(scope="session")
def little_weeks(little_cast: Cast) -> list[Week]:
    """Its weeks under the legacy policy."""
    return list(weeks(little_cast))
