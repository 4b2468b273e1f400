"""A file of several EDIFACT messages taken apart: each becomes an interchange of its own, so that none costs another.

A part is the head of its interchange (UNA, UNB, UNG) and its own segments as sent, closed by UNE and UNZ that count
one. What does not agree about an interchange as a whole (its end, counts, references) leaves it in one piece, which is
then refused for that reason; what is wrong inside a message stays in its part. No byte but line ends between
interchanges is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aftc.errors import MessageError
from aftc.streams.edifact import MOST_MESSAGES, check_interchange, read_segments

__all__ = ["split_interchanges"]

HEAD_BYTES = 4_096  # of UNA, UNB, UNG, UNE and UNZ: repeated in every part, so long ones must not multiply

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BEGIN = re.compile(rb"\s*+(UNA.{6})?", re.DOTALL)
_SERVICE = frozenset((b"UNB", b"UNG", b"UNH", b"UNE", b"UNZ"))


@dataclass(slots=True)
class _Group:
    """A functional group: its UNG and UNE, both empty for messages in no group."""

    opening: bytes = b""
    closing: bytes = b""


@dataclass(slots=True)
class _Message:
    """A message's group and where it stands in the text."""

    group: _Group
    start: int
    end: int


@dataclass(slots=True)
class _Interchange:
    """One interchange as met: its service segments, and its messages by their places in the text."""

    start: int
    una: bytes
    end: int = 0
    opening: bytes = b""
    closing: bytes = b""
    service: list[bytes] = field(default_factory=list)
    group: _Group = field(default_factory=_Group)
    messages: list[_Message] = field(default_factory=list)
    within: bool = False
    stray: bool = False

    def add(self, tag: bytes, segment: bytes, start: int) -> None:
        """Take over the next segment."""
        self.end = start + len(segment)
        if tag not in _SERVICE:
            self.stray = self.stray or not self.within
            if self.within:
                self.messages[-1].end = self.end
            return
        self.service.append(segment)
        self.within = tag == b"UNH"
        match tag:
            case b"UNB":
                self.opening = segment
            case b"UNZ":
                self.closing = segment
            case b"UNG":
                self.group = _Group(segment)
            case b"UNE":
                self.group.closing = segment
                self.group = _Group()
            case _:
                self.messages.append(_Message(self.group, start, self.end))


def split_interchanges(raw: bytes) -> Iterator[bytes] | None:
    """The messages of a file, each in bytes that read alone; None where it holds one or none, or too many."""
    flat = raw.translate(None, b"\r\n") if b"\n" in raw or b"\r" in raw else raw
    if not 1 < flat.count(b"UNH") <= MOST_MESSAGES:
        return None
    text = raw.removeprefix(_BYTE_ORDER_MARK)
    found = list(_interchanges(text))
    if sum(len(each.messages) for each in found) < 2:
        return None
    return (part for each in found for part in _parts(each, text))


def _interchanges(text: bytes) -> Iterator[_Interchange]:
    """The interchanges one after the other to the last sign of the text, each with the separators of its own UNA."""
    place, last = 0, len(text.rstrip())
    while place < last:
        begin = _BEGIN.match(text, place)
        una = (begin and begin[1]) or b""
        place = begin.end() if begin else place
        current = _Interchange(place - len(una), una)
        for found in _segments(text, place, una):
            tag = found[0][:24].translate(None, b"\r\n").lstrip()[:3]
            if tag == b"UNB" and current.service:
                break  # the one before was cut: it ends here
            current.add(tag, found[0], found.start())
            if current.closing:
                break
        else:
            current.end = len(text)  # what stands after the last terminator belongs to it
        yield current
        place = current.end


def _segments(text: bytes, place: int, una: bytes) -> Iterator[re.Match[bytes]]:
    """Segments one behind the other. The first that is not ended is the last: no end is sought from within it."""
    ended = _terminated(una)
    while found := ended.match(text, place):
        yield found
        place = found.end()


def _terminated(una: bytes) -> re.Pattern[bytes]:
    """A segment with its terminator; a released one ends nothing."""
    release, terminator = (una[6:7], una[8:9]) if una else (b"?", b"'")
    end, let = re.escape(terminator), re.escape(release)
    if release in (b" ", terminator):
        return re.compile(rb"[^%s]*+%s" % (end, end))
    return re.compile(rb"(?:[^%s%s]++|%s.)*+%s" % (let, end, let, end), re.DOTALL)


def _parts(interchange: _Interchange, text: bytes) -> Iterator[bytes]:
    messages = interchange.messages
    bare = not (interchange.opening or interchange.closing or interchange.stray)
    if bare and messages:
        messages[-1].end = interchange.end
        yield from (interchange.una + text[each.start : each.end] for each in messages)
    elif len(messages) < 2 or not _agrees(interchange):
        yield text[interchange.start : interchange.end]
    else:
        una = interchange.una
        head, tail = una + interchange.opening, _counting_one(interchange.closing, una)
        for each in messages:
            end = _counting_one(each.group.closing, una)
            yield b"".join((head, each.group.opening, text[each.start : each.end], end, tail))


def _agrees(interchange: _Interchange) -> bool:
    """Whether ends, counts and references agree, nothing stands outside the messages, and what is repeated is short."""
    once = (interchange.opening, interchange.closing, interchange.una)
    longest = max(len(each.group.opening) + len(each.group.closing) for each in interchange.messages)
    if interchange.stray or sum(map(len, once)) + longest > HEAD_BYTES:
        return False
    try:
        check_interchange(read_segments(b"".join((interchange.una, *interchange.service)).decode("iso8859-1")))
    except MessageError:
        return False
    return True


def _counting_one(closing: bytes, una: bytes) -> bytes:
    """UNE or UNZ with the count 1."""
    separator = una[4:5] if una else b"+"
    return re.sub(re.escape(separator) + rb"\s*[0-9]+", lambda _: separator + b"1", closing, count=1)
