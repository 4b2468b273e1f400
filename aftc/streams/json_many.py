"""A file of several JSON messages taken apart, each in its own bytes as sent: an array, or a line for each."""

from __future__ import annotations

import msgspec

from aftc.streams.json_text import BYTE_ORDER_MARK

__all__ = ["split_json"]

_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ANY = msgspec.json.Decoder(msgspec.Raw)


def split_json(raw: bytes) -> list[bytes] | None:
    """The elements of an array, or the lines of JSON Lines; None for one object, an empty array or broken JSON.

    A broken line is a part like the others; of a broken array nobody knows where its elements end.
    """
    text = raw.removeprefix(BYTE_ORDER_MARK).strip()
    if text[:1] == b"[":
        return _elements(text)
    return _lines(text) if text[:1] == b"{" and b"\n" in text else None


def _elements(text: bytes) -> list[bytes] | None:
    try:
        elements = [bytes(each).strip() for each in _ARRAY.decode(text)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return elements if any(each[:1] == b"{" for each in elements) else None


def _lines(text: bytes) -> list[bytes] | None:
    """The lines, where the first or the second is an object by itself and the whole is none."""
    first, _, rest = text.partition(b"\n")
    second = rest.lstrip().partition(b"\n")[0]
    if _is_object(first) or (_is_object(second) and not _is_object(text)):
        return [stripped for line in text.split(b"\n") if (stripped := line.strip())]
    return None


def _is_object(text: bytes) -> bool:
    stripped = text.strip()
    if stripped[:1] != b"{" or stripped[-1:] != b"}":
        return False
    try:
        _ANY.decode(stripped)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True
