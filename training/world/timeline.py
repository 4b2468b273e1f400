"""A world's messages in the order in which they are received, its weeks made only as they are needed.

Nothing about a week is received before a certain time, so what earlier weeks told can go until then. What waits stands
in nameless files, one a week, and only its order in memory.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from tempfile import TemporaryFile
from typing import TypeAlias

from aftc.clock import DAY, Instant
from training.world.cast import Cast
from training.world.deliveries import PARTS, deliveries
from training.world.native import arrived, file_name
from training.world.parameters import DAYS_A_WEEK
from training.world.simulation import Week, weeks

__all__ = ["LONGEST_LEAD", "Received", "timeline"]

LONGEST_LEAD = 60 * DAY  # nothing about a week is received longer before it begins


@dataclass(frozen=True, slots=True, order=True)
class Received:
    """A message that arrives: known-at, its stream, the name of its file, its bytes."""

    received: Instant
    stream: str
    name: str
    raw: bytes


_Head: TypeAlias = tuple[Received, int, Iterator[Received]]
"""The next message of a week, the week's number, and the rest of its messages."""


def timeline(cast: Cast) -> Generator[Received, None, None]:
    """All messages of a world as they are received, without the lost ones."""
    heads: list[_Head] = []
    coming = weeks(cast)
    for number in range(cast.parameters.weeks):
        yield from _before(heads, cast.parameters.origin + number * DAYS_A_WEEK * DAY - LONGEST_LEAD)
        _advance(heads, number, _messages(cast, next(coming)))
    yield from _before(heads, None)


def _before(heads: list[_Head], end: Instant | None) -> Iterator[Received]:
    """Take what is received before an instant, all that waits where there is none."""
    while heads and (end is None or heads[0][0].received < end):
        message, number, rest = heappop(heads)
        yield message
        _advance(heads, number, rest)


def _advance(heads: list[_Head], number: int, rest: Iterator[Received]) -> None:
    for message in rest:
        heappush(heads, (message, number, rest))
        return


def _messages(cast: Cast, week: Week) -> Iterator[Received]:
    """A week's messages in the order received; all of them are made when the first is asked for."""
    with TemporaryFile() as file:
        places = []
        for each in (delivery for part in PARTS for delivery in deliveries(cast, week, part)):
            if each.received is not None:
                start = file.tell()
                places.append((each.received, each.stream, file_name(each), start, file.write(arrived(each))))
        del week
        for received, stream, name, start, size in sorted(places):
            file.seek(start)
            yield Received(received, stream, name, file.read(size))
