"""Folding: the bytes of online records from sorted sightings, many entities or owners in one compiled loop.

What comes out is what `aftc.features.sightings` leaves after the same sightings one by one. But for checks and bytes,
whose values are fixed, everything compiled here calls nothing outside this file, because the compiler's cache asks
only whether the file itself changed.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.checksum import check, check_of_key
from aftc.features.record_bytes import (
    LEAD,
    NUMBER_MOST,
    ROW_LEAST,
    name_among,
    put_fixed,
    put_names,
    put_number,
    put_row,
)

__all__ = ["fold_entities", "fold_owners"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]
Rows: TypeAlias = tuple[Integers, Integers, Integers, NDArray[np.uint8], Integers]


@njit(cache=True, nogil=True)
def _add_amounts(rows: Rows, row: int, totals: Integers) -> None:
    """Add what a sighting added, by measure."""
    _, _, offsets, measure, amount = rows
    for place in range(offsets[row], offsets[row + 1]):
        totals[measure[place]] += amount[place]


@njit(cache=True, nogil=True)
def fold_entities(
    starts: Integers, order: Integers, rows: Rows, keys: Integers, retention: Integers, measures: int
) -> tuple[bool, Octets, Integers]:
    """Records of entities, of the days that windows may ask for.

    Args:
        starts: [n + 1]: where in `order` the sightings of each entity begin.
        order: Sightings by entity, in the order of their sequence.
        rows: Sequence, day, where each one's amounts begin, measures, amounts.
        keys: [n].
        retention: [n]: days that each history may be asked for.
        measures: Number of measures.

    Returns:
        Whether no day fell along the sequence; the records, one after the other; where the first begins and each
        ends [n + 1].
    """
    sequence, day, _, _, _ = rows
    raw = np.empty((LEAD + NUMBER_MOST) * keys.size + _row_bytes(order, rows), np.uint8)
    ends, totals, at = np.zeros(keys.size + 1, np.int64), np.empty(measures, np.int64), 0
    for entity in range(keys.size):
        seed = check_of_key(keys[entity])
        last, record = order[starts[entity + 1] - 1], at
        inner = starts[entity + 1]
        while inner > starts[entity] and day[order[inner - 1]] == day[last]:
            inner -= 1
        at = put_number(raw, at + LEAD, sequence[last])
        _, closed = _put_day(order, inner, starts[entity + 1], rows, totals, raw, at)
        place, at = starts[entity], closed
        while place < inner:
            seen = day[order[place]]
            if seen <= day[last] - retention[entity]:
                while place < inner and day[order[place]] == seen:
                    place += 1
            else:
                place, at = _put_day(order, place, inner, rows, totals, raw, at)
            if day[order[place]] < seen:  # where there are no more closed days, that of the open one
                return False, raw[:0], ends
        put_fixed(raw, record + 4, 4, check(raw, closed, at, seed))
        put_fixed(raw, record + 8, 2, closed - record)
        put_fixed(raw, record, 4, check(raw, record + 4, closed, seed))
        ends[entity + 1] = at
    return True, raw[:at], ends


@njit(cache=True, nogil=True)
def _row_bytes(order: Integers, rows: Rows) -> int:
    """Bytes that rows of some sightings take at most."""
    offsets, room = rows[2], ROW_LEAST * order.size
    for place in range(order.size):
        room += NUMBER_MOST * (offsets[order[place] + 1] - offsets[order[place]])
    return room


@njit(cache=True, nogil=True)
def _put_day(
    order: Integers, place: int, end: int, rows: Rows, totals: Integers, raw: Octets, at: int
) -> tuple[int, int]:
    """Write the row of a day; returns the next day's first sighting, and the place after the row."""
    seen = rows[1][order[place]]
    totals[:] = 0
    while place < end and rows[1][order[place]] == seen:
        _add_amounts(rows, order[place], totals)
        place += 1
    return place, put_row(raw, at, seen, totals)


@njit(cache=True, nogil=True)
def _place_of(keys: Integers, count: int, key: int) -> int:
    """Place of a key among the first ones of a ledger; `count` where it is none of them."""
    for place in range(count):
        if keys[place, 2] == key:
            return place
    return count


@njit(cache=True, nogil=True)
def fold_owners(
    starts: Integers,
    order: Integers,
    rows: Rows,
    keys: Integers,
    kinds: Integers,
    owners: Integers,
    measures: int,
) -> tuple[Octets, Integers]:
    """Ledgers of owners.

    Every sighting of an owner's message tells the same of what the message added: of a key known before, the sum of
    its sightings; of one that it makes known, that sum less what the owner had added before.

    Args:
        starts: [n + 1]: where in `order` the sightings of each owner begin.
        order: Sightings by owner, in the order of their sequence.
        rows: Sequence, day, where each one's amounts begin, measures, amounts.
        keys: [N], of each sighting.
        kinds: [N], of each one's key.
        owners: [n].
        measures: Number of measures.

    Returns:
        The ledgers, one after the other; where the first begins and each ends [n + 1].
    """
    sequence, day, _, _, _ = rows
    totals, sums = np.empty(measures, np.int64), np.empty(measures, np.int64)
    room = (8 + NUMBER_MOST) * order.size + (4 + 2 * NUMBER_MOST) * owners.size
    raw = np.empty(
        room + (NUMBER_MOST + ROW_LEAST + NUMBER_MOST * measures) * _messages(starts, order, sequence), np.uint8
    )
    ends, at = np.zeros(owners.size + 1, np.int64), 0
    for owner in range(owners.size):
        begin, end = starts[owner], starts[owner + 1]
        named = np.empty((end - begin, 3), np.int64)
        events = np.empty((end - begin, 2 + measures), np.int64)
        totals[:] = 0
        known, event, place = 0, 0, begin
        while place < end:
            settled, now, told = known, sequence[order[place]], keys[order[place]]
            is_known = _place_of(named, settled, told) < settled
            sums[:] = 0
            first = place
            while place < end and sequence[order[place]] == now:
                row = order[place]
                if keys[row] == told:
                    _add_amounts(rows, row, sums)
                if _place_of(named, known, keys[row]) == known:
                    name_among(named, known, event, kinds[row], keys[row])
                    known += 1
                place += 1
            if not is_known:
                sums -= totals
            totals += sums
            events[event, 0] = now
            events[event, 1] = day[order[first]]
            events[event, 2:] = sums
            event += 1
        record = at
        at = put_names(raw, at, named[:known], event)
        for place in range(event):
            at = put_row(raw, put_number(raw, at, events[place, 0]), events[place, 1], events[place, 2:])
        put_fixed(raw, record, 4, check(raw, record + 4, at, check_of_key(owners[owner])))
        ends[owner + 1] = at
    return raw[:at], ends


@njit(cache=True, nogil=True)
def _messages(starts: Integers, order: Integers, sequence: Integers) -> int:
    """How many events all owners have together."""
    found = starts.size - 1
    for owner in range(starts.size - 1):
        for place in range(starts[owner] + 1, starts[owner + 1]):
            found += sequence[order[place]] != sequence[order[place - 1]]
    return found
