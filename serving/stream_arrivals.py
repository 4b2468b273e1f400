"""What waits in a Redis stream into the one writer; acknowledged once it is journaled."""

from __future__ import annotations

from collections.abc import Callable

from aftc.clock import Instant
from aftc.history.batches import BATCH_BYTES
from aftc.streams.envelope import unpack
from serving.arrivals import Arrived
from serving.ingest import Ingest
from serving.redis_stream import Entry, RedisStream, message_of

__all__ = ["DELETED", "take_stream"]

DELETED = "deleted from the stream after it was delivered and before it was read"


def take_stream(ingest: Ingest, stream: RedisStream, now: Callable[[], Instant], most: int) -> Arrived:
    """Take messages that wait in a stream, in its order, and acknowledge them once they are journaled.

    A crash in between leaves entries that are delivered again: they are recognised by their bytes.

    Args:
        ingest: The one writer.
        stream: The stream.
        now: The clock: known-at of entries whose ids are ahead of it.
        most: No more than about so many entries.

    Returns:
        What was found; no entries where none wait.

    Raises:
        InputError: the server does not answer.
    """
    stream.take_over()
    entries = _read(stream, most)
    arrived = Arrived(entries=len(entries))
    arrived.skipped[DELETED] += sum(not each.fields for each in entries)

    def skip(_: str, why: str) -> None:
        arrived.skipped[why] += 1

    clock = now()
    kept = (message_of(each, stream.name, clock) for each in entries if each.fields)
    for _ in ingest.take((part for each in kept for part in unpack(each, skip)), as_arrived=True):
        pass
    if entries:
        stream.acknowledge(entries)
    return arrived


def _read(stream: RedisStream, most: int) -> list[Entry]:
    entries: list[Entry] = []
    size = 0
    while len(entries) < most and size < BATCH_BYTES:
        read = stream.read()
        if not read:
            break
        entries += read
        size += sum(each.size for each in read)
    return entries
