"""Inputs of splits: each set once, a spare row for what is unknown, and a limit."""

from __future__ import annotations

import pytest

from aftc.errors import ExportError
from tests.models.tiny_trees import FEATURES, NAMES, Leaf, Split, booster_of
from training.export.inputs import LOOKUP_CELLS, split_inputs
from training.export.trees import Ensemble, read_ensemble

ODD, FEW = frozenset({1, 3}), frozenset({2})


def _read(*trees: Split | Leaf) -> Ensemble:
    return read_ensemble(booster_of(trees), NAMES, "any")


def test_each_distinct_set_becomes_one_column() -> None:
    """Two ensembles with three splits over two sets share two columns, after the vector's own."""
    first = _read(Split(2, Leaf(0.0), Leaf(1.0), codes=ODD), Split(2, Leaf(0.0), Leaf(1.0), codes=FEW))
    second = _read(Split(2, Leaf(2.0), Leaf(3.0), codes=ODD))
    inputs = split_inputs([first, second], FEATURES)
    assert [inputs.column(tree, 0) for tree in (*first.trees, *second.trees)] == [FEATURES, FEATURES + 1, FEATURES]
    (lookup,) = inputs.lookups
    assert lookup.spare == 4
    assert lookup.table().tolist() == [[1, 1], [0, 1], [1, 0], [0, 1], [1, 1]]


def test_the_same_set_of_two_features_is_two_columns() -> None:
    """A set belongs to its feature."""
    inputs = split_inputs([_read(*(Split(place, Leaf(0.0), Leaf(1.0), codes=ODD) for place in (2, 3)))], FEATURES)
    assert [each.feature for each in inputs.lookups] == [2, 3]
    assert [each.first for each in inputs.lookups] == [FEATURES, FEATURES + 1]


def test_a_copy_is_added_where_zero_counts_as_missing() -> None:
    """A split with LightGBM's missing type zero compares the copy, another split of the feature the vector itself."""
    ensemble = _read(Split(1, Leaf(0.0), Leaf(1.0), 0.5, 4), Split(1, Leaf(0.0), Leaf(1.0), 0.5, 8))
    inputs = split_inputs([ensemble], FEATURES)
    assert inputs.zero_missing == (1,)
    assert [inputs.column(tree, 0) for tree in ensemble.trees] == [FEATURES, 1]


def test_tables_beyond_the_limit_are_refused() -> None:
    """A single code beyond the limit of 16,000,000 cells is refused with the feature and what to do."""
    huge = _read(Split(2, Leaf(0.0), Leaf(1.0), codes=frozenset({LOOKUP_CELLS})))
    with pytest.raises(ExportError, match=r"16,000,000 cells.*feature 2.*use denser codes"):
        split_inputs([huge], FEATURES)
