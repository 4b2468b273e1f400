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
    "LEAD",
    "NUMBER_MOST",
    "ROW_LEAST",
    "closed_from",
    "ledger_sound",
    "name_among",
    "put_fixed",
    "put_names",
    "put_number",
    "put_row",
    "row_day",
    "skip_row",
    "take_counts",
    "take_fixed",
    "take_name",
    "take_number",
    "take_row",
]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

LEAD: Final = 10  # bytes of an entity before the sequence: two checks, and where its closed days begin
NUMBER_MOST: Final = 10  # bytes of a number
_KINDS: Final = 32  # room for the kind beside the event, in a ledger
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
def put_names(raw: Octets, at: int, names: Integers, events: int) -> int:
    """Write what stands before the events of an owner's record, after room for its check; returns the place after it.

    Args:
        raw: Bytes.
        at: Where the record begins.
        names: [*, 3]: first event, kind and key of each key.
        events: Their number.
    """
    at = put_number(raw, put_number(raw, at + _CHECK_BYTES, names.shape[0]), events)
    for place in range(names.shape[0]):
        put_fixed(raw, at, _KEY_BYTES, names[place, 2])
        at = put_number(raw, at + _KEY_BYTES, names[place, 0] * _KINDS + names[place, 1])
    return at


@njit(cache=True, nogil=True)
def name_among(names: Integers, count: int, event: int, kind: int, key: int) -> None:
    """Put a key among those of its event, which are the last of so many: by kind, then by code."""
    place = count
    while place and names[place - 1, 0] == event:
        if names[place - 1, 1] < kind or (names[place - 1, 1] == kind and names[place - 1, 2] < key):
            break
        names[place] = names[place - 1]
        place -= 1
    names[place, 0], names[place, 1], names[place, 2] = event, kind, key


@njit(cache=True, nogil=True)
def take_counts(raw: Octets, at: int) -> tuple[int, int, int]:
    """How many keys and how many events an owner's record has, and the place of its keys."""
    names, at = take_number(raw, at + _CHECK_BYTES)
    events, at = take_number(raw, at)
    return names, events, at


@njit(cache=True, nogil=True)
def take_name(raw: Octets, at: int) -> tuple[int, int, int, int]:
    """A key of an owner's record, its kind and first event, and the place after it."""
    both, after = take_number(raw, at + _KEY_BYTES)
    return take_fixed(raw, at, _KEY_BYTES), both % _KINDS, both // _KINDS, after


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
