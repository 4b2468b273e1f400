"""Messages in quarantine read again by today's readers; what can now be read is taken as if it came now.

Nothing is rewritten: a message that is taken gets a number and a known-at of its own, for it was not known before. Its
digest then names that number, by which the next retry knows that there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from aftc.clock import Instant
from aftc.config import Settings
from aftc.errors import MessageError
from aftc.history.batches import BATCH_BYTES
from aftc.history.journal import Journal
from aftc.history.quarantine import Held
from aftc.records import JournalEntry, Message
from aftc.streams import read
from aftc.streams.envelope import unpack
from serving.ingest import Ingest, Quarantined

__all__ = ["Retried", "Retry", "retry", "today"]


class Retry(StrEnum):
    """What became of a retry."""

    TAKEN = "taken"
    REFUSED = "still refused"
    KNOWN = "taken before"


@dataclass(frozen=True, slots=True)
class Retried:
    """A message in quarantine that was read again.

    Attributes:
        held: As it is in quarantine.
        result: What became of it.
        numbers: Entries of the journal that hold it now, or that hold the messages taken out of it.
        expected, found: Why it is still refused.
    """

    held: Held
    result: Retry
    numbers: tuple[int, ...] = ()
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class _Trial:
    """A message to be taken: itself, or the parts that it can now be taken apart into."""

    held: Held
    messages: tuple[Message, ...]
    whole: bool


def retry(ingest: Ingest, journal: Journal, rows: Sequence[Held], now: Instant, commit: int) -> Iterator[Retried]:
    """Read messages in quarantine again and take what can be read, in the order of their numbers.

    Args:
        ingest: The one writer.
        journal: Where the bytes are.
        rows: The messages.
        now: The clock: the known-at of what is taken.
        commit: Messages in one commit.
    """
    for group in _groups(sorted(rows, key=lambda row: row.sequence), commit):
        tried = [_try(ingest, journal, held, now) for held in group]
        trials = [each for each in tried if isinstance(each, _Trial)]
        for whole in (True, False):
            messages = [message for each in trials if each.whole is whole for message in each.messages]
            for _ in ingest.take(messages, as_arrived=True, again=whole):
                pass
        refused = {each.sequence: each for each in ingest.tally.refused}
        for each in tried:
            yield _told(ingest, each, refused) if isinstance(each, _Trial) else each


def _groups(rows: Sequence[Held], commit: int) -> Iterator[list[Held]]:
    """The rows in groups whose bytes can be held at once."""
    group: list[Held] = []
    size = 0
    for row in rows:
        if group and (len(group) == commit or size + row.size > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(row)
        size += row.size
    if group:
        yield group


def _try(ingest: Ingest, journal: Journal, held: Held, now: Instant) -> Retried | _Trial:
    newest = ingest.number_of(bytes.fromhex(held.digest))
    if newest not in (None, held.sequence):
        return Retried(held, Retry.KNOWN, (newest or 0,))
    kept = journal.entry(held.sequence, known_at=held.known_at)
    parts = tuple(unpack(Message(kept.raw, now, kept.source)))
    if len(parts) != 1 or parts[0].raw != kept.raw:
        known = tuple(number for part in parts if (number := _number(ingest, part)))
        return Retried(held, Retry.KNOWN, known) if len(known) == len(parts) else _Trial(held, parts, whole=False)
    error = ingest.tried(parts[0])
    if error is not None:
        return Retried(held, Retry.REFUSED, (), error.expected, error.found)
    return _Trial(held, parts, whole=True)


def _told(ingest: Ingest, trial: _Trial, refused: Mapping[int, Quarantined]) -> Retried:
    """What taking a trial's messages has come to: one may have been refused after those before it were taken."""
    numbers = tuple(number for part in trial.messages if (number := _number(ingest, part)))
    why = refused.get(numbers[0]) if trial.whole else None
    if why is not None:
        return Retried(trial.held, Retry.REFUSED, numbers, why.expected, why.found)
    return Retried(trial.held, Retry.TAKEN, numbers)


def _number(ingest: Ingest, message: Message) -> int:
    return ingest.number_of(sha256(message.raw).digest()) or 0


def today(entry: JournalEntry, settings: Settings) -> str:
    """What today's readers make of a message in quarantine, in words; nothing changes."""
    parts = list(unpack(Message(entry.raw, entry.known_at, entry.source)))
    if len(parts) != 1 or parts[0].raw != entry.raw:
        return f"can be taken apart into {len(parts)} messages: retry it"
    try:
        reading = read(entry.raw, limit_bytes=settings.max_message_bytes)
    except MessageError as error:
        return f"still refused: expected {error.expected}, found {error.found}"
    return f"can be read as {reading.stream}: retry it"
