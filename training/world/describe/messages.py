"""The messages of a world, counted: read in batches, so that ten millions fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aftc.columns import codes
from training.world.describe.consignments import NEVER, check_columns, instants
from training.world.parameters import Floats, Ints

__all__ = ["Messages", "read_messages"]

_COLUMNS: Final = ("stream", "received", "documents", "faults", "week")
_AT_ONCE: Final = 500_000  # rows of a batch
_NOT_YET: Final = np.iinfo(np.int64).max  # an instant after all others


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """Counts of messages, lost ones included.

    Attributes:
        streams: Their names, sorted.
        weeks: Every week from the first with messages to the last.
        made: int64[streams, weeks].
        lost: int64[streams], never received.
        faulty: int64[streams], with at least one fault.
        faults: Names of the faults that occur, sorted.
        by_fault: int64[faults, streams]; a message with two faults counts for both.
        first: By stream, the instant when the first message about each consignment came, `NEVER` where none did.
        strangers: Documents that messages are about and the truth does not know.
    """

    streams: tuple[str, ...]
    weeks: Ints
    made: Ints
    lost: Ints
    faulty: Ints
    faults: tuple[str, ...]
    by_fault: Ints
    first: dict[str, Ints]
    strangers: int

    def __len__(self) -> int:
        return int(self.made.sum())

    def told(self, stream: str) -> Ints:
        """Rows of the consignments that a stream speaks of."""
        return np.flatnonzero(self.first[stream] != NEVER)

    def shares(self) -> Floats:
        """float64[faults, streams]: share of a stream's messages that have a fault."""
        made = self.made.sum(axis=1)
        return np.asarray(self.by_fault / np.maximum(made, 1))


class _Tally:
    """What is counted while batches go by."""

    def __init__(self, documents: pa.Array) -> None:
        self._documents = documents
        self.made: Counter[tuple[str, int]] = Counter()
        self.lost: Counter[str] = Counter()
        self.faulty: Counter[str] = Counter()
        self.by_fault: Counter[tuple[str, str]] = Counter()
        self.first: dict[str, Ints] = {}
        self.strangers = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count a batch."""
        names, stream = codes(pa.chunked_array([batch["stream"]]))
        received = instants(pa.chunked_array([batch["received"]]))
        week = np.asarray(batch["week"].cast(pa.int64()).to_numpy(zero_copy_only=False))
        row, about = self._documents_of(batch["documents"])
        faulted, fault_names, fault = _pairs(batch["faults"])
        for place, name in enumerate(names):
            mine = stream == place
            weeks, counts = np.unique(week[mine], return_counts=True)
            self.made.update({(name, one): count for one, count in zip(weeks.tolist(), counts.tolist(), strict=True)})
            self.lost[name] += int((received[mine] == NEVER).sum())
            self.faulty[name] += len(np.unique(faulted[mine[faulted]]))
            counts = np.bincount(fault[mine[faulted]], minlength=len(fault_names))
            self.by_fault.update({(one, name): int(count) for one, count in zip(fault_names, counts, strict=True)})
            came = mine[row] & (received[row] != NEVER)
            first = self.first.setdefault(name, np.full(len(self._documents), _NOT_YET))
            np.minimum.at(first, about[came], received[row[came]])

    def _documents_of(self, lists: pa.Array) -> tuple[Ints, Ints]:
        """Rows of the batch and of the truth: one pair for each document that a message is about."""
        row = np.asarray(pc.list_parent_indices(lists).to_numpy(), dtype=np.int64)
        place = pc.index_in(pc.list_flatten(lists), value_set=self._documents).fill_null(-1)
        about = np.asarray(place.to_numpy(), dtype=np.int64)
        self.strangers += int((about < 0).sum())
        return row[about >= 0], about[about >= 0]

    def counted(self) -> Messages:
        """All of it as arrays."""
        streams = tuple(sorted({name for name, _ in self.made}))
        faults = tuple(sorted({fault for (fault, _), count in self.by_fault.items() if count}))
        weeks = sorted({week for _, week in self.made})
        span = range(weeks[0], weeks[-1] + 1) if weeks else range(0)
        return Messages(
            streams=streams,
            weeks=np.array(span, dtype=np.int64),
            made=_grid([[self.made[name, week] for week in span] for name in streams], len(span)),
            lost=np.array([self.lost[name] for name in streams], dtype=np.int64),
            faulty=np.array([self.faulty[name] for name in streams], dtype=np.int64),
            faults=faults,
            by_fault=_grid([[self.by_fault[fault, name] for name in streams] for fault in faults], len(streams)),
            first={name: np.where(self.first[name] == _NOT_YET, NEVER, self.first[name]) for name in streams},
            strangers=self.strangers,
        )


def read_messages(path: Path, documents: pa.Array) -> Messages:
    """Count a world's messages.

    Args:
        path: Of the file.
        documents: Identities of the world's consignments, in the order of their rows.

    Raises:
        InputError: no such file, or none of this form.
    """
    check_columns(path, _COLUMNS)
    tally = _Tally(documents)
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_AT_ONCE, columns=list(_COLUMNS)):
            tally.add(batch)
    return tally.counted()


def _pairs(lists: pa.Array) -> tuple[Ints, tuple[str, ...], Ints]:
    """Rows, names, and places among the names: one pair of row and place for each word of the lists."""
    row = np.asarray(pc.list_parent_indices(lists).to_numpy(), dtype=np.int64)
    names, place = codes(pa.chunked_array([pc.list_flatten(lists).cast(pa.string())]))
    return row, names, place


def _grid(rows: list[list[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)
