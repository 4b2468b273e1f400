"""Arrivals: what files, the spool and a Redis stream hold into the one writer, once or for as long as messages come."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from aftc.clock import Instant
from aftc.errors import InputError
from aftc.records import Message
from aftc.streams.envelope import messages
from aftc.streams.spool import SpoolFile, order, scan
from serving.ingest import Ingest

__all__ = ["Arrived", "follow", "messages_of", "skips", "take_spool"]

LOOK_SECONDS = 2.0  # between commits: each is one file in every table of the lake
MOST_LOOKS = 15  # that pass between two tries at a server that does not answer


@dataclass(slots=True)
class Arrived:
    """What was found in a spool and a stream.

    Attributes:
        files: Files of messages, which were taken.
        entries: Entries of a stream, which were taken or skipped.
        left: Files that are no messages, by reason; they stay.
        skipped: Members of archives that are no messages, and entries that are no more, by reason.
    """

    files: int = 0
    entries: int = 0
    left: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, found: Arrived) -> None:
        """Count what another look found; of files that stay, it tells all."""
        self.files += found.files
        self.entries += found.entries
        self.left = found.left
        self.skipped += found.skipped


def skips(files: Iterable[SpoolFile]) -> Counter[str]:
    """Files that are no messages, by reason."""
    return Counter(each.skipped for each in files if each.skipped is not None)


def messages_of(files: Iterable[SpoolFile], now: Instant, skipped: Counter[str]) -> Iterator[Message]:
    """The messages of files, one file after the other; members that are no messages are counted in `skipped`."""

    def skip(_: str, why: str) -> None:
        skipped[why] += 1

    for each in files:
        yield from messages(each, now, skip)


def take_spool(ingest: Ingest, folder: Path, now: Callable[[], Instant]) -> Arrived:
    """Take the messages that wait in a spool, in the order received, and remove their files once they are journaled.

    A crash in between leaves files whose messages are in the journal: they are recognised by their bytes.

    Args:
        ingest: The one writer.
        folder: The spool.
        now: The clock: known-at of files whose name does not say it.

    Returns:
        What was found.
    """
    files = scan([folder])
    clock = now()
    ordered = order(files, clock)
    arrived = Arrived(len(ordered), left=skips(files))
    for _ in ingest.take(messages_of(ordered, clock, arrived.skipped), as_arrived=True):
        pass
    for each in ordered:
        each.path.unlink(missing_ok=True)
    return arrived


def follow(
    ingest: Ingest,
    folder: Path,
    now: Callable[[], Instant],
    words: Connection,
    take_more: Callable[[], Arrived] | None = None,
    *,
    every: float = LOOK_SECONDS,
) -> Arrived:
    """Take messages as they come to a spool, and to another source, until a word comes.

    Args:
        ingest: The one writer.
        folder: The spool.
        now: The clock.
        words: Where the word comes.
        take_more: Takes what waits in the other source, at most a commit of it; `InputError` where its server does not
            answer: it is tried again, ever later, while the spool is served.
        every: Seconds between looks, where nothing more waits.

    Returns:
        What was found; of files that stay, those of the last look.
    """
    arrived, patience = Arrived(), _Patience()
    while True:
        arrived.add(take_spool(ingest, folder, now))
        more = patience.tried(take_more) if take_more is not None else Arrived()
        arrived.add(replace(more, left=arrived.left))
        if words.poll(0 if more.entries else every):
            return arrived


@dataclass(slots=True)
class _Patience:
    """How many looks pass until a server that did not answer is tried again: 1, 3, 7, at most `MOST_LOOKS`."""

    failures: int = 0
    passing: int = 0

    def tried(self, take: Callable[[], Arrived]) -> Arrived:
        """What a source gives; nothing where its server does not answer, or its turn has not come."""
        if self.passing:
            self.passing -= 1
            return Arrived()
        try:
            taken = take()
        except InputError as error:
            if not self.failures:
                _say(f"{error}; trying again")
            self.failures += 1
            self.passing = min(2**self.failures - 1, MOST_LOOKS)
            return Arrived()
        if self.failures:
            _say("the server answers again")
        self.failures = 0
        return taken


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
