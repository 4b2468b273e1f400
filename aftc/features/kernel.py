"""The kernel: sightings become window sums, by the same code for one entity read online and for millions in batch.

The sightings of one key in sequence order are rows of [day, inclusive prefix sums of the measures], in batch one row a
day. A window is the last row less the row before the window. What a consignment has added itself is subtracted sighting
by sighting, each as far as it lies in the window.

Everything compiled stands in this one file and takes every size from its arguments, because the compiler's cache asks
only whether the file itself changed. Arrays are C-contiguous, and int64 but for the measures of sightings.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["SOUND", "encode", "group", "look_up", "read_windows", "sum_windows"]

Integers: TypeAlias = NDArray[np.int64]
Groups: TypeAlias = tuple[Integers, Integers]  # starts and order, as of `group`
Tables: TypeAlias = tuple[Integers, Integers, Integers]  # first window of each kind, days, measure
Rows: TypeAlias = tuple[Integers, Integers, Integers, Integers, NDArray[np.uint8], Integers]
Requests: TypeAlias = tuple[Integers, Integers, Integers]
Moments: TypeAlias = tuple[Integers, Integers, Integers, Integers]
Room: TypeAlias = tuple[Integers, Integers, Integers, Integers]
Windows: TypeAlias = tuple[int, int, Integers, Integers]

SOUND: Final = -1  # of `read_windows`: no damaged row
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


@njit(cache=True, nogil=True)
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
    """Code of each sighting's key; -1 where nobody asks for it."""
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
def sum_windows(
    rows: Rows,
    grouped: Groups,
    requests: Requests,
    request_groups: Groups,
    decisions: Moments,
    tables: Tables,
    room: Room,
    sums: Integers,
) -> bool:
    """Window sums of all requests, less what the decision's own owners have added; an owner named twice counts once.

    Args:
        rows: Sightings: owner, sequence, day, then where each one's amounts begin, their measures, the amounts.
        grouped: Starts and order of the sightings by code of key, in sequence order.
        requests: Decision, kind of key, and where in `sums` its windows begin.
        request_groups: Starts and order of the requests by code of key, in sequence order of the decisions.
        decisions: Day and sequence of each, where its owners begin, the owners.
        tables: First window of each kind, days, measure.
        room: [days of a key, 1 + measures], [sightings of a key], and twice 2^n, more than twice the owners that the
            requests of one key name.
        sums: Added to.

    Returns:
        Whether no day fell along the sequence; where one did, the sums mean nothing.
    """
    starts, order = grouped
    request_starts, request_order = request_groups
    decided, made = decisions[:2]
    tiles, earlier, held, latest = room
    kind_first, days, measure = tables
    bases, amounts = np.zeros(days.size, np.int64), np.empty(tiles.shape[1] - 1, np.int64)
    for code in range(starts.size - 1):
        own = order[starts[code] : starts[code + 1]]
        asked = request_order[request_starts[code] : request_starts[code + 1]]
        if own.size == 0 or asked.size == 0:
            continue
        size = _hold_owners(asked, requests[0], decisions, held, latest)
        bases[:] = 0
        seen = closed = 0
        for request in asked:
            decision, kind, at = requests[0][request], requests[1][request], requests[2][request]
            while seen < own.size and rows[1][own[seen]] <= made[decision]:
                closed = _see(rows, own[seen], tiles, closed)
                if closed == 0:
                    return False
                place = _place(rows[0][own[seen]], held[:size])
                if held[place] != 0:
                    earlier[seen], latest[place] = latest[place], seen
                seen += 1
            if not _in_order(rows[2], own, seen, decided[decision]):
                return False
            if closed > 0:
                first, last = kind_first[kind], kind_first[kind + 1]
                added = sums[at : at + last - first]
                _add_windows(tiles, 0, closed, bases, decided[decision], first, last, days, measure, added)
                chains = (earlier, held[:size], latest, amounts)
                _take_away_own(rows, own, decision, decisions, chains, (first, last, days, measure), added)
    return True


@njit(cache=True, nogil=True)
def _hold_owners(asked: Integers, named_by: Integers, decisions: Moments, held: Integers, latest: Integers) -> int:
    """Make the table of the owners whose sightings of a key will be taken away from somebody; returns its size."""
    _, _, offsets, owners = decisions
    count, size = 0, 2
    for request in asked:
        count += offsets[named_by[request] + 1] - offsets[named_by[request]]
    while size <= 2 * count:
        size *= 2
    held[:size] = 0
    latest[:size] = -1
    for request in asked:
        for position in range(offsets[named_by[request]], offsets[named_by[request] + 1]):
            held[_place(owners[position], held[:size])] = owners[position]
    return size


@njit(cache=True, nogil=True)
def _see(rows: Rows, row: int, tiles: Integers, closed: int) -> int:
    """Add a sighting to its key's last day or to a new one; returns the number of days, 0 for one that fell."""
    _, _, day, offsets, measure, amount = rows
    if closed == 0:
        tiles[0, :] = 0
        closed = 1
    elif tiles[closed - 1, 0] > day[row]:
        return 0
    elif tiles[closed - 1, 0] < day[row]:
        tiles[closed, :] = tiles[closed - 1, :]
        closed += 1
    tiles[closed - 1, 0] = day[row]
    for place in range(offsets[row], offsets[row + 1]):
        tiles[closed - 1, 1 + measure[place]] += amount[place]
    return closed


@njit(cache=True, nogil=True)
def _in_order(day: Integers, own: Integers, seen: int, decided: int) -> bool:
    """Whether a decision's day lies between those of the sightings before and after it."""
    return (seen == 0 or day[own[seen - 1]] <= decided) and (seen == own.size or day[own[seen]] >= decided)


@njit(cache=True, nogil=True)
def _take_away_own(
    rows: Rows, own: Integers, decision: int, decisions: Moments, chains: Room, windows: Windows, sums: Integers
) -> None:
    """Take away what the decision's owners have added to a key so far."""
    _, _, day, offsets, measure, amount = rows
    decided, _, owner_offsets, owners = decisions
    earlier, held, latest, amounts = chains
    first, last, days, window_measure = windows
    for position in range(owner_offsets[decision], owner_offsets[decision + 1]):
        if _repeated(owners, owner_offsets[decision], position):
            continue
        sighting = latest[_place(owners[position], held)]
        while sighting >= 0:
            row = own[sighting]
            amounts[:] = 0
            for place in range(offsets[row], offsets[row + 1]):
                amounts[measure[place]] += amount[place]
            _take_away(amounts, day[row], decided[decision], first, last, days, window_measure, sums)
            sighting = earlier[sighting]


@njit(cache=True, nogil=True)
def _repeated(codes: Integers, begin: int, position: int) -> bool:
    for earlier in range(begin, position):  # noqa: SIM110 - the compiler has no generators inside any()
        if codes[earlier] == codes[position]:
            return True
    return False


@njit(cache=True, nogil=True)
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
        _add_windows(rows, start, end, bases, day, first, last, days, measure, sums[first:last])
        for window in range(first, last):
            if window > first and days[window] == days[window - 1]:
                continue
            if not _base_sound(rows, start, end, bases[window], day - days[window], seeds[kind]):
                return kind
    totals = np.empty(rows.shape[1] - 2, np.int64)
    for ledger in range(ledger_bounds.size - 1):
        _subtract_ledger(ledgers, ledger_bounds[ledger], key_words, slots, day, tables, totals, sums)
    return SOUND


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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
                _take_away(totals, words[at + 1], day, first, last, days, measure, sums[first:last])
                totals[:] = 0
