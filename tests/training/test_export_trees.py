"""Trees read from LightGBM's model text lose nothing."""

from __future__ import annotations

import pytest

from aftc.errors import ExportError
from tests.models.tiny_trees import NAMES, THRESHOLDS, Leaf, Split, booster_of
from training.export.trees import read_ensemble


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_thresholds_and_leaves_are_read_exactly(threshold: float) -> None:
    """Thresholds of every size, and leaf values, come back as the same float64."""
    (tree,) = read_ensemble(booster_of([Split(1, Leaf(0.1), Leaf(-1 / 3), threshold)]), NAMES, "any").trees
    assert tree.threshold.tolist() == [threshold]
    assert tree.leaf_value.tolist() == [0.1, -1 / 3]
    assert (tree.left.tolist(), tree.right.tolist(), tree.feature.tolist()) == ([~0], [~1], [1])


def test_category_sets_are_read_across_words() -> None:
    """Codes of several 32-bit words are read, and each split finds its own set."""
    sets = frozenset({0, 31, 32, 95}), frozenset({64})
    tree = Split(2, Split(3, Leaf(1.0), Leaf(2.0), codes=sets[1]), Leaf(3.0), codes=sets[0])
    assert read_ensemble(booster_of([tree]), NAMES, "any").trees[0].left_categories == sets


@pytest.mark.parametrize(
    ("decision", "threshold", "left"),
    [
        (0, 0.0, True),
        (0, -1.0, False),
        (2, -1.0, False),
        (4, 1.0, False),
        (6, -1.0, True),
        (8, 1.0, False),
        (10, -1.0, True),
    ],
)
def test_missing_goes_where_lightgbm_sends_it(decision: int, threshold: float, left: bool) -> None:
    """With nothing counting as missing NaN is compared as 0; otherwise it takes the default direction."""
    (tree,) = read_ensemble(booster_of([Split(0, Leaf(0.0), Leaf(1.0), threshold, decision)]), NAMES, "any").trees
    assert tree.missing_goes_left(0) is left
    assert tree.zero_is_missing(0) is (decision in (4, 6))


def test_features_of_another_schema_are_refused() -> None:
    """A booster over the same features in another order is refused."""
    with pytest.raises(ExportError, match="in its order"):
        read_ensemble(booster_of([Leaf(0.0)]), NAMES[::-1], "any")
