"""Streams: raw bytes to typed records, or the reason why not. One module for each format, all of them pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aftc.errors import MalformedMessage, OversizeMessage
from aftc.records import Record
from aftc.streams import cuscar, ens, ferry_booking, ferry_check_in, gmr, outcome
from aftc.streams.unknown import unknown_format

__all__ = ["STREAMS", "Reading", "Stream", "read"]

HEAD_BYTES = 65_536  # enough for any prologue, envelope or long goods description before the mark of a format

_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class Stream(Protocol):
    """One format. Each module also has `build(record) -> bytes`, the inverse of `parse`."""

    NAME: str

    def sniff(self, head: bytes) -> bool:
        """Whether the first bytes of a message are of this format."""

    def parse(self, raw: bytes) -> tuple[Record, ...]:
        """The records of a message; raises `MessageError` alone, whatever the bytes."""


STREAMS: dict[str, Stream] = {
    ens.NAME: ens,
    gmr.NAME: gmr,
    cuscar.NAME: cuscar,
    ferry_booking.NAME: ferry_booking,
    ferry_check_in.NAME: ferry_check_in,
    outcome.NAME: outcome,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read: the stream that recognised it, and its records in order."""

    stream: str
    records: tuple[Record, ...]


def read(raw: bytes, *, limit_bytes: int) -> Reading:
    """Recognise a message by its first bytes and read it.

    Args:
        raw: The message.
        limit_bytes: Larger messages are refused unread.

    Raises:
        OversizeMessage: larger than the limit, or deeper than a reader's own.
        UnknownFormat: no stream recognises it; says what it looks like.
        MalformedMessage: recognised but broken, or in UTF-16 or UTF-32.
    """
    if len(raw) > limit_bytes:
        raise OversizeMessage(
            f"at most {limit_bytes} bytes", f"{len(raw)} bytes", advice="raise AFTC_MAX_MESSAGE_BYTES or split it"
        )
    head = raw[:HEAD_BYTES]
    if head.startswith(_UTF_16_OR_32) or b"\x00" in head[:4]:
        raise MalformedMessage("text in UTF-8", "UTF-16, UTF-32 or binary", advice="convert it to UTF-8")
    for name, stream in STREAMS.items():
        if stream.sniff(head):
            return Reading(name, stream.parse(raw))
    raise unknown_format(head)
