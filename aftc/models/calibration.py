"""From a margin (log-odds as trained) to a probability: sigmoid or beta calibration in one form.

    log-odds = slope * m + bend * softplus(m) + intercept,    softplus(m) = log(1 + exp(m))

With bend 0 this is Platt's sigmoid. With s = sigmoid(m), beta calibration (Kull, Silva Filho and Flach, AISTATS 2017)
is a * ln(s) - b * ln(1 - s) + c: slope = a, bend = b - a, intercept = c. Both keep the order of margins, so ranks and
ties stay as the model made them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

__all__ = ["Calibration"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Parameters of one threat's calibration; all dimensionless, in log-odds.

    Attributes:
        slope: Log-odds per unit of margin where the margin is very negative.
        intercept: Log-odds added.
        bend: How much steeper it is where the margin is very positive; 0 is Platt's sigmoid.
    """

    slope: float
    intercept: float
    bend: float = 0.0

    def fault(self) -> str:
        """What is wrong with the parameters, or an empty text: finite, and never falling in the margin."""
        if not all(isfinite(each) for each in (self.slope, self.intercept, self.bend)):
            return "a parameter that is not finite"
        if self.slope < 0 or self.slope + self.bend < 0:
            return f"a probability that falls as the margin rises (slopes {self.slope} and {self.slope + self.bend})"
        return ""

    def log_odds(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated log-odds of margins of any shape."""
        bent = self.bend * _softplus(margins) if self.bend else 0.0
        return np.asarray(self.slope * margins + bent + self.intercept, dtype=np.float64)

    def probabilities(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probabilities of margins of any shape.

        The bundle's graph computes the same in ONNX Runtime; the last bits may differ, so a recorded score is always
        the graph's.
        """
        with np.errstate(over="ignore"):  # exp(-log-odds) may reach infinity, where the probability is 0
            return np.asarray(1.0 / (1.0 + np.exp(-self.log_odds(margins))), dtype=np.float64)


def _softplus(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(1 + exp(m)) without overflow, by the operations that the graph uses."""
    return np.maximum(margins, 0.0) + np.log(1.0 + np.exp(-np.abs(margins)))
