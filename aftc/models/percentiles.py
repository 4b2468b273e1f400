"""The place of a calibrated score among those of validation, from the manifest's frozen table.

A place is a whole number of thousandths: how many of the 1,000 quantiles lie strictly below the score. So it replays
exactly, and it reads "riskier than 98.7 % of consignments": scores that tie with a quantile do not count as riskier
than it, and a model that gives everyone the same score puts everyone at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.errors import BundleError, TrainingError
from aftc.models.manifest import ALL_MODES, QuantileRow
from aftc.records import Mode, Threat

__all__ = ["QUANTILES", "Percentile", "PercentileTable", "quantile_values"]

QUANTILES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Percentile:
    """A score's place.

    Attributes:
        thousandths: Share of validation decision points with a lower score, 0 to 1,000 thousandths.
        among: The mode compared with, or "all" where validation held none of the score's mode.
    """

    thousandths: int
    among: str


class PercentileTable:
    """Quantiles by mode and threat, ready for look-ups.

    Args:
        rows: The manifest's quantiles; a row for `ALL_MODES` serves the modes without their own.
    """

    __slots__ = ("_values",)

    def __init__(self, rows: Sequence[QuantileRow]) -> None:
        self._values = {(row.mode, row.threat): np.array(row.values, dtype=np.float64) for row in rows}

    def place(self, mode: Mode, threat: Threat, probability: float) -> Percentile:
        """Place of a calibrated probability.

        Raises:
            BundleError: the table holds neither this mode nor all modes for the threat.
        """
        for among in (mode.value, ALL_MODES):
            values = self._values.get((among, threat))
            if values is not None:
                below = int(np.searchsorted(values, probability, side="left"))
                return Percentile(below * QUANTILES // values.size, among)
        raise BundleError(
            f"quantiles of {threat} for {mode} or {ALL_MODES}", "none", advice="evaluate and export again"
        )


def quantile_values(probabilities: NDArray[np.float64]) -> tuple[float, ...]:
    """The 1,000 quantiles of scores: the k-th is the smallest score that at least k thousandths do not exceed.

    Each value is a score that occurred, never an interpolation.

    Raises:
        TrainingError: no scores.
    """
    if not probabilities.size:
        raise TrainingError("at least one validation score", "none")
    ordered = np.sort(probabilities)
    ranks = (np.arange(1, QUANTILES + 1) * ordered.size + QUANTILES - 1) // QUANTILES - 1
    return tuple(ordered[ranks].tolist())
