"""Raw messages, before and after they have their place in the timeline."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant

__all__ = ["JournalEntry", "Message"]


class Message(Struct, frozen=True):
    """A raw message as received.

    Attributes:
        raw: The bytes, unchanged.
        known_at: When we received it.
        source: Where it came from: a path or a stream's name; for people, never for logic.
    """

    raw: bytes
    known_at: Instant
    source: str


class JournalEntry(Struct, frozen=True):
    """A message with its place in the one timeline: the only source of state and lake.

    Attributes:
        sequence: Global number, from 1, without gaps.
        known_at: Never decreases along the sequence.
        digest: SHA-256 of the raw bytes.
    """

    sequence: int
    known_at: Instant
    digest: bytes
    source: str
    raw: bytes
