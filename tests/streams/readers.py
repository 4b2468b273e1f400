"""What reads bytes, by name: every registered stream with the doubts about its records, and the envelope."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from aftc.errors import MessageError
from aftc.records import Message
from aftc.streams import STREAMS, read
from aftc.streams.envelope import unpack
from aftc.streams.quality import doubted

__all__ = ["ENVELOPE", "READERS"]

ENVELOPE = "envelope"
LIMIT_BYTES = 10_000_000


def _stream(name: str, raw: bytes) -> None:
    STREAMS[name].sniff(raw)
    for record in STREAMS[name].parse(raw):
        doubted(name, record)


def _envelope(raw: bytes) -> None:
    """Taking apart raises nothing; each part is read or refused."""
    for part in unpack(Message(raw, 0, "a file")):
        try:
            read(part.raw, limit_bytes=LIMIT_BYTES)
        except MessageError:
            continue


READERS: dict[str, Callable[[bytes], None]] = {name: partial(_stream, name) for name in STREAMS} | {ENVELOPE: _envelope}
"""Each raises `MessageError` or nothing."""
