"""Vectors that try a model where an export could differ: on thresholds, beside them, missing, unseen, malformed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from aftc.features.assembly import LEAST_MAGNITUDE
from training.export.trees import Ensemble, Tree

__all__ = ["MALFORMED_CODES", "Ranges", "boundary_rows", "category_rows", "flush", "random_rows"]

MALFORMED_CODES: Final = (np.nan, -1.0, -0.5, 0.5, 1.7, 3e9, -3e9, 1e300, 2147483647.0, 2147483648.0)
MISSING_SHARE: Final = 0.2
ODD_SHARE: Final = 0.05  # of random values set to 0, and of random codes set to malformed ones
CODES_EACH_SIDE: Final = 2  # known codes tried at each categorical split, going left and going right
MALFORMED_EACH: Final = 3  # malformed codes tried at each categorical split

Bounds: TypeAlias = tuple[float, float]
Rows: TypeAlias = NDArray[np.float64]
Led: TypeAlias = tuple[int, Rows]  # the feature tried, and vectors that differ in it alone


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """Where the values of each feature matter.

    Attributes:
        edges: For each feature its ascending thresholds with a value beyond either end; empty without thresholds.
        codes: For each feature the codes of its categorical splits and one beyond; empty without such splits.
    """

    edges: tuple[Rows, ...]
    codes: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, ensembles: Sequence[Ensemble], features: int) -> Ranges:
        """Ranges over all trees of all ensembles."""
        thresholds: list[set[float]] = [set() for _ in range(features)]
        codes: list[set[int]] = [set() for _ in range(features)]
        for tree in (tree for ensemble in ensembles for tree in ensemble.trees):
            for node, feature in enumerate(tree.feature.tolist()):
                members = tree.left_categories[node]
                if members is None:
                    thresholds[feature].add(float(tree.threshold[node]))
                else:
                    codes[feature] |= members | {max(members) + 1}
        edges = (
            np.array(sorted({*t, min(t) - 1 - abs(min(t)), max(t) + 1 + abs(max(t))} if t else ())) for t in thresholds
        )
        return cls(tuple(edges), tuple(frozenset(each) for each in codes))


def flush(rows: Rows) -> Rows:
    """Rows with tiny values set to 0, as the features' final step does."""
    return np.where(np.abs(rows) <= LEAST_MAGNITUDE, 0.0, rows)


def random_rows(ranges: Ranges, count: int, rng: np.random.Generator) -> Rows:
    """float64[count, features]: each interval between thresholds equally likely, a fifth of the values missing."""
    rows = rng.normal(size=(count, len(ranges.edges)))
    for feature, (edges, codes) in enumerate(zip(ranges.edges, ranges.codes, strict=True)):
        if codes:
            rows[:, feature] = rng.choice(sorted(codes), count)
            odd = rng.random(count) < ODD_SHARE
            rows[odd, feature] = rng.choice(MALFORMED_CODES, int(odd.sum()))
        elif edges.size:
            interval = rng.integers(0, edges.size - 1, count)
            rows[:, feature] = edges[interval] + rng.random(count) * (edges[interval + 1] - edges[interval])
    rows[rng.random(rows.shape) < ODD_SHARE] = 0.0
    rows[rng.random(rows.shape) < MISSING_SHARE] = np.nan
    return flush(rows)


def boundary_rows(tree: Tree, ranges: Ranges, rng: np.random.Generator) -> Iterator[Led]:
    """For each numeric split four vectors led to it: its threshold, the two neighbours, and missing."""
    for node, base in _led(tree, ranges, rng):
        if tree.left_categories[node] is None:
            threshold = float(tree.threshold[node])
            tried = (threshold, np.nextafter(threshold, np.inf), np.nextafter(threshold, -np.inf), np.nan)
            yield _varied(base, int(tree.feature[node]), tried)


def category_rows(tree: Tree, ranges: Ranges, rng: np.random.Generator) -> Iterator[Led]:
    """For each categorical split vectors led to it: codes that go left, codes that go right, malformed codes."""
    for node, base in _led(tree, ranges, rng):
        members = tree.left_categories[node]
        if members is not None:
            feature = int(tree.feature[node])
            left, right = sorted(members), sorted(ranges.codes[feature] - members)
            known = [float(code) for side in (left, right) for code in rng.permutation(side)[:CODES_EACH_SIDE]]
            yield _varied(base, feature, (*known, *rng.choice(MALFORMED_CODES, MALFORMED_EACH, replace=False)))


def _varied(base: Rows, feature: int, values: Sequence[float]) -> Led:
    rows = np.tile(base, (len(values), 1))
    rows[:, feature] = values
    return feature, flush(rows)


def _led(tree: Tree, ranges: Ranges, rng: np.random.Generator) -> Iterator[tuple[int, Rows]]:
    """Each inner node with a vector that the decisions above it lead there; features not on the path are random."""
    bases = random_rows(ranges, tree.feature.size, rng)
    bounds: list[dict[int, Bounds]] = [{} for _ in range(tree.feature.size)]
    codes: list[dict[int, frozenset[int]]] = [{} for _ in range(tree.feature.size)]
    for node in range(tree.feature.size):  # LightGBM numbers a node after its parent
        base = bases[node]
        for feature, (low, high) in bounds[node].items():
            base[feature] = _inside(low, high, base[feature])
        for feature, allowed in codes[node].items():
            base[feature] = rng.choice(sorted(allowed)) if allowed else np.nan
        yield node, base
        for child, is_left in ((int(tree.left[node]), True), (int(tree.right[node]), False)):
            if child >= 0:
                bounds[child], codes[child] = _narrowed(tree, node, is_left, bounds[node], codes[node], ranges)


def _narrowed(
    tree: Tree,
    node: int,
    is_left: bool,
    bounds: dict[int, Bounds],
    codes: dict[int, frozenset[int]],
    ranges: Ranges,
) -> tuple[dict[int, Bounds], dict[int, frozenset[int]]]:
    """What a child's vectors must hold: bounds (low excluded, high included) and codes by feature."""
    feature, members = int(tree.feature[node]), tree.left_categories[node]
    if members is not None:
        known = codes.get(feature, ranges.codes[feature])
        return bounds, codes | {feature: known & members if is_left else known - members}
    low, high = bounds.get(feature, (-np.inf, np.inf))
    threshold = float(tree.threshold[node])
    return bounds | {feature: (low, threshold) if is_left else (threshold, high)}, codes


def _inside(low: float, high: float, value: float) -> float:
    """`value` where it lies within, else another that does."""
    if low < value <= high:
        return value
    if np.isinf(low):
        return high
    if np.isinf(high):
        return low + 1.0 + abs(low)
    middle = low + (high - low) / 2
    return middle if low < middle <= high else high
