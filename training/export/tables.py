"""Tree tables for reasons: the trees' rows, with everything about a path that no vector changes."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aftc.models.tables import ARRAY_TYPES, CATEGORICAL, MISSING_LEFT, ZERO_MISSING, TreeTables
from training.export.trees import WORD_BITS, Ensemble, Tree

__all__ = ["tree_tables"]

ROOT: Final = 0


class _Row(NamedTuple):
    """One row, named as in `TreeTables`; for the root, the neutral edge."""

    parent: int = ROOT
    previous: int = ROOT
    edge_left: bool = False
    cover: float = 1.0
    split_feature: int = 0
    value: float = 0.0
    flags: int = 0


class _Sets:
    """Bit sets of categories as they grow."""

    def __init__(self) -> None:
        self.start = [0]
        self.words: list[int] = []

    def add(self, members: frozenset[int]) -> int:
        """Append a set; its number."""
        words = [0] * (1 + max(members) // WORD_BITS)
        for code in members:
            words[code // WORD_BITS] |= 1 << code % WORD_BITS
        self.words += words
        self.start.append(len(self.words))
        return len(self.start) - 2


def tree_tables(ensemble: Ensemble, features: int) -> TreeTables:
    """Tables of one model's trees over vectors of so many features, with the quadrature rules that they need."""
    rows: list[_Row] = []
    sets = _Sets()
    start, inner, points, expected = [0], [], [], 0.0
    for tree in ensemble.trees:
        expected += float(np.dot(tree.leaf_value, tree.leaf_count)) / max(1, int(tree.leaf_count.sum()))
        if tree.feature.size:
            made, widest = _rows(tree, sets)
            rows += made
            start.append(len(rows))
            inner.append(tree.feature.size)
            points.append((widest + 1) // 2)  # q points are exact to degree 2q - 1; the integrand has widest - 1
    rules = [_rule(q) for q in range(1, max(points, default=1) + 1)]
    arrays: dict[str, Any] = {
        "tree_start": start,
        "tree_inner": inner,
        "tree_points": points,
        "set_start": sets.start,
        "words": sets.words,
        "points": np.concatenate([nodes for nodes, _ in rules]),
        "weights": np.concatenate([weights for _, weights in rules]),
        "expected": [expected],
        "features": [features],
    }
    for place, name in enumerate(_Row._fields):
        arrays[name] = [row[place] for row in rows]
    return TreeTables(**{name: np.array(arrays[name], dtype=kind) for name, kind in ARRAY_TYPES.items()})


def _rows(tree: Tree, sets: _Sets) -> tuple[list[_Row], int]:
    """Rows of a tree, inner nodes then leaves, and the most distinct features on any of its paths."""
    inner = tree.feature.size
    rows = [_Row()] * (inner + inner + 1)
    # for each inner node the last row of each feature on its path; LightGBM numbers a node after its parent
    paths: list[dict[int, int]] = [{} for _ in range(inner)]
    counts = _counts(tree)
    widest = 0
    for node in range(inner):
        feature = int(tree.feature[node])
        previous = paths[node].get(feature, ROOT)
        widest = max(widest, len({*paths[node], feature}))
        rows[node] = _split(tree, node, rows[node], sets)
        covered = rows[previous].cover if previous != ROOT else 1.0
        for is_left, child in ((True, int(tree.left[node])), (False, int(tree.right[node]))):
            share = _count(tree, counts, child) / max(1, int(counts[node]))
            edge = _Row(node, previous, is_left, covered * share)
            if child < 0:
                rows[inner + ~child] = edge._replace(value=float(tree.leaf_value[~child]))
            else:
                rows[child] = edge
                paths[child] = paths[node] | {feature: child}
    return rows, widest


def _counts(tree: Tree) -> NDArray[np.int64]:
    """Training rows of each inner node, summed from the leaves up."""
    counts = np.zeros(tree.feature.size, dtype=np.int64)
    for node in range(tree.feature.size - 1, -1, -1):
        counts[node] = sum(_count(tree, counts, int(side[node])) for side in (tree.left, tree.right))
    return counts


def _count(tree: Tree, counts: NDArray[np.int64], child: int) -> int:
    return int(tree.leaf_count[~child] if child < 0 else counts[child])


def _split(tree: Tree, node: int, edge: _Row, sets: _Sets) -> _Row:
    feature, members = int(tree.feature[node]), tree.left_categories[node]
    if members is not None:
        return edge._replace(split_feature=feature, value=float(sets.add(members)), flags=CATEGORICAL)
    flags = MISSING_LEFT * tree.missing_goes_left(node) | ZERO_MISSING * tree.zero_is_missing(node)
    return edge._replace(split_feature=feature, value=float(tree.threshold[node]), flags=flags)


def _rule(points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre points and weights, moved from (-1, 1) to (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (nodes + 1.0) / 2.0, weights / 2.0
