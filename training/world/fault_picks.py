"""Random picks for faults: uniform numbers taken from a generator in blocks, because single draws are slow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from training.world.draws import ALPHANUMERIC

__all__ = ["Picks"]

Value = TypeVar("Value")

_BLOCK = 4_096


class Picks:
    """One stream of uniform numbers, and what is picked by them; equal generators give equal picks."""

    __slots__ = ("_numbers",)

    def __init__(self, rng: np.random.Generator) -> None:
        self._numbers = _uniform(rng)

    def uniform(self) -> float:
        """A number from 0 up to but not including 1."""
        return next(self._numbers)

    def below(self, count: int) -> int:
        """A whole number from 0 up to but not including `count`."""
        return int(next(self._numbers) * count)

    def one(self, choices: Sequence[Value]) -> Value:
        """One of the choices, each as likely."""
        return choices[int(next(self._numbers) * len(choices))]

    def spread(self, least: int, most: int) -> int:
        """A whole number between two positive ones, its logarithm evenly spread: as likely small as large."""
        return int(least * (most / least) ** next(self._numbers))

    def code(self, length: int, alphabet: str = ALPHANUMERIC) -> str:
        """A random code. Twelve characters repeat one of a hundred million others with a chance below 1 in 10^10."""
        return "".join(self.one(alphabet) for _ in range(length))


def _uniform(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(_BLOCK).tolist()
