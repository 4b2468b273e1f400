"""The reference ceiling: how far the catalogue gets with labels that nobody has.

The catalogue as it stands, taken through the product's own path, and what is truly aboard ten times as many
consignments in the same days. More consignments, not more days: actors grow in number with them, so each has the
history that it has in the usual world, and only the learner knows more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from aftc.columns import flags, numbers
from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from training.metrics import Ranking
from training.rehearsal.catalogue_feed import catalogue_columns
from training.rehearsal.known import known
from training.rehearsal.ladder import LARGEST_WEIGHT, precision, score_raw
from training.rehearsal.learner import Columns, Form, Labelled, learnt, scored
from training.rehearsal.panel import LEARNING_PART, make_panel
from training.world.cast import Cast, make_cast
from training.world.deliveries import PARTS, deliveries
from training.world.dispatch import Delivery
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.simulation import weeks
from training.world.truth import truth_table

__all__ = ["MORE", "Catalogued", "Ceiling", "catalogued", "ceiling"]

MORE: Final = 10  # times as many consignments
_FORM: Final = Form(rounds=800, leaves=31, rate=0.02, features=0.3)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogued:
    """A world under the legacy policy, one consignment of the truth a row, as the product knows it.

    Attributes:
        vectors: float64 [n, features of the catalogue]; empty rows where no message named a consignment.
        found: int64, 1 where something was found, 0 where nothing, -1 where nobody looked.
        weight: Inverse selection probability, 0 where nobody looked.
        holds: Whether any threat is aboard; `chance` the oracle.
        early: Whether a model may learn from it.
        messages: How many were taken.
    """

    vectors: Floats
    found: Ints
    weight: Floats
    holds: Flags
    chance: Floats
    early: Flags
    messages: int


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Average precisions over the oracle's on the same rows, in the last part of one run.

    Attributes:
        raw: Single fields with recorded labels, usual size.
        raw_true: Single fields with true labels of ten times the rows.
        recorded: The catalogue with recorded labels of ten times the rows.
        true: The catalogue with true labels of ten times the rows: the ceiling.
        oracle: The oracle's own average precision, of the larger world.
    """

    raw: float
    raw_true: float
    recorded: float
    true: float
    oracle: float


def ceiling(parameters: WorldParameters, more: int = MORE) -> Ceiling:
    """The ceiling of one world.

    Args:
        parameters: Of the usual world.
        more: Times as many consignments in the larger one.
    """
    larger = replace(parameters, consignments=parameters.consignments * more)
    usual, wide = make_panel(parameters), make_panel(larger)
    known_world = catalogued(make_cast(larger))
    looked = known_world.found >= 0
    ones = np.ones(len(looked))
    return Ceiling(
        raw=precision(usual, score_raw(usual, recorded=True)) / precision(usual, usual.chance),
        raw_true=precision(wide, score_raw(wide, recorded=False)) / precision(wide, wide.chance),
        recorded=_share(known_world, looked, known_world.found == 1, np.minimum(known_world.weight, LARGEST_WEIGHT)),
        true=_share(known_world, ones > 0, known_world.holds, ones),
        oracle=_precision(known_world, known_world.chance),
    )


def catalogued(cast: Cast) -> Catalogued:
    """A world's consignments through linking, extraction and the kernel."""
    truths: list[pa.Table] = []
    counted = _Counted(_messages(cast, truths))
    made = known(counted, Settings())
    truth = pa.concat_tables(truths)
    row_of = {document: row for row, document in enumerate(truth["document"].to_pylist())}
    matched = [(place, row_of[each]) for place, each in enumerate(made.document) if each in row_of]
    places, rows = np.array(matched, dtype=np.int64).reshape(-1, 2).T
    vectors = np.full((len(truth), len(SCHEMA.features)), np.nan)
    found, weight = np.full(len(truth), -1), np.zeros(len(truth))
    vectors[rows], found[rows], weight[rows] = made.vectors[places], made.found[places], made.weight[places]
    border = round(cast.parameters.weeks * LEARNING_PART)
    return Catalogued(
        vectors=vectors,
        found=found,
        weight=weight,
        holds=flags(truth["y_any"]),
        chance=numbers(truth["p_any"]),
        early=truth["week"].to_numpy() < border,
        messages=counted.count,
    )


class _Counted:
    """Messages, counted as they pass."""

    def __init__(self, messages: Iterator[Delivery]) -> None:
        self._messages = messages
        self.count = 0

    def __iter__(self) -> Iterator[Delivery]:
        for message in self._messages:
            self.count += 1
            yield message


def _messages(cast: Cast, truths: list[pa.Table]) -> Iterator[Delivery]:
    """All messages of a world; the truth of each week is put aside."""
    for week in weeks(cast):
        truths.append(truth_table(cast, week))
        for part in PARTS:
            yield from deliveries(cast, week, part)


def _share(world: Catalogued, rows: Flags, label: Flags, weight: Floats) -> float:
    """Average precision of a model of these rows' labels, over the oracle's."""
    known_early = rows & world.early
    free = (0,) * len(SCHEMA.features)  # monotone directions are a prior; with so many true labels they cost a little
    columns = Columns(catalogue_columns().categorical, free)
    sample = Labelled(world.vectors[known_early], label[known_early], weight[known_early])
    model = learnt(sample, columns, _FORM)
    return _precision(world, scored(model, world.vectors)) / _precision(world, world.chance)


def _precision(world: Catalogued, score: Floats) -> float:
    late = ~world.early
    return float(Ranking(world.holds[late], score[late]).average_precision(np.ones((1, int(late.sum()))))[0])
