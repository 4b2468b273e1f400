"""Tiny boosters written out as LightGBM's model text, every kind of split among them, and strategies that draw them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import lightgbm as lgb
import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

from aftc.features.assembly import LEAST_MAGNITUDE

FEATURES = 4
NAMES = tuple(f"feature_{place}" for place in range(FEATURES))
CATEGORICAL_FEATURES = (2, 3)
DECISION_TYPES = (0, 2, 4, 6, 8, 10)  # nothing, zero or NaN missing, each with right and left as default
CODES = 40  # past one word of a bit set
THRESHOLDS = (
    0.0,
    -0.0,
    LEAST_MAGNITUDE,
    -LEAST_MAGNITUDE,
    0.1,
    -0.1,
    1.5,
    -1.5,
    1e300,
    -1e300,
    1e-30,
    0.30000000000000004,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf: its margin and training rows."""

    value: float
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Split:
    """A split: numeric by threshold and decision type, or by the codes that go left where there are some."""

    feature: int
    left: Split | Leaf
    right: Split | Leaf
    threshold: float = 0.0
    decision: int = 10
    codes: frozenset[int] = field(default_factory=frozenset)

    @property
    def rows(self) -> int:
        """Training rows."""
        return self.left.rows + self.right.rows


def booster_of(trees: Sequence[Split | Leaf], names: tuple[str, ...] = NAMES) -> lgb.Booster:
    """The booster of these trees."""
    header = (
        "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"
        f"max_feature_idx={len(names) - 1}\nobjective=binary sigmoid:1\n"
        f"feature_names={' '.join(names)}\nfeature_infos={' '.join(['none'] * len(names))}\n\n"
    )
    body = "".join(f"Tree={place}\n{_text(tree)}\n\n" for place, tree in enumerate(trees))
    return lgb.Booster(
        model_str=f"{header}{body}end of trees\n\nparameters:\nend of parameters\n\npandas_categorical:null\n"
    )


def _text(root: Split | Leaf) -> str:
    splits = list(_splits(root))
    leaves = (
        [root]
        if isinstance(root, Leaf)
        else [child for split in splits for child in (split.left, split.right) if isinstance(child, Leaf)]
    )
    number = {id(split): place for place, split in enumerate(splits)}
    number |= {id(leaf): ~place for place, leaf in enumerate(leaves)}
    bounds, words = [0], []
    thresholds = []
    for split in splits:
        thresholds.append(repr(split.threshold) if not split.codes else str(len(bounds) - 1))
        if split.codes:
            words += [0] * (max(split.codes) // 32 + 1)
            for code in split.codes:
                words[bounds[-1] + code // 32] |= 1 << code % 32
            bounds.append(len(words))
    lines: dict[str, Sequence[object]] = {
        "num_leaves": [len(leaves)],
        "num_cat": [len(bounds) - 1],
        "split_feature": [split.feature for split in splits],
        "split_gain": [1] * len(splits),
        "threshold": thresholds,
        "decision_type": [1 if split.codes else split.decision for split in splits],
        "left_child": [number[id(split.left)] for split in splits],
        "right_child": [number[id(split.right)] for split in splits],
        "leaf_value": [repr(leaf.value) for leaf in leaves],
        "leaf_weight": [1] * len(leaves),
        "leaf_count": [leaf.rows for leaf in leaves],
        "internal_value": [0] * len(splits),
        "internal_weight": [1] * len(splits),
        "internal_count": [split.rows for split in splits],
        **({"cat_boundaries": bounds, "cat_threshold": words} if words else {}),
        "is_linear": [0],
        "shrinkage": [1],
    }
    return "\n".join(f"{name}={' '.join(map(str, values))}" for name, values in lines.items())


def _splits(node: Split | Leaf) -> Iterator[Split]:
    if isinstance(node, Split):
        yield node
        yield from _splits(node.left)
        yield from _splits(node.right)


# Strategies

LEAVES = st.builds(
    Leaf, st.floats(-3, 3).filter(lambda value: value == 0 or abs(value) > 1e-9), st.integers(min_value=1, max_value=50)
)


def _grown(children: SearchStrategy[Split | Leaf]) -> SearchStrategy[Split | Leaf]:
    numeric = st.builds(
        Split,
        st.integers(0, 1),
        children,
        children,
        st.sampled_from(THRESHOLDS) | st.floats(-4, 4),
        st.sampled_from(DECISION_TYPES),
    )
    categorical = st.builds(
        Split,
        st.sampled_from(CATEGORICAL_FEATURES),
        children,
        children,
        codes=st.frozensets(st.integers(0, CODES), min_size=1, max_size=6),
    )
    return numeric | categorical


TREES: SearchStrategy[Split | Leaf] = st.recursive(LEAVES, _grown, max_leaves=8)
FORESTS = st.lists(TREES, max_size=4)

_NUMBERS = st.sampled_from((np.nan, 0.0, *THRESHOLDS)) | st.floats(-4, 4)
_CODES = st.integers(-2, CODES + 2).map(float) | st.sampled_from((np.nan, -0.5, 0.5, 1.7, 3e9, -3e9, 1e300))


@st.composite
def vectors(draw: st.DrawFn, rows: int = 6) -> NDArray[np.float64]:
    """float64[rows, FEATURES] with numbers about the thresholds and codes of every kind, flushed."""
    drawn = [[draw(_NUMBERS), draw(_NUMBERS), draw(_CODES), draw(_CODES)] for _ in range(rows)]
    made = np.array(drawn)
    return np.where(np.abs(made) <= LEAST_MAGNITUDE, 0.0, made)
