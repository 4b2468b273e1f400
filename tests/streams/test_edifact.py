"""EDIFACT syntax: separators, release character, character sets, counts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.errors import MalformedMessage
from aftc.streams.edifact import Segment, message_type, read_interchange, write_interchange

MESSAGE = b"UNB+UNOC:3+A+B+260301:1000+7'UNH+1+CUSCAR:D:95B:UN'BGM+85+M1+9'UNT+3+1'UNZ+1+7'"


def _bgm(raw: bytes) -> Segment:
    (envelope,) = read_interchange(raw)
    (segment,) = envelope.segments
    return segment


def test_segments_elements_and_components() -> None:
    """Parts are counted from 0 after the tag; an empty or absent one is None."""
    segment = _bgm(MESSAGE.replace(b"85+M1", b"85: X :+M1+"))
    assert (segment.tag, segment.at(0), segment.at(0, 1), segment.at(0, 2)) == ("BGM", "85", "X", None)
    assert (segment.at(1), segment.at(2), segment.at(3), segment.at(9), segment.at(0, 9)) == (
        "M1",
        None,
        "9",
        None,
        None,
    )
    assert segment.components(0) == ("85", "X")
    assert segment.components(9) == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"A?+B", "A+B"),
        (b"A?:B?'C", "A:B'C"),
        (b"A??", "A?"),
        (b"A???'", "A?'"),
        (b"????", "??"),
        (b"A?B", "AB"),
        (b"Caf\xe9", "Café"),
        (b"A\r\nB", "AB"),
    ],
)
def test_released_characters(written: bytes, read: str) -> None:
    """The release character takes the meaning of the next one, also of itself; line ends are transport."""
    assert _bgm(MESSAGE.replace(b"M1", written)).at(1) == read


def test_separators_come_from_una() -> None:
    """UNA redefines every service character; a space means that there is no release character."""
    other = MESSAGE.translate(bytes.maketrans(b"+:'", b"|^~")).replace(b"M1", b"M?|1+:'")
    assert _bgm(b"UNA^|.? ~\n" + other).at(1) == "M|1+:'"
    assert _bgm(b"UNA:+,? '" + MESSAGE).at(1) == "M1"
    assert _bgm(b"UNA:+,  '" + MESSAGE.replace(b"M1", b"M?1")).at(1) == "M?1"


def test_a_line_end_may_be_the_terminator() -> None:
    """UNA may make the line end the terminator; then it ends segments and nothing else."""
    assert _bgm(b"UNA:+.? \n" + MESSAGE.replace(b"'", b"\n")).at(1) == "M1"


@pytest.mark.parametrize(
    ("syntax", "charset", "text"),
    [
        ("UNOA", "ascii", "MAERSK"),
        ("UNOC", "iso8859-1", "Ørsted"),
        ("UNOD", "iso8859-2", "Łódź"),
        ("UNOE", "iso8859-5", "Москва"),
        ("UNOF", "iso8859-7", "Πειραιάς"),
        ("UNOK", "iso8859-9", "İzmir"),
        ("UNOW", "utf-8", "宁波"),
        ("UNOY", "utf-8", "Łódź 宁波"),
    ],
)
def test_the_character_set_comes_from_unb(syntax: str, charset: str, text: str) -> None:
    """Each syntax identifier names its character set."""
    raw = MESSAGE.decode().replace("UNOC", syntax).replace("M1", text).encode(charset)
    assert _bgm(raw).at(1) == text


def test_characters_outside_unoa_are_read_and_flagged() -> None:
    """Senders that announce UNOA and write Latin-1 are common: one accent does not cost the manifest."""
    (envelope,) = read_interchange(MESSAGE.replace(b"UNOC", b"UNOA").replace(b"M1", b"Caf\xe9"))
    assert envelope.segments[0].at(1) == "Café"
    assert envelope.flags == ("UNB: characters outside UNOA, read as ISO 8859-1",)


def test_a_message_without_interchange_is_read_and_flagged() -> None:
    """A bare UNH to UNT is read; that no count of messages could be checked is said."""
    (envelope,) = read_interchange(b"UNH+1+CUSCAR:D:95B:UN'BGM+85+M1+9'UNT+3+1'")
    assert (envelope.kind, envelope.release) == ("CUSCAR", "D95B")
    assert envelope.flags == ("UNB: missing, so the number of messages is unchecked",)


def test_functional_groups_are_counted() -> None:
    """With UNG the interchange counts groups, and their messages are read in order."""
    message = b"UNH+%d+CUSCAR:D:95B:UN'BGM+85+M%d+9'UNT+3+%d'"
    groups = b"UNG+CUSCAR'" + message % (1, 1, 1) + message % (2, 2, 2) + b"UNE+2+1'"
    envelopes = read_interchange(b"UNB+UNOA:2+A+B+260301:1000+7'" + groups + b"UNZ+1+7'")
    assert [envelope.segments[0].at(1) for envelope in envelopes] == ["M1", "M2"]
    with pytest.raises(MalformedMessage, match="UNE to count 2 messages, found 3"):
        read_interchange(b"UNB+UNOA:2+A+B+260301:1000+7'" + groups.replace(b"UNE+2", b"UNE+3") + b"UNZ+1+7'")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"UNT+3+1", b"UNT+4+1", "UNT to count 3 segments, found 4"),
        (b"UNT+3+1", b"UNT+x+1", "UNT to count 3 segments, found x"),
        (b"UNT+3+1", b"UNT+3+2", "UNT reference 1 as in UNH, found 2"),
        (b"UNZ+1+7", b"UNZ+2+7", "UNZ to count 1 messages, found 2"),
        (b"UNZ+1+7", b"UNZ+1+8", "UNZ reference 7 as in UNB, found 8"),
        (b"UNZ+1+7'", b"", "UNZ as the last segment, found UNT"),
        (b"UNT+3+1'", b"", "UNT as the last segment, found BGM"),
        (b"UNZ+1+7'", b"UNZ+1+7", "a segment terminator at the end, found 'UNZ[+]1[+]7'"),
        (b"UNH+1+CUSCAR:D:95B:UN'", b"", "UNZ to count 0 messages, found 1"),
        (b"UNT+3+1'", b"UNH+2+CUSCAR:D:95B:UN'", "UNZ to count 2 messages, found 1"),
        (b"UNOC", b"UNOQ", "one of the syntax identifiers"),
        (b"UNOC", b"UNOW", "text in utf-8 as UNOW says"),
        (b"M1", b"M\x00", "no control characters"),
        (b"BGM", b"bgm", "a segment tag of three letters and digits, found 'bgm'"),
        (b"UNB", b"UNA:+", "four different separators in UNA"),
    ],
)
def test_broken_syntax_is_refused(old: bytes, new: bytes, words: str) -> None:
    """Counts, references, ends, tags, characters: each error says what was expected and found."""
    raw = MESSAGE.replace(b"85+M1", b"85+M1 \xe9") if new == b"UNOW" else MESSAGE
    assert old in raw
    with pytest.raises(MalformedMessage, match=words):
        read_interchange(raw.replace(old, new))


def test_a_message_inside_a_message_is_refused() -> None:
    """UNH before the last UNT means that a message was cut."""
    raw = b"UNH+1+CUSCAR:D:95B:UN'UNH+2+CUSCAR:D:95B:UN'UNT+2+2'"
    with pytest.raises(MalformedMessage, match="UNT before the next UNH"):
        read_interchange(raw)
    with pytest.raises(MalformedMessage, match="expected UNH, found BGM"):
        read_interchange(b"UNH+1+CUSCAR:D:95B:UN'UNT+2+1'BGM+85'")
    with pytest.raises(MalformedMessage, match="EDIFACT segments, found none"):
        read_interchange(b"")
    with pytest.raises(MalformedMessage, match="at least one message, found an empty interchange"):
        read_interchange(b"UNB+UNOA:2+A+B+260301:1000+7'UNZ+0+7'")


@given(cut=st.integers(0, len(MESSAGE) - 1))
def test_no_truncation_passes(cut: int) -> None:
    """Cut anywhere before its last terminator, an interchange is refused."""
    with pytest.raises(MalformedMessage):
        read_interchange(MESSAGE[:cut])


def _naively_split(text: str, separator: str) -> list[str]:
    """The slow, obvious reading of the release character: one character after the other."""
    parts, released = [""], False
    for sign in text:
        if released or sign not in ("?", separator):
            parts[-1] += ("?" if released and separator != "=" else "") + sign
            released = False
        elif sign == "?":
            released = True
        else:
            parts.append("")
    return parts


PARTS = st.lists(st.lists(st.text("?+:' aé", max_size=6), min_size=1, max_size=3), min_size=1, max_size=4)


@given(parts=PARTS)
def test_splitting_agrees_with_a_character_by_character_reading(parts: list[list[str]]) -> None:
    """What is written is split as an oracle of ten lines splits it."""
    given_elements = [[part.strip() for part in element] for element in parts]
    segment = Segment("FTX", tuple(tuple(element) for element in given_elements))
    raw = write_interchange("CUSCAR", "D95B", [segment], reference="1", prepared="260301:1000")
    line = next(each for each in raw.decode("iso8859-1").split("\n") if each.startswith("FTX"))
    tag, *elements = _naively_split(line[:-1], "+")
    expected = [[_naively_split(part, "=")[0] for part in _naively_split(element, ":")] for element in elements]
    found = [list(element) for element in _bgm(raw).elements]
    assert tag == "FTX"
    assert [[part.strip() for part in element] for element in found] == expected


def test_the_type_is_read_from_the_head() -> None:
    """Type and release of the first message, whatever the separators; None where there is none."""
    assert message_type(MESSAGE) == ("CUSCAR", "D95B")
    assert message_type(MESSAGE.translate(bytes.maketrans(b"+:'", b"|^~"))) == ("CUSCAR", "D95B")
    assert message_type(MESSAGE[:30]) is None


def test_what_latin_1_cannot_hold_is_written_as_utf_8() -> None:
    """The writer announces the narrowest character set that holds the text."""
    for text, syntax in (("Ørsted", b"UNOC:3"), ("宁波", b"UNOW:4")):
        raw = write_interchange("CUSCAR", "D95B", [Segment("BGM", ((text,),))], reference="1", prepared="260301:1000")
        assert re.search(rb"UNB\+(UNO.:.)", raw)[1] == syntax  # type: ignore[index]  # UNB is always written
        assert _bgm(raw).at(0) == text
