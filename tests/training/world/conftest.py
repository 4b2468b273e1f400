"""Small worlds, made once, for the tests of the world."""

from __future__ import annotations

from itertools import chain

import pytest

from training.world import WorldParameters
from training.world.dispatch import Dispatch
from training.world.entry_messages import entry_dispatches
from training.world.ferry_messages import ferry_dispatches
from training.world.imagined import World, imagine
from training.world.manifest_messages import manifest_dispatches
from training.world.outcome_messages import outcome_dispatches


@pytest.fixture(scope="session")
def small() -> World:
    """A world of 1,500 consignments in twenty days, a tenth at random."""
    return imagine(WorldParameters(seed=11, days=20, consignments=1_500, random_stratum=0.1))


@pytest.fixture(scope="session")
def demonstration() -> World:
    """The world of the demonstration: 10,000 consignments in sixty days, a tenth at random."""
    return imagine(WorldParameters(random_stratum=0.1))


@pytest.fixture(scope="session")
def dispatches(small: World) -> list[Dispatch]:
    """All messages of the small world, in no order."""
    return list(
        chain(entry_dispatches(small), ferry_dispatches(small), manifest_dispatches(small), outcome_dispatches(small))
    )
