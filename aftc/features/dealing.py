"""Dealing: sightings put into the shares of their keys, and of each what somebody asks for and nothing else.

Decisions ask few measures of most kinds of keys, and a sighting that adds nothing to what is asked for adds nothing to
any sum. What is asked of a key is kept by the key's hash alone: keys of one place keep what any of them is asked, so
that too much may be kept and never too little.

Everything compiled here calls nothing outside this file, because the compiler's cache asks only whether the file itself
changed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["mark", "places", "shares_of_keys", "sift"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]
Columns: TypeAlias = tuple[Integers, ...]
Out: TypeAlias = tuple[Integers, Integers, Integers, Integers, Octets, Octets, Integers]

_GOLDEN: Final = -7046029254386353131  # 2^64 over the golden ratio: spreads codes that lie close together
_CHUNK: Final = 4_096  # sightings whose columns are looked through while what was found lies in the cache


@njit(cache=True, nogil=True)
def _share(key: int, shares: int) -> int:
    return ((key * _GOLDEN) >> 33 & 0x7FFFFFFF) % shares


@njit(cache=True, nogil=True)
def _place(key: int, asked: Integers) -> int:
    """Where in a table of 2^n places a key is kept."""
    return (key ^ (key >> 29)) & (asked.size - 1)


@njit(cache=True, nogil=True)
def shares_of_keys(keys: Integers, shares: int) -> Integers:
    """The share of each key."""
    found = np.empty(keys.size, np.int64)
    for row in range(keys.size):
        found[row] = _share(keys[row], shares)
    return found


@njit(cache=True, nogil=True)
def mark(keys: Integers, kinds: Integers, columns_of: Integers, asked: Integers) -> None:
    """Mark what is asked of keys.

    Args:
        keys: [r].
        kinds: [r].
        columns_of: [kinds]: the columns that a kind's windows sum, a bit each.
        asked: [2^n]: by the hash of the key, added to.
    """
    for row in range(keys.size):
        asked[_place(keys[row], asked)] |= columns_of[kinds[row]]


@njit(cache=True, nogil=True)
def _flag(column: Integers, bit: int, found: Integers) -> None:
    """Set a bit where a column is not zero."""
    for row in range(column.size):
        found[row] |= np.int64(column[row] != 0) << bit


@njit(cache=True, nogil=True)
def sift(
    keys: Integers, columns: Columns, asked: Integers, shares: int, found: Integers, rows: Integers, amounts: Integers
) -> None:
    """Find what is asked for, and count it by share.

    Args:
        keys: [n], of the sightings.
        columns: [n] each, of the measures.
        asked: As of `mark`.
        shares: How many there are.
        found: [n], zeros: the columns that are asked for and not zero, a bit each.
        rows: [shares], added to: sightings of which there is such a column.
        amounts: [shares], added to: such columns.
    """
    for first in range(0, keys.size, _CHUNK):
        last = min(first + _CHUNK, keys.size)
        for bit in range(len(columns)):
            _flag(columns[bit][first:last], bit, found[first:last])
        for row in range(first, last):
            found[row] &= asked[_place(keys[row], asked)]
            rest = found[row]
            if rest:
                share = _share(keys[row], shares)
                rows[share] += 1
                while rest:
                    amounts[share] += 1
                    rest &= rest - 1


@njit(cache=True, nogil=True)
def places(
    identity: Columns,
    columns: Columns,
    measures: Octets,
    found: Integers,
    shares: int,
    row_at: Integers,
    amount_at: Integers,
    out: Out,
) -> None:
    """Put sightings where their shares are, in their order.

    Args:
        identity: [n] each: key, owner, sequence, day.
        columns: [n] each, of the measures.
        measures: The measure of each column.
        found: As of `sift`.
        shares: How many there are.
        row_at: [shares]: where each share's sightings begin; moved on.
        amount_at: [shares]: where its amounts begin; moved on.
        out: Written: key, owner, sequence, day and number of amounts of each sighting, measures and amounts.
    """
    keys, owners, sequences, days = identity
    key, owner, sequence, day, counts, measure, amount = out
    for row in range(keys.size):
        rest = found[row]
        if rest == 0:
            continue
        share = _share(keys[row], shares)
        place, at = row_at[share], amount_at[share]
        first, column = at, 0
        while rest:
            if rest & 1:
                measure[at], amount[at] = measures[column], columns[column][row]
                at += 1
            rest >>= 1
            column += 1
        key[place], owner[place], sequence[place], day[place] = keys[row], owners[row], sequences[row], days[row]
        counts[place] = at - first
        row_at[share], amount_at[share] = place + 1, at
