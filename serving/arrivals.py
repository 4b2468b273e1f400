"""Arrivals: what the spool holds into the one writer, once or for as long as messages come."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from aftc.clock import Instant
from aftc.streams.spool import SpoolFile, load, order, scan
from serving.ingest import Ingest

__all__ = ["follow", "take_spool"]

LOOK_SECONDS = 2.0  # between commits: each is one file in every table of the lake


def take_spool(ingest: Ingest, folder: Path, now: Callable[[], Instant]) -> list[SpoolFile]:
    """Take the messages that wait in a spool, in the order received, and remove their files once they are journaled.

    A crash in between leaves files whose messages are in the journal: they are recognised by their bytes.

    Args:
        ingest: The one writer.
        folder: The spool.
        now: The clock: known-at of files whose name does not say it.

    Returns:
        All files found, skipped ones too.
    """
    files = scan([folder])
    ordered = order(files, now())
    for _ in ingest.take((load(each, now()) for each in ordered), as_arrived=True):
        pass
    for each in ordered:
        each.path.unlink(missing_ok=True)
    return files


def follow(ingest: Ingest, folder: Path, now: Callable[[], Instant], words: Connection) -> int:
    """Take messages as they come to a spool, until a word comes.

    Returns:
        The number of files dealt with.
    """
    dealt = 0
    while True:
        dealt += sum(each.skipped is None for each in take_spool(ingest, folder, now))
        if words.poll(LOOK_SECONDS):
            return dealt
