"""Windows online: the sums of one decision, read from one snapshot of the state.

A snapshot holds nothing beyond its last applied message, so what stands in it is what a decision may see.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aftc.clock import Day
from aftc.features.algebra import Measure
from aftc.features.aliases import further
from aftc.features.entity_records import damaged, damaged_entity
from aftc.features.identity import NO_KEY
from aftc.features.kernel import DAMAGED_LEDGER, SOUND, read_windows
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
    stated = slots.tolist()
    named = [key for key in stated if key != NO_KEY]
    of_kinds = [kind for kind, key in enumerate(stated) if key != NO_KEY]
    for key, kind in further(view, stated):
        named.append(key)
        of_kinds.append(kind)
    keys, kinds = np.array(named, np.int64), np.array(of_kinds, np.int64)
    records, lengths = view.records("entities", keys)
    ledgers, ledger_lengths = view.records("owners", owners)
    sums = np.zeros(len(schema.windows), np.int64)
    tables = schema.tables
    fault, place = read_windows(
        records, lengths, (keys, kinds), ledgers, ledger_lengths, owners, day,
        (tables.first, tables.days, tables.measure), len(Measure), sums,
    )  # fmt: skip
    if fault == DAMAGED_LEDGER:
        raise damaged("owner", int(owners[place]))
    if fault != SOUND:
        raise damaged_entity(of_kinds[place], named[place])
    return sums
