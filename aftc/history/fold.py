"""The fold: journal entries applied to the state, and what they add to the lake.

    entries -> records -> versions (linking) -> extracts -> sightings

It is the only code that changes the state, so ingest, recovery and replay from the journal are the same function.
A batch of entries goes through it stage by stage, which is a fifth faster than entry by entry, since the code and the
tables of one stage stay in the processor's caches. The result is that of one entry after the other: no stage reads what
a later one writes.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
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
from aftc.linking import Alias, Linked, ResolvedDetection, ResolvedOutcome, link
from aftc.overlay import Overlay
from aftc.records import ConsignmentVersion, JournalEntry, OutcomeKind, Record
from aftc.state import Writer, write_watermark
from aftc.streams import read, recognise

__all__ = ["Applied", "Heard", "apply", "apply_records"]


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


class Heard(Struct, frozen=True):
    """What one message said, with its place in the timeline.

    Attributes:
        stream: The message's stream.
        records: What was read.
        sequence, known_at: Of the message.
    """

    stream: str
    records: tuple[Record, ...]
    sequence: int
    known_at: Instant


class _Examined(Struct, frozen=True):
    """The last revision of an examination and what it added to each owner: a correction adds the difference."""

    revision: int
    added: dict[int, tuple[int, ...]]


_EXAMINED = msgspec.msgpack.Decoder(_Examined)
_encode = msgspec.msgpack.Encoder().encode

DEFECTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a defect raises on one message; a damaged state or a full disk is another matter and ends the run."""


def apply(
    writer: Writer, entries: Sequence[JournalEntry], settings: Settings, *, quarantined: Container[int] = frozenset()
) -> list[Applied]:
    """Apply journal entries to the state, in their order; a bad message only moves the watermark.

    Args:
        writer: The state.
        entries: The messages.
        settings: Limits and the linking window.
        quarantined: Numbers of entries that were quarantined when they were first applied. They stay so, whatever the
            readers of today make of them: a retry makes an entry of its own, with its own known-at.

    Returns:
        What each entry did.
    """
    read = [_hear(entry, settings, quarantined) for entry in entries]
    applied = iter(apply_records(writer, [each for each in read if isinstance(each, Heard)], settings))
    done = [next(applied) if isinstance(each, Heard) else _nothing(each) for each in read]
    for entry in entries:
        writer.put("digests", entry.digest, entry.sequence.to_bytes(8, "big"))
        write_watermark(writer, entry.sequence, entry.known_at)
    return done


def _hear(entry: JournalEntry, settings: Settings, quarantined: Container[int]) -> Heard | MessageError:
    try:
        if entry.sequence in quarantined:
            raise MessageError("a message that could be read when it came", "one that could not", advice="retry it")
        reading = read(entry.raw, limit_bytes=settings.max_message_bytes)
    except MessageError as error:
        return _kept(error)
    except DEFECTS as error:
        return _told(error, recognise(entry.raw) or "")
    return Heard(reading.stream, reading.records, entry.sequence, entry.known_at)


def apply_records(writer: Writer, heard: Sequence[Heard], settings: Settings) -> list[Applied]:
    """Apply what messages say: the fold without their bytes, and without moving the watermark.

    A message is applied whole or not at all. All are written above the state first; where one fails, what was written
    is dropped and each half is applied by itself, down to the one that failed.
    """
    layer = Overlay(writer)
    try:
        linked = [_link(layer, each, settings) for each in heard]
        extracts = [[extract(version) for version in each.versions] for each in linked]
        applied = [_sighted(layer, *each) for each in zip(heard, linked, extracts, strict=True)]
    except (RefusedMerge, *DEFECTS) as error:
        if len(heard) > 1:
            middle = len(heard) // 2
            return [*apply_records(writer, heard[:middle], settings), *apply_records(writer, heard[middle:], settings)]
        (failed,) = heard
        if not isinstance(error, RefusedMerge):
            return [_nothing(_told(error, failed.stream))]
        error.stream = failed.stream
        return [_nothing(_kept(error))]
    layer.write_to(writer)
    return applied


def _link(writer: Writer, heard: Heard, settings: Settings) -> Linked:
    place = {"sequence": heard.sequence, "known_at": heard.known_at}
    linked = link(writer, heard.records, stream=heard.stream, settings=settings, **place)
    for alias in linked.aliases:
        remember(writer, alias.key, alias.members)
    return linked


def _sighted(writer: Writer, heard: Heard, linked: Linked, extracts: Sequence[Extract]) -> Applied:
    versions = tuple(zip(linked.versions, extracts, strict=True))
    sightings = _sight(writer, versions, linked.outcomes, heard.sequence, day_of(heard.known_at))
    told = (linked.aliases, linked.detections)
    return Applied(heard.stream, heard.records, versions, linked.outcomes, sightings, None, *told)


def _nothing(error: MessageError) -> Applied:
    return Applied(None, (), (), (), no_rows(), error)


def _kept(error: MessageError) -> MessageError:
    """A refusal as a result: without the frames that it was raised in, which hold all that was in hand there."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


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
        sight(writer, extracted.owned, sequence=sequence, day=day)
        for version, extracted in versions
        if version.joined_into is None
    ]
    for outcome in outcomes:
        rows.extend(_sight_outcome(writer, outcome, sequence, day))
    return np.concatenate(rows) if rows else no_rows()


def _sight_outcome(writer: Writer, outcome: ResolvedOutcome, sequence: int, day: int) -> list[NDArray[np.int64]]:
    key = outcome.examination.examination_id.encode()
    raw = writer.get("examinations", key)
    before = _EXAMINED.decode(raw) if raw else _Examined(-1, {})
    said_again = outcome.examination.revision == before.revision and bool(before.added)
    if outcome.examination.revision < before.revision or said_again:
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
