"""Worlds made once for the tests of the world: a small one, a large one, and one of every regime."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy.typing as npt
import pyarrow as pa
import pytest

from training.world.air_messages import air_dispatches
from training.world.cast import Cast, make_cast
from training.world.control_messages import control_dispatches
from training.world.departure_messages import departure_dispatches
from training.world.detection_messages import directed_dispatches, routine_dispatches
from training.world.dispatch import Dispatch
from training.world.document_messages import document_dispatches
from training.world.entry_messages import entry_dispatches
from training.world.ferry_messages import ferry_dispatches
from training.world.import_messages import import_control_dispatches, import_dispatches
from training.world.manifest_messages import manifest_dispatches
from training.world.outcome_messages import outcome_dispatches
from training.world.parameters import Regime, WorldParameters
from training.world.response_messages import response_dispatches
from training.world.selector_messages import selector_dispatches
from training.world.simulation import Week, weeks
from training.world.stowage_messages import stowage_dispatches
from training.world.transit_messages import transit_dispatches
from training.world.truth import truth_table

_FAMILIES = (
    entry_dispatches,
    response_dispatches,
    ferry_dispatches,
    manifest_dispatches,
    stowage_dispatches,
    document_dispatches,
    air_dispatches,
    import_dispatches,
    departure_dispatches,
    transit_dispatches,
    routine_dispatches,
    selector_dispatches,
)

_CAUSED = (control_dispatches, import_control_dispatches, outcome_dispatches, directed_dispatches)

Columns: TypeAlias = dict[str, npt.NDArray[Any]]


@pytest.fixture(scope="session")
def small_cast() -> Cast:
    """The cast of a world of 3,000 consignments in three weeks, a tenth of the units drawn at random."""
    return make_cast(WorldParameters(seed=11, days=20, consignments=3_000, random_stratum=0.1))


@pytest.fixture(scope="session")
def small_weeks(small_cast: Cast) -> list[Week]:
    """Its weeks under the legacy policy."""
    return list(weeks(small_cast))


@pytest.fixture(scope="session")
def large_cast() -> Cast:
    """The cast of a world of 10,000 consignments in nine weeks, .12 of them with a threat, a third examined."""
    return make_cast(WorldParameters(seed=3, days=60, consignments=10_000, prevalence=0.12, random_stratum=0.1))


@pytest.fixture(scope="session")
def large_weeks(large_cast: Cast) -> list[Week]:
    """Its weeks under the legacy policy."""
    return list(weeks(large_cast))


@pytest.fixture(scope="session")
def large_truth(large_cast: Cast, large_weeks: list[Week]) -> Columns:
    """Its truth."""
    return _columns([truth_table(large_cast, week) for week in large_weeks])


@pytest.fixture(scope="session")
def regime_truths() -> dict[Regime, Columns]:
    """The truth of a world of each regime: 25,000 consignments in twelve weeks, .12 of them with a threat."""
    casts = {regime: make_cast(WorldParameters(5, 84, 25_000, 0.12, regime=regime)) for regime in Regime}
    return {regime: _columns([truth_table(cast, week) for week in weeks(cast)]) for regime, cast in casts.items()}


def _columns(tables: list[pa.Table]) -> Columns:
    table = pa.concat_tables(tables)
    return {name: table[name].to_numpy() for name in table.column_names}


@pytest.fixture(scope="session")
def dispatches(small_cast: Cast, small_weeks: list[Week]) -> list[Dispatch]:
    """All its messages, in no order."""
    found: list[Dispatch] = []
    for week in small_weeks:
        for family in _FAMILIES:
            found.extend(family(small_cast, week.arrivals))
        for report in _CAUSED:
            found.extend(report(small_cast, week))
    return found
