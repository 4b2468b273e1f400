"""Batches: how many messages are held in memory at a time, by number and by bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol, TypeVar

__all__ = ["BATCH_BYTES", "batches"]

BATCH_BYTES: Final = 16_000_000  # raw bytes, however few the messages: their records take several times as much


class _Raw(Protocol):
    @property
    def raw(self) -> bytes:
        """Its bytes."""


_Each = TypeVar("_Each", bound=_Raw)


def batches(each: Iterable[_Each], most: int) -> Iterator[list[_Each]]:
    """Consecutive messages or entries, at most `most` together, and no more once they have `BATCH_BYTES`.

    >>> from aftc.records import Message
    >>> [len(batch) for batch in batches([Message(b"", 0, "a")] * 5, 2)]
    [2, 2, 1]
    """
    batch: list[_Each] = []
    size = 0
    for one in each:
        batch.append(one)
        size += len(one.raw)
        if len(batch) >= most or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
