"""The trees of one model as flat arrays: what reasons are computed from, and what a bundle's trees.npz holds.

Each tree's inner nodes come first, every one after its parent, then its leaves: so a pass down is a loop over the inner
nodes, a pass up the same loop backwards. A row also stands for the edge that leads to it. Everything about a path that
does not depend on the vector (which edge above has the same feature, the product of covers) is computed at export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from aftc.errors import BundleError

__all__ = ["ARRAY_TYPES", "CATEGORICAL", "MISSING_LEFT", "ZERO_MISSING", "TreeTables", "pack", "unpack"]

# Bits of `TreeTables.flags`.
CATEGORICAL: Final = 1  # the split asks whether a code is in a set
MISSING_LEFT: Final = 2  # a missing value goes left
ZERO_MISSING: Final = 4  # 0 counts as missing

_FILE: Final = "trees.npz"


@dataclass(frozen=True, slots=True, eq=False)
class TreeTables:
    """All trees of one model; trees of a single leaf are in `expected` alone.

    Numbers of rows count within their tree. Row 0 of a tree is its root: as an edge it is neutral (cover 1, always
    taken), so it also stands for "no such edge".

    Attributes:
        tree_start: int64[trees + 1], first row of each tree.
        tree_inner: int64[trees], inner nodes of each tree.
        tree_points: int64[trees], quadrature points that make the tree's integrals exact.
        parent: uint32[rows].
        previous: uint32[rows], the nearest edge above with the same feature.
        edge_left: uint8[rows], 1 for a left child.
        cover: float64[rows], share of training rows that took the path's edges of this edge's feature (a product).
        split_feature: uint32[rows], 0 at a leaf.
        value: float64[rows], a split's threshold (at or below goes left) or number of its set, a leaf's margin.
        flags: uint8[rows].
        set_start: uint32[sets + 1], first word of each set of categories.
        words: uint32[*], bit c % 32 of a set's word c // 32 says that category c goes left.
        points: float64[*], Gauss-Legendre points on (0, 1): the rule of q points starts at q * (q - 1) / 2.
        weights: float64[*], their weights; each rule's sum to 1.
        expected: float64[1], mean margin over the training rows.
        features: int64[1], width of the vectors.
    """

    tree_start: NDArray[np.int64]
    tree_inner: NDArray[np.int64]
    tree_points: NDArray[np.int64]
    parent: NDArray[np.uint32]
    previous: NDArray[np.uint32]
    edge_left: NDArray[np.uint8]
    cover: NDArray[np.float64]
    split_feature: NDArray[np.uint32]
    value: NDArray[np.float64]
    flags: NDArray[np.uint8]
    set_start: NDArray[np.uint32]
    words: NDArray[np.uint32]
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    expected: NDArray[np.float64]
    features: NDArray[np.int64]


ARRAY_TYPES: Final[dict[str, type[np.generic]]] = {
    "tree_start": np.int64,
    "tree_inner": np.int64,
    "tree_points": np.int64,
    "parent": np.uint32,
    "previous": np.uint32,
    "edge_left": np.uint8,
    "cover": np.float64,
    "split_feature": np.uint32,
    "value": np.float64,
    "flags": np.uint8,
    "set_start": np.uint32,
    "words": np.uint32,
    "points": np.float64,
    "weights": np.float64,
    "expected": np.float64,
    "features": np.int64,
}
_ROW_ARRAYS: Final = ("parent", "previous", "edge_left", "cover", "split_feature", "value", "flags")


def pack(tables: Mapping[str, TreeTables]) -> bytes:
    """The bytes of a trees.npz: the same tables give the same bytes.

    Args:
        tables: By threat, in the order in which they are written.
    """
    arrays = {f"{threat}.{name}": getattr(each, name) for threat, each in tables.items() for name in ARRAY_TYPES}
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
        raise BundleError("NumPy arrays without pickles", str(error), subject=_FILE) from error
    stray = sorted(arrays.keys() ^ {f"{threat}.{name}" for threat in threats for name in ARRAY_TYPES})
    if stray:
        raise BundleError(
            "the arrays of the fitted threats and no others", f"a difference at {stray[0]}", subject=_FILE
        )
    return tuple(
        _tables({name: arrays[f"{threat}.{name}"] for name in ARRAY_TYPES}, threat, features) for threat in threats
    )


def _tables(arrays: dict[str, NDArray[Any]], threat: str, features: int) -> TreeTables:
    for name, kind in ARRAY_TYPES.items():
        if arrays[name].dtype != kind or arrays[name].ndim != 1:
            raise BundleError(f"{threat}.{name} as one row of {np.dtype(kind)}", str(arrays[name].dtype), subject=_FILE)
    made = TreeTables(**{name: np.array(arrays[name], order="C") for name in ARRAY_TYPES})
    if not (_extents_sound(made, features) and _rows_sound(made, features)):
        raise BundleError(
            f"tree tables of {threat} that fit together", "an index or extent out of range", subject=_FILE
        )
    return made


def _extents_sound(tables: TreeTables, features: int) -> bool:
    """The compiled kernel checks no bounds, so every extent and index is checked once, here."""
    trees = tables.tree_inner.size
    sets = tables.set_start.astype(np.int64)
    rules = tables.tree_points * (tables.tree_points + 1) // 2
    return bool(
        tables.tree_start.size == trees + 1
        and tables.tree_points.size == trees
        and tables.tree_start[0] == 0
        and tables.tree_start[-1] == tables.parent.size
        and (np.diff(tables.tree_start) > tables.tree_inner).all()
        and (tables.tree_inner >= 1).all()
        and all(getattr(tables, name).size == tables.parent.size for name in _ROW_ARRAYS)
        and (tables.tree_points >= 1).all()
        and (rules <= tables.points.size).all()
        and tables.points.size == tables.weights.size
        and sets.size >= 1
        and (np.diff(sets) > 0).all()
        and sets[-1] <= tables.words.size
        and tables.expected.size == 1
        and tables.features.tolist() == [features]
    )


def _rows_sound(tables: TreeTables, features: int) -> bool:
    sizes = np.diff(tables.tree_start)
    row = np.arange(tables.parent.size) - np.repeat(tables.tree_start[:-1], sizes)
    inner = np.repeat(tables.tree_inner, sizes)
    categorical = tables.flags & CATEGORICAL != 0
    chosen = tables.value[categorical]
    earlier = np.where(row == 0, 1, np.minimum(row, inner))  # a parent is an inner node before its child
    return bool(
        (tables.parent < earlier).all()
        and (tables.previous < earlier).all()
        and (tables.split_feature < features).all()
        and (chosen == np.floor(chosen)).all()
        and ((chosen >= 0) & (chosen < tables.set_start.size - 1)).all()
    )
