"""A state filled in bulk: its online records from the lake's sightings, linking's tables from the state before.

Linking's tables hold what only the messages tell; each value of theirs is checked as it is taken over. What the lake
has beyond the state's last message is left to the journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from aftc.columns import instants, matrix
from aftc.errors import HistoryError
from aftc.features.algebra import KeyKind, Measure
from aftc.features.batch import IDENTITY, Sighted
from aftc.features.blocks import Blocks, ParquetBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.entity_records import note_form
from aftc.features.rebuilding import Kinds, entity_records, owner_records
from aftc.history.lake import Lake
from aftc.state import HISTORY, REBUILD, TABLES, State, View, Writer, read_watermark

__all__ = ["Refilled", "note_lake", "refill", "refill_history", "require_lake"]

SIGHTINGS_HELD: Final = 12_000_000  # in memory at once, with all that sorting them needs: some 3 GB
FIRST_BYTES: Final = 256  # values of the first byte of a key: tables are filled a range of them after the other
_MARKS: Final = {name: f"lake {name}".encode() for name in ("versions", "sightings")}


@dataclass(frozen=True, slots=True)
class Refilled:
    """What a refill made: of so many sightings, up to message `sequence`, records of so many entities and owners."""

    sequence: int
    sightings: int
    entities: int
    owners: int


def note_lake(writer: Writer, tables: Mapping[str, pa.Table]) -> None:
    """Note in the state what the lake holds of the tables from which a state can be filled."""
    for name, mark in _MARKS.items():
        if name in tables:
            writer.put("meta", mark, pc.max(tables[name]["sequence"]).as_py().to_bytes(8, "big"))


def require_lake(view: View, lake: Lake) -> None:
    """Hold a lake to what the state knows of it.

    Raises:
        HistoryError: the lake lacks rows.
    """
    for name, mark in _MARKS.items():
        noted, through = int.from_bytes(view.get("meta", mark) or b"", "big"), lake.through(name)
        if through < noted:
            raise HistoryError(
                f"a lake with the {name} up to message {noted}, as the state has seen them",
                f"up to {through}",
                advice=f"{REBUILD}: it appends what the lake lacks, from the journal",
            )


def refill(former: State, lake: Lake, state: State) -> Refilled:
    """Fill an empty state up to the last message that another has applied.

    Args:
        former: Whose linking's tables are taken over.
        lake: Of the same store.
        state: The empty one.

    Raises:
        HistoryError: the lake lacks rows, or the former state is of another layout.
        StateError: a value that is taken over is damaged.
    """
    with former.snapshot() as snapshot:
        if snapshot.get("meta", b"layout") != SCHEMA.layout.encode():
            raise HistoryError(f"a state of the layout {SCHEMA.layout[:12]}", "one of another")
        require_lake(snapshot, lake)
        for name in TABLES:
            if name not in HISTORY:
                with state.transaction() as transaction:
                    transaction.append(name, snapshot.rows(name))
        with state.transaction() as transaction:
            note_form(transaction)  # the former's records may be of an older one
        sequence = read_watermark(snapshot).sequence
    kinds = Kinds(_slots(lake.files("versions")))
    return refill_history(state, ParquetBlocks(lake.files("sightings")), kinds, up_to=sequence)


def refill_history(state: State, sightings: Blocks, kinds: Kinds, *, up_to: int) -> Refilled:
    """Fill the tables of the online history.

    Args:
        state: One whose tables of the online history are empty.
        sightings: In any order.
        kinds: Of their keys.
        up_to: The last message that counts.

    Raises:
        HistoryError: days that fall along the sequence.
    """
    entities = owners = rows = 0
    shares = max(1, -(-sum(sightings.rows) // SIGHTINGS_HELD))
    for share in range(min(shares, FIRST_BYTES)):
        bounds = (FIRST_BYTES * share // shares, FIRST_BYTES * (share + 1) // shares)
        sighted = _gathered(sightings, up_to, "key", bounds)
        rows += len(sighted.key)
        with state.transaction() as transaction:
            for records in entity_records(sighted, kinds):
                transaction.append_records("entities", *records)
                entities += len(records.keys)
        if shares > 1:
            sighted = _gathered(sightings, up_to, "owner", bounds)
        with state.transaction() as transaction:
            for ledgers in owner_records(sighted, kinds):
                transaction.append_records("owners", *ledgers)
                owners += len(ledgers.keys)
    return Refilled(up_to, rows, entities, owners)


def _slots(files: tuple[Path, ...]) -> Iterator[NDArray[np.int64]]:
    blocks = ParquetBlocks(files)
    for number in range(len(blocks.rows)):
        yield matrix(blocks.read(number, ("slots",))["slots"], len(KeyKind))


def _gathered(sightings: Blocks, up_to: int, name: str, bounds: tuple[int, int]) -> Sighted:
    """Sightings up to a message whose key or owner, as stored, begins with a byte within the bounds."""
    columns = (*IDENTITY, *(measure.label for measure in Measure))
    parts = [Sighted.of([np.empty(0, np.int64)] * len(IDENTITY), ())]
    for number in range(len(sightings.rows)):
        rows = sightings.read(number, columns)
        first = instants(rows[name]) & (FIRST_BYTES - 1)
        wanted = (first >= bounds[0]) & (first < bounds[1]) & (instants(rows["sequence"]) <= up_to)
        rows = rows if wanted.all() else rows.filter(pa.array(wanted))
        amounts = ((measure, instants(rows[measure.label])) for measure in Measure)
        parts.append(Sighted.of([instants(rows[each]) for each in IDENTITY], amounts))
    return _together(parts)


def _together(parts: list[Sighted]) -> Sighted:
    counts = np.concatenate([np.diff(part.offsets) for part in parts])
    return Sighted(
        key=np.concatenate([part.key for part in parts]),
        owner=np.concatenate([part.owner for part in parts]),
        sequence=np.concatenate([part.sequence for part in parts]),
        day=np.concatenate([part.day for part in parts]),
        offsets=np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))),
        measure=np.concatenate([part.measure for part in parts]),
        amount=np.concatenate([part.amount for part in parts]),
    )
