"""The fold: one journal entry applied to the state, and what it adds to the lake.

It is the only code that changes the state, so ingest, recovery and replay from the journal are the same function.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from operator import sub

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from aftc.clock import Day, Instant, day_of
from aftc.config import Settings
from aftc.errors import MessageError, RefusedMerge, UnlinkableMessage
from aftc.features.algebra import Measure
from aftc.features.aliases import remember
from aftc.features.entity_records import key_bytes
from aftc.features.extract import Extract, extract
from aftc.features.identity import owner_of_consignment, owner_of_movement
from aftc.features.sightings import no_rows, outcome_deltas, sight, sight_outcome
from aftc.linking import Alias, ResolvedDetection, ResolvedOutcome, link
from aftc.records import ConsignmentVersion, JournalEntry, OutcomeKind, Record
from aftc.state import Overlay, Writer, write_watermark
from aftc.streams import read, recognise

__all__ = ["Applied", "apply", "apply_records"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What one entry did.

    Attributes:
        stream: The message's stream; None where it was quarantined.
        versions: New consignment versions with their extracts, in the order made.
        sightings: int64[rows, 4 + measures], columns as of the lake's table.
        quarantined: Why nothing was applied; then all else is empty.
        aliases: Keys of parties that are read with others from now on.
    """

    stream: str | None
    records: tuple[Record, ...]
    versions: tuple[tuple[ConsignmentVersion, Extract], ...]
    outcomes: tuple[ResolvedOutcome, ...]
    sightings: NDArray[np.int64]
    quarantined: MessageError | None
    aliases: tuple[Alias, ...] = ()
    detections: tuple[ResolvedDetection, ...] = ()


class _Examined(Struct, frozen=True):
    """The last revision of an examination and what it added to each owner: a correction adds the difference."""

    revision: int
    added: dict[int, tuple[int, ...]]


_EXAMINED = msgspec.msgpack.Decoder(_Examined)
_encode = msgspec.msgpack.Encoder().encode

DEFECTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a defect raises on one message; a damaged state or a full disk is another matter and ends the run."""


def apply(
    writer: Writer, entry: JournalEntry, settings: Settings, *, quarantined: Container[int] = frozenset()
) -> Applied:
    """Apply one journal entry to the state and move its watermark; a bad message only moves the watermark.

    Args:
        writer: The state.
        entry: The message.
        settings: Limits and the linking window.
        quarantined: Numbers of entries that were quarantined when they were first applied. They stay so, whatever the
            readers of today make of them: a retry makes an entry of its own, with its own known-at.
    """
    try:
        if entry.sequence in quarantined:
            raise MessageError("a message that could be read when it came", "one that could not", advice="retry it")
        reading = read(entry.raw, limit_bytes=settings.max_message_bytes)
    except MessageError as error:
        applied = _nothing(error)
    except DEFECTS as error:
        applied = _nothing(_told(error, recognise(entry.raw) or ""))
    else:
        applied = apply_records(
            writer,
            reading.records,
            stream=reading.stream,
            sequence=entry.sequence,
            known_at=entry.known_at,
            settings=settings,
        )
    writer.put("digests", entry.digest, entry.sequence.to_bytes(8, "big"))
    write_watermark(writer, entry.sequence, entry.known_at)
    return applied


def apply_records(
    writer: Writer,
    records: tuple[Record, ...],
    *,
    stream: str,
    sequence: int,
    known_at: Instant,
    settings: Settings,
) -> Applied:
    """Apply what one message says: the fold without its bytes, and without moving the watermark.

    A message is applied whole or not at all: it is written above the state first.
    """
    layer = Overlay(writer)
    try:
        linked = link(layer, records, stream=stream, sequence=sequence, known_at=known_at, settings=settings)
        versions = tuple((version, extract(version)) for version in linked.versions)
        sightings = _sight(layer, versions, linked.outcomes, sequence, day_of(known_at))
        for alias in linked.aliases:
            remember(layer, alias.key, alias.members)
        layer.write_to(writer)
    except RefusedMerge as error:
        error.stream = stream
        return _nothing(error)
    except DEFECTS as error:
        return _nothing(_told(error, stream))
    return Applied(stream, records, versions, linked.outcomes, sightings, None, linked.aliases, linked.detections)


def _nothing(error: MessageError) -> Applied:
    return Applied(None, (), (), (), no_rows(), error)


def _told(error: Exception, stream: str) -> UnlinkableMessage:
    told = UnlinkableMessage(
        "records that linking and features can take",
        f"{type(error).__name__}: {error}",
        advice="report it with the message: this is a defect of the program, not of the sender",
    )
    told.stream = stream
    return told


def _sight(
    writer: Writer,
    versions: tuple[tuple[ConsignmentVersion, Extract], ...],
    outcomes: tuple[ResolvedOutcome, ...],
    sequence: int,
    day: Day,
) -> NDArray[np.int64]:
    """What a message adds to the history of entities."""
    rows = [
        sight(writer, owned, sequence=sequence, day=day)
        for version, extracted in versions
        if version.joined_into is None
        for owned in extracted.owned
    ]
    for outcome in outcomes:
        rows.extend(_sight_outcome(writer, outcome, sequence, day))
    return np.concatenate(rows) if rows else no_rows()


def _sight_outcome(writer: Writer, outcome: ResolvedOutcome, sequence: int, day: int) -> list[NDArray[np.int64]]:
    key = outcome.examination.examination_id.encode()
    raw = writer.get("examinations", key)
    before = _EXAMINED.decode(raw) if raw else _Examined(-1, {})
    if outcome.examination.revision <= before.revision:
        return []  # a late or repeated revision: the newer one stands
    known = {owner: row for owner, row in _additions(outcome).items() if writer.get("owners", key_bytes(owner))}
    now = _Examined(outcome.examination.revision, known)
    writer.put("examinations", key, _encode(now))
    nothing = (0,) * len(Measure)
    return [
        sight_outcome(
            writer,
            owner,
            tuple(map(sub, now.added.get(owner, nothing), before.added.get(owner, nothing))),
            sequence=sequence,
            day=day,
        )
        for owner in dict.fromkeys((*before.added, *now.added))
    ]


def _additions(outcome: ResolvedOutcome) -> dict[int, tuple[int, ...]]:
    """What a label adds to the named consignments and to the movement; no label adds nothing."""
    if outcome.examination.outcome not in (OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE):
        return {}
    added = {
        owner_of_movement(identity): outcome_deltas(find.threat for find in outcome.finds)
        for identity in outcome.movements
    }
    for identity in outcome.named:
        threats = (find.threat for find in outcome.finds if find.consignment_id == identity)
        added[owner_of_consignment(identity)] = outcome_deltas(threats)
    return added
