"""Reasons: what each feature, and each group of features an officer has a word for, adds to a margin.

Contributions are exact Shapley values over the model's trees: with the expected margin they sum to the margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aftc.errors import InputError
from aftc.models.shapley import add_contributions
from aftc.models.tables import TreeTables

__all__ = ["RankedReason", "contributions", "contributions_batch", "ranked"]


@dataclass(frozen=True, slots=True)
class RankedReason:
    """What one group of features adds to the margin, in log-odds; below 0 it lowers the risk."""

    group: str
    contribution: float


def contributions(tables: TreeTables, vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each feature adds to one vector's margin.

    Args:
        tables: Of the threat's model.
        vector: float64[F], NaN where missing, tiny values flushed to 0.

    Returns:
        float64[F + 1] in log-odds; the last is the expected margin, and all together sum to the margin.

    Raises:
        InputError: another shape or type.
    """
    return contributions_batch(tables, vector.reshape(1, -1)).reshape(-1)


def contributions_batch(tables: TreeTables, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """As `contributions`, for float64[n, F]: float64[n, F + 1].

    Raises:
        InputError: another shape or type.
    """
    features = int(tables.features[0])
    if vectors.ndim != 2 or vectors.dtype != np.float64 or vectors.shape[1] != features:
        raise InputError(f"vectors as float64[n, {features}]", f"{vectors.dtype}{list(vectors.shape)}")
    rows = np.require(vectors, requirements=("C", "W"))  # another layout would compile the kernel again
    out = np.zeros((rows.shape[0], rows.shape[1] + 1))
    out[:, -1] = tables.expected[0]
    add_contributions(
        rows,
        out,
        tables.tree_start,
        tables.tree_inner,
        tables.tree_points,
        tables.parent,
        tables.previous,
        tables.edge_left,
        tables.cover,
        tables.split_feature,
        tables.value,
        tables.flags,
        tables.set_start,
        tables.words,
        tables.points,
        tables.weights,
    )
    return out


def ranked(contribution: NDArray[np.float64], groups: Sequence[str]) -> tuple[RankedReason, ...]:
    """Contributions summed by group, the largest in size first; equal ones in the order of their first features.

    Args:
        contribution: float64[F + 1] of one vector, as `contributions` gives it.
        groups: The group of each of the F features.

    Raises:
        InputError: not one group for each feature.
    """
    if len(groups) != contribution.size - 1:
        raise InputError(f"a group for each of {contribution.size - 1} features", f"{len(groups)} groups")
    sums: dict[str, float] = {}
    for group, added in zip(groups, contribution.tolist(), strict=False):  # the expected margin has no group
        sums[group] = sums.get(group, 0.0) + added
    ordered = sorted(sums.items(), key=lambda each: -abs(each[1]))
    return tuple(RankedReason(group, added) for group, added in ordered)
