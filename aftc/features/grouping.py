"""Grouping: sightings and requests of one key brought together, in compiled loops over integers.

Everything compiled here calls nothing outside this file, because the compiler's cache asks only whether the file itself
changed.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["count_amounts", "encode", "fill_amounts", "group", "look_up"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]
Groups: TypeAlias = tuple[Integers, Integers]


@njit(cache=True, nogil=True)
def _place(key: int, held: Integers) -> int:
    """Place of a key in a table of open addressing, or the free place (0) where it would go."""
    mask = held.size - 1
    place = (key ^ (key >> 29)) & mask
    while held[place] != 0 and held[place] != key:
        place = (place + 1) & mask
    return place


@njit(cache=True, nogil=True)
def encode(keys: Integers, held: Integers, codes_held: Integers) -> tuple[Integers, int]:
    """Code distinct keys 0, 1, ... in order of appearance; the table is at least twice as long as the keys, 2^n."""
    codes = np.empty(keys.size, np.int64)
    count = 0
    for position in range(keys.size):
        place = _place(keys[position], held)
        if held[place] == 0:
            held[place] = keys[position]
            codes_held[place] = count
            count += 1
        codes[position] = codes_held[place]
    return codes, count


@njit(cache=True, nogil=True)
def look_up(keys: Integers, held: Integers, codes_held: Integers) -> Integers:
    """Code of each key; -1 where it is not in the table."""
    codes = np.empty(keys.size, np.int64)
    for row in range(keys.size):
        place = _place(keys[row], held)
        codes[row] = codes_held[place] if held[place] != 0 else -1
    return codes


@njit(cache=True, nogil=True)
def group(codes: Integers, count: int) -> Groups:
    """Counting sort: `order[starts[c]:starts[c + 1]]` are the positions of code c, in their order; -1 is left out."""
    starts = np.zeros(count + 1, np.int64)
    for code in codes:
        if code >= 0:
            starts[code + 1] += 1
    for code in range(count):
        starts[code + 1] += starts[code]
    following = starts[:-1].copy()
    order = np.empty(starts[count], np.int64)
    for position in range(codes.size):
        code = codes[position]
        if code >= 0:
            order[following[code]] = position
            following[code] += 1
    return starts, order


@njit(cache=True, nogil=True)
def count_amounts(column: Integers, counts: Integers) -> None:
    """Count what is not zero of a measure's column for each sighting."""
    for row in range(column.size):
        counts[row] += column[row] != 0


@njit(cache=True, nogil=True)
def fill_amounts(column: Integers, measure: int, after: Integers, measures: Octets, amounts: Integers) -> None:
    """Put what is not zero of a measure's column behind what each sighting has; `after` moves on."""
    for row in range(column.size):
        if column[row] != 0:
            measures[after[row]] = measure
            amounts[after[row]] = column[row]
            after[row] += 1
