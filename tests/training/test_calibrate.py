"""Calibration: the sigmoid that was planted, on the rows that the rule names."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from aftc.errors import TrainingError
from training.calibrate import FEWEST_FINDS, Basis, calibrate, fit_sigmoid


def test_the_planted_sigmoid_is_found() -> None:
    """From 50,000 rows the slope 0.7 and the intercept -2 come back within 0.05."""
    rng = np.random.default_rng(1)
    margin = rng.normal(size=50_000) * 2
    found = rng.random(50_000) < 1 / (1 + np.exp(2 - 0.7 * margin))
    fitted = fit_sigmoid(margin, found, np.ones(50_000))
    assert [fitted.slope, fitted.intercept] == pytest.approx([0.7, -2.0], abs=0.05)


def test_it_is_the_minimum_of_the_smoothed_loss() -> None:
    """The parameters equal those of a general minimiser of Platt's weighted loss."""
    rng = np.random.default_rng(2)
    margin, found, weight = rng.normal(size=80), rng.random(80) < 0.3, rng.uniform(1, 9, 80)
    target = np.where(found, (found.sum() + 1) / (found.sum() + 2), 1 / ((~found).sum() + 2))

    def loss(x: tuple[float, float]) -> float:
        p = 1 / (1 + np.exp(-(x[0] * margin + x[1])))
        return float(-(weight * (target * np.log(p) + (1 - target) * np.log(1 - p))).sum())

    fitted = fit_sigmoid(margin, found, weight)
    assert (fitted.slope, fitted.intercept) == pytest.approx(minimize(loss, (1.0, 0.0), tol=1e-12).x, abs=1e-4)


def test_separable_rows_keep_a_finite_slope() -> None:
    """Where the margin tells finds and others apart without a fault, probabilities still stay inside 0 and 1."""
    margin = np.concatenate([np.full(40, -1.0), np.full(40, 1.0)])
    probability = fit_sigmoid(margin, margin > 0, np.ones(80)).probabilities(margin)
    assert probability.min() > 0.01
    assert probability.max() < 0.99


def test_weights_undo_the_selection() -> None:
    """Rows selected towards finds, weighted back, give the population's rate within 0.02."""
    rng = np.random.default_rng(3)
    margin = rng.normal(size=40_000)
    found = rng.random(40_000) < 1 / (1 + np.exp(3 - margin))
    chance = np.where(found, 0.8, 0.2)
    rows = rng.random(40_000) < chance
    fitted = fit_sigmoid(margin[rows], found[rows], 1 / chance[rows])
    assert fitted.probabilities(margin).mean() == pytest.approx(found.mean(), abs=0.02)


@pytest.mark.parametrize(("finds", "basis"), [(FEWEST_FINDS, Basis.RANDOM), (FEWEST_FINDS - 1, Basis.EXAMINED)])
def test_the_random_stratum_serves_from_thirty_finds(finds: int, basis: Basis) -> None:
    """With 30 finds the stratum alone is used, with 29 all examined rows; rows and finds are told."""
    found = np.arange(1_000) < 100
    margin = found.astype(np.float64) + np.sin(np.arange(1_000, dtype=np.float64))
    stratum = np.zeros(1_000)
    stratum[100 - finds : 400] = 50.0
    made = calibrate(margin, found, np.ones(1_000), stratum, subject="any")
    rows = 300 + finds if basis is Basis.RANDOM else 1_000
    assert (made.basis, made.rows, made.found) == (basis, rows, finds if basis is Basis.RANDOM else 100)


def test_a_model_that_ranks_backwards_is_refused() -> None:
    """A margin that falls as the risk rises is an error, not a calibration."""
    found = np.arange(200) < 60
    with pytest.raises(TrainingError, match=r"any: expected a model that ranks finds above the rest"):
        calibrate(-found.astype(np.float64), found, np.ones(200), np.zeros(200), subject="any")
