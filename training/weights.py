"""Weights that undo the selection: an examined consignment stands for all that had its chance to be examined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.errors import TrainingError

__all__ = ["LARGEST_WEIGHT", "Weights", "inverse_probability"]

LARGEST_WEIGHT: Final = 100.0  # a chance of one in a hundred; rarer selections would let single rows decide


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Inverse-probability weights.

    Attributes:
        values: float64[n], 1 / probability, at most `cap`; 0 where nothing was examined.
        cap: The largest weight allowed.
        capped: How many rows were cut down to it.
    """

    values: NDArray[np.float64]
    cap: float
    capped: int


def inverse_probability(probability: NDArray[np.float64], *, cap: float = LARGEST_WEIGHT) -> Weights:
    """Weights of rows by their combined selection probability (Horvitz and Thompson, JASA 1952).

    Args:
        probability: float64[n], NaN where nothing was examined.
        cap: Bounds the variance at the price of some bias, so what it cut is counted.

    Raises:
        TrainingError: an examined row with a probability outside (0, 1].
    """
    known = ~np.isnan(probability)
    wrong = known & ~((probability > 0) & (probability <= 1))
    if wrong.any():
        raise TrainingError(
            "a selection probability above 0 and at most 1 for everything examined",
            f"{probability[wrong][0]} and {int(wrong.sum()) - 1} more",
            advice="correct the outcomes: each needs the probability of every reason considered",
        )
    raw = np.zeros(probability.size)
    raw[known] = 1.0 / probability[known]
    return Weights(np.minimum(raw, cap), cap, int(np.count_nonzero(raw > cap)))
