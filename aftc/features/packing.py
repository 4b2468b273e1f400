"""Integers of any size in few bytes: how sums lie on disk between the steps of a batch.

An integer is written in groups of seven bits, its sign in the lowest bit, so that small ones of either sign take one
byte. Everything compiled here calls nothing outside this file, because the compiler's cache asks only whether the file
itself changed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["MOST_BYTES", "add_sums", "pack_integers", "unpack_integers"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

MOST_BYTES: Final = 10  # that an integer takes
_GROUP: Final = 127
_UNSIGNED_SHIFT: Final = (1 << 57) - 1  # what a shift by seven to the right leaves of 64 bits


@njit(cache=True, nogil=True)
def add_sums(
    decision: Integers, kind: Integers, places: Integers, parts: Integers, kind_first: Integers, sums: Integers
) -> None:
    """Add the sums of requests, which stand one request's after the other's, to the rows of their decisions."""
    for request in range(decision.size):
        first = kind_first[kind[request]]
        for place in range(places[request], places[request + 1]):
            sums[decision[request], first + place - places[request]] += parts[place]


@njit(cache=True, nogil=True)
def _write(value: int, octets: Octets, at: int) -> int:
    """Write an integer; returns the place after it."""
    rest = (value << 1) ^ (value >> 63)
    while rest & ~_GROUP:
        octets[at] = (rest & _GROUP) | (_GROUP + 1)
        rest = (rest >> 7) & _UNSIGNED_SHIFT
        at += 1
    octets[at] = rest
    return at + 1


@njit(cache=True, nogil=True)
def _read(octets: Octets, at: int) -> tuple[np.int64, int]:
    """An integer, and the place after it."""
    value, shift = np.int64(0), 0
    while octets[at] > _GROUP:
        value |= np.int64(octets[at] & _GROUP) << shift
        shift += 7
        at += 1
    value |= np.int64(octets[at]) << shift
    return ((value >> 1) & np.int64(0x7FFFFFFFFFFFFFFF)) ^ -(value & 1), at + 1


@njit(cache=True, nogil=True)
def pack_integers(values: Integers, octets: Octets) -> int:
    """Write integers one after the other; returns how many bytes they took."""
    at = 0
    for value in values:
        at = _write(value, octets, at)
    return at


@njit(cache=True, nogil=True)
def unpack_integers(octets: Octets, values: Integers) -> int:
    """Read as many integers as there is room for; returns how many bytes they took."""
    at = 0
    for place in range(values.size):
        values[place], at = _read(octets, at)
    return at
