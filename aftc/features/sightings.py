"""Sightings: what owners add to the history of their entities, in the state and as rows for the lake.

An owner adds one row to each key when it is first known, and each measure once, when it is first known not to be
zero; an outcome adds what was found. Nothing is retracted: a correction adds the difference. The rows alone are the
whole history; the state's records are sums of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day
from aftc.errors import HistoryError
from aftc.features.algebra import NATURAL_PERSON_DAYS, NOVELTY_DAYS, KeyKind, Measure
from aftc.features.entity_records import (
    HEAD_BYTES,
    HEAD_WORDS,
    ROW_BYTES,
    ROW_WORDS,
    cut,
    damaged,
    joined,
    names_of,
    pieces,
    read_body,
    read_head,
    read_ledger,
    unpack_head,
    unpack_ledger,
    unpack_rows,
)
from aftc.features.extract import Owned
from aftc.features.kernel import DAMAGED_HEAD, SOUND
from aftc.features.measures import outcome_deltas
from aftc.features.updating import FRESH, KEY, KIND, LATE, OWNER, add, plan
from aftc.state import View, Writer

__all__ = ["COLUMNS", "no_rows", "outcome_deltas", "sight", "sight_outcome"]

COLUMNS: Final = ("key", "owner", "sequence", "day", *(measure.label for measure in Measure))
NOVELTY: Final = (int(KeyKind.CONSIGNOR_CONSIGNEE), int(Measure.NEW_PAIR))
"""Kind of key, and the measure that is fixed when one of this kind is first known: whether it was new then."""

_RETENTION_DAYS: Final = np.array([kind.retention_days for kind in KeyKind], np.int64)
_FORGETS: Final = _RETENTION_DAYS == NATURAL_PERSON_DAYS  # no base is kept of the days before
_NO_BYTES: Final = b"\0" * 8  # a count of no rows

_Integers: TypeAlias = NDArray[np.int64]


def no_rows() -> NDArray[np.int64]:
    """int64[0, columns]."""
    return np.empty((0, len(COLUMNS)), np.int64)


def sight(writer: Writer, owned: Sequence[Owned], *, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add to the history what the owners of a version tell for the first time.

    Args:
        writer: The state.
        owned: Their keys and measures as the version has them, each owner once.
        sequence: Of the message; never below that of an earlier call.
        day: UTC day of the message's known-at.

    Returns:
        int64[rows, 4 + measures]: the new sightings, columns `COLUMNS`.

    Raises:
        StateError: a record is damaged.
        HistoryError: a day before one already recorded.
    """
    named = np.array(
        [
            tuple(chain.from_iterable(each.keys for each in owned)),
            tuple(chain.from_iterable(each.kinds for each in owned)),
        ],
        np.int64,
    ).T.copy()
    told = _Told(writer, [each.owner for each in owned], [each.measures for each in owned])
    entities = told.plan(named, list(accumulate(len(each.keys) for each in owned)), whole=False)
    for place in np.flatnonzero(entities[:, FRESH] & (entities[:, KIND] == NOVELTY[0])).tolist():
        owner = int(entities[place, OWNER])
        if not told.before[owner, NOVELTY[1]]:
            others = _others(writer, NOVELTY[0], int(entities[place, KEY]), owned[owner].aside, day)
            told.amounts[owner, NOVELTY[1]] = int(not others)
            if not told.amounts[owner].any():  # nothing for those known before
                entities = entities[(entities[:, OWNER] != owner) | (entities[:, FRESH] == 1)]
    return _add(writer, told, entities, sequence, day)


def sight_outcome(writer: Writer, owner: int, deltas: Sequence[int], *, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add what an examination found, or the difference of its correction, to all keys of an owner.

    An owner without keys adds nothing. Returns and raises as `sight`.
    """
    told = _Told(writer, [owner], [deltas])
    return _add(writer, told, told.plan(np.empty((0, 2), np.int64), [0], whole=True), sequence, day)


class _Told:
    """Ledgers of some owners, and what each adds to what it had told before.

    Args:
        writer: The state.
        owners: Each once.
        stated: One value a `Measure`, of each.
    """

    def __init__(self, writer: Writer, owners: Sequence[int], stated: Sequence[Sequence[int]]) -> None:
        self.owners = np.array(owners, np.int64)
        self.names = names_of(self.owners)
        self.ledgers, self.ends = joined(writer.get_many("owners", self.names))
        self.amounts = self.before = np.array(stated, np.int64)

    def plan(self, named: _Integers, ends: Sequence[int], *, whole: bool) -> _Integers:
        """Entities that get a sighting, as of `plan`; raises `StateError` where a ledger is damaged."""
        fault, place, entities, self.amounts, self.before = plan(
            self.ledgers, self.ends, self.owners, named, np.array(ends, np.int64), self.amounts, whole, NOVELTY
        )
        if fault != SOUND:
            raise damaged("owner", int(self.owners[place]))
        return entities


def _add(writer: Writer, told: _Told, entities: _Integers, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add a sighting to the records of each entity, and an event to those of their owners."""
    if not len(entities):
        return no_rows()
    place_of = dict.fromkeys(entities[:, KEY].tolist())
    place_of = dict(zip(place_of, range(len(place_of)), strict=True))
    keys = np.array(list(place_of), np.int64)
    if len(keys) == len(entities):
        places, kinds = np.arange(len(keys)), entities[:, KIND].copy()
    else:
        places = np.array([place_of[key] for key in entities[:, KEY].tolist()], np.int64)
        kinds = np.zeros(len(keys), np.int64)
        kinds[places] = entities[:, KIND]
    names = names_of(keys)
    heads, bodies, body_ends = _opened(writer, names, kinds, keys, day)
    fault, place, rows, closed, bounds, words, ends = add(
        entities, places, heads, keys, kinds, bodies, body_ends, _RETENTION_DAYS, _FORGETS,
        told.ledgers, told.ends, told.owners, told.amounts, told.before, (sequence, day),
    )  # fmt: skip
    if fault == LATE:
        raise HistoryError(f"messages from number {heads[place, 0]} on, by day", f"number {sequence}")
    if fault != SOUND:
        record = "head" if fault == DAMAGED_HEAD else "body"
        raise damaged(f"{record} of {KeyKind(kinds[place]).label}", int(keys[place]))
    writer.put_many("heads", zip(names, cut(heads), strict=True))
    raw = closed.tobytes()
    days = [
        (name, raw[begin * ROW_BYTES : end * ROW_BYTES])
        for name, (begin, end) in zip(names, bounds.tolist(), strict=True)
        if begin >= 0
    ]
    if days:
        writer.put_many("bodies", days)
    ledgers = zip(told.names, pieces(words, ends), strict=True)
    writer.put_many("owners", [(name, ledger) for name, ledger in ledgers if ledger])
    return rows


def _opened(
    writer: Writer, names: Sequence[bytes], kinds: _Integers, keys: _Integers, day: Day
) -> tuple[_Integers, _Integers, _Integers]:
    """Heads, zeros where there is none; closed days of those whose day comes to an end, and where each one's end."""
    found = writer.get_many("heads", names)
    heads = bytearray(HEAD_BYTES * len(names))
    today = day.to_bytes(8, "little", signed=True)
    closing = []
    for place, raw in enumerate(found):
        if raw is None:
            continue
        if len(raw) != HEAD_BYTES:
            raise damaged(f"head of {KeyKind(kinds[place]).label}", int(keys[place]))
        heads[place * HEAD_BYTES : (place + 1) * HEAD_BYTES] = raw
        if raw[16:24] != today and raw[8:16] != _NO_BYTES:
            closing.append(place)
    counts = [0] * len(names)
    bodies = writer.get_many("bodies", [names[place] for place in closing]) if closing else []
    for place, body in zip(closing, bodies, strict=True):
        counts[place] = len(body or b"")
        if counts[place] % ROW_BYTES:
            raise damaged(f"body of {KeyKind(kinds[place]).label}", int(keys[place]))
    whole = np.frombuffer(bytearray().join(filter(None, bodies)), np.int64).reshape(-1, ROW_WORDS)
    ends = np.array(list(accumulate(counts)), np.int64) // ROW_BYTES
    return np.frombuffer(heads, np.int64).reshape(-1, HEAD_WORDS), whole, ends


def _day_at(body: bytes, start: int) -> Day:
    return int.from_bytes(body[start : start + 8], "little", signed=True)


def _others(view: View, kind: int, key: int, aside: Iterable[int], day: Day) -> int:
    """How many owners but `aside` have counted for an entity within the days that "new" looks back."""
    raw = read_head(view, kind, key)
    oldest = day - NOVELTY_DAYS
    if raw is None or (head := unpack_head(raw)).day <= oldest:
        return 0
    body = read_body(view, kind, key, head.rows)
    base = bisect_right(range(head.rows), oldest, key=lambda row: _day_at(body, row * ROW_BYTES))
    near = unpack_rows(body[max(0, base - 1) * ROW_BYTES : (base + 1) * ROW_BYTES], kind, key)
    before = [totals[Measure.COUNT] for closed, totals in near if closed <= oldest]
    count = head.totals[Measure.COUNT] - (before[-1] if before else 0)
    for owner in aside:
        own = read_ledger(view, owner)
        sightings = unpack_ledger(own).sightings_of(key) if own else []
        count -= sum(amounts[Measure.COUNT] for seen, amounts in sightings if seen > oldest)
    return count
