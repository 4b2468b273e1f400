"""LightGBM's trees read from its own model text, whose numbers carry 17 digits and so lose nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from aftc.errors import ExportError

_Number = TypeVar("_Number", np.int64, np.float64, np.uint8)

__all__ = ["Ensemble", "Tree", "read_ensemble"]

WORD_BITS: Final = 32  # of LightGBM's category bit sets

# Bits of LightGBM's decision_type (include/LightGBM/tree.h).
_CATEGORICAL: Final = 1
_DEFAULT_LEFT: Final = 2
_MISSING_SHIFT: Final = 2
_MISSING_BITS: Final = 3
_MISSING_NONE: Final = 0
_MISSING_ZERO: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """One tree. Children at or above 0 are inner nodes, below 0 the leaf ~child.

    Attributes:
        feature: int64[inner], feature split on.
        threshold: float64[inner], at or below goes left; of no meaning where `left_categories` holds a set.
        decision: uint8[inner], LightGBM's decision_type.
        left: int64[inner].
        right: int64[inner].
        leaf_value: float64[leaves].
        leaf_count: int64[leaves], training rows.
        left_categories: For each inner node the codes that go left, or None at a numeric split.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    decision: NDArray[np.uint8]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    leaf_value: NDArray[np.float64]
    leaf_count: NDArray[np.int64]
    left_categories: tuple[frozenset[int] | None, ...]

    def zero_is_missing(self, node: int) -> bool:
        """Whether 0 counts as missing at a numeric split (LightGBM's zero_as_missing)."""
        return int(self.decision[node]) >> _MISSING_SHIFT & _MISSING_BITS == _MISSING_ZERO

    def missing_goes_left(self, node: int) -> bool:
        """Where a missing value goes; LightGBM takes NaN for 0 where nothing counts as missing."""
        if self.left_categories[node] is not None:
            return False
        if int(self.decision[node]) >> _MISSING_SHIFT & _MISSING_BITS == _MISSING_NONE:
            return bool(self.threshold[node] >= 0.0)
        return bool(self.decision[node] & _DEFAULT_LEFT)


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """The trees whose values, summed in this order from 0.0, are the margin."""

    trees: tuple[Tree, ...]


def read_ensemble(booster: lgb.Booster, names: tuple[str, ...], subject: str) -> Ensemble:
    """Trees of a booster up to its best iteration, where early stopping set one.

    Raises:
        ExportError: other features, several outputs, linear leaves or averaged trees.
    """
    blocks = booster.model_to_string().split("\nend of trees")[0].split("\nTree=")
    header = _fields(blocks[0])
    _check_header(header, blocks[0], subject)
    if tuple(header["feature_names"].split(" ")) != names:
        raise ExportError(
            "a booster over the features of the schema, in its order",
            header["feature_names"][:200],
            advice="train with feature_name set from the schema",
            subject=subject,
        )
    return Ensemble(tuple(_tree(_fields(block), subject) for block in blocks[1:]))


def _fields(block: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block.splitlines() if "=" in line)


def _check_header(header: dict[str, str], block: str, subject: str) -> None:
    if header.get("version") != "v4":
        raise ExportError("LightGBM's model text v4", str(header.get("version")), subject=subject)
    if header["num_class"] != "1" or header["num_tree_per_iteration"] != "1":
        raise ExportError("one output", f"{header['num_tree_per_iteration']} trees an iteration", subject=subject)
    if "\naverage_output" in block:
        raise ExportError("trees that are summed", "trees that are averaged (random forest)", subject=subject)


def _tree(fields: dict[str, str], subject: str) -> Tree:
    if fields.get("is_linear", "0") != "0":
        raise ExportError("constant leaves", "linear leaves", advice="train without linear_tree", subject=subject)
    decision = _numbers(fields, "decision_type", np.uint8)
    threshold = _numbers(fields, "threshold", np.float64)
    sets = _category_sets(fields) if int(fields["num_cat"]) else []
    leaves = _numbers(fields, "leaf_value", np.float64)
    return Tree(
        feature=_numbers(fields, "split_feature", np.int64),
        threshold=threshold,
        decision=decision,
        left=_numbers(fields, "left_child", np.int64),
        right=_numbers(fields, "right_child", np.int64),
        leaf_value=leaves,
        leaf_count=_numbers(fields, "leaf_count", np.int64) if len(leaves) > 1 else np.ones(1, dtype=np.int64),
        left_categories=tuple(
            sets[int(t)] if d & _CATEGORICAL else None for t, d in zip(threshold, decision, strict=True)
        ),
    )


def _category_sets(fields: dict[str, str]) -> list[frozenset[int]]:
    bounds = _numbers(fields, "cat_boundaries", np.int64)
    words = [int(each) for each in fields["cat_threshold"].split()]
    return [_members(words[start:end]) for start, end in pairwise(bounds)]


def _members(words: list[int]) -> frozenset[int]:
    return frozenset(
        place * WORD_BITS + bit
        for place, word in enumerate(words)
        if word
        for bit in range(WORD_BITS)
        if word >> bit & 1
    )


def _numbers(fields: dict[str, str], name: str, kind: type[_Number]) -> NDArray[_Number]:
    return np.array(fields.get(name, "").split(), dtype=kind)
