"""Plots of an evaluation, each a PNG: what a data scientist looks at before promoting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import lightgbm as lgb
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from aftc.records import Threat
from training.evaluation import CalibrationBin, Evaluation
from training.evidence import Evidence, Judged
from training.metrics import selection

__all__ = ["save_plots"]

_SIZE: Final = (6.0, 4.0)  # inches
_SHARES: Final = np.linspace(0.005, 0.3, 60)  # of units
_SHOWN: Final = 20  # features in the plot of importance


def save_plots(
    folder: Path, evaluation: Evaluation, evidence: Evidence, probability: NDArray[np.float64], booster: lgb.Booster
) -> None:
    """Draw precision and recall, calibration, gain at capacity, and importance, for any threat.

    Args:
        folder: Where the files go.
        evaluation: Figures of the test period.
        evidence: What is known of its consignments and units.
        probability: float64[n], of any threat, of its consignments.
        booster: The model of any threat.
    """
    folder.mkdir(parents=True, exist_ok=True)
    units = evidence.units.scores(probability)
    drawings: dict[str, Callable[[Axes], None]] = {
        "precision_recall": lambda axes: _precision_recall(axes, evidence.consignments, probability),
        "calibration": lambda axes: _calibration(axes, evaluation.of(Threat.ANY).calibration),
        "gain_at_capacity": lambda axes: _gain(axes, evidence.searched, units),
        "importance": lambda axes: _importance(axes, booster.feature_name(), booster.feature_importance("gain")),
    }
    for name, draw in drawings.items():
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})


def _precision_recall(axes: Axes, judged: Judged, probability: NDArray[np.float64]) -> None:
    found, weight = judged.of(Threat.ANY)
    order = np.argsort(-probability, kind="stable")
    hits, taken = np.cumsum((weight * found)[order]), np.cumsum(weight[order])
    seen = taken > 0
    axes.plot(hits[seen] / max(hits[-1], 1e-12), hits[seen] / taken[seen], drawstyle="steps-post")
    axes.axhline(hits[-1] / taken[-1], linestyle=":", color="grey", label="search at random")
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1), title="Any threat, test period, weighted")
    axes.legend()


def _calibration(axes: Axes, bins: Sequence[CalibrationBin]) -> None:
    drawn = [(each.predicted, each.observed.value, each.observed.low, each.observed.high) for each in bins]
    predicted, observed, low, high = np.array(drawn, dtype=np.float64).reshape(-1, 4).T
    axes.vlines(predicted, low, high)
    axes.plot(predicted, observed, "o", label="tenths of the ranking, 95 % interval")
    top = float(np.nanmax([*predicted, *high, 0.01]))
    axes.plot([0, top], [0, top], linestyle=":", color="grey")
    axes.set(xlabel="predicted probability", ylabel="observed rate", title="Calibration of any threat")
    axes.legend()


def _gain(axes: Axes, searched: Judged, score: NDArray[np.float64]) -> None:
    found, weight = searched.of(Threat.ANY)
    whole = max(float((weight * found).sum()), 1e-12)
    recall = [(weight * found * selection(score, share)).sum() / whole for share in _SHARES]
    axes.plot(_SHARES * 100, recall, label="model")
    axes.plot(_SHARES * 100, _SHARES, linestyle=":", color="grey", label="search at random")
    axes.set(xlabel="units searched (%)", ylabel="share of units with a find", title="Gain at capacity")
    axes.legend()


def _importance(axes: Axes, names: Sequence[str], gain: NDArray[np.float64]) -> None:
    order = np.argsort(gain)[-_SHOWN:]
    axes.barh([names[place] for place in order], gain[order] / max(gain.sum(), 1e-12))
    axes.set(xlabel="share of total gain", title="Importance in the model of any threat")
    axes.tick_params(axis="y", labelsize=6)
