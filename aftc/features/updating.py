"""Updating online records: what a version's owners add, folded into ledgers and entities by compiled code.

Records come in and go out as the bytes that `aftc.features.entity_records` describes, all of a version at once. But for
checks and bytes, whose values are fixed, everything compiled here calls nothing outside this file, because the
compiler's cache asks only whether the file itself changed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.checksum import check, check_of_key
from aftc.features.kernel import DAMAGED_ENTITY, SOUND
from aftc.features.record_bytes import (
    LEAD,
    NUMBER_MOST,
    ROW_LEAST,
    closed_from,
    name_among,
    put_fixed,
    put_names,
    put_number,
    put_row,
    row_day,
    skip_row,
    take_counts,
    take_fixed,
    take_name,
    take_number,
    take_row,
)
from aftc.features.telling import ASKS, FRESH, KEY, KIND, OWNER, PLACE

__all__ = ["LATE", "add"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

LATE: Final = 4  # an entity that has seen a later message or day
_IDENTITY: Final = 4  # columns of a sighting before its amounts: key, owner, sequence, day


@njit(cache=True, nogil=True)
def add(
    entities: Integers,
    keys: Integers,
    records: Octets,
    lengths: Integers,
    retention: Integers,
    ledgers: Octets,
    ledger_lengths: Integers,
    owners: Integers,
    amounts: Integers,
    before: Integers,
    aside: Integers,
    flagged: tuple[int, int, int],
    moment: tuple[int, int],
) -> tuple[int, int, Integers, Octets, Integers]:
    """Add a sighting to each entity, and an event to the ledger of each owner that adds any.

    Args:
        entities: As of `plan`.
        keys: Likewise.
        records: Of the keys, one after the other.
        lengths: [keys]: bytes of each; -1 where there is none yet.
        retention: [kinds]: days that each history may be asked for.
        ledgers: As of `plan`.
        ledger_lengths: Likewise.
        owners: Likewise.
        amounts: Likewise; what is flagged is written.
        before: Likewise.
        aside: [entities]: of a flagged entity, how often owners that are no others have counted for it.
        flagged: As of `plan`.
        moment: Sequence and day of the message.

    Returns:
        `SOUND`, or what is amiss and the place of the key; the sightings [*, 4 + measures]; the records of the keys
        and then those of the owners, one after the other; and where the first begins and each ends
        [keys + owners + 1].
    """
    measures = amounts.shape[1]
    opened, kept = np.zeros((keys.size, measures), np.int64), np.empty((keys.size, 5), np.int64)
    ends = np.zeros(keys.size + owners.size + 1, np.int64)
    fault, place = _open_all(entities, keys, records, lengths, retention, moment, opened, kept)
    if fault == SOUND:
        fault, place = _settle(entities, keys, records, amounts, aside, flagged, opened, kept)
    if fault != SOUND:
        return fault, place, np.empty((0, _IDENTITY + measures), np.int64), records[:0], ends
    rows, added = _add_all(entities, keys, owners, amounts, before, moment, opened)
    size = records.size + ledgers.size + keys.size * (LEAD + NUMBER_MOST + ROW_LEAST + NUMBER_MOST * measures)
    size += owners.size * (4 + 3 * NUMBER_MOST + ROW_LEAST + NUMBER_MOST * measures) + entities.shape[0] * (
        8 + NUMBER_MOST
    )
    raw, at = np.empty(size, np.uint8), 0
    for place in range(keys.size):
        if added[place]:
            at = _put_entity(records, keys[place], opened[place], kept[place], moment, raw, at)
        ends[place + 1] = at
    first = begin = 0
    for owner in range(owners.size):
        last, end = first, begin + max(0, ledger_lengths[owner])
        while last < entities.shape[0] and entities[last, OWNER] == owner:
            last += 1
        if last > first:
            start = at
            at = _put_event(ledgers, begin, end, entities[first:last], amounts[owner], moment, raw, at)
            put_fixed(raw, start, 4, check(raw, start + 4, at, check_of_key(owners[owner])))
        ends[keys.size + owner + 1] = at
        first, begin = last, end
    return SOUND, 0, rows, raw[:at], ends


@njit(cache=True, nogil=True)
def _open_all(
    entities: Integers,
    keys: Integers,
    records: Octets,
    lengths: Integers,
    retention: Integers,
    moment: tuple[int, int],
    opened: Integers,
    kept: Integers,
) -> tuple[int, int]:
    """`_open` every record; returns what is amiss, and the place of the key."""
    kinds, begin = np.empty(keys.size, np.int64), 0
    for entity in range(entities.shape[0]):
        kinds[entities[entity, PLACE]] = entities[entity, KIND]
    for place in range(keys.size):
        end = begin + max(0, lengths[place])
        kept[place, :4], kept[place, 4] = begin, check_of_key(keys[place])
        if lengths[place] >= 0:
            fault = _open(records, begin, end, moment, retention[kinds[place]], opened[place], kept[place])
            if fault != SOUND:
                return fault, place
        begin = end
    return SOUND, 0


@njit(cache=True, nogil=True)
def _settle(
    entities: Integers,
    keys: Integers,
    records: Octets,
    amounts: Integers,
    aside: Integers,
    flagged: tuple[int, int, int],
    opened: Integers,
    kept: Integers,
) -> tuple[int, int]:
    """Settle the amount that says whether a key is new; returns what is amiss, and the place of the key."""
    for entity in range(entities.shape[0]):
        owner, place = entities[entity, OWNER], entities[entity, PLACE]
        if entities[entity, ASKS]:
            fault, seen = _counted(records, keys[place], kept[place], opened[place], flagged[2])
            if fault != SOUND:
                return fault, place
            amounts[owner, flagged[1]] = seen == aside[entity]
    return SOUND, 0


@njit(cache=True, nogil=True)
def _add_all(
    entities: Integers,
    keys: Integers,
    owners: Integers,
    amounts: Integers,
    before: Integers,
    moment: tuple[int, int],
    opened: Integers,
) -> tuple[Integers, NDArray[np.bool_]]:
    """Add a sighting to the open day of each entity that gets any; returns the sightings, and which keys got one."""
    measures, filled = amounts.shape[1], 0
    rows, added = np.empty((entities.shape[0], _IDENTITY + measures), np.int64), np.zeros(keys.size, np.bool_)
    for entity in range(entities.shape[0]):
        owner, place = entities[entity, OWNER], entities[entity, PLACE]
        if not entities[entity, FRESH] and not np.any(amounts[owner]):
            continue
        row = rows[filled]
        row[0], row[1], row[2], row[3] = keys[place], owners[owner], moment[0], moment[1]
        added[place] = True
        for measure in range(measures):
            amount = amounts[owner, measure]
            if entities[entity, FRESH]:
                amount += before[owner, measure]
            row[_IDENTITY + measure] = amount
            opened[place, measure] += amount
        filled += 1
    return rows[:filled], added


@njit(cache=True, nogil=True)
def _open(
    raw: Octets, begin: int, end: int, moment: tuple[int, int], retention: int, opened: Integers, kept: Integers
) -> int:
    """What of an entity's record stays, as of a message; returns what is amiss.

    `kept` comes with the check of the key, and gets where the closed days that stay begin and end, where the day that
    now comes to an end does, and the check of the former. Of days that no window may ask for nothing stays. `opened`
    gets what the message's own day has added so far.
    """
    sequence, day = moment
    inner = closed_from(raw, begin, end, kept[4])
    if inner < 0:
        return DAMAGED_ENTITY
    last, at = take_number(raw, begin + LEAD)
    seen, oldest = row_day(raw, at), day - retention
    if last > sequence or seen > day:
        return LATE
    kept[0], kept[1], kept[2], kept[3] = inner, end, inner, inner
    if seen == day:
        take_row(raw, at, opened)
    elif seen > oldest:
        kept[2] = at
        if end - inner >= ROW_LEAST and row_day(raw, inner) <= oldest:
            if take_fixed(raw, begin + 4, 4) != check(raw, inner, end, kept[4]):
                return DAMAGED_ENTITY
            while row_day(raw, kept[0]) <= oldest:  # the days rise, and the last one stays
                kept[0] = skip_row(raw, kept[0])
                if kept[0] == end:
                    break
            kept[4] = check(raw, kept[0], end, kept[4])
            return SOUND
    else:
        kept[0] = end
        return SOUND
    kept[4] = take_fixed(raw, begin + 4, 4)
    return SOUND


@njit(cache=True, nogil=True)
def _counted(raw: Octets, key: int, kept: Integers, opened: Integers, count: int) -> tuple[int, int]:
    """What is amiss with an entity's closed days, and how often it was counted on all days that stay."""
    if check(raw, kept[0], kept[1], check_of_key(key)) != kept[4]:
        return DAMAGED_ENTITY, 0
    totals, at = opened.copy(), kept[0]
    while at < kept[1]:
        at = take_row(raw, at, totals)
    if kept[2] < kept[3]:
        take_row(raw, kept[2], totals)
    return SOUND, totals[count]


@njit(cache=True, nogil=True)
def _put_entity(
    former: Octets, key: int, opened: Integers, kept: Integers, moment: tuple[int, int], raw: Octets, at: int
) -> int:
    """Write an entity's record: the closed days that stay as they were, and their check carried on; returns its end."""
    begin, inner = at, put_row(raw, put_number(raw, at + LEAD, moment[0]), moment[1], opened)
    at = _copy(former, kept[2], kept[3], raw, _copy(former, kept[0], kept[1], raw, inner))
    put_fixed(raw, begin + 4, 4, check(former, kept[2], kept[3], kept[4]))
    put_fixed(raw, begin + 8, 2, inner - begin)
    put_fixed(raw, begin, 4, check(raw, begin + 4, inner, check_of_key(key)))
    return at


@njit(cache=True, nogil=True)
def _copy(source: Octets, begin: int, end: int, raw: Octets, at: int) -> int:
    to, of = raw[at : at + end - begin], source[begin:end]
    for place in range(of.size):  # six times as fast as one assignment
        to[place] = of[place]
    return at + end - begin


@njit(cache=True, nogil=True)
def _put_event(
    ledgers: Octets,
    begin: int,
    end: int,
    entities: Integers,
    amounts: Integers,
    moment: tuple[int, int],
    raw: Octets,
    at: int,
) -> int:
    """Write a ledger with one more event, after room for its check; returns its end.

    What one message adds is one event, however many of its versions add it: so the sightings alone, in any order within
    a message, tell the record's bytes.
    """
    known = events = 0
    source = begin
    if end > begin:
        known, events, source = take_counts(ledgers, begin)
    names = np.empty((known + entities.shape[0], 3), np.int64)
    for place in range(known):
        names[place, 2], names[place, 1], names[place, 0], source = take_name(ledgers, source)
    first, last, sequence, added = source, source, -1, amounts.copy()
    for _ in range(events):
        last = source
        sequence, source = take_number(ledgers, source)
        source = skip_row(ledgers, source)
    event = events
    if sequence == moment[0]:
        event = events - 1
        _, source = take_number(ledgers, last)
        take_row(ledgers, source, added)
    else:
        last = end
    for place in range(entities.shape[0]):
        if entities[place, FRESH]:
            name_among(names, known, event, entities[place, KIND], entities[place, KEY])
            known += 1
    at = put_names(raw, at, names[:known], event + 1)
    at = put_number(raw, _copy(ledgers, first, last, raw, at), moment[0])
    return put_row(raw, at, moment[1], added)
