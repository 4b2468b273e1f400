"""Random draws: one independent generator per concern, and draws that several concerns share.

A concern's generator depends on the seed and the concern's name alone, so that adding a concern leaves what
the others draw as it was.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np

from training.world.parameters import Floats, Ints

__all__ = ["ALPHANUMERIC", "DIGITS", "Draws", "codes", "weighted"]

DIGITS = "0123456789"
ALPHANUMERIC = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Draws:
    """Generators by concern, all from one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, concern: str) -> np.random.Generator:
        """A fresh generator for a concern; asking twice gives the same draws twice."""
        return np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(crc32(concern.encode()),)))


def codes(rng: np.random.Generator, count: int, length: int, alphabet: str = ALPHANUMERIC) -> list[str]:
    """Distinct random codes: they carry no order, whatever order they are given out in."""
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
