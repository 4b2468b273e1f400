"""Windows online: the sums of one decision, read from one snapshot of the state.

A snapshot holds nothing beyond its last applied message, so what stands in it is what a decision may see.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day
from aftc.features.algebra import KeyKind
from aftc.features.aliases import layers
from aftc.features.entity_records import (
    HEAD_LEAD,
    KEY_WORDS,
    ROW_WORDS,
    WORD,
    damaged,
    read_body,
    read_head,
    read_ledger,
    rows_in_body,
)
from aftc.features.identity import NO_KEY
from aftc.features.kernel import SOUND, read_windows
from aftc.features.schema import FeatureSchema
from aftc.state import View

__all__ = ["window_sums"]


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
    own = [raw for owner in dict.fromkeys(owners.tolist()) if (raw := read_ledger(view, owner))]
    sums = np.zeros(len(schema.windows), np.int64)
    for layer in layers(view, slots):
        sums += _sums(view, schema, layer, own, day)
    return sums


def _sums(
    view: View, schema: FeatureSchema, slots: NDArray[np.int64], ledgers: list[bytes], day: Day
) -> NDArray[np.int64]:
    """Of the keys in the slots alone."""
    keys = slots.tolist()
    parts: list[bytes] = []
    bounds = [0]
    for kind, key in enumerate(keys):
        raw = read_head(view, kind, key) if key != NO_KEY else None
        rows = 0
        if raw is not None:
            rows = rows_in_body(raw)
            if rows:
                parts.append(read_body(view, kind, key, rows))
            parts.append(raw[HEAD_LEAD:])
            rows += 1
        bounds.append(bounds[-1] + rows)
    ledger_bounds = [0]
    for ledger in ledgers:
        ledger_bounds.append(ledger_bounds[-1] + len(ledger) // WORD)
    sums = np.zeros(len(schema.windows), np.int64)
    tables = schema.tables
    fault = read_windows(
        np.frombuffer(bytearray().join(parts), np.int64).reshape(-1, ROW_WORDS),
        np.array(bounds, np.int64),
        np.frombuffer(bytearray().join(ledgers), np.int64),
        np.array(ledger_bounds, np.int64),
        KEY_WORDS,
        np.array(slots, np.int64),  # a copy: read-only arrays are another type, compiled anew
        day,
        (tables.first, tables.days, tables.measure),
        sums,
    )
    if fault != SOUND:
        raise damaged(f"body of {KeyKind(fault).label}", keys[fault])
    return sums
