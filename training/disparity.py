"""Disparity: how often groups of units would be searched at a capacity, and how often that finds something.

Mode of arrival and country of dispatch stand near to what must never decide (nationality,
ethnicity); neither shows it alone. What is reported are rates, for people to judge.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.features.catalogue.row import DISPATCH_COUNTRY
from aftc.records import Threat
from aftc.reference.countries import country_of
from training.dataset import TrainingSet
from training.evaluation import Group
from training.evidence import Evidence
from training.figures import hit_rate
from training.metrics import selection

__all__ = ["CAPACITY", "groups"]

CAPACITY: Final = 0.05  # share of units searched
FEWEST_UNITS: Final = 50  # of a country, below which it is counted with others: rates of fewer say nothing
UNKNOWN: Final = "not stated"
OTHERS: Final = "other countries"


def groups(training_set: TrainingSet, evidence: Evidence, probability: NDArray[np.float64]) -> tuple[Group, ...]:
    """Selection rate and hit rate by mode and by country of dispatch, at `CAPACITY`.

    Args:
        training_set: Where modes and dispatch are read.
        evidence: The n consignments and their units.
        probability: float64[n], of any threat.
    """
    chosen = selection(evidence.units.scores(probability), CAPACITY)
    first = np.zeros(chosen.size, dtype=np.int64)
    first[evidence.units.unit[::-1]] = evidence.units.row[::-1]
    rows = evidence.rows[first]
    groupings = {"mode": training_set.modes[rows], "dispatched from": _dispatch(training_set, rows)}
    return tuple(
        _group(evidence, chosen, by, name, names == name)
        for by, names in groupings.items()
        for name in np.unique(names).tolist()
    )


def _dispatch(training_set: TrainingSet, rows: NDArray[np.int64]) -> NDArray[np.str_]:
    """Country of dispatch of each unit's first consignment; rare ones together."""
    column = training_set.schema.names.index(DISPATCH_COUNTRY.name)
    code = training_set.vectors[rows, column]
    names = np.array([UNKNOWN if np.isnan(each) else country_of(int(each)) or UNKNOWN for each in code.tolist()])
    known, place, size = np.unique(names, return_inverse=True, return_counts=True)
    return np.where((size < FEWEST_UNITS) & (known != UNKNOWN), OTHERS, known)[place]


def _group(evidence: Evidence, chosen: NDArray[np.float64], by: str, name: str, members: NDArray[np.bool_]) -> Group:
    rate, known = hit_rate(evidence.searched, Threat.ANY, np.where(members, chosen, 0.0))
    return Group(by, name, int(members.sum()), float(chosen[members].mean()), known, rate)
