"""Sightings: what owners add to the history of their entities, in the state and as rows for the lake.

An owner adds one row to each key when it is first known, and each measure once, when it is first known not to be
zero; an outcome adds what was found. Nothing is retracted: a correction adds the difference. The rows alone are the
whole history; the state's records are sums of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import sub
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
    Ledger,
    cut,
    key_bytes,
    names_of,
    pack_ledger,
    pack_row,
    read_body,
    read_head,
    read_heads,
    read_ledger,
    unpack_head,
    unpack_ledger,
    unpack_rows,
    whole_body,
)
from aftc.features.extract import Owned
from aftc.features.kernel import add_to_heads
from aftc.features.measures import outcome_deltas
from aftc.state import View, Writer

__all__ = ["COLUMNS", "no_rows", "outcome_deltas", "sight", "sight_outcome"]

COLUMNS: Final = ("key", "owner", "sequence", "day", *(measure.label for measure in Measure))
NOVELTY_MEASURES: Final[dict[int, Measure]] = {
    KeyKind.CONSIGNOR_CONSIGNEE: Measure.NEW_PAIR
}  # flags fixed when the key is first known

_EMPTY: Final = Ledger()
_FIRST_AMOUNT: Final = len(COLUMNS) - len(Measure)
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
    known = tuple(zip(ledger.keys[::KEY_WORDS], ledger.keys[1::KEY_WORDS], strict=True)) if any(amounts) else ()
    named = (*known, *fresh)
    rows = np.empty((len(named), len(COLUMNS)), np.int64)
    rows[:, 0] = [key for key, _ in named]
    rows[:, 1:_FIRST_AMOUNT] = owner, sequence, day
    rows[: len(known), _FIRST_AMOUNT:] = amounts
    rows[len(known) :, _FIRST_AMOUNT:] = after.totals
    _add(writer, [kind for _, kind in named], rows, sequence, day)
    name = key_bytes(owner)
    writer.put("owners", name, pack_ledger(after, name))
    return rows


def _add(writer: Writer, kinds: Sequence[int], rows: NDArray[np.int64], sequence: int, day: Day) -> None:
    """Add a sighting to the records of each entity."""
    keys = rows[:, 0].copy()
    heads, present, closed = read_heads(writer, kinds, keys, day)
    newest = max(heads[:, 0].tolist())
    days = heads[:, 2].tolist()
    closing = [place for place, is_there in enumerate(present.tolist()) if is_there and days[place] != day]
    if newest > sequence or any(days[place] > day for place in closing):
        raise HistoryError(f"messages from number {newest} on, by day", f"number {sequence}")
    if closing:
        _close_days(writer, kinds, keys, day, heads, closed, closing)
    heads[:, 0], heads[:, 2] = sequence, day
    add_to_heads(heads, keys, rows, _FIRST_AMOUNT)
    writer.put_many("heads", zip(names_of(keys), cut(heads), strict=True))


def _close_days(
    writer: Writer,
    kinds: Sequence[int],
    keys: NDArray[np.int64],
    day: Day,
    heads: NDArray[np.int64],
    closed: NDArray[np.int64],
    closing: Sequence[int],
) -> None:
    """Move days of heads into their bodies, trimmed to what windows from `day` on may ask for."""
    names, rows, counts = names_of(keys[closing]), cut(closed[closing]), heads[closing, 1].tolist()
    bodies = []
    for place, name, row, count, raw in zip(
        closing, names, rows, counts, writer.get_many("bodies", names), strict=True
    ):
        kind = kinds[place]
        body = whole_body(raw, kind, int(keys[place]), count) + row
        oldest = day - _RETENTION_DAYS[kind]
        if _day_at(body, 0) <= oldest:
            if _RETENTION_DAYS[kind] == NATURAL_PERSON_DAYS:
                totals = tuple(heads[place, 3:-1].tolist())
                body, heads[place, 3:-1] = _forget(body, kind, int(keys[place]), totals, oldest)
            else:
                body = _trim(body, oldest)
        heads[place, 1] = len(body) // ROW_BYTES
        bodies.append((name, body))
    writer.put_many("bodies", bodies)


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
