"""Random draws: one independent generator per concern and week, and draws that several concerns share.

A generator depends on the seed, the concern's name and the week alone, so that adding a concern leaves what the
others draw as it was, and any process may draw any week. Codes are distinct over all weeks without a memory: each is
the place of a running number in a keyed permutation of all codes of its length.
"""

from __future__ import annotations

from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from training.world.parameters import Floats, Ints

__all__ = ["ALPHANUMERIC", "DIGITS", "Draws", "codes", "permuted", "weighted"]

DIGITS = "0123456789"
ALPHANUMERIC = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_CODES_A_WEEK = 1 << 23  # at most, for one concern
_MOST_SIGNS = 12  # of a code that are permuted; longer ones begin with random signs
_FEISTEL_ROUNDS = 6

_Bits: TypeAlias = npt.NDArray[np.uint64]


class Draws:
    """Generators by concern, all from one seed.

    Attributes:
        place: Number of the week, counted from one; zero for the cast.
    """

    def __init__(self, seed: int, week: int | None = None) -> None:
        self._seed = seed
        self.place = 0 if week is None else week + 1

    def of(self, concern: str) -> np.random.Generator:
        """A fresh generator for a concern; asking twice gives the same draws twice."""
        return np.random.default_rng(self._sequence(concern, self.place))

    def codes(self, concern: str, count: int, length: int, alphabet: str = ALPHANUMERIC) -> list[str]:
        """Random codes, distinct among all of this concern in all weeks; they carry no order.

        Args:
            concern: What they are for; the codes of one concern are to be asked for once a week.
            count: How many, below eight million.
            length: Signs of each.
            alphabet: Their signs; at least 10^9 codes must be possible.
        """
        signs = min(length, _MOST_SIGNS)
        numbers = self.place * _CODES_A_WEEK + np.arange(count, dtype=np.int64)
        places = permuted(numbers, len(alphabet) ** signs, self.key(concern))
        letters = np.array(list(alphabet))
        spelt = np.empty((count, length), dtype="<U1")
        for place in range(signs):
            spelt[:, length - 1 - place] = letters[places % len(alphabet)]
            places = places // len(alphabet)
        if length > signs:
            rng = self.of(f"{concern} first signs")
            spelt[:, : length - signs] = letters[rng.integers(0, len(alphabet), (count, length - signs))]
        return list(np.ascontiguousarray(spelt).view(f"<U{length}").ravel().tolist())

    def key(self, concern: str) -> int:
        """Key of a concern's permutation, the same in all weeks."""
        return int(np.random.default_rng(self._sequence(f"{concern} codes", 0)).integers(2**63))

    def _sequence(self, concern: str, place: int) -> np.random.SeedSequence:
        return np.random.SeedSequence(self._seed, spawn_key=(crc32(concern.encode()), place))


def permuted(numbers: Ints, size: int, key: int) -> Ints:
    """Places of numbers below `size` in a keyed permutation: a Feistel network, walked until within the size.

    Args:
        numbers: int64, each below `size`.
        size: How many there are, at most 2^62.
        key: Which permutation.
    """
    half = max(1, (int(size - 1).bit_length() + 1) // 2)
    mask = np.uint64((1 << half) - 1)
    keys = np.random.default_rng(key).integers(1, 2**63, _FEISTEL_ROUNDS, dtype=np.uint64) | np.uint64(1)
    found = _network(numbers.astype(np.uint64), keys, half, mask)
    while (outside := found >= np.uint64(size)).any():
        found[outside] = _network(found[outside], keys, half, mask)
    return found.astype(np.int64)


def _network(values: _Bits, keys: _Bits, half: int, mask: np.uint64) -> _Bits:
    shift = np.uint64(half)
    left, right = values >> shift, values & mask
    for key in keys:
        mixed = (right + key) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        left, right = right, left ^ ((mixed >> np.uint64(32)) & mask)
    return (left << shift) | right


def codes(rng: np.random.Generator, count: int, length: int, alphabet: str = ALPHANUMERIC) -> list[str]:
    """Random codes, distinct among themselves, in no order."""
    letters = np.array(list(alphabet))
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        block = letters[rng.integers(0, len(letters), (count - len(drawn), length))]
        drawn.update(dict.fromkeys(block.view(f"<U{length}").ravel().tolist()))
    return list(drawn)


def weighted(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Indices drawn with replacement in proportion to weights."""
    steps = np.cumsum(weights)
    return np.asarray(np.searchsorted(steps, rng.random(count) * steps[-1], side="right"), dtype=np.int64)
