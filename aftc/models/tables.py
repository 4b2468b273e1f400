"""The trees of one model as flat arrays: what reasons are computed from, and what a bundle's trees.npz holds.

All trees stand one after the other, each in preorder, so a pass down is a loop upwards over the nodes and a pass up a
loop downwards. Everything about a path that does not depend on the vector (which earlier edge has the same feature,
the product of covers) is computed at export.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from aftc.errors import BundleError

__all__ = [
    "ARRAY_TYPES",
    "CATEGORICAL",
    "DEFAULT_LEFT",
    "MISSING_NAN",
    "MISSING_SHIFT",
    "MISSING_ZERO",
    "TreeTables",
    "pack",
    "unpack",
]

# Bits of LightGBM's decision_type (include/LightGBM/tree.h).
CATEGORICAL: Final = 1
DEFAULT_LEFT: Final = 2
MISSING_SHIFT: Final = 2
MISSING_ZERO: Final = 1
MISSING_NAN: Final = 2

ARRAY_TYPES: Final[dict[str, type[np.generic]]] = {
    "tree_start": np.int64,
    "tree_points": np.int64,
    "parent": np.int64,
    "previous": np.int64,
    "edge_feature": np.int64,
    "edge_left": np.uint8,
    "cover": np.float64,
    "value": np.float64,
    "split_feature": np.int64,
    "threshold": np.float64,
    "decision": np.uint8,
    "set_start": np.int64,
    "set_words": np.int64,
    "words": np.uint32,
    "points": np.float64,
    "weights": np.float64,
    "expected": np.float64,
}


@dataclass(frozen=True, slots=True, eq=False)
class TreeTables:
    """All trees of one model.

    Node arrays have one row per inner node or leaf; numbers of nodes count within their tree.

    Attributes:
        tree_start: int64[trees + 1], first node of each tree.
        tree_points: int64[trees], quadrature points that make the tree's integrals exact.
        parent: int64[nodes], -1 at a root.
        previous: int64[nodes], the nearest node above whose edge has the same feature, -1 without one.
        edge_feature: int64[nodes], feature of the split above, -1 at a root.
        edge_left: uint8[nodes], 1 where the node is its parent's left child.
        cover: float64[nodes], share of training rows that took the path's edges of this feature (a product over them).
        value: float64[nodes], a leaf's margin; 0 at inner nodes.
        split_feature: int64[nodes], -1 at a leaf.
        threshold: float64[nodes], values at or below it go left.
        decision: uint8[nodes], LightGBM's decision_type.
        set_start: int64[nodes], first of the words that list the categories going left.
        set_words: int64[nodes], how many words.
        words: uint32[*], bit c % 32 of word c // 32 is category c.
        points: float64[*], Gauss-Legendre points on (0, 1): rule q starts at q * (q - 1) / 2.
        weights: float64[*], their weights, which sum to 1.
        expected: float64[1], mean margin over the training rows.
    """

    tree_start: NDArray[np.int64]
    tree_points: NDArray[np.int64]
    parent: NDArray[np.int64]
    previous: NDArray[np.int64]
    edge_feature: NDArray[np.int64]
    edge_left: NDArray[np.uint8]
    cover: NDArray[np.float64]
    value: NDArray[np.float64]
    split_feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    decision: NDArray[np.uint8]
    set_start: NDArray[np.int64]
    set_words: NDArray[np.int64]
    words: NDArray[np.uint32]
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    expected: NDArray[np.float64]


def pack(tables: dict[str, TreeTables]) -> bytes:
    """The bytes of a trees.npz: the same tables give the same bytes.

    Args:
        tables: By threat, in the order in which they are written.
    """
    arrays = {f"{threat}.{each.name}": getattr(t, each.name) for threat, t in tables.items() for each in fields(t)}
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(raw: bytes, threats: tuple[str, ...], features: int) -> tuple[TreeTables, ...]:
    """Tables of the named threats from a trees.npz, as the kernel wants them: writable, contiguous, of fixed types.

    Raises:
        BundleError: an array is missing, superfluous, or of another type or extent.
    """
    try:
        with np.load(BytesIO(raw), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, BadZipFile, OSError, EOFError) as error:
        raise BundleError("NumPy arrays without pickles", str(error), subject="trees.npz") from error
    wanted = {f"{threat}.{name}" for threat in threats for name in ARRAY_TYPES}
    if arrays.keys() != wanted:
        stray = sorted(arrays.keys() ^ wanted)
        raise BundleError(
            "the arrays of the fitted threats and no others", f"a difference at {stray[0]}", subject="trees.npz"
        )
    return tuple(
        _tables({name: arrays[f"{threat}.{name}"] for name in ARRAY_TYPES}, threat, features) for threat in threats
    )


def _tables(arrays: dict[str, NDArray[Any]], threat: str, features: int) -> TreeTables:
    for name, kind in ARRAY_TYPES.items():
        if arrays[name].dtype != kind or arrays[name].ndim != 1:
            raise BundleError(
                f"{threat}.{name} as one row of {np.dtype(kind)}", str(arrays[name].dtype), subject="trees.npz"
            )
    made = TreeTables(**{name: np.array(arrays[name], order="C") for name in ARRAY_TYPES})
    _check_extents(made, threat, features)
    return made


def _check_extents(tables: TreeTables, threat: str, features: int) -> None:
    """The compiled kernel has no bounds checks, so every index is checked once here."""
    nodes = tables.parent.size
    sizes = np.diff(tables.tree_start)
    offset = np.repeat(np.arange(sizes.size), sizes) if (sizes > 0).all() else np.empty(0)
    sound = (
        tables.tree_start.size == tables.tree_points.size + 1
        and int(tables.tree_start[0]) == 0
        and int(tables.tree_start[-1]) == nodes == offset.size
        and all(getattr(tables, name).size == nodes for name in ARRAY_TYPES if name not in _OTHER_ARRAYS)
        and tables.points.size == tables.weights.size
        and tables.expected.size == 1
    )
    if not sound or not _indices_sound(tables, features):
        raise BundleError(
            f"tree tables of {threat} that fit together", "an index or extent out of range", subject="trees.npz"
        )


_OTHER_ARRAYS: Final = frozenset(("tree_start", "tree_points", "words", "points", "weights", "expected"))


def _indices_sound(tables: TreeTables, features: int) -> bool:
    own = np.arange(tables.parent.size) - np.repeat(tables.tree_start[:-1], np.diff(tables.tree_start))
    rules = tables.tree_points * (tables.tree_points + 1) // 2
    inner = tables.parent >= 0
    return bool(
        (tables.parent < own).all()
        and (tables.previous < own).all()
        and (tables.previous >= -1).all()
        and ((own == 0) == ~inner).all()
        and ((tables.edge_feature >= 0) == inner).all()
        and (tables.edge_feature < features).all()
        and (tables.split_feature >= -1).all()
        and (tables.split_feature < features).all()
        and (tables.set_start >= 0).all()
        and (tables.set_words >= 0).all()
        and (tables.set_start + tables.set_words <= tables.words.size).all()
        and (tables.tree_points >= 1).all()
        and (rules <= tables.points.size).all()
    )
