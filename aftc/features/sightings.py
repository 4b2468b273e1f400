"""Sightings: what owners add to the history of their entities, in the state and as rows for the lake.

An owner adds one row to each key when it is first known, and each measure once, when it is first known not to be
zero; an outcome adds what was found. Nothing is retracted: a correction adds the difference. The rows alone are the
whole history; the state's records are sums of them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from operator import add, sub
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day
from aftc.errors import HistoryError
from aftc.features.algebra import NATURAL_PERSON_DAYS, NOVELTY_DAYS, KeyKind, Measure
from aftc.features.entity_records import (
    ROW_BYTES,
    Amounts,
    Event,
    Head,
    Ledger,
    OwnedKey,
    key_bytes,
    pack_head,
    pack_ledger,
    pack_row,
    read_body,
    read_head,
    read_ledger,
    unpack_rows,
)
from aftc.features.extract import Owned
from aftc.features.measures import outcome_deltas
from aftc.state import View, Writer

__all__ = ["COLUMNS", "no_rows", "outcome_deltas", "sight", "sight_outcome"]

COLUMNS: Final = ("key", "owner", "sequence", "day", *(measure.label for measure in Measure))
NOVELTY_MEASURES: Final = {KeyKind.CONSIGNOR_CONSIGNEE: Measure.NEW_PAIR}  # flags fixed when the key is first known

_EMPTY: Final = Ledger()


def no_rows() -> NDArray[np.int64]:
    """int64[0, columns]."""
    return np.empty((0, len(COLUMNS)), np.int64)


def sight(writer: Writer, owned: Owned, *, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add to the history what an owner tells for the first time.

    Args:
        writer: The state.
        owned: The owner's keys and measures as its last version has them.
        sequence: Of the message; never below that of an earlier call.
        day: UTC day of the message's known-at.

    Returns:
        int64[rows, 4 + measures]: the new sightings, columns `COLUMNS`.

    Raises:
        StateError: a record is damaged.
        HistoryError: a day before one already recorded.
    """
    held = read_ledger(writer, owned.owner)
    ledger = held[0] if held else _EMPTY
    known = {each.key for each in ledger.keys}
    fresh = [(kind, key) for kind, key in zip(owned.kinds, owned.keys, strict=True) if key not in known]
    amounts = [0 if total else stated for total, stated in zip(ledger.totals, owned.measures, strict=True)]
    for kind, key in fresh:
        flag = NOVELTY_MEASURES.get(kind)
        if flag is not None and not ledger.totals[flag]:
            amounts[flag] = int(not _others(writer, kind, key, owned.aside, day))
    if not fresh and (not ledger.keys or not any(amounts)):
        return no_rows()
    return _record(writer, owned.owner, ledger, fresh, Event(sequence, day, tuple(amounts)))


def sight_outcome(writer: Writer, owner: int, deltas: Sequence[int], *, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add what an examination found, or the difference of its correction, to all keys of an owner.

    An owner without keys adds nothing. Returns and raises as `sight`.
    """
    held = read_ledger(writer, owner)
    if held is None or not any(deltas):
        return no_rows()
    return _record(writer, owner, held[0], (), Event(sequence, day, tuple(map(int, deltas))))


def _record(
    writer: Writer, owner: int, ledger: Ledger, fresh: Iterable[tuple[KeyKind, int]], event: Event
) -> NDArray[np.int64]:
    totals = tuple(map(add, ledger.totals, event.amounts))
    keys = list(ledger.keys) if any(event.amounts) else []
    rows = array("q")
    for held in keys:
        _add(writer, held.kind, held.key, event.sequence, event.day, event.amounts)
        rows.extend((held.key, owner, event.sequence, event.day, *event.amounts))
    place = len(ledger.events)
    first = tuple(OwnedKey(key, kind, place) for kind, key in fresh)
    for made in first:
        _add(writer, made.kind, made.key, event.sequence, event.day, totals)
        rows.extend((made.key, owner, event.sequence, event.day, *totals))
    name = key_bytes(owner)
    writer.put("owners", name, pack_ledger(Ledger((*ledger.keys, *first), (*ledger.events, event), totals), name))
    return np.frombuffer(rows, np.int64).reshape(-1, len(COLUMNS))


def _add(writer: Writer, kind: KeyKind, key: int, sequence: int, day: Day, amounts: Amounts) -> None:
    """Add a sighting to an entity's records."""
    name = key_bytes(key)
    held = read_head(writer, kind, key)
    rows = 0
    if held is not None:
        head = held[0]
        if day < head.day or sequence < head.sequence:
            raise HistoryError(
                f"messages in order, at or after number {head.sequence}", f"number {sequence}", subject=kind.label
            )
        rows, totals = (head.rows, head.totals) if day == head.day else _close_day(writer, kind, key, head, day)
        amounts = tuple(map(add, totals, amounts))
    writer.put("heads", name, pack_head(Head(sequence, rows, day, amounts), name))


def _close_day(writer: Writer, kind: KeyKind, key: int, head: Head, day: Day) -> tuple[int, Amounts]:
    """Move the head's day into the body, trimmed to what windows from `day` on may ask for."""
    name = key_bytes(key)
    body = read_body(writer, kind, key, head.rows) + pack_row(head.day, head.totals, name)
    oldest = day - kind.retention_days
    totals = head.totals
    if kind.retention_days == NATURAL_PERSON_DAYS:
        body, totals = _forget(body, kind, key, totals, oldest)
    else:
        body = _trim(body, oldest)
    writer.put("bodies", name, body)
    return len(body) // ROW_BYTES, totals


def _trim(body: bytes, oldest: Day) -> bytes:
    """Without the rows before the last one at or before `oldest`, which stays as the base of the longest window."""
    start = 0
    while start + ROW_BYTES < len(body) and _day_at(body, start + ROW_BYTES) <= oldest:
        start += ROW_BYTES
    return body[start:]


def _forget(body: bytes, kind: KeyKind, key: int, totals: Amounts, oldest: Day) -> tuple[bytes, Amounts]:
    """Without any trace of the days up to `oldest`: for natural persons no base is kept, later sums start anew."""
    if _day_at(body, 0) > oldest:
        return body, totals
    rows = unpack_rows(body, kind, key)
    base = [row for row in rows if row[0] <= oldest][-1][1]
    name = key_bytes(key)
    kept = [pack_row(day, tuple(map(sub, sums, base)), name) for day, sums in rows if day > oldest]
    return b"".join(kept), tuple(map(sub, totals, base))


def _day_at(body: bytes, start: int) -> Day:
    return int.from_bytes(body[start : start + 8], "little", signed=True)


def _others(view: View, kind: KeyKind, key: int, aside: Iterable[int], day: Day) -> int:
    """How many owners but `aside` have counted for an entity within the days that "new" looks back."""
    held = read_head(view, kind, key)
    if held is None:
        return 0
    oldest = day - NOVELTY_DAYS
    head = held[0]
    if head.day <= oldest:
        return 0
    rows = unpack_rows(read_body(view, kind, key, head.rows), kind, key)
    base = [totals[Measure.COUNT] for closed, totals in rows if closed <= oldest]
    count = head.totals[Measure.COUNT] - (base[-1] if base else 0)
    for owner in aside:
        ledger = read_ledger(view, owner)
        for owned in ledger[0].keys if ledger else ():
            if owned.key == key:
                own = ledger[0].amounts_of(owned) if ledger else []
                count -= sum(amounts[Measure.COUNT] for seen, amounts in own if seen > oldest)
    return count
