"""Rates and their 95 % intervals: of counts (Wilson), and of rows that were selected with unequal chances."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np

from training.metrics import Estimate, widened, wilson
from training.world.describe.consignments import Category
from training.world.describe.words import NONE, share
from training.world.parameters import Flags, Floats, Ints

__all__ = ["Rate", "apart", "clustered_rate", "rate", "rate_of", "rates", "weighted_rate"]

_Z: Final = 1.959963984540054  # standard normal quantile of 97.5 %


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of rows and its 95 % interval.

    Attributes:
        hits: How many rows have what is asked.
        rows: Of how many; 0 where there are none, and then nothing is known.
        value: The share; NaN without rows.
    """

    hits: int
    rows: int
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Such as `2.5 % (2.2 % to 2.8 %)`."""
        return f"{share(self.value)} ({self.interval})" if self.rows else NONE

    @property
    def interval(self) -> str:
        """The interval in words."""
        return f"{share(self.low)} to {share(self.high)}" if self.rows else NONE

    def differs(self, value: float) -> bool:
        """Whether a value lies outside the interval."""
        return bool(self.rows) and not self.low <= value <= self.high


def apart(one: Rate, other: Rate) -> str:
    """Whether two rates can be told apart, in words."""
    return "their intervals do not meet" if one.low > other.high or other.low > one.high else "their intervals overlap"


def rate_of(hits: int, rows: int) -> Rate:
    """The rate of counts, with the score interval."""
    if not rows:
        return Rate(0, 0, nan, nan, nan)
    low, high = wilson(hits / rows, np.broadcast_to(np.float64(1.0), rows))
    return Rate(hits, rows, hits / rows, low if hits else 0.0, high if hits < rows else 1.0)  # rounding aside


def rate(flags: Flags, rows: Flags | None = None) -> Rate:
    """The rate of flags; among these rows only, where given."""
    return rate_of(int(flags.sum()), len(flags)) if rows is None else rate_of(int(flags[rows].sum()), int(rows.sum()))


def rates(flags: Flags, by: Category, rows: Flags | None = None) -> list[Rate]:
    """The rate for each name of a category, in the order of its names."""
    among = np.ones(len(flags), dtype=np.bool_) if rows is None else rows
    pairs = zip(by.counts(among & flags).tolist(), by.counts(among).tolist(), strict=True)
    return [rate_of(hits, total) for hits, total in pairs]


def weighted_rate(flags: Flags, chance: Floats, cluster: Ints) -> Rate:
    """The rate of a whole, estimated from rows selected from it, each weighted by 1 / chance (Hájek, 1971).

    The interval takes rows of one cluster together, as they were selected together (linearised variance), and is
    at least as wide as the score interval for as many rows as the weights amount to.

    Args:
        flags: Of the selected rows.
        chance: With which each was selected, above 0.
        cluster: What was selected at once.
    """
    if not len(flags):
        return rate_of(0, 0)
    weight = 1.0 / chance
    value = float((weight * flags).sum() / weight.sum())
    _, place = np.unique(cluster, return_inverse=True)
    pulls = np.bincount(place, weights=weight * (flags - value))
    spread = _Z * float(np.sqrt((pulls**2).sum() * len(pulls) / max(len(pulls) - 1, 1)) / weight.sum())
    whole = widened(Estimate(value, max(0.0, value - spread), min(1.0, value + spread)), weight)
    return Rate(int(flags.sum()), len(flags), value, whole.low or 0.0, whole.high or 0.0)


def clustered_rate(flags: Flags, rows: Flags, cluster: Ints) -> Rate:
    """The rate among rows that come in clusters, such as consignments selected by the unit; interval as above."""
    return weighted_rate(flags[rows], np.ones(int(rows.sum())), cluster[rows])
