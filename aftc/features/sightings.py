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
    KEY_WORDS,
    ROW_BYTES,
    Amounts,
    Head,
    Ledger,
    key_bytes,
    pack_head,
    pack_ledger,
    pack_row,
    read_body,
    read_head,
    read_ledger,
    unpack_head,
    unpack_ledger,
    unpack_rows,
)
from aftc.features.extract import Owned
from aftc.features.measures import outcome_deltas
from aftc.state import View, Writer

__all__ = ["COLUMNS", "no_rows", "outcome_deltas", "sight", "sight_outcome"]

COLUMNS: Final = ("key", "owner", "sequence", "day", *(measure.label for measure in Measure))
NOVELTY_MEASURES: Final[dict[int, Measure]] = {
    KeyKind.CONSIGNOR_CONSIGNEE: Measure.NEW_PAIR
}  # flags fixed when the key is first known

_EMPTY: Final = Ledger()
_RETENTION_DAYS: Final = tuple(kind.retention_days for kind in KeyKind)


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
    raw = read_ledger(writer, owned.owner)
    ledger = unpack_ledger(raw) if raw else _EMPTY
    known = ledger.keys[::KEY_WORDS]
    fresh = [(key, kind) for key, kind in zip(owned.keys, owned.kinds, strict=True) if key not in known]
    amounts = [0 if total else stated for total, stated in zip(ledger.totals, owned.measures, strict=True)]
    for key, kind in fresh:
        if kind in NOVELTY_MEASURES and not ledger.totals[NOVELTY_MEASURES[kind]]:
            amounts[NOVELTY_MEASURES[kind]] = int(not _others(writer, kind, key, owned.aside, day))
    if not fresh and (not known or not any(amounts)):
        return no_rows()
    return _record(writer, owned.owner, ledger, fresh, (sequence, day, tuple(amounts)))


def sight_outcome(writer: Writer, owner: int, deltas: Sequence[int], *, sequence: int, day: Day) -> NDArray[np.int64]:
    """Add what an examination found, or the difference of its correction, to all keys of an owner.

    An owner without keys adds nothing. Returns and raises as `sight`.
    """
    raw = read_ledger(writer, owner)
    if raw is None or not any(deltas):
        return no_rows()
    return _record(writer, owner, unpack_ledger(raw), (), (sequence, day, tuple(map(int, deltas))))


def _record(
    writer: Writer, owner: int, ledger: Ledger, fresh: Sequence[tuple[int, int]], event: tuple[int, Day, Amounts]
) -> NDArray[np.int64]:
    sequence, day, amounts = event
    after = ledger.with_event(sequence, day, amounts, fresh)
    rows = array("q")
    if any(amounts):
        for key, kind in zip(ledger.keys[::KEY_WORDS], ledger.keys[1::KEY_WORDS], strict=True):
            _add(writer, kind, key, sequence, day, amounts)
            rows.extend((key, owner, sequence, day, *amounts))
    for key, kind in fresh:
        _add(writer, kind, key, sequence, day, after.totals)
        rows.extend((key, owner, sequence, day, *after.totals))
    name = key_bytes(owner)
    writer.put("owners", name, pack_ledger(after, name))
    return np.frombuffer(rows, np.int64).reshape(-1, len(COLUMNS))


def _add(writer: Writer, kind: int, key: int, sequence: int, day: Day, amounts: Amounts) -> None:
    """Add a sighting to an entity's records."""
    name = key_bytes(key)
    raw = read_head(writer, kind, key)
    rows = 0
    if raw is not None:
        head = unpack_head(raw)
        if day < head.day or sequence < head.sequence:
            raise HistoryError(f"messages from number {head.sequence} on, by day", f"number {sequence}")
        rows, totals = (head.rows, head.totals) if day == head.day else _close_day(writer, kind, key, head, day)
        amounts = tuple(map(add, totals, amounts))
    writer.put("heads", name, pack_head(Head(sequence, rows, day, amounts), name))


def _close_day(writer: Writer, kind: int, key: int, head: Head, day: Day) -> tuple[int, Amounts]:
    """Move the head's day into the body, trimmed to what windows from `day` on may ask for."""
    name = key_bytes(key)
    body = read_body(writer, kind, key, head.rows) + pack_row(head.day, head.totals, name)
    oldest = day - _RETENTION_DAYS[kind]
    totals = head.totals
    if _RETENTION_DAYS[kind] == NATURAL_PERSON_DAYS:
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


def _forget(body: bytes, kind: int, key: int, totals: Amounts, oldest: Day) -> tuple[bytes, Amounts]:
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


def _others(view: View, kind: int, key: int, aside: Iterable[int], day: Day) -> int:
    """How many owners but `aside` have counted for an entity within the days that "new" looks back."""
    raw = read_head(view, kind, key)
    oldest = day - NOVELTY_DAYS
    if raw is None or (head := unpack_head(raw)).day <= oldest:
        return 0
    rows = unpack_rows(read_body(view, kind, key, head.rows), kind, key)
    before = [totals[Measure.COUNT] for closed, totals in rows if closed <= oldest]
    count = head.totals[Measure.COUNT] - (before[-1] if before else 0)
    for owner in aside:
        own = read_ledger(view, owner)
        sightings = unpack_ledger(own).sightings_of(key) if own else []
        count -= sum(amounts[Measure.COUNT] for seen, amounts in sightings if seen > oldest)
    return count
