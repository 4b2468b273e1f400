"""The columns that the graph adds to the vector, so that every split becomes one comparison.

A categorical split asks whether a code is in a set. Each distinct set of a feature becomes one column, gathered by code
from a table: 0 where the code goes left, 1 where it goes right. LightGBM sends what it does not know to the right, so
one spare row of ones serves missing, negative and unseen codes. Where zero counts as missing (LightGBM's
zero_as_missing), a copy of the feature holds NaN for 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.errors import ExportError
from training.export.trees import Ensemble, Tree

__all__ = ["LOOKUP_CELLS", "Lookup", "SplitInputs", "split_inputs"]

LOOKUP_CELLS: Final = 16_000_000  # bytes of all tables together; every scoring process holds them


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """The sets of one categorical feature.

    Attributes:
        feature: Its place in the vector.
        first: Column of its first set.
        sets: Codes that go left, one set a column.
    """

    feature: int
    first: int
    sets: tuple[frozenset[int], ...]

    @property
    def spare(self) -> int:
        """Row for missing and unknown codes: one past the largest code of any set."""
        return 1 + max(max(each, default=0) for each in self.sets)

    def table(self) -> NDArray[np.uint8]:
        """uint8[codes + 1, sets]: 0 goes left, 1 goes right."""
        made = np.ones((self.spare + 1, len(self.sets)), dtype=np.uint8)
        for column, members in enumerate(self.sets):
            made[sorted(members), column] = 0
        return made


@dataclass(frozen=True, slots=True, eq=False)
class SplitInputs:
    """Where each split finds its input.

    Attributes:
        features: Width of the vector; added columns come after it.
        zero_missing: Features of which a copy with NaN for 0 is added, in column order.
        lookups: Sets by feature, in column order.
    """

    features: int
    zero_missing: tuple[int, ...]
    lookups: tuple[Lookup, ...]
    _set_column: dict[tuple[int, frozenset[int]], int]

    def column(self, tree: Tree, node: int) -> int:
        """Column that a node compares."""
        feature, members = int(tree.feature[node]), tree.left_categories[node]
        if members is not None:
            return self._set_column[feature, members]
        if tree.zero_is_missing(node):
            return self.features + self.zero_missing.index(feature)
        return feature


def split_inputs(ensembles: Sequence[Ensemble], features: int) -> SplitInputs:
    """Columns shared by all ensembles: each distinct set once.

    Raises:
        ExportError: the tables would pass `LOOKUP_CELLS`.
    """
    sets: dict[int, dict[frozenset[int], None]] = {}
    zero_missing: set[int] = set()
    for tree in (tree for ensemble in ensembles for tree in ensemble.trees):
        for node, feature in enumerate(tree.feature.tolist()):
            members = tree.left_categories[node]
            if members is not None:
                sets.setdefault(feature, {})[members] = None
            elif tree.zero_is_missing(node):
                zero_missing.add(feature)
    lookups, first = [], features + len(zero_missing)
    for feature in sorted(sets):
        lookups.append(Lookup(feature, first, tuple(sets[feature])))
        first += len(sets[feature])
    _check_size(lookups)
    by_set = {(each.feature, s): each.first + i for each in lookups for i, s in enumerate(each.sets)}
    return SplitInputs(features, tuple(sorted(zero_missing)), tuple(lookups), by_set)


def _check_size(lookups: Sequence[Lookup]) -> None:
    cells = [(each.spare + 1) * len(each.sets) for each in lookups]
    if sum(cells) > LOOKUP_CELLS:
        largest = lookups[int(np.argmax(cells))]
        raise ExportError(
            f"category tables of at most {LOOKUP_CELLS:,} cells",
            f"{sum(cells):,}, most for feature {largest.feature} with codes to {largest.spare - 1:,}",
            advice="use denser codes, fewer categories, or a larger min_data_per_group",
        )
