"""Figures of a ranking, weighted, with intervals from the bootstrap.

Every figure is a function of the rows' weights, so that the same function serves the point estimate (inverse
selection probabilities, or ones where the truth is known) and each resample (the same weights times how often a row
was drawn). scikit-learn has the average precision but not this form; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DRAWS",
    "Estimate",
    "Ranking",
    "Resamples",
    "Statistic",
    "estimates",
    "lower_bound",
    "ratio",
    "selection",
    "share_of",
    "widened",
    "wilson",
]

DRAWS: Final = 400  # resamples: the ends of a 95 % interval then rest on ten draws each
_INTERVAL: Final = (2.5, 97.5)  # percentiles
_LOWER_BOUND: Final = 5.0  # percentile of a one-sided 95 % bound
_CELLS_AT_ONCE: Final = 250_000  # weights of resamples computed with at once: 2 MB, within the caches
_KEPT_CELLS: Final = 8_000_000  # weights of resamples kept for the next figure: 64 MB
_Z: Final = 1.959963984540054  # standard normal quantile of 97.5 %

Statistic: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; None where the rows do not determine it."""

    value: float | None
    low: float | None
    high: float | None


class Ranking:
    """Rows ordered by score, ready to be weighted again and again.

    Args:
        found: bool[n], whether the threat is there.
        score: float64[n]; equal scores share one place.
    """

    __slots__ = ("_found", "_holds", "_last_of_tie", "_order")

    def __init__(self, found: NDArray[np.bool_], score: NDArray[np.float64]) -> None:
        self._order = np.argsort(-score, kind="stable")
        ranked = score[self._order]
        self._last_of_tie = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if score.size else self._order
        self._found = found[self._order]
        self._holds = found.astype(np.float64)

    def average_precision(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[b] of float64[b, n] weights: the sum over scores of precision times gain in recall.

        NaN where no find has weight.
        """
        ranked = weight[:, self._order]
        hits = np.cumsum(ranked * self._found, axis=1)[:, self._last_of_tie]
        taken = np.cumsum(ranked, axis=1)[:, self._last_of_tie]
        precision = np.divide(hits, taken, out=np.zeros_like(hits), where=taken > 0)
        return ratio((precision * np.diff(hits, axis=1, prepend=0.0)).sum(axis=1), weight @ self._holds)


def ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[b]: part / whole, NaN where the whole is not above 0."""
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0))


def selection(score: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """float64[n], 1 for those that a capacity takes, 0 for the others, and between for a tie at the edge.

    Rows that tie for the last places share them evenly: the figure is then what drawing among them would give on
    average. So a constant score is a random choice.

    Args:
        score: float64[n].
        share: Of all rows, 0 to 1; at least one row is taken.
    """
    places = max(1, round(share * score.size))
    edge = np.partition(score, score.size - places)[score.size - places]
    above = score > edge
    tied = score == edge
    return np.where(above, 1.0, np.where(tied, (places - above.sum()) / tied.sum(), 0.0))


class Resamples:
    """Weights of rows, and resamples of them by whole clusters (Efron, 1979).

    The draws depend on the seed and the number of clusters alone, so two figures of the same rows are paired. They are
    kept while they are small, and drawn again where they are not.

    Args:
        weight: float64[n].
        cluster: int64[n], rows that were examined together and so are drawn together.
        seed: Of the draws.
        draws: How many.
    """

    __slots__ = ("_cluster", "_kept", "draws", "seed", "weight")

    def __init__(
        self, weight: NDArray[np.float64], cluster: NDArray[np.int64], *, seed: int, draws: int = DRAWS
    ) -> None:
        self.weight = weight
        self.seed = seed
        self.draws = draws
        self._cluster = cluster
        self._kept: list[NDArray[np.float64]] | None = None

    def __iter__(self) -> Iterator[NDArray[np.float64]]:
        """float64[b, n] weights of some resamples at a time: each row's weight times how often it was drawn."""
        if self._kept is None and self.weight.size * self.draws <= _KEPT_CELLS:
            self._kept = list(self._drawn())
        yield from self._drawn() if self._kept is None else self._kept

    def _drawn(self) -> Iterator[NDArray[np.float64]]:
        random = np.random.default_rng(self.seed)
        members, place = np.unique(self._cluster, return_inverse=True)
        at_once = max(1, _CELLS_AT_ONCE // max(self.weight.size, 1))
        for done in range(0, self.draws if members.size else 0, at_once):
            times = _times(random, members.size, min(at_once, self.draws - done))
            yield self.weight * times[:, place]

    def figures(self, statistic: Statistic) -> NDArray[np.float64]:
        """float64[draws, k]: a statistic's k figures over the resamples; without rows, of no rows."""
        return np.concatenate([statistic(weights) for weights in self] or [statistic(self.weight[None, :])])


def _times(random: np.random.Generator, members: int, draws: int) -> NDArray[np.int64]:
    """int64[draws, members]: how often each cluster is drawn."""
    drawn = random.integers(0, members, (draws, members)) + np.arange(draws)[:, None] * members
    return np.bincount(drawn.ravel(), minlength=draws * members).reshape(draws, members)


def estimates(statistic: Statistic, resamples: Resamples) -> tuple[Estimate, ...]:
    """The figures of a statistic with their intervals; resamples that do not determine a figure are left out."""
    values = statistic(resamples.weight[None, :])[0].tolist()
    drawn = resamples.figures(statistic)
    return tuple(_estimate(value, drawn[:, place]) for place, value in enumerate(values))


def wilson(share: float, weight: NDArray[np.float64]) -> tuple[float, float]:
    """95 % score interval of a weighted share (Wilson, 1927), for as many rows as the weights amount to (Kish, 1965).

    Args:
        share: Weighted mean of flags, 0 to 1.
        weight: float64[n], of the rows that it is the mean of; not all 0.
    """
    rows = float(weight.sum() ** 2 / np.sum(weight**2))
    middle = (share + _Z**2 / (2 * rows)) / (1 + _Z**2 / rows)
    reach = _Z / (1 + _Z**2 / rows) * np.sqrt(share * (1 - share) / rows + _Z**2 / (4 * rows**2))
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))


def share_of(values: NDArray[np.bool_ | np.float64], resamples: Resamples) -> Estimate:
    """Weighted mean of values from 0 to 1; of flags with the interval of `widened`."""
    numbers = values.astype(np.float64)

    def figures(w: NDArray[np.float64]) -> NDArray[np.float64]:
        return ratio(w @ numbers, w.sum(axis=1))[:, None]

    (estimate,) = estimates(figures, resamples)
    return widened(estimate, resamples.weight) if np.isin(numbers, (0.0, 1.0)).all() else estimate


def widened(estimate: Estimate, weight: NDArray[np.float64]) -> Estimate:
    """A weighted share of flags, its interval at least as wide as the score interval.

    A few rows that all agree give resamples that all agree, and the bootstrap alone would say that there is no doubt.
    """
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return estimate
    low, high = wilson(estimate.value, weight)
    return Estimate(estimate.value, min(low, estimate.low), max(high, estimate.high))


def lower_bound(drawn: NDArray[np.float64]) -> float | None:
    """One-sided 95 % lower bound of one figure's resamples; None where none determines it."""
    known = drawn[~np.isnan(drawn)]
    return float(np.percentile(known, _LOWER_BOUND)) if known.size else None


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    known = drawn[~np.isnan(drawn)]
    if np.isnan(value) or not known.size:
        return Estimate(None, None, None)
    low, high = np.percentile(known, _INTERVAL)
    return Estimate(float(value), float(low), float(high))
