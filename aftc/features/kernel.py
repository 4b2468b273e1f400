"""The kernel: sightings become window sums, by the same code for one entity read online and for millions in batch.

The sightings of one key in sequence order are rows of [day, inclusive prefix sums of the measures], in batch one row a
day. A window is the last row less the row before the window. What a consignment has added itself is subtracted sighting
by sighting, each as far as it lies in the window.

Everything compiled here takes every size from its arguments and, but for the checks, whose values are fixed, calls
nothing outside this file, because the compiler's cache asks only whether the file itself changed. Arrays are
C-contiguous, and int64 but for the measures of sightings.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.checksum import check

__all__ = ["DAMAGED_BODY", "DAMAGED_HEAD", "DAMAGED_LEDGER", "SOUND", "read_windows", "sum_windows"]

Integers: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = tuple[Integers, Integers, Integers]  # first window of each kind, days, measure
Rows: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers, NDArray[np.uint8], Integers]
Requests: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers, Integers]

SOUND: Final = 0
DAMAGED_LEDGER: Final = 1
DAMAGED_HEAD: Final = 2
DAMAGED_BODY: Final = 3
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
    for earlier in range(begin, position):  # noqa: SIM110 - the compiler has no generators inside any()
        if codes[earlier] == codes[position]:
            return True
    return False


@njit(cache=True, nogil=True)
def read_windows(
    rows: Integers,
    ends: Integers,
    heads: Integers,
    entities: tuple[Integers, Integers],
    ledgers: Integers,
    ledger_ends: Integers,
    owners: Integers,
    key_words: int,
    day: int,
    tables: Tables,
    sums: Integers,
) -> tuple[int, int]:
    """Window sums of one decision from online records.

    Args:
        rows: [R, 2 + measures]: closed days of each entity, followed by its head's row: day, totals, check.
        ends: [n]: where each one's rows end.
        heads: [n, 4 + measures]: sequence, number of closed days, day, totals, check.
        entities: Key and kind of each [n]; a kind may come several times, and its sums add up.
        ledgers: Words of the owners' records.
        ledger_ends: [owners]: where each one's end.
        owners: [owners].
        key_words: Words of each key in a ledger.
        day: Of the snapshot.
        tables: First window of each kind, days, measure.
        sums: [W], added to.

    Returns:
        `SOUND`, or what is damaged and the place of the owner or entity.
    """
    kind_first, days, measure = tables
    keys, kinds = entities
    bases = np.zeros(days.size, np.int64)
    end = 0
    for place in range(keys.size):
        start, end = end, ends[place]
        seed = check(keys, place, place + 1, 0)
        head = heads[place]
        if head[-1] != check(head, 0, head.size - 1, seed):
            return DAMAGED_HEAD, place
        if end - start - 1 != head[1]:
            return DAMAGED_BODY, place
        first, last = kind_first[kinds[place]], kind_first[kinds[place] + 1]
        _add_windows(rows, start, end, bases, day, first, last, days, measure, sums[first:last])
        for window in range(first, last):
            if window > first and days[window] == days[window - 1]:
                continue
            if not _base_sound(rows, start, end, bases[window], day - days[window], seed):
                return DAMAGED_BODY, place
    totals = np.empty(rows.shape[1] - 2, np.int64)
    end = 0
    for place in range(owners.size):
        start, end = end, ledger_ends[place]
        if end == start:
            continue
        if ledgers[end - 1] != check(ledgers, start, end - 1, check(owners, place, place + 1, 0)):
            return DAMAGED_LEDGER, place
        _subtract_ledger(ledgers, start, key_words, keys, kinds, day, tables, totals, sums)
    return SOUND, 0


@njit(cache=True, nogil=True)
def _base_sound(rows: Integers, start: int, end: int, base: int, limit: int, seed: int) -> bool:
    """Whether the rows on both sides of a window's begin are sound: then it begins there, whatever the rest holds."""
    last = rows.shape[1] - 1
    if base > start:
        before = base - 1
        if rows[before, 0] > limit:
            return False
        if before < end - 1 and check(rows[before], 0, last, seed) != rows[before, last]:
            return False
    if base < end:
        if rows[base, 0] <= limit:
            return False
        if base < end - 1 and check(rows[base], 0, last, seed) != rows[base, last]:
            return False
    return True


@njit(cache=True, nogil=True)
def _subtract_ledger(
    words: Integers,
    begin: int,
    key_words: int,
    keys: Integers,
    kinds: Integers,
    day: int,
    tables: Tables,
    totals: Integers,
    sums: Integers,
) -> None:
    """Take away what one owner has added to the entities; `totals` is room for one sighting's amounts."""
    kind_first, days, measure = tables
    known, events = words[begin], words[begin + 1]
    event_begin, event_words = begin + 2 + known * key_words, 2 + totals.size
    for place in range(known):
        at = begin + 2 + place * key_words
        key, kind, known_from = words[at], words[at + 1], words[at + 2]
        for entity in range(keys.size):
            if keys[entity] != key or kinds[entity] != kind:
                continue
            first, last = kind_first[kind], kind_first[kind + 1]
            totals[:] = 0
            for event in range(events):
                at = event_begin + event * event_words
                totals += words[at + 2 : at + event_words]
                if event >= known_from:
                    _take_away(totals, words[at + 1], day, first, last, days, measure, sums[first:last])
                    totals[:] = 0
