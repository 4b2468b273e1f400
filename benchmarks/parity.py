"""Parity over a store: the vector of every version read online and made in batch, here and on Spark, and sums by SQL.

Online means: the journal applied message by message to a state of its own, and each version's windows read at once.
Batch means: the lake's rows as ingest left them, commit by commit and across restarts. Vectors lie in files and are
compared a block at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.columns import instants, matrix, ragged
from aftc.config import Settings
from aftc.features import batch, online, sql
from aftc.features.algebra import KeyKind
from aftc.features.aliases import Aliases
from aftc.features.assembly import assemble
from aftc.features.blocks import TableBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.out_of_core import Engine, Job, compute
from aftc.features.sightings import COLUMNS
from aftc.history.aliases import known_aliases
from aftc.history.fold import apply
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.overlay import MemoryState, Overlay

__all__ = ["HERE", "Parity", "compare"]

HERE: Final[Mapping[str, Engine]] = {"batch": compute}
_ROWS_A_BLOCK: Final = 20_000  # of vectors and sums compared at a time
_WIDTH: Final = 8 * len(SCHEMA.features)  # bytes of a vector


@dataclass(frozen=True, slots=True)
class Parity:
    """How many vectors differ in any bit from those read online, by engine, and how many sums, of so many versions."""

    versions: int
    differing_vectors: Mapping[str, int]
    differing_sums: int


def compare(settings: Settings, skipped: int | None = None, engines: Mapping[str, Engine] = HERE) -> Parity:
    """Compare what a store's journal gives online with what its lake gives in batch and by SQL.

    Args:
        settings: The store, and what it was derived with; files of the comparison are made beside it and removed.
        skipped: The number of a message whose update the online state misses on purpose.
        engines: Ways to compute the batch's vectors, by name.
    """
    lake = Lake(settings.store / "lake")
    aliases = known_aliases(lake)
    versions = lake.read("versions", columns=("sequence", "day", "slots", "owners", "facts"))
    seen = lake.read("sightings")
    with TemporaryDirectory(dir=settings.store.parent) as scratch:
        online_vectors = Path(scratch) / "online"
        served = _serve(settings, lake, skipped, online_vectors)
        blocks = (TableBlocks(seen, "sightings"), TableBlocks(versions, "versions", _ROWS_A_BLOCK))
        differing = {}
        for name, engine in engines.items():
            job = Job(SCHEMA, *blocks, Path(scratch) / f"by-{name}", aliases)
            found = engine(job, partial(_differing, online_vectors), lambda _: None)
            differing[name] = sum(found) + abs(served - len(versions))
    return Parity(served, differing, _differing_sums(seen, versions, aliases))


def _serve(settings: Settings, lake: Lake, skipped: int | None, path: Path) -> int:
    """Write each version's vector, in the order made, read before the next message is applied; returns how many."""
    state = MemoryState()
    served = 0
    quarantined = lake.quarantined()
    with path.open("wb") as file:
        for entry in Journal(settings.store / "journal").entries():
            writer = Overlay(state) if entry.sequence == skipped else state  # what is written above it is lost
            (applied,) = apply(writer, [entry], settings, quarantined=quarantined)
            for _, each in applied.versions:
                sums = online.window_sums(state, SCHEMA, each.slots, each.owners, day=each.day)
                file.write(assemble(SCHEMA, each.facts[None], sums[None]).tobytes())
                served += 1
    return served


def _differing(path: Path, block: int, vectors: Callable[[], NDArray[np.float64]]) -> int:
    """How many vectors of a block have other bits than those in the file."""
    made = vectors()
    ours = made.view(np.uint8).reshape(len(made), _WIDTH)
    first = block * _ROWS_A_BLOCK
    theirs = np.fromfile(path, np.uint8, ours.size, offset=first * _WIDTH).reshape(-1, _WIDTH)
    return int(np.any(ours[: len(theirs)] != theirs, axis=1).sum())


def _differing_sums(seen: pa.Table, versions: pa.Table, aliases: Aliases) -> int:
    """How many integers of the batch's sums SQL finds to be others."""
    sightings = np.column_stack([instants(seen[name]) for name in COLUMNS])
    return sum(
        int(
            np.sum(
                sql.window_sums(SCHEMA, sightings, each, aliases) != batch.window_sums(SCHEMA, sightings, each, aliases)
            )
        )
        for each in _decisions(versions)
    )


def _decisions(versions: pa.Table) -> Iterator[batch.Decisions]:
    for first in range(0, len(versions), _ROWS_A_BLOCK):
        rows = versions.slice(first, _ROWS_A_BLOCK)
        offsets, owners = ragged(rows["owners"])
        yield batch.Decisions(
            slots=matrix(rows["slots"], len(KeyKind)),
            owner_offsets=offsets,
            owners=owners,
            day=instants(rows["day"]),
            sequence=instants(rows["sequence"]),
        )
