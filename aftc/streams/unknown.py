"""What a message looks like that no stream recognises."""

from __future__ import annotations

import re

from aftc.errors import UnknownFormat
from aftc.streams.edifact import looks_like_edifact, message_type
from aftc.streams.elements import looks_like_xml, message_names, root_name
from aftc.streams.json_text import looks_like_json

__all__ = ["unknown_format"]

MOST_KEYS = 5  # quoted of a JSON object

_KEY = re.compile(rb'"([^"\\]{1,40})"\s*:')
_X12 = re.compile(rb"\s*ISA[^A-Za-z0-9]")
# Where and how files of other kinds begin.
_MARKS = (
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"BZh", "a bzip2 file"),
    (0, b"\xfd7zXZ\x00", "an xz file"),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (257, b"ustar", "a tar archive"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"PAR1", "a Parquet table"),
)
_PRINTABLE = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]*")


def unknown_format(head: bytes) -> UnknownFormat:
    """The error for a message whose first bytes no stream recognises."""
    return UnknownFormat(
        "a message of a known format", _looks_like(head), advice="no stream reads it; the bytes are kept"
    )


def _looks_like(head: bytes) -> str:
    if not head.strip():
        return "an empty message"
    if looks_like_edifact(head):
        found = message_type(head)
        return f"EDIFACT {found[0]} {found[1]}" if found else "EDIFACT without a message type"
    if _X12.match(head):
        return "an X12 interchange"
    if looks_like_xml(head):
        return _xml(head)
    if looks_like_json(head):
        return _json(head)
    if not _PRINTABLE.fullmatch(head):
        return next((words for place, mark, words in _MARKS if head.startswith(mark, place)), "binary content")
    return f"text beginning {head.lstrip()[:30].decode('utf-8', 'replace')!r}"


def _xml(head: bytes) -> str:
    """The root, and the customs message that it wraps, if it does."""
    root = root_name(head)
    if root is None:
        return "XML without a root element"
    wrapped = next(iter(message_names(head)), root)
    shown = f"XML with the root element {root[:60]}"
    return shown if root.endswith(wrapped) else f"{shown}, which holds {wrapped}"


def _json(head: bytes) -> str:
    kind = b'"messageType"'
    named = re.search(kind + rb'\s*:\s*"([^"\\]{1,40})"', head)
    if named:
        return f"JSON of messageType {named[1].decode('utf-8', 'replace')}"
    if re.search(rb'"\$schema"\s*:', head):
        return "a JSON Schema"
    keys = [each.decode("utf-8", "replace") for each in dict.fromkeys(_KEY.findall(head))][:MOST_KEYS]
    return f"JSON with the fields {', '.join(keys)}" if keys else "JSON without fields"
