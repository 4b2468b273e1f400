"""Builders of lake rows, labels and sets for the tests of training. All ids and values are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.clock import Instant
from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from aftc.features.schema import FeatureSchema
from aftc.history.tables import SCHEMAS
from aftc.records import Mode, OutcomeKind, Threat
from training.dataset import TrainingSet
from training.decision_points import DecisionPoints
from training.labels import FOUND, NOT_FOUND, THREATS, UNKNOWN, Labels
from training.outcomes import Outcome
from training.run import TrainedRun
from training.units import Units
from training.weights import inverse_probability

__all__ = [
    "TrainedWorld",
    "a_training_set",
    "an_outcome",
    "labels_of",
    "outcome_rows",
    "separate_units",
    "version_rows",
]


@dataclass(frozen=True, slots=True)
class TrainedWorld:
    """A world, the store that it was ingested into, and the run made there."""

    world: Path
    settings: Settings
    run: TrainedRun


def version_rows(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows of the lake's versions; what a row does not name is null, empty or 0, its mode a container."""
    defaults: dict[str, Any] = {
        "sequence": 0,
        "known_at": 0,
        "day": 0,
        "consignment_id": "C1",
        "version": 1,
        "document": "",
        "mode": Mode.CONTAINER.value,
        "unit_kinds": [],
        "unit_numbers": [],
        "movements": [],
    }
    return pa.Table.from_pylist([defaults | row for row in rows], schema=SCHEMAS["versions"])


def outcome_rows(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows of the lake's outcomes: of negative examinations where nothing else is said."""
    defaults: dict[str, Any] = {
        "sequence": 0,
        "known_at": 0,
        "examination_id": "E1",
        "revision": 0,
        "unit_number": "U1",
        "outcome": OutcomeKind.NEGATIVE.value,
        "aboard": [],
        "finds": [],
        "issued_at": 0,
        "combined_probability": 0.5,
        "random_fired": False,
        "random_probability": 0.1,
        "rule_fired": True,
    }
    return pa.Table.from_pylist([defaults | row for row in rows], schema=SCHEMAS["outcomes"])


def an_outcome(aboard: Sequence[str], *finds: tuple[Threat, str | None], **given: Any) -> Outcome:
    """The last word of an examination: positive where there are finds, else negative."""
    defaults: dict[str, Any] = {
        "examination_id": "E1",
        "known_at": 100,
        "kind": OutcomeKind.POSITIVE if finds else OutcomeKind.NEGATIVE,
        "unit_number": "U1",
        "issued_at": 50,
        "probability": 0.5,
        "random_probability": float("nan"),
        "rule": True,
    }
    return Outcome(aboard=tuple(aboard), finds=finds, **(defaults | given))


def separate_units(rows: int) -> Units:
    """Each consignment on a unit of its own."""
    return Units(np.arange(rows), np.arange(rows), tuple(f"U{row}" for row in range(rows)))


def labels_of(
    found: NDArray[np.bool_],
    examined: NDArray[np.bool_],
    probability: NDArray[np.float64],
    *,
    threat: Threat = Threat.CANNABIS,
    random_probability: NDArray[np.float64] | None = None,
    known_at: NDArray[np.int64] | None = None,
) -> Labels:
    """Labels of one threat, and so of `any`; the other threats are not found where anything is known."""
    table = np.where(examined[:, None], NOT_FOUND, UNKNOWN).repeat(len(THREATS), axis=1).astype(np.int8)
    for each in (Threat.ANY, threat):
        table[examined & found, THREATS.index(each)] = FOUND
    return Labels(
        found=table,
        known_at=np.zeros(found.size, dtype=np.int64) if known_at is None else known_at,
        probability=np.where(examined, probability, np.nan),
        random_probability=np.full(found.size, np.nan) if random_probability is None else random_probability,
        rule=examined,
    )


def a_training_set(
    vectors: NDArray[np.float64],
    labels: Labels,
    *,
    moment: NDArray[np.int64] | None = None,
    schema: FeatureSchema = SCHEMA,
    horizon: Instant = 10**9,
) -> TrainingSet:
    """A set of consignments each on a unit of its own, one a moment, half by container and half by lorry.

    Args:
        vectors: float64[n, features].
        labels: Of the consignments, and so of the units.
        moment: int64[n], rising; 0, 1, 2 ... where None.
        schema: Of the vectors.
        horizon: Known-at of the last message.
    """
    rows = len(vectors)
    modes = [(Mode.CONTAINER, Mode.RORO_ACCOMPANIED)[row % 2].value for row in range(rows)]
    versions = version_rows(
        [{"consignment_id": f"C{row}", "document": f"D{row}", "mode": mode} for row, mode in enumerate(modes)]
    )
    return TrainingSet(
        sequence=rows,
        horizon=horizon,
        streams=(("ens", rows),),
        schema=schema,
        points=DecisionPoints(
            position=np.arange(rows),
            moment=np.arange(rows) if moment is None else moment,
            late=np.zeros(rows, dtype=np.bool_),
            still_open=0,
        ),
        versions=versions,
        vectors=vectors,
        labels=labels,
        weights=inverse_probability(labels.probability),
        random_weights=inverse_probability(labels.random_probability),
        units=separate_units(rows),
        unit_labels=labels,
        unit_weights=inverse_probability(labels.probability),
    )
