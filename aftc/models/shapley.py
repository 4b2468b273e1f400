"""The compiled kernel of reasons: exact TreeSHAP, one pass down and one up every tree, in float64.

A leaf of value v whose path asks the features j gives feature i, with o_j = 1 where the vector takes all of the path's
edges of j (else 0) and z_j the share of training rows that take them,

    v * (o_i - z_i) * integral from 0 to 1 of the product over j != i of (t * o_j + (1 - t) * z_j) dt.

The integrand is a polynomial in t, so Gauss-Legendre quadrature with half as many points as the path has features is
exact. The pass down multiplies the factors f_j(t); the leaves and the pass up sum, below each edge, v times the product
of all of them. An edge then gives its feature that sum times (o - z) / f, less the same of the feature's edge above it:
over a path these differences telescope to the formula. So the cost is linear in the nodes.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.models.tables import CATEGORICAL, MISSING_LEFT, ZERO_MISSING

__all__ = ["add_contributions"]

_Floats: TypeAlias = NDArray[np.float64]
_Ints: TypeAlias = NDArray[np.int64]
_Numbers: TypeAlias = NDArray[np.uint32]  # unsigned: a signed index costs a test for wrapping around
_Bytes: TypeAlias = NDArray[np.uint8]

_WORD_BITS: Final = 32


@njit(cache=True, nogil=True, error_model="numpy")
def add_contributions(
    vectors: _Floats,
    out: _Floats,
    tree_start: _Ints,
    tree_inner: _Ints,
    tree_points: _Ints,
    parent: _Numbers,
    previous: _Numbers,
    edge_left: _Bytes,
    cover: _Floats,
    split_feature: _Numbers,
    value: _Floats,
    flags: _Bytes,
    set_start: _Numbers,
    words: _Numbers,
    points: _Floats,
    weights: _Floats,
) -> None:
    """Add to out[n, F + 1] what each feature of vectors[n, F] contributes; arrays as in `TreeTables`."""
    most_rows, most_points = 1, 1
    for tree in range(tree_inner.size):
        most_rows = max(most_rows, tree_start[tree + 1] - tree_start[tree])
        most_points = max(most_points, tree_points[tree])
    left = np.empty(most_rows, dtype=np.uint8)
    taken = np.empty(most_rows, dtype=np.uint8)
    product = np.empty((most_rows, most_points))
    inverse = np.empty((most_rows, most_points))
    below = np.empty((most_rows, most_points))
    for n in range(vectors.shape[0]):
        for tree in range(tree_inner.size):
            first, inner, end = tree_start[tree], tree_inner[tree], tree_start[tree + 1]
            rule = tree_points[tree] * (tree_points[tree] - 1) // 2
            t = points[rule : rule + tree_points[tree]]
            w = weights[rule : rule + tree_points[tree]]
            _decide(vectors[n], first, inner, split_feature, value, flags, set_start, words, left)
            _take(first, end, parent, previous, edge_left, left, taken)
            _pass_down(first, inner, parent, previous, cover, t, taken, product, inverse, below)
            _add_leaves(
                out[n], first, inner, end, parent, previous, cover, split_feature, value,
                t, w, taken, product, inverse, below,
            )  # fmt: skip
            _pass_up(out[n], first, inner, parent, previous, cover, split_feature, t, taken, inverse, below)


@njit(cache=True, nogil=True, error_model="numpy")
def _decide(
    vector: _Floats,
    first: int,
    inner: int,
    split_feature: _Numbers,
    value: _Floats,
    flags: _Bytes,
    set_start: _Numbers,
    words: _Numbers,
    left: _Bytes,
) -> None:
    """Set left[node] to 1 where the vector goes left there, as LightGBM decides."""
    for node in range(inner):
        at = first + node
        x = vector[split_feature[at]]
        missing_left = np.isnan(x) & (flags[at] & MISSING_LEFT != 0)
        if flags[at] & CATEGORICAL:
            start, end = set_start[int(value[at])], set_start[int(value[at]) + 1]
            left[node] = 0
            if -1.0 < x < (end - start) * _WORD_BITS:  # false for NaN too; codes are truncated towards 0
                code = np.uint32(int(x))
                left[node] = (words[start + code // _WORD_BITS] >> (code % _WORD_BITS)) & 1
        elif flags[at] & ZERO_MISSING and x == 0.0:
            left[node] = flags[at] & MISSING_LEFT != 0
        else:
            left[node] = (x <= value[at]) | missing_left


@njit(cache=True, nogil=True, error_model="numpy")
def _take(
    first: int, end: int, parent: _Numbers, previous: _Numbers, edge_left: _Bytes, left: _Bytes, taken: _Bytes
) -> None:
    """Set taken[node] to 1 where the vector takes the edge and all edges of the same feature above it."""
    taken[0] = 1
    for node in range(1, end - first):
        at = first + node
        taken[node] = (left[parent[at]] == edge_left[at]) & taken[previous[at]]


@njit(cache=True, nogil=True, error_model="numpy")
def _pass_down(
    first: int,
    inner: int,
    parent: _Numbers,
    previous: _Numbers,
    cover: _Floats,
    t: _Floats,
    taken: _Bytes,
    product: _Floats,
    inverse: _Floats,
    below: _Floats,
) -> None:
    """Product of the factors of all features on each inner node's path, at each quadrature point."""
    for k in range(t.size):
        product[0, k] = 1.0
        inverse[0, k] = 1.0
        below[0, k] = 0.0
    for node in range(1, inner):
        at = first + node
        above, same = parent[at], previous[at]
        gap = taken[node] - cover[at]
        for k in range(t.size):
            factor = cover[at] + t[k] * gap
            product[node, k] = product[above, k] * inverse[same, k] * factor
            inverse[node, k] = 1.0 / factor if factor > 0.0 else 0.0  # 0: no training row, and not this vector
            below[node, k] = 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _add_leaves(
    out: _Floats,
    first: int,
    inner: int,
    end: int,
    parent: _Numbers,
    previous: _Numbers,
    cover: _Floats,
    split_feature: _Numbers,
    value: _Floats,
    t: _Floats,
    w: _Floats,
    taken: _Bytes,
    product: _Floats,
    inverse: _Floats,
    below: _Floats,
) -> None:
    """Give each leaf's edge its difference, and its parent the leaf's weighted product."""
    for node in range(inner, end - first):
        at = first + node
        above, same = parent[at], previous[at]
        gap = taken[node] - cover[at]
        earlier_gap = taken[same] - cover[first + same]
        total = 0.0
        for k in range(t.size):
            factor = cover[at] + t[k] * gap
            others = value[at] * w[k] * product[above, k] * inverse[same, k]
            total += others * (gap - earlier_gap * inverse[same, k] * factor)
            below[above, k] += others * factor
        out[split_feature[first + above]] += total


@njit(cache=True, nogil=True, error_model="numpy")
def _pass_up(
    out: _Floats,
    first: int,
    inner: int,
    parent: _Numbers,
    previous: _Numbers,
    cover: _Floats,
    split_feature: _Numbers,
    t: _Floats,
    taken: _Bytes,
    inverse: _Floats,
    below: _Floats,
) -> None:
    """Sum the leaves below each inner node, and give its edge's feature the difference."""
    for node in range(inner - 1, 0, -1):
        at = first + node
        above, same = parent[at], previous[at]
        gap = taken[node] - cover[at]
        earlier_gap = taken[same] - cover[first + same]
        total = 0.0
        for k in range(t.size):
            total += below[node, k] * (gap * inverse[node, k] - earlier_gap * inverse[same, k])
            below[above, k] += below[node, k]
        out[split_feature[first + above]] += total
