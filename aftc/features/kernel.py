"""The kernel: sightings become window sums, by the same code for one entity read online and for millions in batch.

The sightings of one key in sequence order are rows of [day, inclusive prefix sums of the measures], in batch one row a
day. A window is the last row less the row before the window. What a consignment has added itself is subtracted sighting
by sighting, each as far as it lies in the window.

Everything compiled here calls nothing outside this file and takes every size from its arguments, because the compiler's
cache asks only whether the file itself changed. Arrays are C-contiguous, and int64 but for the measures of sightings.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["SOUND", "add_to_heads", "open_heads", "put_checks", "read_windows", "sum_windows"]

Integers: TypeAlias = NDArray[np.int64]
Tables: TypeAlias = tuple[Integers, Integers, Integers]  # first window of each kind, days, measure
Rows: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers, NDArray[np.uint8], Integers]
Requests: TypeAlias = tuple[Integers, Integers, Integers, Integers, Integers, Integers]

SOUND: Final = -1  # of `read_windows`: no damaged row
NONE: Final = -1  # no owner, no sighting
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
def _check(words: Integers, seed: int) -> int:
    """CRC-32 of words, begun with another."""
    crc = seed ^ _LOW
    for word in words:
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
def put_checks(words: Integers, ends: Integers, keys: Integers) -> None:
    """Write its check at the end of each record: CRC-32 of its words, begun with that of its key.

    Args:
        words: Records, one after the other.
        ends: [n]: where each one ends.
        keys: [n]: the key of each.
    """
    begin = 0
    for record in range(ends.size):
        end = ends[record]
        words[end - 1] = _check(words[begin : end - 1], _check(keys[record : record + 1], 0))
        begin = end


@njit(cache=True, nogil=True)
def open_heads(heads: Integers, keys: Integers, present: NDArray[np.bool_], day: int, closed: Integers) -> int:
    """Check heads, and make the row of closed days of each whose day lies before `day`.

    Args:
        heads: [n, 4 + measures]: sequence, rows, day, totals, check.
        keys: [n].
        present: [n]: whether there is such a head; of others nothing is read.
        day: The day being opened.
        closed: [n, 2 + measures]: written: day, totals, check.

    Returns:
        `SOUND`, or the place of a damaged head.
    """
    for place in range(keys.size):
        if not present[place]:
            continue
        seed = _check(keys[place : place + 1], 0)
        if heads[place, -1] != _check(heads[place, :-1], seed):
            return place
        if heads[place, 2] < day:
            closed[place, :-1] = heads[place, 2:-1]
            closed[place, -1] = _check(closed[place, :-1], seed)
    return SOUND


@njit(cache=True, nogil=True)
def add_to_heads(heads: Integers, keys: Integers, sightings: Integers, first: int) -> None:
    """Add a sighting to each head.

    Args:
        heads: [n, 4 + measures]: as of `open_heads`; sequence, rows and day are those of the sighting already.
        keys: [n].
        sightings: [n, *]: the amounts of each in the columns from `first` on.
        first: The first of them.
    """
    for place in range(keys.size):
        for column in range(first, sightings.shape[1]):
            heads[place, 3 + column - first] += sightings[place, column]
        heads[place, -1] = _check(heads[place, :-1], _check(keys[place : place + 1], 0))


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
    bounds: Integers,
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
        seed = _check(slots[kind : kind + 1], 0)
        for window in range(first, last):
            if window > first and days[window] == days[window - 1]:
                continue
            if not _base_sound(rows, start, end, bases[window], day - days[window], seed):
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
        if before < end - 1 and _check(rows[before, :-1], seed) != rows[before, -1]:
            return False
    if base < end:
        if rows[base, 0] <= limit:
            return False
        if base < end - 1 and _check(rows[base, :-1], seed) != rows[base, -1]:
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
