"""A store in memory: what the fold makes of records, kept as far as training asks for it.

Linking, extraction and sighting are the writer's own; no bytes, journal or lake are made. Nothing here reads the truth.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.clock import Instant
from aftc.config import Settings
from aftc.features.algebra import KeyKind
from aftc.features.assembly import assemble
from aftc.features.batch import Decisions, window_sums
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.sightings import no_rows
from aftc.history.fold import Applied, Heard, apply, apply_records
from aftc.history.tables import SCHEMAS, LakeRows, document_of
from aftc.overlay import MemoryState
from aftc.records import ConsignmentVersion, JournalEntry
from training import outcomes as examinations
from training.outcomes import Outcome, latest_outcomes, successors
from training.world.dispatch import Delivery, Dispatch
from training.world.fault_rates import Fault

__all__ = ["COLUMNS", "MemoryStore"]

COLUMNS: Final = (
    "sequence", "known_at", "day", "consignment_id", "document", "mode", "scheduled_arrival", "control_at",
    "joined_into", "unit_kinds", "unit_numbers", "movements",
)  # fmt: skip
_SCHEMA: Final = pa.schema([SCHEMAS["versions"].field(name) for name in COLUMNS])
_BLOCK: Final = 8_192  # versions whose integers share an array


class MemoryStore:
    """State, versions, sightings and outcomes of the messages taken so far.

    Args:
        settings: The time window of linking, and the largest message.

    Attributes:
        sequence, known_at: Of the last message; 0 before the first.
        quarantined: How many messages could not be applied.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sequence = 0
        self.known_at: Instant = 0
        self.quarantined = 0
        self._state = MemoryState()
        self._versions: list[tuple[object, ...]] = []
        self._joined: dict[str, str | None] = {}
        self._integers = _Integers()
        self._sightings: list[NDArray[np.int64]] = []
        self._outcomes: list[pa.Table] = []

    def __len__(self) -> int:
        """How many versions there are."""
        return len(self._versions)

    def take(self, messages: Iterable[Dispatch | Delivery]) -> None:
        """Apply messages in the order given.

        As with live input, known-at is when a message was received, but never before that of an earlier one; the same
        bytes again change nothing, and what was lost never came.
        """
        outcomes = LakeRows()
        for message in messages:
            if message.received is None or (isinstance(message, Delivery) and Fault.DUPLICATE in message.faults):
                continue
            self.sequence += 1
            self.known_at = max(self.known_at, message.received)
            entry, applied = self._apply(message)
            self.quarantined += applied.quarantined is not None
            for version, extracted in applied.versions:
                self._versions.append(_row(version, extracted))
                self._joined[version.consignment_id] = version.joined_into
                self._integers.add(extracted)
            if len(applied.sightings):
                self._sightings.append(applied.sightings)
            if applied.outcomes:
                outcomes.add(entry, Applied(applied.stream, (), (), applied.outcomes, no_rows(), None))
        if "outcomes" in (tables := outcomes.tables()):
            self._outcomes.append(tables["outcomes"].select(examinations.COLUMNS))

    def versions(self, since: int = 0) -> pa.Table:
        """Columns `COLUMNS` of the versions from a place on, in the order made."""
        columns = zip(*self._versions[since:], strict=True) if since < len(self) else [()] * len(COLUMNS)
        return pa.table(
            [pa.array(column, type=field.type) for column, field in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
        )

    def outcomes(self) -> tuple[Outcome, ...]:
        """The last word of each examination, in the order in which they became known."""
        if not self._outcomes:
            return ()
        self._outcomes = [pa.concat_tables(self._outcomes)]
        return latest_outcomes(self._outcomes[0], self.successors())

    def successors(self) -> dict[str, str]:
        """Who stands for each consignment that was taken over."""
        return successors(self._joined.keys(), self._joined.values())

    def vectors(self, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """float64[n, features]: versions' vectors, each as known at the message that made it.

        Args:
            places: int64[n], of the versions in the order made.
        """
        self._sightings = [np.concatenate(self._sightings)] if self._sightings else [no_rows()]
        facts, slots, offsets, owners = self._integers.take(places)
        made = [self._versions[place] for place in places.tolist()]
        day, sequence = (
            np.array([row[COLUMNS.index(name)] for row in made], dtype=np.int64) for name in ("day", "sequence")
        )
        decisions = Decisions(slots=slots, owner_offsets=offsets, owners=owners, day=day, sequence=sequence)
        return assemble(SCHEMA, facts, window_sums(SCHEMA, self._sightings[0], decisions))

    def _apply(self, message: Dispatch | Delivery) -> tuple[JournalEntry, Applied]:
        """A message by its record, or by its bytes where those are not what its record's writer would make."""
        raw = message.raw if isinstance(message, Delivery) else None
        if raw is not None:
            entry = JournalEntry(self.sequence, self.known_at, sha256(raw).digest(), message.stream, raw)
            (applied,) = apply(self._state, [entry], self.settings)
        else:
            entry = JournalEntry(self.sequence, self.known_at, b"", message.stream, b"")
            heard = Heard(message.stream, (message.record,), self.sequence, self.known_at)
            (applied,) = apply_records(self._state, [heard], self.settings)
        return entry, applied


class _Integers:
    """Facts, slots and owners of versions, in blocks: a version is a row."""

    def __init__(self) -> None:
        self._count = 0
        self._blocks: list[NDArray[np.int64]] = []
        self._owners = array("q")
        self._offsets = array("q", [0])

    def add(self, extracted: Extract) -> None:
        """Append one version's integers."""
        if self._count % _BLOCK == 0:
            self._blocks.append(np.empty((_BLOCK, SCHEMA.fact_columns + len(KeyKind)), np.int64))
        row = self._blocks[-1][self._count % _BLOCK]
        row[: SCHEMA.fact_columns] = extracted.facts
        row[SCHEMA.fact_columns :] = extracted.slots
        self._owners.frombytes(extracted.owners.tobytes())
        self._offsets.append(len(self._owners))
        self._count += 1

    def take(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Facts [n, columns], slots [n, kinds], owners' offsets [n + 1] and owners of some versions."""
        rows = np.empty((len(places), SCHEMA.fact_columns + len(KeyKind)), np.int64)
        for number, block in enumerate(self._blocks):
            here = places // _BLOCK == number
            rows[here] = block[places[here] % _BLOCK]
        bounds, owners = np.array(self._offsets), np.array(self._owners)
        lengths = bounds[places + 1] - bounds[places]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        return (
            rows[:, : SCHEMA.fact_columns],
            rows[:, SCHEMA.fact_columns :],
            offsets,
            owners[np.repeat(bounds[places], lengths) + within],
        )


def _row(version: ConsignmentVersion, extracted: Extract) -> tuple[object, ...]:
    return (
        version.sequence,
        version.known_at,
        extracted.day,
        version.consignment_id,
        document_of(version),
        version.mode.value,
        version.scheduled_arrival,
        version.control_at,
        version.joined_into,
        [unit.kind.value for unit in version.units],
        [unit.number for unit in version.units],
        list(version.movements),
    )
