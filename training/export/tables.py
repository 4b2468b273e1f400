"""Tree tables for reasons: the trees in preorder, with everything about a path that no vector changes."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aftc.models.tables import ARRAY_TYPES, TreeTables
from training.export.trees import WORD_BITS, Ensemble, Tree

__all__ = ["tree_tables"]

ABSENT: Final = -1
ROOT: Final = 0


class _Row(NamedTuple):
    """One row of the node arrays, named as in `TreeTables`."""

    parent: int
    previous: int
    edge_feature: int
    edge_left: bool
    cover: float
    value: float = 0.0
    split_feature: int = ABSENT
    threshold: float = 0.0
    decision: int = 0
    set_start: int = 0
    set_words: int = 0


class _Step(NamedTuple):
    """A child still to be visited: its row but for what it holds itself, and the last row of each feature above it."""

    child: int
    edge: _Row
    path: dict[int, int]


def tree_tables(ensemble: Ensemble) -> TreeTables:
    """Tables of one model's trees, with the quadrature rules that they need."""
    rows: list[_Row] = []
    words: list[int] = []
    starts, points, expected = [0], [], 0.0
    for tree in ensemble.trees:
        made, widest = _preorder(tree, words)
        rows += made
        starts.append(len(rows))
        points.append(max(1, (widest + 1) // 2))  # q points are exact to degree 2q - 1; the integrand has widest - 1
        expected += float(np.dot(tree.leaf_value, tree.leaf_count)) / max(1, int(tree.leaf_count.sum()))
    rules = [_rule(q) for q in range(1, max(points, default=1) + 1)]
    arrays: dict[str, Any] = {
        "tree_start": starts,
        "tree_points": points,
        "words": words,
        "points": np.concatenate([nodes for nodes, _ in rules]),
        "weights": np.concatenate([weights for _, weights in rules]),
        "expected": [expected],
    }
    for place, name in enumerate(_Row._fields):
        arrays[name] = [row[place] for row in rows]
    return TreeTables(**{name: np.array(arrays[name], dtype=kind) for name, kind in ARRAY_TYPES.items()})


def _preorder(tree: Tree, words: list[int]) -> tuple[list[_Row], int]:
    """Rows of a tree, and the most distinct features on any of its paths; category sets are appended to `words`."""
    rows: list[_Row] = []
    counts = _counts(tree)
    widest = 0
    stack = [_Step(ROOT if tree.feature.size else ~0, _Row(ABSENT, ABSENT, ABSENT, False, 1.0), {})]
    while stack:
        child, edge, above = stack.pop()
        here = len(rows)
        path = {**above, edge.edge_feature: here} if edge.parent != ABSENT else above
        widest = max(widest, len(path))
        if child < 0:
            rows.append(edge._replace(value=float(tree.leaf_value[~child])))
            continue
        rows.append(_inner(tree, child, edge, words))
        feature = int(tree.feature[child])
        previous = path.get(feature, ABSENT)
        covered = rows[previous].cover if previous != ABSENT else 1.0
        for side, next_child in ((False, int(tree.right[child])), (True, int(tree.left[child]))):
            share = _count(tree, counts, next_child) / max(1, int(counts[child]))
            stack.append(_Step(next_child, _Row(here, previous, feature, side, covered * share), path))
    return rows, widest


def _counts(tree: Tree) -> NDArray[np.int64]:
    """Training rows of each inner node; LightGBM numbers a node after its parent, so children come first backwards."""
    counts = np.zeros(tree.feature.size, dtype=np.int64)
    for node in range(tree.feature.size - 1, -1, -1):
        counts[node] = sum(_count(tree, counts, int(child[node])) for child in (tree.left, tree.right))
    return counts


def _count(tree: Tree, counts: NDArray[np.int64], child: int) -> int:
    return int(tree.leaf_count[~child] if child < 0 else counts[child])


def _inner(tree: Tree, node: int, edge: _Row, words: list[int]) -> _Row:
    members = tree.left_categories[node]
    start = len(words)
    if members is not None:
        bits = [0] * (1 + max(members, default=0) // WORD_BITS)
        for code in members:
            bits[code // WORD_BITS] |= 1 << code % WORD_BITS
        words += bits
    return edge._replace(
        split_feature=int(tree.feature[node]),
        threshold=float(tree.threshold[node]),
        decision=int(tree.decision[node]),
        set_start=start,
        set_words=len(words) - start,
    )


def _rule(points: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre points and weights moved from (-1, 1) to (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (nodes + 1.0) / 2.0, weights / 2.0
