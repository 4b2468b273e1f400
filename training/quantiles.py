"""The manifest's frozen tables: quantiles of validation scores, and what a capacity takes of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aftc.models.manifest import ALL_MODES, CapacityThreshold, QuantileRow
from aftc.models.percentiles import quantile_values
from training.evaluation import CAPACITIES
from training.labels import THREATS

__all__ = ["capacity_thresholds", "quantile_rows"]


def quantile_rows(probabilities: NDArray[np.float64], modes: NDArray[np.str_]) -> tuple[QuantileRow, ...]:
    """Quantiles of each threat over all modes, and over each mode that validation held.

    A mode without a row of its own is placed among all modes; so the manifest says which those are.

    Args:
        probabilities: float64[n, threats in the order of `THREATS`], of every validation decision point.
        modes: Modes of arrival of the n consignments.

    Raises:
        TrainingError: no decision points.
    """
    return tuple(
        QuantileRow(mode, threat, quantile_values(probabilities[rows, column]))
        for mode, rows in _by_mode(modes)
        for column, threat in enumerate(THREATS)
    )


def capacity_thresholds(probabilities: NDArray[np.float64], modes: NDArray[np.str_]) -> tuple[CapacityThreshold, ...]:
    """The probability above which each capacity's share of validation decision points lies."""
    return tuple(
        CapacityThreshold(mode, threat, share, _above(probabilities[rows, column], share))
        for mode, rows in _by_mode(modes)
        for column, threat in enumerate(THREATS)
        for share in CAPACITIES
    )


def _above(probability: NDArray[np.float64], share: float) -> float:
    return float(np.quantile(probability, 1.0 - share, method="inverted_cdf"))


def _by_mode(modes: NDArray[np.str_]) -> list[tuple[str, NDArray[np.bool_]]]:
    everyone = (ALL_MODES, np.ones(modes.size, dtype=np.bool_))
    return [everyone, *((mode, modes == mode) for mode in np.unique(modes).tolist())]
