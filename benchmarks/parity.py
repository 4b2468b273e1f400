"""Parity over a store: the vector of every version read online, made in batch from the lake, and its sums by SQL.

Online means: the journal applied message by message to a state of its own, and each version's windows read at once.
Batch means: the lake's rows as ingest left them, commit by commit and across restarts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aftc.columns import instants, matrix, ragged
from aftc.config import Settings
from aftc.features import batch, online, sql
from aftc.features.algebra import KeyKind
from aftc.features.assembly import assemble
from aftc.features.catalogue import SCHEMA
from aftc.features.sightings import COLUMNS
from aftc.history.aliases import known_aliases
from aftc.history.fold import apply
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.state import MemoryState, Overlay

__all__ = ["Parity", "compare"]


@dataclass(frozen=True, slots=True)
class Parity:
    """How many vectors differ in any bit, and how many sums, of so many versions."""

    versions: int
    differing_vectors: int
    differing_sums: int


def compare(settings: Settings, skipped: int | None = None) -> Parity:
    """Compare what a store's journal gives online with what its lake gives in batch and by SQL.

    Args:
        settings: The store, and what it was derived with.
        skipped: The number of a message whose update the online state misses on purpose.
    """
    lake = Lake(settings.store / "lake")
    served = _served(settings, lake, skipped)
    versions = lake.read("versions", columns=("sequence", "day", "slots", "owners", "facts"))
    offsets, owners = ragged(versions["owners"])
    decisions = batch.Decisions(
        slots=matrix(versions["slots"], len(KeyKind)),
        owner_offsets=offsets,
        owners=owners,
        day=instants(versions["day"]),
        sequence=instants(versions["sequence"]),
    )
    seen = lake.read("sightings")
    sightings = np.column_stack([instants(seen[name]) for name in COLUMNS])
    aliases = known_aliases(lake)
    sums = batch.window_sums(SCHEMA, sightings, decisions, aliases)
    trained = assemble(SCHEMA, matrix(versions["facts"], SCHEMA.fact_columns), sums)
    differing = sum(one.tobytes() != other.tobytes() for one, other in zip(served, trained, strict=True))
    by_sql = sql.window_sums(SCHEMA, sightings, decisions, aliases)
    return Parity(len(served), differing, int(np.sum(by_sql != sums)))


def _served(settings: Settings, lake: Lake, skipped: int | None) -> list[NDArray[np.float64]]:
    """Each version's vector, in the order made, read before the next message is applied."""
    state = MemoryState()
    served: list[NDArray[np.float64]] = []
    quarantined = lake.quarantined()
    for entry in Journal(settings.store / "journal").entries():
        writer = Overlay(state) if entry.sequence == skipped else state  # what is written above it is lost
        (applied,) = apply(writer, [entry], settings, quarantined=quarantined)
        for _, each in applied.versions:
            sums = online.window_sums(state, SCHEMA, each.slots, each.owners, day=each.day)
            served.append(assemble(SCHEMA, each.facts[None], sums[None])[0])
    return served
