"""What a version's owners tell, against what they had told before: by compiled code, from their ledgers.

Records come in as the bytes that `aftc.features.entity_records` describes, all of a version at once. But for checks and
bytes, whose values are fixed, everything compiled here calls nothing outside this file, because the compiler's cache
asks only whether the file itself changed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.kernel import DAMAGED_LEDGER, SOUND
from aftc.features.record_bytes import ledger_sound, row_day, take_counts, take_name, take_number, take_row

__all__ = ["ASKS", "FRESH", "KEY", "KIND", "OWNER", "PLACE", "plan", "times_counted"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

KEY, KIND, OWNER, FRESH, ASKS, PLACE = range(6)
"""Columns of the entities that get a sighting: key, kind, place of the owner, 1 where the owner names it first, 1 where
it matters whether it was known before, place among the keys."""

_KEY_LEAST: Final = 9  # bytes of a key in a ledger: at least so many


@njit(cache=True, nogil=True)
def plan(
    ledgers: Octets,
    lengths: Integers,
    told: Integers,
    measures: int,
    whole: bool,
    flagged: tuple[int, int, int],
) -> tuple[int, int, Integers, Integers, Integers, Integers, Integers]:
    """Which entities get a sighting, and what each owner adds: what it had not told before.

    Args:
        ledgers: The owners' records, one after the other.
        lengths: [n]: bytes of each; -1 where an owner has added nothing.
        told: [*]: the n owners; how many entities each names now; the measures that each states; the keys of all these
            entities; their kinds.
        measures: Their number.
        whole: Whether all that is stated is added, told before or not.
        flagged: A kind of key, the measure that says whether such a key is new, and the one that counts: the amount
            is settled by `add`, and every key of an owner that may get one is among those that get a sighting.

    Returns:
        `SOUND`, or `DAMAGED_LEDGER` and the owner's place; entities [*, 6]; keys [*], each once; amounts
        [n, measures]; what each owner had told before [n, measures]; and which entities are flagged [*].
    """
    owners, counts, first_key = told[: lengths.size], told[lengths.size :], lengths.size * (2 + measures)
    stated = told[2 * lengths.size : first_key].reshape(lengths.size, measures)
    several = (told.size - first_key) // 2
    named, kinds = told[first_key : first_key + several], told[first_key + several :]
    entities, filled = np.empty((named.size + ledgers.size // _KEY_LEAST, 6), np.int64), 0
    amounts, before = np.zeros((owners.size, measures), np.int64), np.zeros((owners.size, measures), np.int64)
    begin = name = 0
    for owner in range(owners.size):
        end, first, flags = begin + max(0, lengths[owner]), filled, False
        if lengths[owner] >= 0:
            if not ledger_sound(ledgers, begin, end, owners[owner]):
                return DAMAGED_LEDGER, owner, entities[:0], named[:0], amounts, before, named[:0]
            filled = _name_known(ledgers, begin, owner, entities, filled, before[owner])
        first_fresh = filled
        for place in range(name, name + counts[owner]):
            if not _is_known(entities, first, first_fresh, named[place]):
                asks = kinds[place] == flagged[0] and before[owner, flagged[1]] == 0
                _put(entities[filled], named[place], kinds[place], owner, 1, asks)
                flags = flags or asks
                filled += 1
        if not _tell(stated[owner], before[owner], whole, amounts[owner]) and not flags:
            known = first_fresh - first  # they get nothing
            for place in range(first_fresh, filled):
                entities[place - known] = entities[place]
            filled -= known
        begin, name = end, name + counts[owner]
    entities = entities[:filled]
    return SOUND, 0, entities, _each_once(entities), amounts, before, np.flatnonzero(entities[:, ASKS])


@njit(cache=True, nogil=True)
def _each_once(entities: Integers) -> Integers:
    """Keys of the entities; each of these gets the place of its own."""
    keys, filled = np.empty(entities.shape[0], np.int64), 0
    for entity in range(entities.shape[0]):
        place = 0
        while place < filled and keys[place] != entities[entity, KEY]:
            place += 1
        if place == filled:
            keys[place], filled = entities[entity, KEY], filled + 1
        entities[entity, PLACE] = place
    return keys[:filled]


@njit(cache=True, nogil=True)
def _name_known(raw: Octets, begin: int, owner: int, entities: Integers, filled: int, totals: Integers) -> int:
    """Write the entities that an owner has named before, and add up all it added; returns the place after them."""
    known, events, at = take_counts(raw, begin)
    for _ in range(known):
        key, kind, _, at = take_name(raw, at)
        _put(entities[filled], key, kind, owner, 0, 0)
        filled += 1
    for _ in range(events):
        _, at = take_number(raw, at)
        at = take_row(raw, at, totals)
    return filled


@njit(cache=True, nogil=True)
def _put(entity: Integers, key: int, kind: int, owner: int, fresh: int, asks: int) -> None:
    entity[KEY], entity[KIND], entity[OWNER], entity[FRESH], entity[ASKS] = key, kind, owner, fresh, asks


@njit(cache=True, nogil=True)
def _tell(stated: Integers, before: Integers, whole: bool, amounts: Integers) -> bool:
    """Write what an owner adds, by measure; returns whether that is anything."""
    adds = False
    for measure in range(stated.size):
        if whole or before[measure] == 0:
            amounts[measure] = stated[measure]
            adds = adds or stated[measure] != 0
    return adds


@njit(cache=True, nogil=True)
def _is_known(entities: Integers, begin: int, end: int, key: int) -> bool:
    while begin < end and entities[begin, KEY] != key:
        begin += 1
    return begin < end


@njit(cache=True, nogil=True)
def times_counted(
    ledgers: Octets,
    lengths: Integers,
    owners: Integers,
    which: NDArray[np.bool_],
    key: int,
    oldest: int,
    count: int,
    measures: int,
) -> tuple[int, int]:
    """How often some owners have counted for an entity on days after `oldest`.

    Args:
        ledgers: The owners' records, one after the other.
        lengths: [n]: bytes of each; -1 where there is none.
        owners: [n].
        which: [n]: of them.
        key: The entity's.
        oldest: Day.
        count: The measure that counts.
        measures: Their number.

    Returns:
        `SOUND` and how often, or `DAMAGED_LEDGER` and the owner's place.
    """
    begin = found = 0
    for owner in range(owners.size):
        end = begin + max(0, lengths[owner])
        if lengths[owner] >= 0 and not ledger_sound(ledgers, begin, end, owners[owner]):
            return DAMAGED_LEDGER, owner
        if which[owner] and end > begin:
            known, events, at = take_counts(ledgers, begin)
            first = events
            for _ in range(known):
                each, _, told, at = take_name(ledgers, at)
                if each == key:
                    first = told
            totals = np.zeros(measures, np.int64)
            for event in range(events):
                _, at = take_number(ledgers, at)
                seen = row_day(ledgers, at)
                at = take_row(ledgers, at, totals)
                if event >= first:
                    found += totals[count] if seen > oldest else 0
                    totals[:] = 0
        begin = end
    return SOUND, found
