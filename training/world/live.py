"""A world played into a spool: each message is put there when its received time comes, many times faster than life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from math import inf
from pathlib import Path
from tempfile import gettempdir

from aftc.clock import SECOND, Instant
from aftc.errors import InputError
from aftc.streams.spool import spooled_name
from training.world.timeline import Received

__all__ = ["Pace", "Played", "play"]

_SPEED_UP = (1.0, 10_000_000.0)
_MOST_SECONDS = 31 * 86_400.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How a world is played.

    Attributes:
        speed_up: Simulated seconds in a second.
        seconds: When to stop; None at the end of the world.

    Raises:
        InputError: a value outside its range.
    """

    speed_up: float = 3_600.0
    seconds: float | None = None

    def __post_init__(self) -> None:
        least, most = _SPEED_UP
        if not least <= self.speed_up <= most:
            raise InputError(f"a speed-up from {least:,.0f} to {most:,.0f}", f"{self.speed_up:g}")
        if self.seconds is not None and not 0 < self.seconds <= _MOST_SECONDS:
            raise InputError(f"seconds above 0 and up to {_MOST_SECONDS:,.0f}", f"{self.seconds:g}")


@dataclass(slots=True)
class Played:
    """What was played so far.

    Attributes:
        messages: Number put into the spool, by stream.
        first: Known-at of the first; None where there was none.
        last: Known-at of the last.
        behind: Most seconds by which a message was late, as making weeks and writing files takes its time.
        complete: Whether the world was played to its end.
    """

    messages: Counter[str] = field(default_factory=Counter)
    first: Instant | None = None
    last: Instant | None = None
    behind: float = 0.0
    complete: bool = False


def play(
    messages: Iterable[Received],
    spool: Path,
    pace: Pace,
    *,
    begin: Instant,
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> Played:
    """Put messages into a spool until the last, the end of the time, or Ctrl-C.

    What was received before the play begins is put there at once, as a backlog. Each message is there whole or not at
    all, with its received time in its name, where `aftc.streams.spool` finds it.

    Args:
        messages: As they are received.
        spool: A folder, made where there is none; what is in it stays.
        pace: How fast and how long.
        begin: The simulated time when the play begins.
        clock: Seconds, from any beginning.
        pause: Waits for some seconds.

    Raises:
        InputError: the spool cannot be written.
    """
    played = Played()
    try:
        spool.mkdir(parents=True, exist_ok=True)
        with suppress(KeyboardInterrupt):  # the usual way to end it
            for message in _when_due(messages, pace, begin, clock, pause, played):
                _put(message, spool)
                played.messages[message.stream] += 1
                played.last = message.received
    except OSError as error:
        raise InputError(
            f"room and permission to write {spool} and {gettempdir()}",
            error.strerror or str(error),
            advice="have the spool emptied by aftc ingest --follow, make room, or choose another folder",
        ) from error
    return played


def _when_due(
    messages: Iterable[Received],
    pace: Pace,
    begin: Instant,
    clock: Callable[[], float],
    pause: Callable[[float], None],
    played: Played,
) -> Iterator[Received]:
    """Each message when it is due, until the time is over."""
    began: float | None = None
    end = inf if pace.seconds is None else pace.seconds
    for message in messages:
        began = clock() if began is None else began  # the first week is made by now
        due = max(0.0, (message.received - begin) / (SECOND * pace.speed_up))
        late = clock() - began - min(due, end)
        if late < 0:
            pause(-late)
        if due >= end or late > end - due:
            return
        if due:
            played.behind = max(played.behind, late)
        played.first = message.received if played.first is None else played.first
        yield message
    played.complete = True


def _put(message: Received, spool: Path) -> None:
    name = spooled_name(message.received, sha256(message.raw).hexdigest(), f"{message.stream}-{message.name}")
    unfinished = spool / f".{name}"
    try:
        unfinished.write_bytes(message.raw)
        unfinished.rename(spool / name)
    finally:
        unfinished.unlink(missing_ok=True)
