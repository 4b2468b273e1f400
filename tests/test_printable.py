"""What others wrote is shown without steering the terminal that shows it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from aftc.printable import printable, printable_bytes

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
SEEN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"  # of category Cf, but drawn


@given(text=st.text(st.characters(max_codepoint=0xFFFF)))
def test_nothing_that_steers_is_left(text: str) -> None:
    """No control character, mark of direction, separator of lines or lone surrogate comes through, however often."""
    shown = printable(text)
    assert not [each for each in shown if unicodedata.category(each) in STEERING and each not in SEEN]
    assert printable(shown) == shown


@given(text=st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_what_is_seen_stays(text: str) -> None:
    """Letters, digits, punctuation and signs of every script are shown as they are."""
    assert printable(text) == text


@given(raw=st.binary())
def test_any_bytes_are_shown(raw: bytes) -> None:
    """Every byte string has a printable form in one line, which can be encoded."""
    shown = printable_bytes(raw)
    assert "\n" not in shown
    assert len(shown.encode()) >= len(raw.decode(errors="ignore"))


def test_line_ends_are_kept_where_lines_are_wanted() -> None:
    """Answers of commands keep their lines; nothing else passes that is not seen."""
    assert printable("a\tb\nc\r\x1b", lines=True) == "a\tb\nc\\r\\x1b"
    assert printable("a\tb\nc") == "a\\tb\\nc"
    assert printable("Łódź 宁波 é") == "Łódź 宁波 é"
    assert printable("caf\udce9") == "caf\\udce9"
