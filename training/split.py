"""The split by time: learn from the past, tune on what came next, judge on what came after that.

Rows are placed by the moment at which their decision fell due. Three rules keep the future out:

- a label counts in a part only if it was known before the next part begins, as it would have to be to train then;
- consignments that share a unit with one of an earlier part belong to no part: one examination labelled both;
- a vector sees nothing after its own version, whatever its part.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Instant
from aftc.errors import TrainingError
from training.dataset import TrainingSet
from training.units import Units

__all__ = ["NO_PART", "SHARES", "Part", "Split", "split_by_time", "split_of"]

SHARES: Final = (0.6, 0.2)  # of labelled rows, for training and for validation; the rest is for the test
NO_PART: Final = -1


class Part(IntEnum):
    """What a row is for."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Parts of n rows.

    Attributes:
        part: int8[n], a `Part`, or `NO_PART` for a row that shares a unit with an earlier part.
        usable: bool[n], labelled, and the label was known before the next part begins.
        validation_from, test_from: Where the later parts begin (instants).
        shared: Rows without a part.
        late_labels: Labelled rows that lost their label to the second rule.
    """

    part: NDArray[np.int8]
    usable: NDArray[np.bool_]
    validation_from: Instant
    test_from: Instant
    shared: int
    late_labels: int

    def rows(self, part: Part) -> NDArray[np.bool_]:
        """bool[n]: every row of a part, labelled or not."""
        return np.asarray(self.part == part)

    def labelled(self, part: Part) -> NDArray[np.bool_]:
        """bool[n]: rows of a part whose label may be used there."""
        return np.asarray((self.part == part) & self.usable)


def split_of(training_set: TrainingSet) -> Split:
    """The split of a training set: the same whenever the set is made again."""
    labels = training_set.labels
    return split_by_time(training_set.points.moment, labels.examined, labels.known_at, training_set.units)


def split_by_time(
    moment: NDArray[np.int64], labelled: NDArray[np.bool_], label_known_at: NDArray[np.int64], units: Units
) -> Split:
    """Split rows so that each part holds its share of the labelled ones.

    Args:
        moment: int64[n], when each decision fell due (instants).
        labelled: bool[n].
        label_known_at: int64[n], when each label became known (instants).
        units: Who shares a unit.

    Raises:
        TrainingError: too few labelled rows, or all at one moment, so that a part would be empty.
    """
    due = np.sort(moment[labelled])
    if due.size < len(Part):
        raise TrainingError("labelled rows for three parts", f"{due.size}", advice="ingest more outcomes")
    validation_from, test_from = (int(due[int(due.size * share)]) for share in np.cumsum(SHARES))
    part = np.searchsorted([validation_from, test_from], moment, side="right").astype(np.int8)
    part = _without_shared_units(part, units)
    ends = np.array([validation_from, test_from, np.iinfo(np.int64).max])
    usable = labelled & (part != NO_PART) & (label_known_at < ends[part])
    split = Split(
        part=part,
        usable=usable,
        validation_from=validation_from,
        test_from=test_from,
        shared=int(np.count_nonzero(part == NO_PART)),
        late_labels=int(np.count_nonzero(labelled & (part != NO_PART) & ~usable)),
    )
    _require_every_part(split)
    return split


def _without_shared_units(part: NDArray[np.int8], units: Units) -> NDArray[np.int8]:
    earliest = np.full(len(units.numbers), len(Part), dtype=np.int8)
    np.minimum.at(earliest, units.unit, part[units.row])
    shared = np.zeros(part.size, dtype=np.bool_)
    np.logical_or.at(shared, units.row, earliest[units.unit] < part[units.row])
    return np.where(shared, np.int8(NO_PART), part)


def _require_every_part(split: Split) -> None:
    for part in Part:
        if not split.labelled(part).any():
            raise TrainingError(
                f"labelled rows for {part.name.lower()}",
                "none",
                advice="ingest outcomes over a longer time: labels must be known before the next part begins",
            )
