"""Parameters of a world: ranges and their written form."""

from __future__ import annotations

from datetime import date

import pytest

from aftc.errors import InputError
from training.world import WorldParameters


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("days", 0),
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


def test_written_form_reads_back() -> None:
    """What world.json holds gives the same parameters."""
    parameters = WorldParameters(seed=3, days=9, consignments=500, start=date(2026, 2, 1))
    assert WorldParameters.from_mapping(parameters.as_mapping()) == parameters


@pytest.mark.parametrize(
    "written", [{}, {"start": "2026-01-05", "sead": 1}, {"start": "soon"}, {"start": "2026-01-05", "days": "x"}]
)
def test_unreadable_written_form_is_refused(written: dict[str, int | float | str]) -> None:
    """A mapping with a missing, unknown or unreadable value is an input error."""
    with pytest.raises(InputError):
        WorldParameters.from_mapping(written)
