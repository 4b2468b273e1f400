"""The spool: messages acknowledged here are durable, and wait for the one writer.

One file per message; its name says when it was received and what it holds (`aftc.streams.spool.spooled_name`). A name
that begins with a dot is a message still being written. The writer removes a file once its message is in the journal.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from aftc.clock import MINUTE, Instant, format_instant
from aftc.errors import InputError
from aftc.streams.spool import spooled_name

__all__ = ["Spool", "Spooled"]

CLOCK_SKEW = 5 * MINUTE  # a received time further ahead of this clock would push the whole timeline forward
SOURCE_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Spooled:
    """A message that is durable: its SHA-256 (hexadecimal), its file's name, its known-at (instant)."""

    digest: str
    name: str
    received_at: Instant


class Spool:
    """The spool's folder, written by any number of processes.

    Args:
        folder: Made where there is none.
        now: The clock (instant).
    """

    def __init__(self, folder: Path, now: Callable[[], Instant]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._now = now
        self._numbers = count()

    def keep(self, raw: bytes, *, source: str, received_at: Instant | None = None) -> Spooled:
        """Make one message durable.

        Args:
            raw: The message, unchanged.
            source: Where it came from, for people.
            received_at: Known-at where an earlier hop received it, else the clock's.

        Raises:
            InputError: an empty message, a received time in the future, a source too long.
            OSError: the folder cannot be written; nothing was kept.
        """
        now = self._now()
        received = now if received_at is None else received_at
        if not raw:
            raise InputError("a message", "no bytes")
        if not 0 < received <= now + CLOCK_SKEW:
            raise InputError(f"a received time after 1970 and not after {format_instant(now)}", f"{received} us")
        if len(source) > SOURCE_LIMIT:
            raise InputError(f"a source of at most {SOURCE_LIMIT} characters", f"{len(source)}")
        digest = sha256(raw).hexdigest()
        name = spooled_name(received, digest, source)
        self._write(name, raw)
        return Spooled(digest, name, received)

    def _write(self, name: str, raw: bytes) -> None:
        unfinished = self._folder / f".{os.getpid()}-{next(self._numbers)}"
        try:
            with unfinished.open("xb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self._folder / name)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name itself must survive a loss of power
        finally:
            os.close(folder)
