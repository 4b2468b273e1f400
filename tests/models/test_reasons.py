"""Reasons are exact Shapley values: LightGBM's own, and those of the definition."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import comb
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from aftc.errors import InputError
from aftc.models.reasons import RankedReason, contributions, contributions_batch, ranked
from aftc.models.shapley import add_contributions
from aftc.models.tables import TreeTables
from tests.models.tiny_trees import FEATURES, FORESTS, NAMES, TREES, Leaf, Split, booster_of, vectors
from training.export.tables import tree_tables
from training.export.trees import read_ensemble


def _tables(booster: lgb.Booster, names: tuple[str, ...] = NAMES) -> TreeTables:
    return tree_tables(read_ensemble(booster, names, "any"), len(names))


def _goes_left(split: Split, x: float) -> bool:
    if split.codes:
        return bool(-1 < x < 2**31) and int(x) in split.codes
    missing = (0, 0, 1, 1, 2, 2)[split.decision // 2]
    if (missing == 2 and np.isnan(x)) or (missing == 1 and (np.isnan(x) or x == 0)):
        return split.decision % 4 == 2
    return bool((0.0 if np.isnan(x) else x) <= split.threshold)


def _expected(node: Split | Leaf, row: NDArray[np.float64], known: Iterable[int]) -> float:
    """The tree's margin where only some features are known: the others follow the training rows."""
    if isinstance(node, Leaf):
        return node.value
    if node.feature in known:
        return _expected(node.left if _goes_left(node, row[node.feature]) else node.right, row, known)
    sides = (node.left, node.right)
    return sum(side.rows / node.rows * _expected(side, row, known) for side in sides)


def _shapley(tree: Split | Leaf, row: NDArray[np.float64], feature: int) -> float:
    """The definition: what a feature adds to every set of the others, averaged over all orders."""
    others = [each for each in range(FEATURES) if each != feature]
    return sum(
        (_expected(tree, row, {*known, feature}) - _expected(tree, row, set(known)))
        / (FEATURES * comb(FEATURES - 1, size))
        for size in range(FEATURES)
        for known in combinations(others, size)
    )


@given(tree=TREES, rows=vectors(rows=2))
@settings(max_examples=60)
def test_contributions_follow_the_definition(tree: Split | Leaf, rows: NDArray[np.float64]) -> None:
    """On drawn trees each feature's contribution is its Shapley value summed over all sets, within 1e-12."""
    tables = _tables(booster_of([tree]))
    for row in rows:
        wanted = [*(_shapley(tree, row, feature) for feature in range(FEATURES)), _expected(tree, row, ())]
        assert np.allclose(contributions(tables, row), wanted, rtol=0, atol=1e-12)


@given(forest=FORESTS, rows=vectors())
@settings(max_examples=60)
def test_contributions_sum_to_the_margin(forest: list[Split | Leaf], rows: NDArray[np.float64]) -> None:
    """On drawn forests contributions and expected margin together are the margin, within 1e-12."""
    booster = booster_of(forest)
    margins = booster.predict(rows, raw_score=True)
    assert np.allclose(contributions_batch(_tables(booster), rows).sum(axis=1), margins, rtol=0, atol=1e-12)


def _sample(seed: int, features: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """400 vectors with codes in their last two features and missing values, and whether something was found."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(400, features))
    rows[:, -2:] = rng.integers(0, 20, (400, 2))
    rows[rng.random(rows.shape) < 0.15] = np.nan
    risk = np.nan_to_num(rows[:, 0] * rows[:, 1]) + (rows[:, -1] % 3 == 0) + rng.normal(size=400) * 0.3
    return rows, risk > 0.5


@pytest.mark.parametrize("given", [{}, {"zero_as_missing": True}, {"use_missing": False}])
@pytest.mark.parametrize(("leaves", "features"), [(2, 4), (15, 4), (63, 12)])
def test_contributions_equal_lightgbm(leaves: int, features: int, given: dict[str, bool]) -> None:
    """Trained boosters, shallow and deep: contributions equal pred_contrib within 1e-9."""
    rows, found = _sample(leaves, features)
    names = tuple(f"feature_{place}" for place in range(features))
    parameters = {
        "objective": "binary", "num_leaves": leaves, "min_data_in_leaf": 2, "min_data_per_group": 2, "cat_smooth": 1.0,
        "num_threads": 1, "deterministic": True, "seed": 1, "verbosity": -1, **given,
    }  # fmt: skip
    categorical = [features - 2, features - 1]
    data = lgb.Dataset(rows, found, feature_name=list(names), categorical_feature=categorical, params=parameters)
    booster = lgb.train(parameters, data, 15)
    made = contributions_batch(_tables(booster, names), rows[:100])
    assert np.allclose(made, booster.predict(rows[:100], pred_contrib=True), rtol=0, atol=1e-9)
    assert np.allclose(made.sum(axis=1), booster.predict(rows[:100], raw_score=True), rtol=0, atol=1e-12)


def test_a_side_without_training_rows() -> None:
    """A vector that goes where no training row went still has finite contributions that sum to its margin."""
    inner = Split(0, Leaf(5.0, 0), Leaf(7.0, 0), -2.0)
    tree = Split(0, Split(1, inner, Leaf(1.0, 0), 0.0), Leaf(-1.0, 10), 0.0)
    rows = np.array([[-3.0, -1.0, 0.0, 0.0], [-1.0, -1.0, 0.0, 0.0], [-1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]])
    made = contributions_batch(_tables(booster_of([tree])), rows)
    assert made[:, -1].tolist() == [-1.0] * 4
    assert np.allclose(made.sum(axis=1), [5.0, 7.0, 1.0, -1.0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("forest", [[], [Leaf(0.25)], [Leaf(0.25), Leaf(-0.5)]])
def test_models_that_ask_nothing_expect_their_constant(forest: list[Leaf]) -> None:
    """Without splits every contribution is 0 and the expected margin is the constant."""
    made = contributions(_tables(booster_of(forest)), np.zeros(FEATURES))
    assert made.tolist() == [0.0] * FEATURES + [sum(leaf.value for leaf in forest)]


def test_one_vector_and_many_agree_in_every_bit() -> None:
    """A vector's contributions do not depend on the batch it comes in, nor on the memory it lies in."""
    rows, found = _sample(3, FEATURES)
    data = lgb.Dataset(rows, found, feature_name=list(NAMES))
    tables = _tables(lgb.train({"objective": "binary", "num_threads": 1, "verbosity": -1}, data, 5))
    together = contributions_batch(tables, rows[:20])
    read_only = rows[:20].copy()
    read_only.flags.writeable = False
    for batch in (np.asfortranarray(rows[:20]), rows[:40][::-1][::-1][:20], read_only):
        assert np.array_equal(contributions_batch(tables, batch), together)
    assert np.array_equal(np.array([contributions(tables, row) for row in rows[:20]]), together)
    assert len(add_contributions.signatures) == 1


def test_vectors_of_another_shape_are_refused() -> None:
    """Another width or type is an input error."""
    tables = _tables(booster_of([Leaf(0.0)]))
    shapes: list[NDArray[Any]] = [np.zeros((1, 3)), np.zeros((1, FEATURES), dtype=np.float32), np.zeros(FEATURES)]
    for wrong in shapes:
        with pytest.raises(InputError, match=r"float64\[n, 4\]"):
            contributions_batch(tables, wrong)


def test_ranked_sums_by_group_largest_first() -> None:
    """Groups are summed and ordered by size whatever their sign; equal ones keep the order of their features."""
    added = np.array([0.5, -0.25, 0.25, -2.0, 0.25, 9.0])
    assert ranked(added, ("route", "goods", "party", "timing", "route")) == (
        RankedReason("timing", -2.0),
        RankedReason("route", 0.75),
        RankedReason("goods", -0.25),
        RankedReason("party", 0.25),
    )
    with pytest.raises(InputError, match="5 features"):
        ranked(added, ("route",))
