"""The bytes of online records in compiled code: numbers and rows, written and read.

Compiled code of other files may call it, though the compiler's cache would not notice a change: its bytes are fixed by
`aftc.features.entity_records.FORM`.

What reads here trusts the bytes: their check is asked for first.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.checksum import check, check_of_key

__all__ = [
    "KINDS",
    "LEAD",
    "NUMBER_MOST",
    "ROW_LEAST",
    "closed_from",
    "ledger_sound",
    "put_fixed",
    "put_key",
    "put_number",
    "put_row",
    "row_day",
    "skip_row",
    "take_fixed",
    "take_key",
    "take_number",
    "take_row",
]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

LEAD: Final = 10  # bytes of an entity before the sequence: two checks, and where its closed days begin
NUMBER_MOST: Final = 10  # bytes of a number
KINDS: Final = 32  # room for the kind beside the event, in a ledger
_DAY_BYTES: Final = 2
_MASK_BYTES: Final = 3
ROW_LEAST: Final = _DAY_BYTES + _MASK_BYTES  # bytes of a row before its amounts
_CHECK_BYTES: Final = 4
_KEY_BYTES: Final = 8
_MORE: Final = 0x80  # set in every byte of a number but its last
_REST: Final = (1 << 57) - 1  # what seven places to the right leave of 64 bits
_UNSIGNED: Final = (1 << 63) - 1


@njit(cache=True, nogil=True)
def put_number(raw: Octets, at: int, number: int) -> int:
    """Write a number, small ones of either sign in few bytes: zigzag, then seven bits a byte.

    Returns the place after it.
    """
    rest = (number << 1) ^ (number >> 63)
    while rest & -_MORE:
        raw[at] = (rest & (_MORE - 1)) | _MORE
        rest = (rest >> 7) & _REST
        at += 1
    raw[at] = rest
    return at + 1


@njit(cache=True, nogil=True)
def take_number(raw: Octets, at: int) -> tuple[int, int]:
    """A number and the place after it."""
    byte = raw[at] & 0xFF  # no longer of eight bits
    rest, shift = byte & (_MORE - 1), 7
    while byte >= _MORE:
        at += 1
        byte = raw[at] & 0xFF
        rest |= (byte & (_MORE - 1)) << shift
        shift += 7
    return ((rest >> 1) & _UNSIGNED) ^ -(rest & 1), at + 1


@njit(cache=True, nogil=True)
def put_fixed(raw: Octets, at: int, width: int, number: int) -> None:
    """Write a number of so many bytes, the lowest first."""
    for place in range(width):
        raw[at + place] = (number >> (8 * place)) & 0xFF


@njit(cache=True, nogil=True)
def take_fixed(raw: Octets, at: int, width: int) -> int:
    """A number of so many bytes, the lowest first; without a sign below eight of them."""
    number = 0
    for place in range(width):
        number |= (raw[at + place] & 0xFF) << (8 * place)
    return number


@njit(cache=True, nogil=True)
def put_key(raw: Octets, at: int, key: int) -> int:
    """Write a key; returns the place after it."""
    put_fixed(raw, at, _KEY_BYTES, key)
    return at + _KEY_BYTES


@njit(cache=True, nogil=True)
def take_key(raw: Octets, at: int) -> tuple[int, int]:
    """A key and the place after it."""
    return take_fixed(raw, at, _KEY_BYTES), at + _KEY_BYTES


@njit(cache=True, nogil=True)
def put_row(raw: Octets, at: int, day: int, amounts: Integers) -> int:
    """Write a day and what it added, zeros left out; returns the place after them."""
    put_fixed(raw, at, _DAY_BYTES, day)
    mask, end = 0, at + ROW_LEAST
    for measure in range(amounts.size):
        if amounts[measure] != 0:
            mask |= 1 << measure
            end = put_number(raw, end, amounts[measure])
    put_fixed(raw, at + _DAY_BYTES, _MASK_BYTES, mask)
    return end


@njit(cache=True, nogil=True)
def row_day(raw: Octets, at: int) -> int:
    """Day of a row."""
    return take_fixed(raw, at, _DAY_BYTES)


@njit(cache=True, nogil=True)
def take_row(raw: Octets, at: int, totals: Integers) -> int:
    """Add what a row added to totals; returns the place after it."""
    mask, end, measure = take_fixed(raw, at + _DAY_BYTES, _MASK_BYTES), at + ROW_LEAST, 0
    while mask:
        if mask & 1:
            amount, end = take_number(raw, end)
            totals[measure] += amount
        mask >>= 1
        measure += 1
    return end


@njit(cache=True, nogil=True)
def skip_row(raw: Octets, at: int) -> int:
    """The place after a row."""
    mask, end = take_fixed(raw, at + _DAY_BYTES, _MASK_BYTES), at + ROW_LEAST
    while mask:
        if mask & 1:
            while raw[end] >= _MORE:
                end += 1
            end += 1
        mask >>= 1
    return end


@njit(cache=True, nogil=True)
def closed_from(raw: Octets, begin: int, end: int, seed: int) -> int:
    """Where the closed days of an entity's record begin; -1 where what stands before them fails its check.

    Args:
        raw: Bytes.
        begin: Where the record does.
        end: Where it ends.
        seed: Check of the key.
    """
    if end - begin < LEAD:
        return -1
    inner = begin + take_fixed(raw, begin + 8, 2)
    if inner > end or inner < begin + LEAD or take_fixed(raw, begin, 4) != check(raw, begin + 4, inner, seed):
        return -1
    return inner


@njit(cache=True, nogil=True)
def ledger_sound(raw: Octets, begin: int, end: int, owner: int) -> bool:
    """Whether an owner's record is as it was written."""
    return end - begin > 4 and take_fixed(raw, begin, 4) == check(raw, begin + 4, end, check_of_key(owner))
