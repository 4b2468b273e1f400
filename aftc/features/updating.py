"""Updating online records: what a version's owners tell, folded into ledgers, heads and closed days by compiled code.

Records come in and go out as the words that `aftc.features.entity_records` describes, all of a version at once. But for
the checks, whose values are fixed, everything compiled here calls nothing outside this file, because the compiler's
cache asks only whether the file itself changed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.features.checksum import check
from aftc.features.kernel import DAMAGED_BODY, DAMAGED_HEAD, DAMAGED_LEDGER, SOUND

__all__ = ["FRESH", "KEY", "KIND", "LATE", "OWNER", "add", "plan"]

Integers: TypeAlias = NDArray[np.int64]

KEY, KIND, OWNER, FRESH = range(4)
"""Columns of the entities that get a sighting: key, kind, place of the owner, 1 where the owner names it first."""

LATE: Final = 4  # a head of a later message or day
_KEY_WORDS: Final = 3
_LEAD: Final = 3  # words of a head before its totals: sequence, rows, day
_IDENTITY: Final = 4  # columns of a sighting before its amounts: key, owner, sequence, day


@njit(cache=True, nogil=True)
def plan(
    ledgers: Integers,
    ends: Integers,
    owners: Integers,
    named: Integers,
    named_ends: Integers,
    stated: Integers,
    whole: bool,
    flagged: tuple[int, int],
) -> tuple[int, int, Integers, Integers, Integers]:
    """Which entities get a sighting, and what each owner adds: what it had not told before.

    Args:
        ledgers: Words of the owners' records, one after the other.
        ends: [n]: where each one's end; no words where an owner has added nothing.
        owners: [n].
        named: [*, 2]: key and kind of each entity that the owners name now.
        named_ends: [n]: where each one's end.
        stated: [n, measures].
        whole: Whether all that is stated is added, told before or not.
        flagged: A kind of key, and the measure that says whether such a key is new: its amount is settled elsewhere,
            and every key of an owner that may get one is among those that get a sighting.

    Returns:
        `SOUND`, or `DAMAGED_LEDGER` and the owner's place; entities [*, 4]; amounts [n, measures]; and what each owner
        had told before [n, measures].
    """
    measures = stated.shape[1]
    room = named.shape[0]
    for owner in range(owners.size):
        begin = ends[owner - 1] if owner else 0
        room += ledgers[begin] if ends[owner] > begin else 0
    entities, filled = np.empty((room, 4), np.int64), 0
    amounts, before = np.zeros((owners.size, measures), np.int64), np.zeros((owners.size, measures), np.int64)
    for owner in range(owners.size):
        begin, end = ends[owner - 1] if owner else 0, ends[owner]
        ledger = ledgers[begin:end]
        if end > begin and ledger[-1] != check(ledger, 0, ledger.size - 1, check(owners, owner, owner + 1, 0)):
            return DAMAGED_LEDGER, owner, entities[:0], amounts, before
        first, first_fresh = filled, _name_known(ledger, owner, entities, filled)
        _sum_events(ledger, before[owner])
        filled, flags = first_fresh, False
        for place in range(named_ends[owner - 1] if owner else 0, named_ends[owner]):
            if not _is_known(entities, first, first_fresh, named[place, 0]):
                entities[filled, KEY], entities[filled, KIND] = named[place, 0], named[place, 1]
                entities[filled, OWNER], entities[filled, FRESH] = owner, 1
                flags = flags or (named[place, 1] == flagged[0] and before[owner, flagged[1]] == 0)
                filled += 1
        if not _tell(stated[owner], before[owner], whole, amounts[owner]) and not flags:
            known = first_fresh - first  # they get nothing
            entities[first : filled - known] = entities[first_fresh:filled].copy()
            filled -= known
    return SOUND, 0, entities[:filled], amounts, before


@njit(cache=True, nogil=True)
def _name_known(ledger: Integers, owner: int, entities: Integers, filled: int) -> int:
    """Write the entities that an owner has named before; returns the place after them."""
    for place in range(ledger[0] if ledger.size else 0):
        at = 2 + _KEY_WORDS * place
        entities[filled, KEY], entities[filled, KIND] = ledger[at], ledger[at + 1]
        entities[filled, OWNER], entities[filled, FRESH] = owner, 0
        filled += 1
    return filled


@njit(cache=True, nogil=True)
def _sum_events(ledger: Integers, totals: Integers) -> None:
    """Add what all events of a ledger added."""
    if ledger.size:
        at = 2 + _KEY_WORDS * ledger[0]
        for _ in range(ledger[1]):
            totals += ledger[at + 2 : at + 2 + totals.size]
            at += 2 + totals.size


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
    for place in range(begin, end):  # noqa: SIM110 - the compiler has no generators inside any()
        if entities[place, KEY] == key:
            return True
    return False


@njit(cache=True, nogil=True)
def add(
    entities: Integers,
    places: Integers,
    heads: Integers,
    keys: Integers,
    kinds: Integers,
    bodies: Integers,
    body_ends: Integers,
    retention: Integers,
    forgets: NDArray[np.bool_],
    ledgers: Integers,
    ends: Integers,
    owners: Integers,
    amounts: Integers,
    before: Integers,
    moment: tuple[int, int],
) -> tuple[int, int, Integers, Integers, Integers, Integers, Integers]:
    """Add a sighting to each entity, and an event to the ledger of each owner that adds any.

    Args:
        entities: As of `plan`.
        places: [entities]: the head of each.
        heads: [h, 4 + measures]: sequence, rows, day, totals, check; zeros where there is none yet. Written.
        keys: [h].
        kinds: [h].
        bodies: [*, 2 + measures]: closed days of those heads whose day comes to an end: day, totals, check.
        body_ends: [h]: where each one's end.
        retention: [kinds]: days that each history may be asked for.
        forgets: [kinds]: whether no base of the days before is kept.
        ledgers: As of `plan`.
        ends: Likewise.
        owners: Likewise.
        amounts: Likewise.
        before: Likewise.
        moment: Sequence and day of the message.

    Returns:
        `SOUND`, or what is amiss and the place of the head; the sightings [entities, 4 + measures]; closed days
        [*, 2 + measures] and where each head's begin and end [h, 2], -1 where they are as they were; ledgers, one after
        the other, and where each one's end.
    """
    measures = amounts.shape[1]
    rows = np.empty((entities.shape[0], _IDENTITY + measures), np.int64)
    closed = np.empty((bodies.shape[0] + heads.shape[0], 2 + measures), np.int64)
    bounds = np.full((heads.shape[0], 2), -1)
    room = ledgers.size + owners.size * (5 + measures) + _KEY_WORDS * entities.shape[0]
    words, word_ends = np.empty(room, np.int64), np.zeros(owners.size, np.int64)
    filled = 0
    for place in range(keys.size):
        begin, end = body_ends[place - 1] if place else 0, body_ends[place]
        fault, filled = _open(
            heads[place], keys, place, bodies[begin:end], retention[kinds[place]], forgets[kinds[place]], moment,
            closed, filled, bounds[place],
        )  # fmt: skip
        if fault != SOUND:
            return fault, place, rows[:0], closed, bounds, words, word_ends
    for place in range(entities.shape[0]):
        owner = entities[place, OWNER]
        row, head = rows[place], heads[places[place]]
        row[0], row[1], row[2], row[3] = entities[place, KEY], owners[owner], moment[0], moment[1]
        for measure in range(measures):
            amount = amounts[owner, measure]
            if entities[place, FRESH]:
                amount += before[owner, measure]
            row[_IDENTITY + measure] = amount
            head[_LEAD + measure] += amount
    for place in range(keys.size):
        head = heads[place]
        head[-1] = check(head, 0, head.size - 1, check(keys, place, place + 1, 0))
    at = place = 0
    for owner in range(owners.size):
        first = place
        while place < entities.shape[0] and entities[place, OWNER] == owner:
            place += 1
        if place > first:
            begin, end = ends[owner - 1] if owner else 0, ends[owner]
            at = _put_event(ledgers[begin:end], entities[first:place], amounts[owner], moment, words, at)
            words[at - 1] = check(
                words, word_ends[owner - 1] if owner else 0, at - 1, check(owners, owner, owner + 1, 0)
            )
        word_ends[owner] = at
    return SOUND, 0, rows, closed[:filled], bounds, words, word_ends


@njit(cache=True, nogil=True)
def _open(
    head: Integers,
    keys: Integers,
    place: int,
    body: Integers,
    retention: int,
    forgets: bool,
    moment: tuple[int, int],
    closed: Integers,
    filled: int,
    bounds: Integers,
) -> tuple[int, int]:
    """Make a head one of this message and day, its former day closed; returns what is amiss, and rows of `closed`."""
    sequence, day = moment
    seed = check(keys, place, place + 1, 0)
    if head[0] != 0 or head[-1] != 0:
        if head[-1] != check(head, 0, head.size - 1, seed):
            return DAMAGED_HEAD, filled
        if head[0] > sequence or head[2] > day:
            return LATE, filled
        if head[2] < day:
            if body.shape[0] != head[1]:
                return DAMAGED_BODY, filled
            begin, end = filled, filled + body.shape[0]
            closed[begin:end] = body
            closed[end, :-1] = head[2:-1]
            closed[end, -1] = check(closed[end], 0, closed.shape[1] - 1, seed)
            end += 1
            if forgets:
                if not _forget(head, closed, begin, end, day - retention, seed, bounds):
                    return DAMAGED_BODY, filled
            else:
                while begin + 1 < end and closed[begin + 1, 0] <= day - retention:
                    begin += 1  # the next day is the nearer base
                bounds[0], bounds[1] = begin, end
            head[1] = bounds[1] - bounds[0]
            filled = end
    head[0], head[2] = sequence, day
    return SOUND, filled


@njit(cache=True, nogil=True)
def _forget(head: Integers, closed: Integers, begin: int, end: int, oldest: int, seed: int, bounds: Integers) -> bool:
    """Take every trace of the days up to `oldest` out of later sums; False where a day is damaged."""
    kept = begin
    while kept < end and closed[kept, 0] <= oldest:
        kept += 1
    bounds[0], bounds[1] = kept, end
    if kept == begin:
        return True
    for row in range(begin, end):
        if closed[row, -1] != check(closed[row], 0, closed.shape[1] - 1, seed):
            return False
    base = closed[kept - 1]
    for row in range(kept, end):
        closed[row, 1:-1] -= base[1:-1]
        closed[row, -1] = check(closed[row], 0, closed.shape[1] - 1, seed)
    head[_LEAD:-1] -= base[1:-1]
    return True


@njit(cache=True, nogil=True)
def _put_event(
    ledger: Integers, entities: Integers, amounts: Integers, moment: tuple[int, int], words: Integers, at: int
) -> int:
    """Write a ledger with one more event; returns the place after its words, the last of which is left for the check.

    What one message adds is one event, however many of its versions add it, and keys stand by event, kind and code: so
    the sightings alone, in any order within a message, tell the record's bytes.
    """
    known = ledger[0] if ledger.size else 0
    events = ledger[1] if ledger.size else 0
    width = 2 + amounts.size
    first_event = 2 + _KEY_WORDS * known
    again = events > 0 and ledger[first_event + (events - 1) * width] == moment[0]
    event = events - 1 if again else events
    settled = known
    while settled and ledger[1 + _KEY_WORDS * settled] == event:
        settled -= 1
    words[at + 2 : at + 2 + _KEY_WORDS * settled] = ledger[2 : 2 + _KEY_WORDS * settled]
    written = settled
    for place in range(settled, known):
        _put_key(words, at, settled, written, ledger[2 + _KEY_WORDS * place], ledger[3 + _KEY_WORDS * place], event)
        written += 1
    for place in range(entities.shape[0]):
        if entities[place, FRESH]:
            _put_key(words, at, settled, written, entities[place, KEY], entities[place, KIND], event)
            written += 1
    words[at], words[at + 1] = written, event + 1
    at += 2 + _KEY_WORDS * written
    words[at : at + event * width] = ledger[first_event : first_event + event * width]
    at += event * width
    words[at], words[at + 1] = moment
    words[at + 2 : at + width] = amounts
    if again:
        last = first_event + event * width
        words[at + 2 : at + width] += ledger[last + 2 : last + width]
    return at + width + 1


@njit(cache=True, nogil=True)
def _put_key(words: Integers, at: int, settled: int, written: int, key: int, kind: int, event: int) -> None:
    """Put a key among those of its event: by kind, then by code."""
    place = written
    while place > settled:
        before = at + 2 + _KEY_WORDS * (place - 1)
        if words[before + 1] < kind or (words[before + 1] == kind and words[before] < key):
            break
        words[before + 3 : before + 6] = words[before : before + 3]
        place -= 1
    here = at + 2 + _KEY_WORDS * place
    words[here], words[here + 1], words[here + 2] = key, kind, event
