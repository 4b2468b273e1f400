"""JSON read safely: strict syntax, no control characters, bounded depth, and what is not known is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from aftc.errors import MalformedMessage, OversizeMessage
from aftc.streams.bounds import MOST_VALUES, bound

__all__ = ["BYTE_ORDER_MARK", "decode", "decode_as", "looks_like_json"]

Wire = TypeVar("Wire", bound=msgspec.Struct)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
DEEPEST = 32  # levels of nesting; a fixed number, so that the same bytes are refused wherever they are read

# DEL, or an escape that gives a control character; JSON itself refuses the unescaped ones.
_CONTROL = re.compile(rb"\x7f|\\(?:u00[01][0-9a-fA-F]|u007[fF]|[bfnrt])")
_UNFIT = re.compile(r"Expected (.*?)(?:, got (.*?))?(?: - at `(.*)`)?", re.DOTALL)


def looks_like_json(head: bytes) -> bool:
    """Whether the text begins as a JSON object or array does."""
    return head.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"[")


def decode(raw: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        MalformedMessage: not JSON (NaN and Infinity are not), not UTF-8, or with control characters.
        OversizeMessage: nested deeper than 32 levels, or of too many values.
    """
    text = raw.removeprefix(BYTE_ORDER_MARK)
    bound(text.count(b",") + text.count(b"[") + text.count(b"{"), MOST_VALUES, "values")
    if found := _CONTROL.search(text.replace(rb"\\", b"") if b"\\" in text else text):
        raise MalformedMessage("texts without control characters", repr(found[0]))
    tree = _decoded(text, Any)
    if text.count(b"[") + text.count(b"{") > DEEPEST and _deeper(tree, DEEPEST):
        raise _too_deep()
    return tree


def _decoded(text: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        raise _unfit(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage("JSON in UTF-8", str(error), advice="send the whole message again") from error
    except RecursionError as error:
        raise _too_deep() from error


def _too_deep() -> OversizeMessage:
    return OversizeMessage(f"JSON of at most {DEEPEST} levels", "a deeper nesting")


def _deeper(tree: Any, levels: int) -> bool:
    """Whether arrays and objects are nested in more than so many levels."""
    level = [tree]
    for _ in range(levels):
        level = [
            part
            for each in level
            if isinstance(each, (dict, list))
            for part in (each.values() if isinstance(each, dict) else each)
        ]
    return any(isinstance(each, (dict, list)) for each in level)


def _unfit(error: msgspec.ValidationError) -> MalformedMessage:
    said = _UNFIT.fullmatch(str(error))
    if said is None:
        return MalformedMessage("a message as its schema says", str(error))
    return MalformedMessage(f"{said[1]} at {said[3] or '$'}", said[2] or "another value")


def decode_as(raw: bytes, kind: type[Wire]) -> tuple[Wire, tuple[str, ...]]:
    """A message of our own formats by its wire type, and a flag for each field that the type does not have.

    Raises:
        MalformedMessage: not JSON, or a field missing or of the wrong type or range.
        OversizeMessage: nested deeper than the reader's limit.
    """
    tree = decode(raw)
    wire: Wire = _decoded(raw.removeprefix(BYTE_ORDER_MARK), kind)
    return wire, tuple(f"{path}: unknown field" for path in _strange(tree, wire, ""))


def _strange(given: dict[str, Any], wire: msgspec.Struct, path: str) -> Iterator[str]:
    names = dict(zip(wire.__struct_encode_fields__, wire.__struct_fields__, strict=True))
    for key, value in given.items():
        if key == wire.__struct_config__.tag_field:
            continue
        if key not in names:
            yield f"{path}{key}"[:100]
            continue
        known = getattr(wire, names[key])
        if isinstance(known, msgspec.Struct):
            yield from _strange(value, known, f"{path}{key}/")
        elif isinstance(known, tuple) and known and isinstance(known[0], msgspec.Struct):
            for place, (part, each) in enumerate(zip(value, known, strict=True), start=1):
                yield from _strange(part, each, f"{path}{key}[{place}]/")
