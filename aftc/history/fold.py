"""The fold: one journal entry applied to the state, and what it adds to the lake.

It is the only code that changes the state, so ingest, recovery and replay from the journal are the same function.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from aftc.clock import day_of
from aftc.config import Settings
from aftc.errors import MessageError
from aftc.features.extract import Extract, Owned, extract
from aftc.features.sightings import no_rows, outcome_deltas, sight, sight_outcome
from aftc.linking import ResolvedOutcome, link
from aftc.records import ConsignmentVersion, JournalEntry, OutcomeKind, Record
from aftc.state import Writer, write_watermark
from aftc.streams import read

__all__ = ["Applied", "apply"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What one entry did.

    Attributes:
        stream: The message's stream; None where it was quarantined.
        versions: New consignment versions with their extracts, in the order made.
        sightings: int64[rows, 4 + measures], columns as of the lake's table.
        quarantined: Why nothing was applied; then all else is empty.
    """

    stream: str | None
    records: tuple[Record, ...]
    versions: tuple[tuple[ConsignmentVersion, Extract], ...]
    outcomes: tuple[ResolvedOutcome, ...]
    sightings: NDArray[np.int64]
    quarantined: MessageError | None


@dataclass(frozen=True, slots=True)
class _Contribution:
    """What an examination added to one owner's keys."""

    owner: int
    keys: tuple[int, ...]
    deltas: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Examined:
    """The last revision of an examination and what it added: a correction adds the difference."""

    revision: int
    contributions: tuple[_Contribution, ...]


_EXAMINED = msgspec.msgpack.Decoder(_Examined)
_VERSIONS = msgspec.msgpack.Decoder(ConsignmentVersion)
_encode = msgspec.msgpack.Encoder().encode


def apply(writer: Writer, entry: JournalEntry, settings: Settings) -> Applied:
    """Apply one journal entry to the state and move its watermark; a bad message only moves the watermark."""
    applied = _apply(writer, entry, settings)
    writer.put("digests", entry.digest, entry.sequence.to_bytes(8, "big"))
    write_watermark(writer, entry.sequence, entry.known_at)
    return applied


def _apply(writer: Writer, entry: JournalEntry, settings: Settings) -> Applied:
    try:
        reading = read(entry.raw, limit_bytes=settings.max_message_bytes)
    except MessageError as error:
        return Applied(None, (), (), (), no_rows(), error)
    linked = link(
        writer,
        reading.records,
        stream=reading.stream,
        sequence=entry.sequence,
        known_at=entry.known_at,
        settings=settings,
    )
    versions = tuple((version, extract(version)) for version in linked.versions)
    day = day_of(entry.known_at)
    rows = [
        sight(writer, owned, sequence=entry.sequence, day=day)
        for version, extracted in versions
        if version.joined_into is None
        for owned in extracted.owned
    ]
    for outcome in linked.outcomes:
        rows.extend(_sight_outcome(writer, outcome, entry.sequence, day))
    sightings = np.concatenate(rows) if rows else no_rows()
    return Applied(reading.stream, reading.records, versions, linked.outcomes, sightings, None)


def _sight_outcome(writer: Writer, outcome: ResolvedOutcome, sequence: int, day: int) -> list[NDArray[np.int64]]:
    key = outcome.examination.examination_id.encode()[:400]
    raw = writer.get("examinations", key)
    before = _EXAMINED.decode(raw) if raw else _Examined(-1, ())
    if outcome.examination.revision <= before.revision:
        return []  # a late or repeated revision: the newer one stands
    contributions = _contributions(writer, outcome)
    now = _Examined(outcome.examination.revision, contributions)
    writer.put("examinations", key, _encode(now))
    return [
        sight_outcome(
            writer,
            Owned(each.owner, np.array(each.keys, np.int64), no_rows()[0:0, 0]),
            np.array(each.deltas, np.int64),
            sequence=sequence,
            day=day,
        )
        for each in _difference(before.contributions, contributions)
    ]


def _contributions(writer: Writer, outcome: ResolvedOutcome) -> tuple[_Contribution, ...]:
    if outcome.examination.outcome not in (OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE):
        return ()
    found: dict[int, _Contribution] = {}
    for identity in (*outcome.named, *outcome.aboard):
        raw = writer.get("consignments", identity.encode())
        if raw is None:
            continue
        version = _VERSIONS.decode(raw)
        for owned in extract(version).owned:
            if owned.movement is None:
                if identity not in outcome.named or owned.owner in found:
                    continue
                threats = [find.threat for find in outcome.finds if find.consignment_id == identity]
            elif owned.movement in outcome.movements and owned.owner not in found:
                threats = [find.threat for find in outcome.finds]
            else:
                continue
            deltas = tuple(outcome_deltas(threats))
            found[owned.owner] = _Contribution(owned.owner, tuple(owned.keys.tolist()), deltas)
    return tuple(found.values())


def _difference(before: tuple[_Contribution, ...], now: tuple[_Contribution, ...]) -> list[_Contribution]:
    """What to add so that `now` stands instead of `before`."""
    earlier = {each.owner: each for each in before}
    rows = []
    for each in now:
        held = earlier.pop(each.owner, None)
        if held is None:
            rows.append(each)
        elif held.keys == each.keys:
            rows.append(
                _Contribution(
                    each.owner, each.keys, tuple(a - b for a, b in zip(each.deltas, held.deltas, strict=True))
                )
            )
        else:
            rows.extend((_negated(held), each))
    rows.extend(_negated(each) for each in earlier.values())
    return [each for each in rows if any(each.deltas)]


def _negated(held: _Contribution) -> _Contribution:
    return _Contribution(held.owner, held.keys, tuple(-delta for delta in held.deltas))
