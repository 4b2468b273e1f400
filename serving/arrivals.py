"""Arrivals: what files and the spool hold into the one writer, once or for as long as messages come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from aftc.clock import Instant
from aftc.records import Message
from aftc.streams.envelope import messages
from aftc.streams.spool import SpoolFile, order, scan
from serving.ingest import Ingest

__all__ = ["Arrived", "follow", "messages_of", "skips", "take_spool"]

LOOK_SECONDS = 2.0  # between commits: each is one file in every table of the lake


@dataclass(slots=True)
class Arrived:
    """What was found in a spool.

    Attributes:
        files: Files of messages, which were taken.
        left: Files that are no messages, by reason; they stay.
        skipped: Members of archives that are no messages, by reason.
    """

    files: int = 0
    left: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)


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
    arrived = Arrived(len(ordered), skips(files))
    for _ in ingest.take(messages_of(ordered, clock, arrived.skipped), as_arrived=True):
        pass
    for each in ordered:
        each.path.unlink(missing_ok=True)
    return arrived


def follow(ingest: Ingest, folder: Path, now: Callable[[], Instant], words: Connection) -> Arrived:
    """Take messages as they come to a spool, until a word comes.

    Returns:
        What was found; of files that stay, those of the last look.
    """
    arrived = Arrived()
    while True:
        found = take_spool(ingest, folder, now)
        arrived = Arrived(arrived.files + found.files, found.left, arrived.skipped + found.skipped)
        if words.poll(LOOK_SECONDS):
            return arrived
