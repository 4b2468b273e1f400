"""Evidence: what an evaluation holds the scores against, in one form for outcomes and for a world's truth.

Outcomes know the examined alone, so each weighs as many as had its chance to be examined; a truth knows everyone, so
everyone weighs one. Where nothing is known the weight is 0, and the row still takes its place in the ranking: a
capacity is spent on all that arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aftc.records import Threat
from training.dataset import TrainingSet
from training.labels import FOUND, THREATS, UNKNOWN, Labels
from training.units import Units
from training.weights import Weights

__all__ = ["Evidence", "Judged", "evidence_from_outcomes"]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What is known of n consignments or units.

    Attributes:
        found: bool[n, threats in the order of `THREATS`].
        weight: float64[n, threats], how many each stands for; 0 where that threat is not known to be there or not.
        cluster: int64[n], what was examined together.
    """

    found: NDArray[np.bool_]
    weight: NDArray[np.float64]
    cluster: NDArray[np.int64]

    def of(self, threat: Threat) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """bool[n] and float64[n]: found and weight for one threat."""
        place = THREATS.index(threat)
        return self.found[:, place], self.weight[:, place]

    def unweighted(self) -> Judged:
        """The same where each that is known stands for itself alone."""
        return replace(self, weight=np.where(self.weight > 0, 1.0, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The consignments and units of one part of the split, and what is known of them.

    Attributes:
        rows: int64[n], their rows in the training set.
        units: Who is aboard what, over these rows.
        consignments, searched: What is known of the consignments and of the units.
        stratum: Of the consignments, what the random stratum alone tells; nothing for a truth.
        rule: bool[units], the legacy rule fired.
    """

    rows: NDArray[np.int64]
    units: Units
    consignments: Judged
    searched: Judged
    stratum: Judged | None
    rule: NDArray[np.bool_]


def evidence_from_outcomes(training_set: TrainingSet, rows: NDArray[np.bool_]) -> Evidence:
    """What outcomes tell of some rows of a training set.

    Args:
        training_set: Rows, units, labels and weights.
        rows: bool[n], which.
    """
    units, places = training_set.units.select(rows)
    kept, cluster = np.flatnonzero(rows), units.of_rows(int(rows.sum()))
    known = training_set.unit_labels
    return Evidence(
        rows=kept,
        units=units,
        consignments=_judged(training_set.labels, training_set.weights, kept, cluster),
        searched=_judged(known, training_set.unit_weights, places, np.arange(places.size)),
        stratum=_judged(training_set.labels, training_set.random_weights, kept, cluster),
        rule=known.rule[places],
    )


def _judged(labels: Labels, weights: Weights, rows: NDArray[np.int64], cluster: NDArray[np.int64]) -> Judged:
    found = labels.found[rows]
    return Judged(found == FOUND, np.where(found == UNKNOWN, 0.0, weights.values[rows, None]), cluster)
