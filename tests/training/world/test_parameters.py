"""Parameters of a world: ranges and their written form."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

import training.world
from aftc.clock import to_datetime
from aftc.errors import InputError
from training.world import FaultLevel, Regime, WorldParameters


def test_the_public_surface_is_what_it_says() -> None:
    """The package gives parameters and what makes a world of them, nothing else."""
    assert training.world.__all__ == ["FaultLevel", "Regime", "WorldParameters", "WorldSummary", "generate"]
    assert all(hasattr(training.world, name) for name in training.world.__all__)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("days", 0),
        ("days", 731),
        ("consignments", 99),
        ("prevalence", 0.009),
        ("prevalence", 0.23),
        ("examined_share", 0.7),
        ("random_stratum", 0.0),
        ("random_stratum", 0.3),
        ("prevalence", float("nan")),
    ],
)
def test_values_outside_their_range_are_refused(name: str, value: float) -> None:
    """Each parameter has a range, and a value outside it is an input error that names the parameter."""
    with pytest.raises(InputError, match=name.replace("_", " ")):
        WorldParameters(**{name: value})  # type: ignore[arg-type]  # the values are wrong on purpose


@pytest.mark.parametrize(("days", "weeks"), [(1, 1), (7, 1), (8, 2), (60, 9), (70, 10)])
def test_the_last_week_may_be_short(days: int, weeks: int) -> None:
    """A run has as many weeks as its days begin."""
    assert WorldParameters(days=days).weeks == weeks


def test_a_world_begins_at_midnight() -> None:
    """The origin is midnight UTC of the first day, and thirty days hold the monthly number of consignments."""
    parameters = WorldParameters(start=date(2026, 7, 1), days=60, consignments=8_000)
    assert to_datetime(parameters.origin) == datetime(2026, 7, 1, tzinfo=UTC)
    assert parameters.monthly == 4_000


@pytest.mark.parametrize("regime", Regime)
def test_written_form_reads_back(regime: Regime) -> None:
    """What world.json holds, written and read as JSON, gives the same parameters."""
    parameters = WorldParameters(
        seed=3, days=9, consignments=500, regime=regime, faults=FaultLevel.HEAVY, start=date(2026, 2, 1)
    )
    assert WorldParameters.from_mapping(json.loads(json.dumps(parameters.as_mapping()))) == parameters


@pytest.mark.parametrize(
    "change", [{"sead": 1}, {"start": "soon"}, {"days": "x"}, {"regime": "calm"}, {"faults": "some"}, {"seed": -1}]
)
def test_unreadable_written_form_is_refused(change: dict[str, int | float | str]) -> None:
    """A mapping with an unknown name or an unreadable value is an input error."""
    with pytest.raises(InputError):
        WorldParameters.from_mapping(WorldParameters().as_mapping() | change)


@pytest.mark.parametrize("name", ["start", "regime", "faults"])
def test_incomplete_written_form_is_refused(name: str) -> None:
    """A mapping without one of the words is an input error."""
    written = WorldParameters().as_mapping()
    del written[name]
    with pytest.raises(InputError, match="generate the world again"):
        WorldParameters.from_mapping(written)
