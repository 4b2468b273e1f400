"""What outcomes add."""

from __future__ import annotations

import pytest

from aftc.features.algebra import OUTCOME_MEASURES, THREAT_MEASURES, Measure
from aftc.features.measures import outcome_deltas
from aftc.records import Threat


@pytest.mark.parametrize(
    ("threats", "added"),
    [
        ((), {Measure.EXAMINED}),
        ((Threat.COCAINE,), {Measure.EXAMINED, Measure.FOUND, Measure.FOUND_COCAINE}),
        ((Threat.COCAINE, Threat.COCAINE), {Measure.EXAMINED, Measure.FOUND, Measure.FOUND_COCAINE}),
        ((Threat.OTHER,), {Measure.EXAMINED, Measure.FOUND}),
        (
            (Threat.HEROIN, Threat.FIREARMS),
            {Measure.EXAMINED, Measure.FOUND, Measure.FOUND_HEROIN, Measure.FOUND_FIREARMS},
        ),
    ],
)
def test_an_examination_counts_once_and_each_threat_once(threats: tuple[Threat, ...], added: set[Measure]) -> None:
    """An examination with two finds of one threat is one examination with that threat."""
    deltas = outcome_deltas(threats)
    assert {measure for measure in Measure if deltas[measure]} == added
    assert set(deltas) <= {0, 1}


def test_outcome_measures_are_those_an_examination_can_add() -> None:
    """Every threat but `any` and `other` has a measure of its own."""
    assert {Measure.EXAMINED, Measure.FOUND, *THREAT_MEASURES.values()} == OUTCOME_MEASURES
    assert set(Threat) - set(THREAT_MEASURES) == {Threat.ANY, Threat.OTHER}
