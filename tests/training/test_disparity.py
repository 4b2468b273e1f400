"""Disparity: rates of groups at a capacity, by counting."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.features.catalogue import SCHEMA
from aftc.reference.countries import code_of
from training.dataset import TrainingSet
from training.disparity import CAPACITY, FEWEST_UNITS, OTHERS, UNKNOWN, groups
from training.evidence import evidence_from_outcomes
from training.testing import a_training_set, labels_of

ROWS = 2_000


@pytest.fixture(scope="module")
def made() -> TrainingSet:
    """Consignments from Spain, a few from Malta, some from nowhere; a third found, all examined at random."""
    vectors = np.zeros((ROWS, len(SCHEMA.names)))
    country = np.full(ROWS, float(code_of("ES") or 0))
    country[:200] = np.nan
    country[200 : 200 + FEWEST_UNITS - 1] = float(code_of("MT") or 0)
    vectors[:, SCHEMA.names.index("dispatch_country")] = country
    every = np.ones(ROWS, dtype=np.bool_)
    return a_training_set(vectors, labels_of(np.arange(ROWS) % 3 == 0, every, np.full(ROWS, 0.5)))


def test_rates_equal_the_count(made: TrainingSet) -> None:
    """The 100 highest of 2,000 are searched: 60 of those not stated and 40 of Spain's, finds as they were."""
    score = np.zeros(ROWS)
    score[:60], score[1_000:1_040] = 0.9, 0.8
    told = {
        each.name: each for each in groups(made, evidence_from_outcomes(made, np.ones(ROWS, dtype=np.bool_)), score)
    }
    assert CAPACITY * ROWS == 100
    assert told[UNKNOWN].selection_rate == pytest.approx(60 / 200)
    assert told["ES"].selection_rate == pytest.approx(40 / (ROWS - 200 - FEWEST_UNITS + 1))
    assert told[UNKNOWN].hit_rate.value == pytest.approx(20 / 60)
    assert told["ES"].hit_rate.value == pytest.approx(sum(row % 3 == 0 for row in range(1_000, 1_040)) / 40)
    assert (told["ES"].known, told[UNKNOWN].known) == (40, 60)


def test_small_countries_are_counted_together(made: TrainingSet) -> None:
    """Forty-nine units of one country are no group of their own; nobody of them searched leaves the rate open."""
    told = {
        each.name: each
        for each in groups(made, evidence_from_outcomes(made, np.ones(ROWS, dtype=np.bool_)), np.arange(ROWS) / ROWS)
        if each.by == "dispatched from"
    }
    assert set(told) == {"ES", OTHERS, UNKNOWN}
    assert told[OTHERS].units == FEWEST_UNITS - 1
    assert told[OTHERS].hit_rate.value is None
