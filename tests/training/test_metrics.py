"""Figures of a ranking: against scikit-learn, against ten lines, and intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from training.metrics import (
    Estimate,
    Ranking,
    Resamples,
    Statistic,
    estimates,
    lower_bound,
    selection,
    share_of,
    wilson,
)

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 4)), min_size=1, max_size=40)


@given(ROWS)
def test_average_precision_equals_scikit_learn(rows: list[tuple[bool, int, int]]) -> None:
    """With ties and weights, rows of weight 0 among them."""
    found, score, weight = (np.array(column) for column in zip(*rows, strict=True))
    (ours,) = Ranking(found, score.astype(np.float64)).average_precision(weight.astype(np.float64)[None, :])
    if not (found * weight).any():
        assert np.isnan(ours)
    else:
        assert ours == pytest.approx(average_precision_score(found, score, sample_weight=weight), abs=1e-12)


def test_a_constant_score_is_the_base_rate() -> None:
    """Chance finds as often as the threat occurs."""
    found = np.arange(50) < 5
    assert Ranking(found, np.zeros(50)).average_precision(np.ones((1, 50))) == pytest.approx(0.1)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50), st.floats(0.01, 1.0))
def test_a_capacity_is_spent_in_full_and_on_the_highest(scores: list[int], share: float) -> None:
    """As many places as the share allows, none to a row while a higher one goes without."""
    score = np.array(scores, dtype=np.float64)
    chosen = selection(score, share)
    assert chosen.sum() == pytest.approx(max(1, round(share * score.size)))
    for row, other in np.argwhere(score[:, None] > score[None, :]).tolist():
        assert chosen[row] == 1.0 or chosen[other] == 0.0
    for value in np.unique(score):
        assert np.ptp(chosen[score == value]) == 0.0


def rows_of(weight: NDArray[np.float64], cluster: NDArray[np.int64], **given: int) -> NDArray[np.float64]:
    """The weights of all resamples."""
    return np.concatenate(list(Resamples(weight, cluster, **({"seed": 7} | given))))


def test_resamples_draw_whole_clusters() -> None:
    """Rows examined together are drawn together: counts of a cluster's rows are equal in every resample."""
    drawn = rows_of(np.ones(6), np.array([0, 0, 1, 2, 2, 2]), draws=50)
    assert drawn.shape == (50, 6)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert (drawn[:, 3] == drawn[:, 4]).all()
    assert (drawn[:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_the_same_seed_gives_the_same_resamples() -> None:
    """Two rankings of the same rows are resampled alike, so their differences are paired; kept or drawn again."""
    weight, cluster = np.arange(1.0, 21.0), np.arange(20)
    resamples = Resamples(weight, cluster, seed=7, draws=20)
    first, again = (np.concatenate(list(resamples)) for _ in range(2))
    assert (first == again).all()
    assert (first == rows_of(weight, cluster, draws=20)).all()
    assert not (first == rows_of(weight, cluster, draws=20, seed=8)).all()


def test_many_rows_are_drawn_in_parts() -> None:
    """Above a number of weights the resamples come a few at a time, all of them."""
    parts = list(Resamples(np.ones(100_000), np.arange(100_000), seed=1, draws=5))
    assert [part.shape for part in parts] == [(2, 100_000), (2, 100_000), (1, 100_000)]
    assert all((part.sum(axis=1) == 100_000).all() for part in parts)


def test_intervals_cover_the_truth() -> None:
    """Of 100 weighted samples at least 90 intervals of a rate and of an average precision hold the true value."""
    rng = np.random.default_rng(5)
    size = 8_000
    score = rng.normal(size=size)
    found = rng.random(size) < 1 / (1 + np.exp(3 - score))
    chance = np.clip(0.01 + 0.02 * (score > 0) + 0.01 * rng.random(size), 0, 1)
    rate, ranked = found.mean(), average_precision_score(found, score)
    held = np.zeros(2)
    for turn in range(100):
        rows = rng.random(size) < chance
        ranking, weight = Ranking(found[rows], score[rows]), 1 / chance[rows]
        resamples = Resamples(weight, np.arange(int(rows.sum())), seed=turn)
        (precision,) = estimates(_statistic(ranking), resamples)
        held += [_holds(share_of(found[rows], resamples), rate), _holds(precision, ranked)]
    assert held.min() >= 90


def _statistic(ranking: Ranking) -> Statistic:
    return lambda weight: ranking.average_precision(weight)[:, None]


def _holds(estimate: Estimate, value: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= value <= estimate.high


def test_a_single_row_leaves_wide_doubt() -> None:
    """One find in one search is no certainty: the interval reaches from a fifth to one (Wilson)."""
    (low, high) = wilson(1.0, np.ones(1))
    assert low == pytest.approx(1 / (1 + 1.959963984540054**2))
    assert high == 1.0
    one = Resamples(np.ones(1), np.zeros(1, dtype=np.int64), seed=1)
    assert share_of(np.array([True]), one).low == pytest.approx(low)


def test_nothing_known_determines_nothing() -> None:
    """Without a weighted row a figure and its interval are None, not 0."""
    nothing = share_of(np.zeros(3, dtype=np.bool_), Resamples(np.zeros(3), np.arange(3), seed=1))
    assert nothing == Estimate(None, None, None)
    assert lower_bound(np.array([np.nan])) is None
