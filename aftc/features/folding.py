"""Folding: the words of online records from sorted sightings, many entities or owners in one compiled loop.

What comes out is what `aftc.features.sightings` leaves after the same sightings one by one, but for the checks.
Everything compiled here calls nothing outside this file, because the compiler's cache asks only whether the file
itself changed.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["fold_entities", "fold_owners"]

Integers: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = tuple[Integers, Integers, Integers, NDArray[np.uint8], Integers]


@njit(cache=True, nogil=True)
def _add_amounts(rows: Rows, row: int, totals: Integers) -> None:
    """Add what a sighting added, by measure."""
    _, _, offsets, measure, amount = rows
    for place in range(offsets[row], offsets[row + 1]):
        totals[measure[place]] += amount[place]


@njit(cache=True, nogil=True)
def fold_entities(
    starts: Integers,
    order: Integers,
    rows: Rows,
    retention: Integers,
    forgets: NDArray[np.bool_],
    heads: Integers,
    bodies: Integers,
    body_ends: Integers,
) -> bool:
    """Heads and closed days of entities, trimmed to what windows may ask for.

    Args:
        starts: [n + 1]: where in `order` the sightings of each entity begin.
        order: Sightings by entity, in the order of their sequence.
        rows: Sequence, day, where each one's amounts begin, measures, amounts.
        retention: [n]: days that each history may be asked for.
        forgets: [n]: whether no base of the days before is kept.
        heads: [n, 3 + measures + 1]: written; the last column is left for the check.
        bodies: [*, 1 + measures + 1]: written likewise; room for all days.
        body_ends: [n]: written; rows of bodies up to and with those of each entity.

    Returns:
        Whether no day fell along the sequence; where one did, the words mean nothing.
    """
    sequence, day, _, _, _ = rows
    filled = 0
    for entity in range(starts.size - 1):
        begin, end = starts[entity], starts[entity + 1]
        oldest = day[order[end - 1]] - retention[entity]
        first, current = filled, day[order[begin]]
        totals = heads[entity, 3:-1]
        totals[:] = 0
        for place in range(begin, end):
            row = order[place]
            if day[row] < current:
                return False
            if day[row] > current:
                if filled > first and current <= oldest:
                    filled = first  # this day is the nearer base
                if not (forgets[entity] and current <= oldest):
                    bodies[filled, 0] = current
                    bodies[filled, 1:-1] = totals
                    filled += 1
                current = day[row]
            if not (forgets[entity] and current <= oldest):
                _add_amounts(rows, row, totals)
        heads[entity, 0] = sequence[order[end - 1]]
        heads[entity, 1] = filled - first
        heads[entity, 2] = current
        body_ends[entity] = filled
    return True


@njit(cache=True, nogil=True)
def _place_of(words: Integers, count: int, key: int) -> int:
    """Place of a key among the first ones of a ledger; `count` where it is none of them."""
    for place in range(count):
        if words[2 + 3 * place] == key:
            return place
    return count


@njit(cache=True, nogil=True)
def _make_known(words: Integers, settled: int, count: int, key: int, kind: int, event: int) -> None:
    """Put a key among those of its event: by kind, then by code."""
    place = count
    while place > settled:
        before = 2 + 3 * (place - 1)
        if words[before + 1] < kind or (words[before + 1] == kind and words[before] < key):
            break
        words[before + 3 : before + 6] = words[before : before + 3]
        place -= 1
    words[2 + 3 * place] = key
    words[3 + 3 * place] = kind
    words[4 + 3 * place] = event


@njit(cache=True, nogil=True)
def fold_owners(
    starts: Integers,
    order: Integers,
    rows: Rows,
    keys: Integers,
    kinds: Integers,
    words: Integers,
    ends: Integers,
    measures: int,
) -> None:
    """Ledgers of owners, one after the other.

    Every sighting of an owner's message tells the same of what the message added: of a key known before, the sum of
    its sightings; of one that it makes known, that sum less what the owner had added before.

    Args:
        starts: [n + 1]: where in `order` the sightings of each owner begin.
        order: Sightings by owner, in the order of their sequence.
        rows: Sequence, day, where each one's amounts begin, measures, amounts.
        keys: [N], of each sighting.
        kinds: [N], of each one's key.
        words: Written; the last word of each ledger is left for the check.
        ends: [n]: written; words up to and with those of each owner.
        measures: Number of measures.
    """
    sequence, day, _, _, _ = rows
    totals, sums = np.empty(measures, np.int64), np.empty(measures, np.int64)
    at = 0
    for owner in range(starts.size - 1):
        begin, end = starts[owner], starts[owner + 1]
        ledger = words[at:]
        events = np.empty((end - begin, 2 + measures), np.int64)
        totals[:] = 0
        known, event, place = 0, 0, begin
        while place < end:
            settled, now, told = known, sequence[order[place]], keys[order[place]]
            is_known = _place_of(ledger, settled, told) < settled
            sums[:] = 0
            first = place
            while place < end and sequence[order[place]] == now:
                row = order[place]
                if keys[row] == told:
                    _add_amounts(rows, row, sums)
                if _place_of(ledger, known, keys[row]) == known:
                    _make_known(ledger, settled, known, keys[row], kinds[row], event)
                    known += 1
                place += 1
            if not is_known:
                sums -= totals
            totals += sums
            events[event, 0] = now
            events[event, 1] = day[order[first]]
            events[event, 2:] = sums
            event += 1
        ledger[0] = known
        ledger[1] = event
        at += 2 + 3 * known
        words[at : at + event * (2 + measures)] = events[:event].ravel()
        at += event * (2 + measures) + 1
        ends[owner] = at
