"""Shares: the probability of a threat with too few finds for a model of its own, as a share of `any`."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.labels import FOUND, THREATS, UNKNOWN

__all__ = ["MINIMUM_FINDS", "PSEUDO_FINDS", "shrunken_share"]

MINIMUM_FINDS: Final = 300  # found positives below which a threat has no model of its own
PSEUDO_FINDS: Final = 20.0  # how many finds the even share counts for


def shrunken_share(threat: NDArray[np.int8], any_threat: NDArray[np.int8], weight: NDArray[np.float64]) -> float:
    """Share of the consignments with any find that hold this threat, shrunken to an even share of all threats.

    Args:
        threat: int8[n], its labels.
        any_threat: int8[n], labels of `any`.
        weight: float64[n], inverse selection probabilities; rescaled, so that n finds weigh n.
    """
    rows = (any_threat == FOUND) & (threat != UNKNOWN)
    even = 1.0 / (len(THREATS) - 1)
    if not rows.any():
        return even
    scaled = weight[rows] / weight[rows].mean()
    hits = float(scaled[threat[rows] == FOUND].sum())
    return (hits + PSEUDO_FINDS * even) / (float(scaled.sum()) + PSEUDO_FINDS)
