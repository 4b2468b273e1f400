"""Running sums by key: what is known so far of each actor, pair or kind of goods."""

from __future__ import annotations

import numpy as np

from training.world.parameters import Floats, Ints

__all__ = ["Tallies"]


class Tallies:
    """Sums of some amounts for each key seen so far.

    Args:
        amounts: How many sums each key has.
    """

    def __init__(self, amounts: int) -> None:
        self._keys: Ints = np.empty(0, dtype=np.int64)
        self._sums: Floats = np.empty((0, amounts))

    def of(self, keys: Ints) -> Floats:
        """float64[n, amounts]: the sums of each key, zeros for one never seen."""
        sums = np.zeros((len(keys), self._sums.shape[1]))
        if self._keys.size:
            place = np.minimum(np.searchsorted(self._keys, keys), self._keys.size - 1)
            seen = self._keys[place] == keys
            sums[seen] = self._sums[place[seen]]
        return sums

    def add(self, keys: Ints, amounts: Floats) -> None:
        """Add float64[n, amounts] to the keys' sums; a key may come several times."""
        merged, place = np.unique(np.concatenate((self._keys, keys)), return_inverse=True)
        values = np.concatenate((self._sums, amounts))
        sums = [np.bincount(place, column, len(merged)) for column in values.T]
        self._sums = np.column_stack(sums).astype(np.float64)  # of no rows, counts would be whole numbers
        self._keys = merged

    def fade(self, factors: Floats) -> None:
        """Multiply all sums by float64[amounts] factors."""
        self._sums *= factors
