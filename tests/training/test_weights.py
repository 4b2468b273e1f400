"""Weights: inverse probabilities, finite, capped with the cap recorded."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.errors import TrainingError
from training.weights import LARGEST_WEIGHT, inverse_probability


def test_weights_are_inverse_probabilities() -> None:
    """1 / p where examined, 0 elsewhere, nothing cut."""
    weights = inverse_probability(np.array([1.0, 0.25, np.nan]))
    assert weights.values.tolist() == [1.0, 4.0, 0.0]
    assert (weights.cap, weights.capped) == (LARGEST_WEIGHT, 0)


def test_the_cap_is_kept_and_counted() -> None:
    """Weights above the cap are cut to it, and the record says how many."""
    weights = inverse_probability(np.array([0.001, 0.5]), cap=10.0)
    assert weights.values.tolist() == [10.0, 2.0]
    assert (weights.cap, weights.capped) == (10.0, 1)


@pytest.mark.parametrize("chance", [0.0, -0.1, 1.1, float("inf")])
def test_what_is_no_probability_is_refused(chance: float) -> None:
    """An examined row must say with which chance it was selected."""
    with pytest.raises(TrainingError, match="selection probability"):
        inverse_probability(np.array([0.5, chance]))


def test_weighted_totals_estimate_the_population() -> None:
    """Over 400 biased selections the mean weighted total of finds is within 2 % of the true; raw rates are not."""
    rng = np.random.default_rng(3)
    found = rng.random(2_000) < 0.1
    chance = np.where(found, 0.6, 0.1) * rng.uniform(0.5, 1.0, 2_000)
    totals, rates = [], []
    for _ in range(400):
        examined = rng.random(2_000) < chance
        weights = inverse_probability(np.where(examined, chance, np.nan)).values
        totals.append((weights * found).sum())
        rates.append(found[examined].mean())
    assert np.mean(totals) == pytest.approx(found.sum(), rel=0.02)
    assert np.mean(rates) > 2 * found.mean()
