"""Probes reach the splits that they are led to, and hold what an export could get wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aftc.features.assembly import LEAST_MAGNITUDE
from tests.models.tiny_trees import FEATURES, NAMES, Leaf, Split, booster_of
from training.export.probes import Ranges, boundary_rows, category_rows, random_rows
from training.export.trees import Tree, read_ensemble

DEEP = Split(
    0,
    Split(0, Leaf(1.0), Split(1, Leaf(2.0), Leaf(3.0), -2.5), -1.5),
    Split(
        2,
        Split(0, Leaf(4.0), Leaf(5.0), 4.5),
        Split(2, Leaf(6.0), Leaf(7.0), codes=frozenset({7})),
        codes=frozenset({1, 2}),
    ),
    0.5,
)


def _read() -> tuple[Tree, Ranges]:
    ensemble = read_ensemble(booster_of([DEEP]), NAMES, "any")
    return ensemble.trees[0], Ranges.of([ensemble], FEATURES)


def _visited(tree: Tree, row: NDArray[np.float64]) -> list[int]:
    """Inner nodes on the way of a vector without missing values on it."""
    node, passed = 0, []
    while node >= 0:
        passed.append(node)
        value, codes = row[tree.feature[node]], tree.left_categories[node]
        left = value <= tree.threshold[node] if codes is None else value in codes
        node = int((tree.left if left else tree.right)[node])
    return passed


def test_boundary_rows_reach_each_numeric_split() -> None:
    """For each numeric split: its threshold and both neighbours reach it, and a fourth vector misses the value."""
    tree, ranges = _read()
    numeric = [node for node in range(tree.feature.size) if tree.left_categories[node] is None]
    made = list(boundary_rows(tree, ranges, np.random.default_rng(0)))
    assert len(made) == len(numeric) == 4
    for node, (feature, rows) in zip(numeric, made, strict=True):
        threshold = tree.threshold[node]
        assert feature == tree.feature[node]
        tried = [threshold, np.nextafter(threshold, np.inf), np.nextafter(threshold, -np.inf), np.nan]
        assert np.array_equal(rows[:, feature], tried, equal_nan=True)
        assert all(node in _visited(tree, row) for row in rows[:3])


def test_category_rows_reach_each_categorical_split() -> None:
    """For each categorical split: codes of both sides reach it, and malformed codes follow."""
    tree, ranges = _read()
    categorical = [node for node in range(tree.feature.size) if tree.left_categories[node] is not None]
    made = list(category_rows(tree, ranges, np.random.default_rng(0)))
    assert len(made) == len(categorical) == 2
    for node, (feature, rows) in zip(categorical, made, strict=True):
        members = tree.left_categories[node] or frozenset()
        codes = rows[:, feature]
        known = [row for row in rows if row[feature] in ranges.codes[feature]]
        assert any(code in members for code in codes)
        assert any(code in ranges.codes[feature] - members for code in codes)
        assert sum(node in _visited(tree, row) for row in known) >= 2


def test_random_rows_hold_every_interval_and_missing() -> None:
    """Random vectors fall into every interval between thresholds, know and miss values, and are flushed."""
    ensemble = read_ensemble(booster_of([DEEP, Split(0, Leaf(0.0), Leaf(1.0), LEAST_MAGNITUDE)]), NAMES, "any")
    ranges = Ranges.of([ensemble], FEATURES)
    rows = random_rows(ranges, 2000, np.random.default_rng(0))
    known = rows[~np.isnan(rows[:, 0]), 0]
    assert set(np.digitize(known, [-1.5, 0.0, 0.5, 4.5]).tolist()) == {0, 1, 2, 3, 4}
    assert 0.15 < np.isnan(rows).mean() < 0.25
    assert not ((np.abs(rows) <= LEAST_MAGNITUDE) & (rows != 0)).any()
