"""UN/EDIFACT syntax (ISO 9735): bytes to messages of segments, and back.

The separators come from UNA, the character set from UNB; the counts of UNT, UNE and UNZ and their references are
checked, so that a truncated interchange is never taken for a short one. Written here because pydifact checks no
counts, knows nothing of UNB's character set, and is several times slower (docs/streams.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aftc.errors import MalformedMessage, OversizeMessage
from aftc.streams.bounds import MOST_ELEMENTS, MOST_SEGMENTS, bound

__all__ = [
    "MOST_MESSAGES",
    "Envelope",
    "Segment",
    "check_interchange",
    "looks_like_edifact",
    "message_type",
    "read_interchange",
    "read_segments",
    "write_interchange",
]

MOST_MESSAGES = 100_000  # in one file; beyond that it is refused whole

# ISO 9735 syntax identifiers; UNOA and UNOB are subsets of ISO 646.
CHARACTER_SETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}

# Stand in for released characters while splitting; control characters are refused in the text itself.
_STAND_INS = "\x01\x02\x03\x04"
_STAND_IN = re.compile(f"[{_STAND_INS}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:UNA.{6}|UN[BH][^A-Za-z0-9\s])", re.DOTALL)
_TYPE = re.compile(
    rb"UNH[^A-Za-z0-9].{0,35}?[^A-Za-z0-9]([A-Z]{6})[^A-Za-z0-9](\w{1,3})[^A-Za-z0-9](\w{1,3})", re.DOTALL
)
_SYNTAX = re.compile(rb"UNB[^A-Za-z0-9](UNO[A-Z])")
_TAG = re.compile(r"[A-Z][A-Z0-9]{2}")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its tag and its elements, each of components."""

    tag: str
    elements: tuple[tuple[str, ...], ...]

    def at(self, element: int, component: int = 0) -> str | None:
        """A component by its position, both from 0 after the tag; None where absent or empty."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return None
        return self.elements[element][component].strip() or None

    def components(self, element: int) -> tuple[str, ...]:
        """All components of an element, none of them empty."""
        if element >= len(self.elements):
            return ()
        return tuple(stripped for each in self.elements[element] if (stripped := each.strip()))


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message of an interchange: type (CUSCAR), release (D95B), its segments between UNH and UNT.

    `flags` are about the interchange: what was tolerated.
    """

    kind: str
    release: str
    segments: tuple[Segment, ...]
    flags: tuple[str, ...]


def looks_like_edifact(head: bytes) -> bool:
    """Whether the text begins with UNA, UNB or UNH."""
    return _START.match(head) is not None


def message_type(head: bytes) -> tuple[str, str] | None:
    """Type and release of the first message, as ("BAPLIE", "D95B"); None where the head does not hold it."""
    found = _TYPE.search(head.translate(None, b"\r\n"))  # lines may be wrapped anywhere
    return (found[1].decode(), (found[2] + found[3]).decode("ascii", "replace")) if found else None


def read_interchange(raw: bytes) -> tuple[Envelope, ...]:
    """The messages of an interchange, counts checked.

    Raises:
        MalformedMessage: broken syntax, a count or reference that does not agree, or an end that is missing.
        OversizeMessage: more messages, segments or elements than one file may hold.
    """
    text, flags = _decode(raw.removeprefix(b"\xef\xbb\xbf").lstrip())
    segments = read_segments(text)
    if not segments:
        raise MalformedMessage("EDIFACT segments", "none")
    if segments[0].tag == "UNB":
        check_interchange(segments)
        segments = [each for each in segments[1:-1] if each.tag not in ("UNG", "UNE")]
    else:
        flags = (*flags, "UNB: missing, so the number of messages is unchecked")
    messages = tuple(_messages(segments, flags))
    if len(messages) > MOST_MESSAGES:
        raise OversizeMessage(f"at most {MOST_MESSAGES} messages", f"{len(messages)}", advice="send several files")
    if not messages:
        raise MalformedMessage("at least one message", "an empty interchange")
    return messages


def _decode(raw: bytes) -> tuple[str, tuple[str, ...]]:
    syntax = _SYNTAX.search(raw[:200])
    name = syntax[1].decode() if syntax else "UNOA"
    charset = CHARACTER_SETS.get(name)
    if charset is None:
        raise MalformedMessage(f"one of the syntax identifiers {', '.join(CHARACTER_SETS)}", name)
    flags: tuple[str, ...] = ()
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError as error:
        if charset != "ascii":
            raise MalformedMessage(f"text in {charset} as {name} says", str(error)) from error
        text = raw.decode("iso8859-1")
        flags = (f"UNB: characters outside {name}, read as ISO 8859-1",)
    if control := _CONTROL.search(text):
        raise MalformedMessage("no control characters", f"{control[0]!r} at character {control.start()}")
    return text, flags


@dataclass(frozen=True, slots=True)
class _Service:
    """The service characters, by default or from UNA."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"


def _service(text: str) -> tuple[_Service, str]:
    """The service characters, and the text after UNA."""
    if not text.startswith("UNA"):
        return _Service(), text
    if len(text) < 9:
        raise MalformedMessage("UNA with six service characters", repr(text))
    service = _Service(text[3], text[4], text[6], text[8])
    separators = {service.component, service.element, service.terminator, service.release}
    if len(separators) < 4 or any(each.isalnum() for each in separators):
        raise MalformedMessage("four different separators in UNA", repr(text[:9]))
    return service, text[9:]


def read_segments(text: str) -> list[Segment]:
    """The segments of a text, by the service characters of its UNA.

    Raises:
        MalformedMessage: no UNA of four separators, an unfinished segment, or one without a tag.
        OversizeMessage: too many segments or elements.
    """
    return list(_segments(text))


def _segments(text: str) -> Iterator[Segment]:
    service, text = _service(text)
    if service.terminator not in "\r\n":  # line ends are transport, wherever they stand
        text = text.replace("\r", "").replace("\n", "")
    bound(text.count(service.terminator), MOST_SEGMENTS, "segments")
    bound(text.count(service.element) + text.count(service.component), MOST_ELEMENTS, "elements")
    text, restore = _released(text, service)
    *whole, rest = text.split(service.terminator)
    if rest.strip():
        raise MalformedMessage("a segment terminator at the end", repr(rest.strip()[-40:]), advice="send it whole")
    element, component = service.element, service.component
    for written in whole:
        tag, *parts = written.strip().split(element)
        if not _TAG.fullmatch(tag):
            raise MalformedMessage("a segment tag of three letters and digits", repr(tag[:40]))
        elements = tuple([tuple(part.split(component)) for part in parts])
        if restore and _STAND_IN.search(written):
            elements = tuple(tuple(each.translate(restore) for each in part) for part in elements)
        yield Segment(tag, elements)


def _released(text: str, service: _Service) -> tuple[str, dict[int, str]]:
    """The text with a stand-in for each released character, and the way back."""
    if service.release == " " or service.release not in text:  # a space says that there is no release character
        return text, {}
    specials = (service.release, service.element, service.component, service.terminator)
    for special, stand_in in zip(specials, _STAND_INS, strict=True):
        text = text.replace(service.release + special, stand_in)
    return text.replace(service.release, ""), str.maketrans(dict(zip(_STAND_INS, specials, strict=True)))


def check_interchange(segments: Sequence[Segment]) -> None:
    """Hold the service segments of an interchange to its counts and references.

    Raises:
        MalformedMessage: UNE or UNZ is missing, counts something else or names another reference.
    """
    last = segments[-1]
    if last.tag != "UNZ":
        raise MalformedMessage("UNZ as the last segment", last.tag, advice="send the whole interchange again")
    groups, messages, before = 0, 0, 0
    for segment in segments:
        if segment.tag == "UNH":
            messages += 1
        elif segment.tag == "UNG":
            groups, before = groups + 1, messages
        elif segment.tag == "UNE":
            _agree("UNE", "messages", segment.at(0), messages - before)
    _agree("UNZ", "groups" if groups else "messages", last.at(0), groups or messages)
    if segments[0].at(4) != last.at(1):
        raise MalformedMessage(f"UNZ reference {segments[0].at(4)} as in UNB", str(last.at(1)))


def _agree(tag: str, what: str, stated: str | None, counted: int) -> None:
    if stated is None or not stated.isascii() or not stated.isdigit() or len(stated) > 9 or int(stated) != counted:
        raise MalformedMessage(f"{tag} to count {counted} {what}", str(stated), advice="send it whole")


def _messages(segments: Sequence[Segment], flags: tuple[str, ...]) -> Iterator[Envelope]:
    start: int | None = None
    for place, segment in enumerate(segments):
        if segment.tag == "UNH":
            if start is not None:
                raise MalformedMessage("UNT before the next UNH", "UNH")
            start = place
        elif start is None:
            raise MalformedMessage("UNH", segment.tag)
        elif segment.tag == "UNT":
            yield _message(segments[start : place + 1], flags)
            start = None
    if start is not None:
        raise MalformedMessage("UNT as the last segment", segments[-1].tag, advice="send the whole message again")


def _message(segments: Sequence[Segment], flags: tuple[str, ...]) -> Envelope:
    head, tail = segments[0], segments[-1]
    _agree("UNT", "segments", tail.at(0), len(segments))
    if head.at(0) != tail.at(1):
        raise MalformedMessage(f"UNT reference {head.at(0)} as in UNH", str(tail.at(1)))
    release = (head.at(1, 1) or "") + (head.at(1, 2) or "")
    return Envelope(head.at(1) or "", release, tuple(segments[1:-1]), flags)


def _written(value: str) -> str:
    for special in "?+:'":
        value = value.replace(special, f"?{special}")
    return value


def _line(segment: Segment) -> str:
    elements = (":".join(_up_to_last([_written(each) for each in element])) for element in segment.elements)
    return "+".join(_up_to_last([segment.tag, *elements])) + "'"


def _up_to_last(parts: list[str]) -> list[str]:
    """The parts without the empty ones at the end."""
    while parts and not parts[-1]:
        parts.pop()
    return parts


def write_interchange(kind: str, release: str, segments: Iterable[Segment], *, reference: str, prepared: str) -> bytes:
    """An interchange of one message, counts and envelope added.

    Args:
        kind: Message type.
        release: Version and release, as D95B.
        segments: What stands between UNH and UNT.
        reference: Interchange control reference, at most 14 characters.
        prepared: Date and time of preparation, yymmdd:HHMM.
    """
    lines = [_line(each) for each in segments]
    body = f"UNH+1+{kind}:{release[0]}:{release[1:]}:UN'\n" + "\n".join(lines) + f"\nUNT+{len(lines) + 2}+1'\n"
    syntax, charset = "UNOC:3", "iso8859-1"
    try:
        body.encode(charset)
    except UnicodeEncodeError:
        syntax, charset = "UNOW:4", "utf-8"
    control = _written(reference)
    head = f"UNA:+.? '\nUNB+{syntax}+CARRIER+CUSTOMS+{prepared}+{control}'\n"
    return (head + body + f"UNZ+1+{control}'\n").encode(charset)
