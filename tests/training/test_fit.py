"""Fitting: deterministic, monotone where the schema says so, and only on rows that can teach."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from aftc.errors import TrainingError
from aftc.features.catalogue import SCHEMA
from training.fit import FitSettings, Sample, fit, margins

SMALL = FitSettings(rounds=30, patience=30, threads=1, rows_in_leaf=10)
RISING = SCHEMA.monotone.index(1)
CATEGORY = next(place for place, size in enumerate(SCHEMA.categorical_sizes) if size > 100)


def sample(rows: int, seed: int) -> Sample:
    """Risk follows one feature against its constraint's direction half the time, and one category."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(rows, len(SCHEMA.names)))
    for place, size in enumerate(SCHEMA.categorical_sizes):
        if size:
            vectors[:, place] = rng.integers(0, min(size, 8), rows)
    vectors[rng.random(vectors.shape) < 0.1] = np.nan
    signal = np.nan_to_num(vectors[:, RISING]) * np.where(rng.random(rows) < 0.7, 1, -1)
    signal += 6.0 * np.isin(vectors[:, CATEGORY], (1, 3, 6)) - 3.0
    return Sample(vectors, rng.random(rows) < 1 / (1 + np.exp(1 - signal)), rng.uniform(1, 20, rows))


@pytest.fixture(scope="module")
def samples() -> tuple[Sample, Sample]:
    """Training and validation rows."""
    return sample(600, 1), sample(300, 2)


def test_the_same_rows_and_seed_give_the_same_model(samples: tuple[Sample, Sample]) -> None:
    """Two fits are equal text for text, on one thread and on two; another seed differs."""
    for threads in (1, 2):
        settings = FitSettings(rounds=8, patience=8, threads=threads)
        first, second = (fit(*samples, SCHEMA, settings, subject="any").model_to_string() for _ in range(2))
        assert first == second
    other = FitSettings(rounds=8, patience=8, threads=2, seed=1)
    assert fit(*samples, SCHEMA, other, subject="any").model_to_string() != first


def test_risk_never_falls_where_it_may_only_rise(samples: tuple[Sample, Sample]) -> None:
    """Along a rising feature no margin falls, whatever the rows say."""
    booster = fit(*samples, SCHEMA, SMALL, subject="any")
    line: NDArray[np.float64] = np.repeat(samples[0].vectors[:20], 30, axis=0)
    line[:, RISING] = np.tile(np.linspace(-3, 3, 30), 20)
    steps = np.diff(margins(booster, line).reshape(20, 30), axis=1)
    assert (steps >= -1e-12).all()
    assert steps.max() > 0


def test_categories_are_split_as_sets(samples: tuple[Sample, Sample]) -> None:
    """The schema's categorical features are told to LightGBM as such, and names are the schema's."""
    booster = fit(*samples, SCHEMA, SMALL, subject="any")
    assert tuple(booster.feature_name()) == SCHEMA.names
    assert "==" in set(booster.trees_to_dataframe()["decision_type"].dropna())


def test_fitting_stops_early(samples: tuple[Sample, Sample]) -> None:
    """Rounds end where validation does not rank better for a while; only trees up to the best are kept."""
    booster = fit(*samples, SCHEMA, FitSettings(rounds=500, patience=5, threads=1), subject="any")
    assert 0 < booster.best_iteration == booster.num_trees() < 400
    assert margins(booster, samples[1].vectors).shape == (300,)


@pytest.mark.parametrize("found", [True, False])
def test_rows_of_one_kind_teach_nothing(samples: tuple[Sample, Sample], found: bool) -> None:
    """A part with finds alone, or without any, is an error that names threat and part."""
    train, validation = samples
    one_kind = Sample(validation.vectors, np.full(300, found), validation.weight)
    with pytest.raises(TrainingError, match=r"cocaine.*validation part"):
        fit(train, one_kind, SCHEMA, SMALL, subject="cocaine")
