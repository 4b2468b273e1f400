"""UTF-16 made UTF-8 before a message is recognised, so that readers know one encoding of XML and JSON.

XML may be UTF-16 (with its byte order mark, or by its declaration), and old JSON was. EDIFACT names its own character
set in UNB, so its bytes stay as they are.
"""

from __future__ import annotations

import re

from aftc.errors import MalformedMessage

__all__ = ["as_utf_8"]

_MARKED = (
    (b"\xff\xfe\x00\x00", None),
    (b"\x00\x00\xfe\xff", None),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_UNMARKED = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_ENCODING = re.compile(r"""(<\?xml\b[^>]{0,200}?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')""")


def as_utf_8(raw: bytes) -> bytes:
    """The message in UTF-8 where it is XML or JSON in UTF-16; any other as it is.

    Raises:
        MalformedMessage: broken UTF-16, UTF-32, binary content, or UTF-16 of another format.
    """
    encoding = next((name for begin, name in (*_MARKED, *_UNMARKED) if raw.startswith(begin)), "")
    if encoding == "" and b"\x00" not in raw[:4]:
        return raw
    if not encoding:
        raise MalformedMessage("text in UTF-8 or UTF-16", "UTF-32 or binary", advice="convert it to UTF-8")
    try:
        text = raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise MalformedMessage("text in UTF-16", str(error), advice="send the whole message again") from error
    if text.lstrip()[:1] not in ("<", "{", "["):
        raise MalformedMessage("XML or JSON in UTF-16", repr(text[:20]), advice="convert it to UTF-8")
    return _ENCODING.sub(r"\1", text, count=1).encode()
