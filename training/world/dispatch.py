"""Dispatches: records on their way, each with its stream, its file name and the time we receive it.

A message mostly arrives within minutes of being sent; a few take hours, so that some come late and out of order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import MINUTE, SECOND, Instant
from aftc.records import Record
from training.world.parameters import Ints

__all__ = ["Delivery", "Dispatch", "delays"]

_USUAL_SECONDS = 90.0
_HELD_UP = 0.02  # share of messages that take hours
_HELD_UP_MINUTES = (60, 900)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A record to be sent: the stream, a name without order for its file, known-at, the record.

    `about` holds the documents (identities as the truth states them) of the consignments it concerns.
    """

    stream: str
    name: str
    received: Instant
    record: Record
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a dispatch on its way.

    Attributes:
        received: Known-at; None where the message was lost.
        record: What its sender stated, with the sender's faults.
        faults: What went wrong.
        meant: What its sender would have stated without a slip, where that differs from the record.
        raw: The bytes that arrived, where they are not simply the record's in its stream's format.
    """

    stream: str
    name: str
    received: Instant | None
    record: Record
    about: tuple[str, ...]
    faults: tuple[str, ...] = ()
    raw: bytes | None = None
    meant: Record | None = None


def delays(rng: np.random.Generator, count: int) -> Ints:
    """Time between sending and receiving, whole seconds as microseconds."""
    usual = 1 + rng.exponential(_USUAL_SECONDS, count).astype(np.int64)
    held_up = rng.integers(*_HELD_UP_MINUTES, count) * (MINUTE // SECOND)
    return np.where(rng.random(count) < _HELD_UP, held_up, usual) * SECOND
