"""Calibration: from margins to probabilities that hold for all consignments, not for the selected ones.

The sigmoid is fitted on the random stratum of validation, where nothing but chance decided. With too few finds there,
all examined rows of validation serve, weighted by their selection probability. Isotonic steps would tie the top of
the ranking, where the capacity is spent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from aftc.errors import TrainingError
from aftc.models.calibration import Calibration

__all__ = ["FEWEST_FINDS", "Basis", "CalibrationFit", "calibrate", "fit_sigmoid"]

FEWEST_FINDS: Final = 30  # finds in the random stratum below which it cannot place a sigmoid


class Basis(StrEnum):
    """The rows that a calibration rests on."""

    RANDOM = "random stratum of validation"
    EXAMINED = "weighted examined rows of validation"


@dataclass(frozen=True, slots=True)
class CalibrationFit:
    """A calibration with the rows and finds that it rests on."""

    calibration: Calibration
    basis: Basis
    rows: int
    found: int


def calibrate(
    margin: NDArray[np.float64],
    found: NDArray[np.bool_],
    weight: NDArray[np.float64],
    random_weight: NDArray[np.float64],
    *,
    subject: str,
) -> CalibrationFit:
    """Fit a threat's calibration on labelled validation rows.

    Args:
        margin: float64[n], log-odds as trained.
        found: bool[n].
        weight: float64[n], inverse selection probabilities.
        random_weight: float64[n], inverse probabilities of the random draws; 0 outside the random stratum.
        subject: The threat, for the error.

    Raises:
        TrainingError: the margin does not rise with the risk on these rows.
    """
    stratum = random_weight > 0
    basis = Basis.RANDOM if int(found[stratum].sum()) >= FEWEST_FINDS else Basis.EXAMINED
    rows = stratum if basis is Basis.RANDOM else np.ones(found.size, dtype=np.bool_)
    fitted = fit_sigmoid(margin[rows], found[rows], (random_weight if basis is Basis.RANDOM else weight)[rows])
    if fitted.slope <= 0:
        raise TrainingError(
            "a model that ranks finds above the rest on validation",
            f"a calibration slope of {fitted.slope:.3g} on the {basis}",
            advice="ingest more outcomes, or look for a change between the training and the validation period",
            subject=subject,
        )
    return CalibrationFit(fitted, basis, int(rows.sum()), int(found[rows].sum()))


def fit_sigmoid(margin: NDArray[np.float64], found: NDArray[np.bool_], weight: NDArray[np.float64]) -> Calibration:
    """Weighted sigmoid with smoothed targets (Platt, 1999), so that separable rows keep a finite slope.

    Each row enters twice, as a find and as none, in the proportion of its smoothed target.
    """
    finds, others = int(found.sum()), int((~found).sum())
    target = np.where(found, (finds + 1) / (finds + 2), 1 / (others + 2))
    rows = np.concatenate([margin, margin])[:, None]
    sides = np.repeat([1, 0], margin.size)
    shares = np.concatenate([weight * target, weight * (1 - target)])
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1_000)
    model.fit(rows, sides, sample_weight=shares / weight.mean())
    return Calibration(slope=float(model.coef_[0, 0]), intercept=float(model.intercept_[0]))
