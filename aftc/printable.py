"""Text of other people shown safely: what steers a terminal or hides in a line is spelled out.

Control characters, marks of direction and joining, line separators and lone surrogates become escapes; letters of any
script stay. Messages, file names and errors that quote them can hold all of these.
"""

from __future__ import annotations

import re

__all__ = ["printable", "printable_bytes"]

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINES = re.compile("[\t\n]")


def printable(text: str, *, lines: bool = False) -> str:
    r"""The text with what cannot be seen as escapes.

    Args:
        text: Any text.
        lines: Keep tabs and line ends as they are.

    >>> print(printable("red \x1b[31m and \u202egnp.exe\n"))
    red \x1b[31m and \u202egnp.exe\n
    """
    shown = _HIDDEN.sub(_escaped, text)
    return shown if lines else _LINES.sub(_escaped, shown)


def printable_bytes(raw: bytes) -> str:
    r"""Bytes as text: UTF-8 where they are, else escapes.

    >>> print(printable_bytes(b"caf\xc3\xa9 caf\xe9\x00"))
    café caf\xe9\x00
    """
    return printable(raw.decode("utf-8", "backslashreplace"))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
