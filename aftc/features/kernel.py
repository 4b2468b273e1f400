"""The kernel: sightings become window sums, by the same code for one entity read online and for millions in batch.

The sightings of one key in sequence order are rows of [day, inclusive prefix sums of the measures], in batch one row a
day. A window is the last row less the row before the window. What a consignment has added itself is subtracted sighting
by sighting, each as far as it lies in the window.

Everything compiled here takes every size from its arguments and, but for checks and bytes, whose values are fixed,
calls nothing outside this file, because the compiler's cache asks only whether the file itself changed. Arrays are
C-contiguous, and int64 but for the measures of sightings and the bytes of records.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.checksum import check, check_of_key
from aftc.features.record_bytes import (
    LEAD,
    ROW_LEAST,
    closed_from,
    ledger_sound,
    row_day,
    take_counts,
    take_fixed,
    take_name,
    take_number,
    take_row,
)

__all__ = ["DAMAGED_ENTITY", "DAMAGED_LEDGER", "SOUND", "read_windows", "sum_windows"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]
Tables: TypeAlias = tuple[Integers, Integers, Integers]  # first window of each kind, days, measure
Rows: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers, NDArray[np.uint8], Integers]
Requests: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers, Integers]

SOUND: Final = 0
DAMAGED_LEDGER: Final = 1
DAMAGED_ENTITY: Final = 2
NONE: Final = -1  # no owner, no sighting


@njit(cache=True, nogil=True)
def _first_after(rows: Integers, start: int, end: int, limit: int) -> int:
    """First row from `start` on whose day is after `limit`: by doubling steps, then by halving."""
    if start >= end or rows[start, 0] > limit:
        return start
    low, step = start, 1
    high = start + 1
    while high < end and rows[high, 0] <= limit:
        low, step = high, 2 * step
        high = low + step
    high = min(high, end)
    while high - low > 1:
        middle = (low + high) // 2
        if rows[middle, 0] <= limit:
            low = middle
        else:
            high = middle
    return high


@njit(cache=True, nogil=True)
def _add_windows(
    rows: Integers,
    start: int,
    end: int,
    bases: Integers,
    day: int,
    first: int,
    last: int,
    days: Integers,
    measure: Integers,
    sums: Integers,
) -> None:
    """Add an entity's windows, the first at 0; `bases` keeps where each began, for later days begin no earlier."""
    base = start
    for window in range(first, last):
        if window == first or days[window] != days[window - 1]:
            base = _first_after(rows, max(bases[window], start), end, day - days[window])
        bases[window] = base
        column = 1 + measure[window]
        sums[window - first] += rows[end - 1, column]
        if base > start:
            sums[window - first] -= rows[base - 1, column]


@njit(cache=True, nogil=True)
def _take_away(
    amounts: Integers, seen: int, day: int, first: int, last: int, days: Integers, measure: Integers, sums: Integers
) -> None:
    """Subtract an own sighting of day `seen` from the windows in which it lies."""
    for window in range(first, last):
        if seen > day - days[window]:
            sums[window - first] -= amounts[measure[window]]


@njit(cache=True, nogil=True)
def sum_windows(
    starts: Integers,
    rows: Rows,
    request_starts: Integers,
    requests: Requests,
    owners_named: int,
    tables: Tables,
    tiles: Integers,
    sums: Integers,
) -> bool:
    """Window sums of all requests, less what their own owners have added; an owner named twice counts once.

    Args:
        starts: [keys + 1]: where the sightings of each key begin.
        rows: Sightings by key, in sequence order: code of the owner (`NONE` where no request names it), sequence, day,
            where each one's amounts begin and end, the measures and amounts.
        request_starts: [keys + 1]: where the requests of each key begin.
        requests: By key, in sequence order: sequence, day, kind of key, where in `sums` the windows begin, where the
            owners begin, the codes of the owners.
        owners_named: Number of codes of owners.
        tables: First window of each kind, days, measure.
        tiles: [D, 1 + measures]: room for the days of one key.
        sums: Added to.

    Returns:
        Whether no day fell along the sequence; where one did, the sums mean nothing.
    """
    day = rows[2]
    made, decided, kinds, sums_from, owners_from, owners = requests
    kind_first, days, measure = tables
    longest = 0
    for code in range(starts.size - 1):
        longest = max(longest, starts[code + 1] - starts[code])
    latest, earlier = np.empty(owners_named, np.int64), np.empty(longest, np.int64)
    bases, amounts = np.zeros(days.size, np.int64), np.empty(tiles.shape[1] - 1, np.int64)
    for code in range(starts.size - 1):
        begin, end = starts[code], starts[code + 1]
        for position in range(owners_from[request_starts[code]], owners_from[request_starts[code + 1]]):
            latest[owners[position]] = NONE
        bases[:] = 0
        row, closed = begin, 0
        for request in range(request_starts[code], request_starts[code + 1]):
            row, closed = _see(rows, begin, row, end, made[request], tiles, closed, earlier, latest)
            early, late = row > begin and day[row - 1] > decided[request], row < end and day[row] < decided[request]
            if closed < 0 or early or late:
                return False
            first, last = kind_first[kinds[request]], kind_first[kinds[request] + 1]
            asked = sums[sums_from[request] : sums_from[request] + last - first]
            if closed > 0:
                _add_windows(tiles, 0, closed, bases, decided[request], first, last, days, measure, asked)
            for position in range(owners_from[request], owners_from[request + 1]):
                own = NONE if _repeated(owners, owners_from[request], position) else latest[owners[position]]
                while own != NONE:
                    _amounts_of(rows, own, amounts)
                    _take_away(amounts, day[own], decided[request], first, last, days, measure, asked)
                    own = earlier[own - begin]
    return True


@njit(cache=True, nogil=True)
def _see(
    rows: Rows,
    begin: int,
    row: int,
    end: int,
    made: int,
    tiles: Integers,
    closed: int,
    earlier: Integers,
    latest: Integers,
) -> tuple[int, int]:
    """Add a key's sightings up to a message; returns the next one and the number of days, less than 0 if one fell.

    Of each owner `latest` keeps the last sighting, and `earlier` the one before each.
    """
    owner, sequence, day, amounts_from, amounts_to, measure, amount = rows
    while row < end and sequence[row] <= made:
        closed = _see_day(day[row], tiles, closed)
        if closed < 0:
            break
        for place in range(amounts_from[row], amounts_to[row]):
            tiles[closed - 1, 1 + measure[place]] += amount[place]
        if owner[row] != NONE:
            earlier[row - begin] = latest[owner[row]]
            latest[owner[row]] = row
        row += 1
    return row, closed


@njit(cache=True, nogil=True)
def _amounts_of(rows: Rows, row: int, amounts: Integers) -> None:
    """What a sighting added, by measure."""
    _, _, _, amounts_from, amounts_to, measure, amount = rows
    amounts[:] = 0
    for place in range(amounts_from[row], amounts_to[row]):
        amounts[measure[place]] += amount[place]


@njit(cache=True, nogil=True)
def _see_day(day: int, tiles: Integers, closed: int) -> int:
    """Begin another day's row with the sums up to it; returns the number of days, -1 where it lies before the last."""
    if closed == 0:
        tiles[0, :] = 0
    elif tiles[closed - 1, 0] == day:
        return closed
    elif tiles[closed - 1, 0] > day:
        return -1
    else:
        for column in range(1, tiles.shape[1]):
            tiles[closed, column] = tiles[closed - 1, column]
    tiles[closed, 0] = day
    return closed + 1


@njit(cache=True, nogil=True)
def _repeated(codes: Integers, begin: int, position: int) -> bool:
    earlier = begin
    while earlier < position and codes[earlier] != codes[position]:
        earlier += 1
    return earlier < position


@njit(cache=True, nogil=True)
def read_windows(
    records: Octets,
    lengths: Integers,
    entities: tuple[Integers, Integers],
    ledgers: Octets,
    ledger_lengths: Integers,
    owners: Integers,
    day: int,
    tables: Tables,
    measures: int,
    sums: Integers,
) -> tuple[int, int]:
    """Window sums of one decision from online records.

    Args:
        records: Of the entities, one after the other.
        lengths: [n]: bytes of each; -1 where there is none.
        entities: Key and kind of each [n]; a kind may come several times, and its sums add up.
        ledgers: The owners' records, one after the other.
        ledger_lengths: [owners]: bytes of each; -1 where there is none.
        owners: [owners]; one named twice counts once.
        day: Of the snapshot.
        tables: First window of each kind, days, measure.
        measures: Their number.
        sums: [W], added to.

    Returns:
        `SOUND`, or what is damaged and the place of the owner or entity.
    """
    kind_first, days, measure = tables
    keys, kinds = entities
    bases, begin = np.zeros(days.size, np.int64), 0
    limits = _limits(days, day)
    totals = np.empty(measures, np.int64)
    events = (np.max(ledger_lengths) if owners.size else 0) // ROW_LEAST
    rows = np.empty((max(limits.size + 1, events), 1 + measures), np.int64)
    for place in range(keys.size):
        if lengths[place] >= 0:
            end = begin + lengths[place]
            closed = _unpack_entity(records, begin, end, keys[place], limits, totals, rows)
            if closed < 0:
                return DAMAGED_ENTITY, place
            first, last = kind_first[kinds[place]], kind_first[kinds[place] + 1]
            bases[first:last] = 0
            _add_windows(rows, 0, closed, bases, day, first, last, days, measure, sums[first:last])
            begin = end
    begin = 0
    for place in range(owners.size):
        if ledger_lengths[place] >= 0:
            end = begin + ledger_lengths[place]
            if not ledger_sound(ledgers, begin, end, owners[place]):
                return DAMAGED_LEDGER, place
            if not _repeated(owners, 0, place):
                _subtract_ledger(ledgers, begin, keys, kinds, day, tables, rows, sums)
            begin = end
    return SOUND, 0


@njit(cache=True, nogil=True)
def _limits(days: Integers, day: int) -> Integers:
    """The day before each window of one day, each once, the earliest first."""
    limits, filled = np.empty(days.size, np.int64), 0
    for window in range(days.size):
        limit, place = day - days[window], filled
        while place and limits[place - 1] > limit:
            place -= 1
        if place == 0 or limits[place - 1] < limit:
            limits[place + 1 : filled + 1] = limits[place:filled].copy()
            limits[place], filled = limit, filled + 1
    return limits[:filled]


@njit(cache=True, nogil=True)
def _unpack_entity(
    raw: Octets, begin: int, end: int, key: int, limits: Integers, totals: Integers, rows: Integers
) -> int:
    """Write an entity's days, each with the sums up to and with it; returns how many there are, -1 where damaged.

    Of days between which no window begins the last one stands for all.
    """
    seed = check_of_key(key)
    inner = closed_from(raw, begin, end, seed)
    if inner < 0 or take_fixed(raw, begin + 4, 4) != check(raw, inner, end, seed):
        return -1
    at, place, limit, last = inner, 0, 0, -1
    totals[:] = 0
    while True:
        is_open = at >= end
        if is_open:
            _, at = take_number(raw, begin + LEAD)
        seen = row_day(raw, at)
        while limit < limits.size and limits[limit] < seen:
            if limits[limit] >= last >= 0:
                _put_sums(rows, place, last, totals)
                place, last = place + 1, -1
            limit += 1
        at, last = take_row(raw, at, totals), seen
        if is_open:
            break
    _put_sums(rows, place, last, totals)
    return place + 1


@njit(cache=True, nogil=True)
def _put_sums(rows: Integers, place: int, day: int, totals: Integers) -> None:
    rows[place, 0], rows[place, 1:] = day, totals


@njit(cache=True, nogil=True)
def _subtract_ledger(
    raw: Octets, at: int, keys: Integers, kinds: Integers, day: int, tables: Tables, rows: Integers, sums: Integers
) -> None:
    """Take away what one owner has added to the entities; `rows` is room for its events."""
    kind_first, days, measure = tables
    known, events, named = take_counts(raw, at)
    at = named
    for _ in range(known):
        _, _, _, at = take_name(raw, at)
    for event in range(events):
        _, at = take_number(raw, at)
        rows[event, 0], rows[event, 1:] = row_day(raw, at), 0
        at = take_row(raw, at, rows[event, 1:])
    totals = np.empty(rows.shape[1] - 1, np.int64)
    for _ in range(known):
        key, kind, told, named = take_name(raw, named)
        for entity in range(keys.size):
            if keys[entity] != key or kinds[entity] != kind:
                continue
            first, last = kind_first[kinds[entity]], kind_first[kinds[entity] + 1]
            totals[:] = 0
            for event in range(events):
                totals += rows[event, 1:]
                if event >= told:
                    _take_away(totals, rows[event, 0], day, first, last, days, measure, sums[first:last])
                    totals[:] = 0
