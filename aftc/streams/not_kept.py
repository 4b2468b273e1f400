"""A file too large to be kept: the note that the journal holds in its place, so that what came is accounted for."""

from __future__ import annotations

import msgspec

from aftc.errors import MessageError, OversizeMessage

__all__ = ["MOST_FILE_BYTES", "not_kept", "not_kept_refusal"]

MOST_FILE_BYTES = 100_000_000  # of a file that is read and kept

_BEGIN = b'{"messageType":"notKept",'


class _Note(msgspec.Struct, frozen=True, tag_field="messageType", tag="notKept"):
    sha256: str
    bytes: int


def not_kept(digest: bytes, size: int) -> bytes:
    """The note of a file, by the SHA-256 and the number of its bytes."""
    return msgspec.json.encode(_Note(digest.hex(), size))


def not_kept_refusal(raw: bytes) -> MessageError | None:
    """What a reader says of such a note; None for anything else."""
    if not raw.startswith(_BEGIN):
        return None
    try:
        note = msgspec.json.decode(raw, type=_Note)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return OversizeMessage(
        f"a file of at most {MOST_FILE_BYTES} bytes",
        f"{note.bytes} bytes of SHA-256 {note.sha256[:64]}, which were not kept",
        advice="unzip or split it, and ingest it again",
    )
