"""EDIFACT files of several messages: each reads alone, what is wrong stays where it is, and nothing gets lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aftc.errors import MalformedMessage, OversizeMessage
from aftc.records import Manifest
from aftc.streams import cuscar, edifact, read
from aftc.streams.interchanges import HEAD_BYTES, split_interchanges
from aftc.testing import a_manifest

LIMIT = 10_000_000
UNB = b"UNB+UNOC:3+A+B+260301:1000+7'"
UNZ = b"UNZ+%d+7'"


def _message(number: int, name: bytes = b"CUSCAR", text: bytes = b"M") -> bytes:
    return b"UNH+%d+%s:D:95B:UN'BGM+85+%s%d+9'UNT+3+%d'" % (number, name, text, number, number)


def _split(raw: bytes) -> list[bytes]:
    parts = split_interchanges(raw)
    assert parts is not None
    return list(parts)


def _references(raw: bytes) -> list[str]:
    return [record.reference for record in read(raw, limit_bytes=LIMIT).records if isinstance(record, Manifest)]


def test_each_message_becomes_an_interchange_of_its_own() -> None:
    """Two messages give two interchanges with the head of the one that they came in, counting one each."""
    first, second = _split(UNB + _message(1) + _message(2) + UNZ % 2)
    assert first == UNB + _message(1) + UNZ % 1
    assert second == UNB + _message(2) + UNZ % 1


def test_one_message_is_left_alone() -> None:
    """A file of one message, or of none, is not rewritten."""
    assert split_interchanges(UNB + _message(1) + UNZ % 1) is None
    assert split_interchanges(UNB + _message(1, text=b"MUNHALL") + UNZ % 1) is None
    assert split_interchanges(b"UNB UNH UNH") is None
    assert split_interchanges(b"") is None


def test_what_is_wrong_with_one_message_stays_in_its_part() -> None:
    """A wrong count, a missing end or a stray segment refuses one of three messages; the other two are read."""
    for bad in (
        _message(2).replace(b"UNT+3", b"UNT+4"),
        _message(2).partition(b"UNT")[0],
        _message(2) + b"BGM+85+STRAY'",
        _message(2).replace(b"M2", b"M\x01"),
        _message(2).replace(b"BGM", b"bgm"),
    ):
        first, second, third = _split(UNB + _message(1) + bad + _message(3) + UNZ % 3)
        assert [_references(first), _references(third)] == [["M1"], ["M3"]]
        with pytest.raises(MalformedMessage):
            read(second, limit_bytes=LIMIT)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (UNB + _message(1) + _message(2) + UNZ % 3, "UNZ to count 2 messages, found 3"),
        (UNB + _message(1) + _message(2) + b"UNZ+2+8'", "UNZ reference 7 as in UNB"),
        (UNB + _message(1) + _message(2), "UNZ as the last segment"),
        (UNB + _message(1) + _message(2) + b"UNZ+2", "a segment terminator at the end"),
        (UNB + b"BGM+85'" + _message(1) + _message(2) + UNZ % 2, "expected UNH, found BGM"),
    ],
)
def test_an_interchange_that_does_not_agree_stays_whole(raw: bytes, words: str) -> None:
    """Cut, miscounted or with segments outside its messages, it is one part, refused for that reason."""
    (part,) = _split(raw)
    assert part == raw
    with pytest.raises(MalformedMessage, match=words):
        read(part, limit_bytes=LIMIT)


def test_several_interchanges_in_a_file() -> None:
    """Each is taken for itself, with its own separators; one that was cut costs the others nothing."""
    other = b"UNA^|.? ~" + (UNB + _message(2) + _message(3) + UNZ % 2).translate(bytes.maketrans(b"+:'", b"|^~"))
    cut = UNB + _message(4)
    parts = _split(UNB + _message(1) + UNZ % 1 + b"\r\n" + other + b"\n" + cut + UNB + _message(5) + UNZ % 1 + b"\n")
    assert [_references(parts[place]) for place in (0, 1, 2, 4)] == [["M1"], ["M2"], ["M3"], ["M5"]]
    assert parts[3] == cut
    with pytest.raises(MalformedMessage, match="UNZ as the last segment"):
        read(parts[3], limit_bytes=LIMIT)


def test_messages_of_several_types_are_told_apart() -> None:
    """An interchange may mix message types: each part is recognised, or not, by itself."""
    first, second = _split(UNB + _message(1, b"BAPLIE") + _message(2) + UNZ % 2)
    assert edifact.message_type(first) == ("BAPLIE", "D95B")
    assert _references(second) == ["M2"]


def test_functional_groups_go_with_their_messages() -> None:
    """A part keeps its group's head and tail, each counting one; a group that miscounts leaves the file whole."""
    raw = UNB + b"UNG+CUSCAR'" + _message(1) + _message(2) + b"UNE+2+1'UNG+C'" + _message(3) + b"UNE+1+1'" + UNZ % 2
    parts = _split(raw)
    assert parts[1] == UNB + b"UNG+CUSCAR'" + _message(2) + b"UNE+1+1'" + UNZ % 1
    assert [_references(part) for part in parts] == [["M1"], ["M2"], ["M3"]]
    assert _split(raw.replace(b"UNE+2", b"UNE+3")) == [raw.replace(b"UNE+2", b"UNE+3")]


def test_messages_without_an_interchange() -> None:
    """Bare messages side by side are parts too; what stands after the last end belongs to the last."""
    assert _split(_message(1) + b"\n" + _message(2)) == [_message(1), b"\n" + _message(2)]
    assert _split(b"UNA:+.? '" + _message(1) + _message(2) + b"BG")[1] == b"UNA:+.? '" + _message(2) + b"BG"


def test_released_terminators_and_wrapped_lines() -> None:
    """A released terminator ends nothing, and line ends may stand anywhere, within tags too."""
    raw = UNB + _message(1, text=b"IT?'S??") + _message(2) + UNZ % 2
    assert [_references(part) for part in _split(raw)] == [["IT'S?1"], ["M2"]]
    wrapped = b"\r\n".join(raw[place : place + 7] for place in range(0, len(raw), 7))
    assert [_references(part) for part in _split(wrapped)] == [["IT'S?1"], ["M2"]]


def test_a_long_head_is_not_repeated() -> None:
    """A head of megabytes would multiply with the messages: then the file stays whole."""
    long = UNB.replace(b"+A+", b"+" + b"A" * HEAD_BYTES + b"+") + _message(1) + _message(2) + UNZ % 2
    assert _split(long) == [long]


def test_too_many_messages_are_refused_whole() -> None:
    """Above a hundred thousand messages nothing is taken apart."""
    raw = UNB + b"UNH+1+CUSCAR:D:95B:UN'UNT+2+1'" * (edifact.MOST_MESSAGES + 1) + UNZ % (edifact.MOST_MESSAGES + 1)
    assert split_interchanges(raw) is None
    with pytest.raises(OversizeMessage, match="at most 100000 messages"):
        read(raw, limit_bytes=LIMIT)


@given(counts=st.lists(st.integers(1, 4), min_size=1, max_size=3), cut=st.integers(0, 400), junk=st.binary(max_size=3))
def test_no_byte_gets_lost(counts: list[int], cut: int, junk: bytes) -> None:
    """Whatever is cut or added, every segment of the file stands in some part, in its order."""
    raw = b"\n".join(UNB + b"".join(map(_message, range(1, count + 1))) + UNZ % count for count in counts)
    raw = raw[: len(raw) - cut] + junk
    parts = split_interchanges(raw)
    if parts is None:
        return
    told = re.sub(rb"UNB[^']*'|UNZ[^']*'|\s", b"", b"".join(parts))
    assert told == re.sub(rb"UNB[^']*'|UNZ[^']*'|\s", b"", raw)


def test_a_split_file_means_what_the_whole_means() -> None:
    """The manifests of the parts are those that the interchange gives when it is read whole."""
    manifests = [replace(a_manifest(), reference=f"MANIFEST-{number}") for number in range(3)]
    bodies = [re.sub(rb"^.*?(?=UNH)|UNZ.*$", b"", cuscar.build(each), flags=re.DOTALL) for each in manifests]
    raw = UNB + b"".join(bodies) + UNZ % 3
    records = [read(part, limit_bytes=LIMIT).records[0] for part in _split(raw)]
    assert tuple(records) == read(raw, limit_bytes=LIMIT).records == tuple(manifests)
