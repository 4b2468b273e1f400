"""Sightings: what owners add to the history of their entities, in the state and as rows for the lake.

An owner adds one row to each key when it is first known, and each measure once, when it is first known not to be
zero; an outcome adds what was found. Nothing is retracted: a correction adds the difference. The rows alone are the
whole history; the state's records are sums of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day
from aftc.errors import HistoryError
from aftc.features.algebra import NOVELTY_DAYS, KeyKind, Measure
from aftc.features.entity_records import damaged, damaged_entity, require_day
from aftc.features.extract import Owned
from aftc.features.kernel import SOUND
from aftc.features.measures import outcome_deltas
from aftc.features.telling import KEY, KIND, OWNER, plan, times_counted
from aftc.features.updating import LATE, add
from aftc.state import View, Writer

__all__ = ["COLUMNS", "no_rows", "outcome_deltas", "sight", "sight_outcome"]

COLUMNS: Final = ("key", "owner", "sequence", "day", *(measure.label for measure in Measure))
NOVELTY: Final = (int(KeyKind.CONSIGNOR_CONSIGNEE), int(Measure.NEW_PAIR), int(Measure.COUNT))
"""Kind of key, the measure that is fixed when one of this kind is first known (whether it was new then), and the one
that tells: it was new where no other owner has counted within as many days as the kind's records are kept."""

_RETENTION_DAYS: Final = np.array([kind.retention_days for kind in KeyKind], np.int64)

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
        HistoryError: a day before one already recorded, or one that no record can state.
    """
    words = [each.owner for each in owned]
    words += [len(each.keys) for each in owned]
    words += chain.from_iterable([each.measures for each in owned])
    words += chain.from_iterable([each.keys for each in owned])
    words += chain.from_iterable([each.kinds for each in owned])
    told = _told(writer, words, len(owned), whole=False)
    entities = told.entities
    aside = np.zeros(len(entities), np.int64)
    for place in told.asks.tolist():
        owners = owned[entities[place, OWNER]].aside
        aside[place] = told.times_counted(writer, int(entities[place, KEY]), owners, day)
    return _add(writer, told, aside, sequence, day)


def sight_outcome(writer: Writer, owner: int, deltas: Sequence[int], *, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add what an examination found, or the difference of its correction, to all keys of an owner.

    An owner without keys adds nothing. Returns and raises as `sight`.
    """
    told = _told(writer, [owner, 0, *deltas], 1, whole=True)
    return _add(writer, told, np.zeros(len(told.entities), np.int64), sequence, day)


class _Told(NamedTuple):
    """What owners tell that they had not told before; arrays as of `aftc.features.telling.plan`."""

    owners: _Integers
    ledgers: NDArray[np.uint8]
    lengths: _Integers
    entities: _Integers
    keys: _Integers
    amounts: _Integers
    before: _Integers
    asks: _Integers

    def times_counted(self, view: View, key: int, owners: Sequence[int], day: Day) -> int:
        """How often some owners have counted for an entity within the days that "new" looks back."""
        here = self.owners.tolist()
        count, further = 0, [owner for owner in owners if owner not in here]
        if len(self.ledgers):
            which = np.array([owner in owners for owner in here])
            count += _times_counted(self.ledgers, self.lengths, self.owners, which, key, day)
        if further:
            codes = np.array(further, np.int64)
            ledgers, lengths = view.records("owners", codes)
            count += _times_counted(ledgers, lengths, codes, np.ones(len(codes), np.bool_), key, day)
        return count


def _told(writer: Writer, words: Sequence[int], count: int, *, whole: bool) -> _Told:
    """What some owners tell, against their ledgers.

    Args:
        writer: The state.
        words: As of `plan`; each owner once.
        count: Of the owners.
        whole: As of `plan`.

    Raises:
        StateError: a ledger is damaged.
    """
    told = np.array(words, np.int64)
    owners = told[:count]
    ledgers, lengths = writer.records("owners", owners)
    fault, place, entities, keys, amounts, before, asks = plan(ledgers, lengths, told, len(Measure), whole, NOVELTY)
    if fault != SOUND:
        raise damaged("owner", int(owners[place]))
    return _Told(owners, ledgers, lengths, entities, keys, amounts, before, asks)


def _times_counted(
    ledgers: NDArray[np.uint8], lengths: _Integers, owners: _Integers, which: NDArray[np.bool_], key: int, day: Day
) -> int:
    fault, found = times_counted(ledgers, lengths, owners, which, key, day - NOVELTY_DAYS, NOVELTY[2], len(Measure))
    if fault != SOUND:
        raise damaged("owner", int(owners[found]))
    return int(found)


def _add(writer: Writer, told: _Told, aside: _Integers, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add a sighting to the record of each entity, and an event to those of their owners."""
    entities, keys = told.entities, told.keys
    if not len(entities):
        return no_rows()
    require_day(day)
    records, lengths = writer.records("entities", keys)
    fault, place, rows, raw, ends = add(
        entities, keys, records, lengths, _RETENTION_DAYS, told.ledgers, told.lengths, told.owners,
        told.amounts, told.before, aside, NOVELTY, (sequence, day),
    )  # fmt: skip
    if fault != SOUND:
        key = int(keys[place])
        kind = KeyKind(entities[entities[:, KEY] == key, KIND][0])
        if fault == LATE:
            raise HistoryError(
                "messages and days that do not fall", f"number {sequence}", subject=f"{kind.label} {key}"
            )
        raise damaged_entity(kind, key)
    writer.put_records("entities", keys, raw, ends[: keys.size + 1])
    writer.put_records("owners", told.owners, raw, ends[keys.size :])
    return rows
