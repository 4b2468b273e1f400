"""The gate of every export: margins equal LightGBM's own in every bit, or there is no export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import lightgbm as lgb
import numpy as np

from aftc.errors import ExportError
from aftc.models.scorer import Graph, Scores
from training.export.model import Output, ParityReport
from training.export.probes import Led, Ranges, Rows, boundary_rows, category_rows, random_rows
from training.export.trees import Ensemble

__all__ = ["Fitted", "check_parity"]

RANDOM_ROWS: Final = 10_000
BATCH: Final = 2_048  # rows a call
SMALL_BATCH: Final = 40  # ONNX Runtime walks trees in another order below 51 rows
SINGLE: Final = 32  # rows of each batch that are scored again one at a time
PROBABILITY_TOLERANCE: Final = 1e-14  # relative; about 45 units in the last place, for a log-odds up to 30


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A fitted threat: its booster, which is the authority, its trees as exported, and its column."""

    booster: lgb.Booster
    ensemble: Ensemble
    column: int


def check_parity(
    raw: bytes, fitted: Sequence[Fitted], outputs: Sequence[Output], names: tuple[str, ...], *, seed: int = 0
) -> ParityReport:
    """Compare a graph with the boosters that it was made from.

    Args:
        raw: The graph's bytes.
        fitted: The fitted threats.
        outputs: All threats, in the order of the graph's columns.
        names: Of the features.
        seed: Of the random vectors.

    Raises:
        ExportError: a margin differs in any bit, or a probability from its formula; names row, feature and values.
    """
    rng = np.random.default_rng(seed)
    gate = _Gate(Graph(raw), outputs, names)
    ranges = Ranges.of([each.ensemble for each in fitted], len(names))
    for _ in range(0, RANDOM_ROWS, BATCH):
        rows = random_rows(ranges, BATCH, rng)
        gate.random_rows += len(rows)
        for each in fitted:
            gate.compare(each, rows, None)
    for each in fitted:
        for features, rows in _batches(boundary_rows(tree, ranges, rng) for tree in each.ensemble.trees):
            gate.boundary_rows += len(rows)
            gate.compare(each, rows, features)
        for features, rows in _batches(category_rows(tree, ranges, rng) for tree in each.ensemble.trees):
            gate.category_rows += len(rows)
            gate.compare(each, rows, features)
    return gate.report()


def _batches(led: Iterator[Iterator[Led]]) -> Iterator[tuple[list[int], Rows]]:
    """Led vectors in batches of about `BATCH`, with the feature that each row tries."""
    features: list[int] = []
    parts: list[Rows] = []
    for feature, rows in chain.from_iterable(led):
        features += [feature] * len(rows)
        parts.append(rows)
        if len(features) >= BATCH:
            yield features, np.concatenate(parts)
            features, parts = [], []
    if parts:
        yield features, np.concatenate(parts)


class _Gate:
    """Compares batch after batch and counts."""

    def __init__(self, graph: Graph, outputs: Sequence[Output], names: tuple[str, ...]) -> None:
        self._graph = graph
        self._outputs = outputs
        self._names = names
        self.random_rows = self.boundary_rows = self.category_rows = 0
        self._single_rows = 0
        self._worst = 0.0

    def compare(self, fitted: Fitted, rows: Rows, features: list[int] | None) -> None:
        """Compare one threat's margins, in a batch, in a small batch and one at a time, then all probabilities."""
        wanted = np.asarray(fitted.booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)
        scores = self._graph.run(rows)
        few = self._graph.run(rows[:SMALL_BATCH]).margins
        singles = [self._graph.run(rows[i : i + 1]).margins for i in range(min(SINGLE, len(rows)))]
        self._single_rows += len(singles)
        for found in (scores.margins, few, np.concatenate(singles)):
            self._equal(fitted, rows, features, wanted[: len(found)], found[:, fitted.column])
        self._check_probabilities(scores)

    def _equal(self, fitted: Fitted, rows: Rows, features: list[int] | None, wanted: Rows, found: Rows) -> None:
        differing = np.flatnonzero(wanted.view(np.int64) != np.ascontiguousarray(found).view(np.int64))
        if differing.size:
            row = int(differing[0])
            feature = features[row] if features else self._culprit(fitted, rows[row])
            raise ExportError(
                f"the margin {wanted[row]!r} of LightGBM",
                f"{found[row]!r} for row {row} with {self._names[feature]} = {rows[row, feature]!r}, "
                f"and {differing.size - 1} more of {len(found)} rows",
                advice="report it with the booster's text: the exporter misreads one of its splits",
                subject=self._outputs[fitted.column].threat,
            )

    def _culprit(self, fitted: Fitted, row: Rows) -> int:
        """The first feature without which the two agree; the first of all where no single one explains it."""
        without = np.tile(row, (len(row), 1))
        np.fill_diagonal(without, np.nan)
        wanted = fitted.booster.predict(without, raw_score=True, num_threads=1)
        return int(np.argmax(wanted == self._graph.run(without).margins[:, fitted.column]))

    def _check_probabilities(self, scores: Scores) -> None:
        for place, output in enumerate(self._outputs):
            wanted = output.share * output.calibration.probabilities(scores.margins[:, place])
            found = scores.probabilities[:, place]
            off = np.abs(found - wanted)
            worst = int(np.argmax(off - PROBABILITY_TOLERANCE * wanted))
            if not off[worst] <= PROBABILITY_TOLERANCE * wanted[worst] + np.finfo(np.float64).tiny:
                margin = scores.margins[worst, place]
                raise ExportError(
                    f"the probability {wanted[worst]!r} of margin {margin!r}", repr(found[worst]), subject=output.threat
                )
            known = wanted > np.finfo(np.float64).tiny
            self._worst = max(self._worst, float((off[known] / wanted[known]).max(initial=0.0)))

    def report(self) -> ParityReport:
        return ParityReport(
            rows=self.random_rows + self.boundary_rows + self.category_rows,
            single_rows=self._single_rows,
            random_rows=self.random_rows,
            boundary_rows=self.boundary_rows,
            category_rows=self.category_rows,
            differing=0,
            worst_probability=self._worst,
        )
