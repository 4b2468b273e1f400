"""Streams: raw bytes to typed records, or the reason why not. One module for each format, all of them pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aftc.errors import MessageError, OversizeMessage
from aftc.records import Record
from aftc.streams import (
    baplie,
    cds_import,
    cds_notification,
    coprar,
    cuscar,
    dcsa_bl,
    detection,
    ens,
    ens_intervention,
    ens_response,
    ferry_booking,
    ferry_check_in,
    ferry_departure,
    gmr,
    ncts_transit,
    outcome,
    party_merge,
    selector,
    table_row,
    xffm,
    xfwb,
    xfzb,
)
from aftc.streams.archives import looks_like_archive, refusal
from aftc.streams.charsets import as_utf_8
from aftc.streams.not_kept import not_kept_refusal
from aftc.streams.quality import doubted
from aftc.streams.unknown import unknown_format

__all__ = ["STREAMS", "Reading", "Stream", "read", "recognise"]

HEAD_BYTES = 65_536  # enough for any prologue, envelope or long goods description before the mark of a format


class Stream(Protocol):
    """One format. Each module also has `build(record) -> bytes`, the inverse of `parse`."""

    NAME: str

    def sniff(self, head: bytes) -> bool:
        """Whether the first bytes of a message are of this format."""

    def parse(self, raw: bytes) -> tuple[Record, ...]:
        """The records of a message; raises `MessageError` alone, whatever the bytes."""


STREAMS: dict[str, Stream] = {
    ens.NAME: ens,
    ens_response.NAME: ens_response,
    ens_intervention.NAME: ens_intervention,
    gmr.NAME: gmr,
    cuscar.NAME: cuscar,
    baplie.NAME: baplie,
    coprar.NAME: coprar,
    dcsa_bl.NAME: dcsa_bl,
    ferry_booking.NAME: ferry_booking,
    ferry_check_in.NAME: ferry_check_in,
    ferry_departure.NAME: ferry_departure,
    outcome.NAME: outcome,
    party_merge.NAME: party_merge,
    xfwb.NAME: xfwb,
    xfzb.NAME: xfzb,
    xffm.NAME: xffm,
    cds_import.NAME: cds_import,
    cds_notification.NAME: cds_notification,
    ncts_transit.NAME: ncts_transit,
    table_row.NAME: table_row,
    detection.NAME: detection,
    selector.NAME: selector,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read: the stream that recognised it, and its records in order, flagged where they are in doubt."""

    stream: str
    records: tuple[Record, ...]


def recognise(raw: bytes) -> str | None:
    """The stream of a message in UTF-8, by its first bytes; None where no stream recognises it."""
    head = raw[:HEAD_BYTES]
    return next((name for name, stream in STREAMS.items() if stream.sniff(head)), None)


def read(raw: bytes, *, limit_bytes: int) -> Reading:
    """Recognise a message by its first bytes and read it.

    Args:
        raw: The message.
        limit_bytes: Larger messages are refused unread.

    Raises:
        OversizeMessage: larger than the limit, or deeper than a reader's own.
        UnknownFormat: no stream recognises it; says what it looks like.
        MalformedMessage: recognised but broken, or in an encoding that its format does not have.
        RefusedEnvelope: an archive: what can be taken out of one is read by itself.
    """
    if looks_like_archive(raw):
        raise refusal(raw)
    if len(raw) > limit_bytes:
        raise OversizeMessage(
            f"at most {limit_bytes} bytes", f"{len(raw)} bytes", advice="raise AFTC_MAX_MESSAGE_BYTES or split it"
        )
    text = as_utf_8(raw)
    name = recognise(text)
    if name is None:
        raise not_kept_refusal(text) or unknown_format(text[:HEAD_BYTES])
    try:
        return Reading(name, tuple(doubted(name, record) for record in STREAMS[name].parse(text)))
    except MessageError as error:
        error.stream = name
        raise
