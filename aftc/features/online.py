"""Windows online: the sums of one decision, read from one snapshot of the state.

A snapshot holds nothing beyond its last applied message, so what stands in it is what a decision may see.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day
from aftc.errors import StateError
from aftc.features.algebra import KeyKind
from aftc.features.aliases import further
from aftc.features.entity_records import (
    HEAD_BYTES,
    HEAD_LEAD,
    HEAD_ROWS,
    HEAD_WORDS,
    KEY_WORDS,
    ROW_BYTES,
    ROW_WORDS,
    damaged,
    joined,
    names_of,
)
from aftc.features.identity import NO_KEY
from aftc.features.kernel import DAMAGED_HEAD, DAMAGED_LEDGER, SOUND, read_windows
from aftc.features.schema import FeatureSchema
from aftc.state import Value, View

__all__ = ["window_sums"]

_HEAD_LENGTHS: Final = frozenset({HEAD_BYTES})


def window_sums(
    view: View, schema: FeatureSchema, slots: NDArray[np.int64], owners: NDArray[np.int64], *, day: Day
) -> NDArray[np.int64]:
    """Sums of every window of the schema over all keys of each party, own sightings subtracted.

    Args:
        view: One snapshot of the state.
        schema: The windows.
        slots: int64[KeyKind]: the version's keys; an absent one sums to 0.
        owners: int64[*]: whose sightings are the version's own; one named twice counts once.
        day: UTC day of known-at of the snapshot's last message.

    Returns:
        int64[schema.windows].

    Raises:
        StateError: a record is damaged; the sums cannot be trusted.
    """
    stated = slots.tolist()
    named = [(key, kind) for kind, key in enumerate(stated) if key != NO_KEY]
    named += further(view, stated)
    keys, kinds = np.array(named, np.int64).reshape(-1, 2).T.copy()
    names = names_of(keys)
    found = view.get_many("heads", names)
    there = [place for place, raw in enumerate(found) if raw is not None]
    if len(there) < len(named):
        keys, kinds, names = keys[there], kinds[there], [names[place] for place in there]
    heads = [raw for raw in found if raw is not None]
    if not _HEAD_LENGTHS.issuperset(map(len, heads)):
        raise _damaged("head", keys, kinds, next(at for at, raw in enumerate(heads) if len(raw) != HEAD_BYTES))
    whole = bytearray().join(heads)
    opened = np.frombuffer(whole, np.int64).reshape(-1, HEAD_WORDS)
    counts = opened[:, HEAD_ROWS].tolist()
    closed = iter(view.get_many("bodies", [name for name, count in zip(names, counts, strict=True) if count]))
    rows = memoryview(whole)
    parts: list[Value] = []
    ends: list[int] = []
    for place, count in enumerate(counts):
        body = next(closed) or b"" if count else b""
        if len(body) % ROW_BYTES:
            raise _damaged("body", keys, kinds, place)
        parts += (body, rows[place * HEAD_BYTES + HEAD_LEAD : (place + 1) * HEAD_BYTES])
        ends.append(len(body) // ROW_BYTES + 1)
    own = np.array(list(dict.fromkeys(owners.tolist())), np.int64)
    ledgers, ledger_ends = joined(view.get_many("owners", names_of(own)))
    sums = np.zeros(len(schema.windows), np.int64)
    tables = schema.tables
    fault, place = read_windows(
        np.frombuffer(bytearray().join(parts), np.int64).reshape(-1, ROW_WORDS),
        np.array(list(accumulate(ends)), np.int64),
        opened,
        (keys, kinds),
        ledgers,
        ledger_ends,
        own,
        KEY_WORDS,
        day,
        (tables.first, tables.days, tables.measure),
        sums,
    )
    if fault == DAMAGED_LEDGER:
        raise damaged("owner", int(own[place]))
    if fault != SOUND:
        raise _damaged("head" if fault == DAMAGED_HEAD else "body", keys, kinds, place)
    return sums


def _damaged(record: str, keys: NDArray[np.int64], kinds: NDArray[np.int64], place: int) -> StateError:
    return damaged(f"{record} of {KeyKind(kinds[place]).label}", int(keys[place]))
