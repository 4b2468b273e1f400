"""The kernel: sightings become window sums, by the same code for one entity read online and for millions in batch.

The sightings of one key in sequence order are rows of [day, inclusive prefix sums of the measures]. A window is the
last row less the row before the window. What a consignment has added itself is subtracted row by row, each as far as
it lies in the window.

Everything compiled stands in this one file and takes every size from its arguments, because the compiler's cache asks
only whether the file itself changed. All arrays are int64 and C-contiguous.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["SOUND", "encode", "group", "look_up", "read_windows", "subtract_own", "sum_windows"]

Integers: TypeAlias = NDArray[np.int64]
Groups: TypeAlias = tuple[Integers, Integers]  # starts and order, as of `group`
Tables: TypeAlias = tuple[Integers, Integers, Integers]  # first window of each kind, days, measure

SOUND: Final = -1  # of `read_windows`: no damaged row
_AMOUNTS: Final = 4  # first measure's column in a sighting
_POLYNOMIAL: Final = 0xEDB88320  # CRC-32 as in zlib, reflected
_LOW: Final = 0xFFFFFFFF


def _crc_tables() -> NDArray[np.int64]:
    """int64[8, 256]: CRC of a byte followed by 0 to 7 zero bytes, so that eight bytes take one step."""
    tables = np.zeros((8, 256), np.int64)
    tables[0] = np.arange(256)
    for _ in range(8):
        tables[0] = np.where(tables[0] & 1, (tables[0] >> 1) ^ _POLYNOMIAL, tables[0] >> 1)
    for zeros in range(1, 8):
        tables[zeros] = (tables[zeros - 1] >> 8) ^ tables[0][tables[zeros - 1] & 255]
    return tables


_CRC: Final = _crc_tables()


@njit(cache=True)
def _row_check(rows: Integers, row: int, seed: int) -> int:
    """CRC-32 of a row's words before its check, begun with that of its key."""
    crc = seed ^ _LOW
    for column in range(rows.shape[1] - 1):
        word = rows[row, column]
        low = (word & _LOW) ^ crc
        high = (word >> 32) & _LOW
        crc = (
            _CRC[7, low & 255]
            ^ _CRC[6, (low >> 8) & 255]
            ^ _CRC[5, (low >> 16) & 255]
            ^ _CRC[4, low >> 24]
            ^ _CRC[3, high & 255]
            ^ _CRC[2, (high >> 8) & 255]
            ^ _CRC[1, (high >> 16) & 255]
            ^ _CRC[0, high >> 24]
        )
    return crc ^ _LOW


@njit(cache=True)
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


@njit(cache=True)
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
    """Add an entity's windows; `bases` keeps where each began, for later days begin no earlier."""
    base = start
    for window in range(first, last):
        if window == first or days[window] != days[window - 1]:
            base = _first_after(rows, max(bases[window], start), end, day - days[window])
        bases[window] = base
        column = 1 + measure[window]
        sums[window] += rows[end - 1, column]
        if base > start:
            sums[window] -= rows[base - 1, column]


@njit(cache=True)
def _take_away(
    amounts: Integers, seen: int, day: int, first: int, last: int, days: Integers, measure: Integers, sums: Integers
) -> None:
    """Subtract an own sighting of day `seen` from the windows in which it lies."""
    for window in range(first, last):
        if seen > day - days[window]:
            sums[window] -= amounts[measure[window]]


@njit(cache=True)
def _place(key: int, held: Integers) -> int:
    """Place of a key in a table of open addressing, or the free place (0) where it would go."""
    mask = held.size - 1
    place = (key ^ (key >> 29)) & mask
    while held[place] != 0 and held[place] != key:
        place = (place + 1) & mask
    return place


@njit(cache=True)
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


@njit(cache=True)
def look_up(sightings: Integers, column: int, held: Integers, codes_held: Integers) -> Integers:
    """Code of each sighting's key (column 0) or owner (column 1); -1 where nobody asks for it."""
    codes = np.empty(sightings.shape[0], np.int64)
    for row in range(sightings.shape[0]):
        key = sightings[row, column]
        place = _place(key, held)
        codes[row] = codes_held[place] if held[place] == key and key != 0 else -1
    return codes


@njit(cache=True)
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


@njit(cache=True)
def sum_windows(
    sightings: Integers,
    grouped: Groups,
    requests: Integers,
    request_groups: Groups,
    day: Integers,
    sequence: Integers,
    tables: Tables,
    sums: Integers,
) -> None:
    """Window sums of all requests, own sightings included.

    Args:
        sightings: [N, 4 + measures] in sequence order.
        grouped: Starts and order of the sightings by code of key.
        requests: [R, 2]: decision, kind of key; in sequence order of the decisions.
        request_groups: Starts and order of the requests by code of key.
        day: [n], of each decision.
        sequence: [n].
        tables: First window of each kind, days, measure.
        sums: [n, W], added to.
    """
    starts, order = grouped
    request_starts, request_order = request_groups
    kind_first, days, measure = tables
    longest = 0
    for code in range(starts.size - 1):
        longest = max(longest, starts[code + 1] - starts[code])
    rows = np.empty((longest, 1 + sightings.shape[1] - _AMOUNTS), np.int64)
    bases = np.zeros(days.size, np.int64)
    for code in range(starts.size - 1):
        count = starts[code + 1] - starts[code]
        if count == 0:
            continue
        _prefix(sightings, order, starts[code], count, rows)
        bases[:] = 0
        end = 0
        for position in range(request_starts[code], request_starts[code + 1]):
            decision, kind = requests[request_order[position]]
            while end < count and sightings[order[starts[code] + end], 2] <= sequence[decision]:
                end += 1
            if end > 0:
                first, last = kind_first[kind], kind_first[kind + 1]
                _add_windows(rows, 0, end, bases, day[decision], first, last, days, measure, sums[decision])


@njit(cache=True)
def _prefix(sightings: Integers, order: Integers, start: int, count: int, rows: Integers) -> None:
    """Rows of one key: day and inclusive prefix sums."""
    for place in range(count):
        sighting = order[start + place]
        rows[place, 0] = sightings[sighting, 3]
        for column in range(1, rows.shape[1]):
            before = rows[place - 1, column] if place else 0
            rows[place, column] = before + sightings[sighting, _AMOUNTS + column - 1]


@njit(cache=True)
def subtract_own(
    sightings: Integers,
    grouped: Groups,
    slots: Integers,
    owner_offsets: Integers,
    owner_codes: Integers,
    day: Integers,
    sequence: Integers,
    tables: Tables,
    sums: Integers,
) -> None:
    """Take away from each decision what its own owners have added up to its sequence; an owner named twice once."""
    starts, order = grouped
    kind_first, days, measure = tables
    for decision in range(day.size):
        begin = owner_offsets[decision]
        for position in range(begin, owner_offsets[decision + 1]):
            code = owner_codes[position]
            if _repeated(owner_codes, begin, position):
                continue
            for place in range(starts[code], starts[code + 1]):
                row = sightings[order[place]]
                if row[2] > sequence[decision]:
                    break
                for kind in range(slots.shape[1]):
                    if slots[decision, kind] == row[0]:
                        first, last = kind_first[kind], kind_first[kind + 1]
                        amounts = row[_AMOUNTS:]
                        _take_away(amounts, row[3], day[decision], first, last, days, measure, sums[decision])


@njit(cache=True)
def _repeated(codes: Integers, begin: int, position: int) -> bool:
    for earlier in range(begin, position):  # noqa: SIM110 - the compiler has no generators inside any()
        if codes[earlier] == codes[position]:
            return True
    return False


@njit(cache=True)
def read_windows(
    rows: Integers,
    bounds: Integers,
    seeds: Integers,
    ledgers: Integers,
    ledger_bounds: Integers,
    key_words: int,
    slots: Integers,
    day: int,
    tables: Tables,
    sums: Integers,
) -> int:
    """Window sums of one decision from online records.

    Args:
        rows: [R, 2 + measures]: bodies, each followed by its head's row: day, totals, check.
        bounds: [kinds + 1]: rows of each kind.
        seeds: [kinds]: CRC-32 of each slot's key.
        ledgers: Words of the owners' records.
        ledger_bounds: [owners + 1].
        key_words: Words of each key in a ledger.
        slots: [kinds].
        day: Of the snapshot.
        tables: First window of each kind, days, measure.
        sums: [W], added to.

    Returns:
        `SOUND`, or the kind whose body is damaged.
    """
    kind_first, days, measure = tables
    bases = np.zeros(days.size, np.int64)
    for kind in range(slots.size):
        start, end = bounds[kind], bounds[kind + 1]
        first, last = kind_first[kind], kind_first[kind + 1]
        if end == start:
            continue
        _add_windows(rows, start, end, bases, day, first, last, days, measure, sums)
        for window in range(first, last):
            if window > first and days[window] == days[window - 1]:
                continue
            if not _base_sound(rows, start, end, bases[window], day - days[window], seeds[kind]):
                return kind
    totals = np.empty(rows.shape[1] - 2, np.int64)
    for ledger in range(ledger_bounds.size - 1):
        _subtract_ledger(ledgers, ledger_bounds[ledger], key_words, slots, day, tables, totals, sums)
    return SOUND


@njit(cache=True)
def _base_sound(rows: Integers, start: int, end: int, base: int, limit: int, seed: int) -> bool:
    """Whether the rows on both sides of a window's begin are sound: then it begins there, whatever the rest holds."""
    if base > start:
        before = base - 1
        if rows[before, 0] > limit:
            return False
        if before < end - 1 and _row_check(rows, before, seed) != rows[before, -1]:
            return False
    if base < end:
        if rows[base, 0] <= limit:
            return False
        if base < end - 1 and _row_check(rows, base, seed) != rows[base, -1]:
            return False
    return True


@njit(cache=True)
def _subtract_ledger(
    words: Integers,
    begin: int,
    key_words: int,
    slots: Integers,
    day: int,
    tables: Tables,
    totals: Integers,
    sums: Integers,
) -> None:
    """Take away what one owner has added to the slots' entities; `totals` is room for one sighting's amounts."""
    kind_first, days, measure = tables
    keys, events = words[begin], words[begin + 1]
    event_begin, event_words = begin + 2 + keys * key_words, 2 + totals.size
    for place in range(keys):
        at = begin + 2 + place * key_words
        kind, known_from = words[at + 1], words[at + 2]
        if words[at] != slots[kind]:
            continue
        first, last = kind_first[kind], kind_first[kind + 1]
        totals[:] = 0
        for event in range(events):
            at = event_begin + event * event_words
            totals += words[at + 2 : at + event_words]
            if event >= known_from:
                _take_away(totals, words[at + 1], day, first, last, days, measure, sums)
                totals[:] = 0
