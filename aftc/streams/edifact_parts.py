"""What EDIFACT messages share: their interchange, document number, parties, places, times and goods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from aftc.clock import MINUTE, Instant, from_datetime
from aftc.errors import MalformedMessage
from aftc.records import Party
from aftc.streams.edifact import Envelope, Segment, looks_like_edifact, message_type, read_interchange
from aftc.streams.values import Flags, country_code, reference, text
from aftc.streams.zones import local_time, zone_of_place

__all__ = [
    "begins_with",
    "document_of",
    "free_text",
    "messages_of",
    "party",
    "places",
    "time_of",
    "write_free_text",
    "write_party",
    "write_place",
    "write_time",
]

NAME_WIDTH = 35  # an..35 of C080 and C059 in D95B
FREE_TEXT_WIDTH, FREE_TEXT_LINES = 70, 5  # C108 in D95B

_DIGITS = re.compile(r"[0-9]+")
# UN/EDIFACT 2379, as strptime layouts; two-digit years are of this century.
_LAYOUTS = {"101": "%y%m%d", "102": "%Y%m%d", "201": "%y%m%d%H%M", "203": "%Y%m%d%H%M", "204": "%Y%m%d%H%M%S"}
_LENGTHS = {"101": 6, "102": 8, "201": 10, "203": 12, "204": 14}
_WITHOUT_TIME = frozenset(("101", "102"))


def begins_with(head: bytes, kind: str) -> bool:
    """Whether the first bytes begin an interchange whose first message is of this type."""
    found = message_type(head) if looks_like_edifact(head) else None
    return found is not None and found[0] == kind


def messages_of(raw: bytes, kind: str) -> tuple[Envelope, ...]:
    """The messages of an interchange that holds one type alone.

    Raises:
        MalformedMessage: broken syntax or counts, or another message type among them.
        OversizeMessage: too many messages or segments.
    """
    envelopes = read_interchange(raw)
    for envelope in envelopes:
        if envelope.kind != kind:
            raise MalformedMessage(f"an interchange of {kind} alone", envelope.kind or "a message without type")
    return envelopes


def document_of(head: Sequence[Segment], flags: Flags) -> tuple[Segment, str]:
    """BGM, and the document number in it.

    Raises:
        MalformedMessage: no such segment, or no readable number.
    """
    document = next((each for each in head if each.tag == "BGM"), None)
    if document is None or not (number := flags.take("BGM/1004", reference, document.at(1))):
        raise MalformedMessage("BGM with the document number", "none" if document is None else str(document.at(1)))
    return document, number


def party(segments: Sequence[Segment], roles: tuple[str, ...], flags: Flags) -> Party | None:
    """The first party of the roles (UN/EDIFACT 3035); None where there is none or it says nothing."""
    nad = next((each for each in segments if each.tag == "NAD" and each.at(0) in roles), None)
    if nad is None:
        return None
    field = f"NAD+{nad.at(0)}"
    lines = nad.components(2)
    found = Party(
        eori=flags.take(f"{field}/3039", reference, nad.at(1)),
        name=flags.take(f"{field}/3036", text, " ".join(nad.components(3)) or next(iter(lines), None)),
        street=flags.take(f"{field}/3042", text, " ".join(nad.components(4)) or " ".join(lines[1:]) or None),
        city=flags.take(f"{field}/3164", text, nad.at(5)),
        postcode=flags.take(f"{field}/3251", reference, nad.at(7)),
        country=flags.take(f"{field}/3207", country_code, nad.at(8)),
    )
    return None if found == Party() else found


def write_party(role: str, given: Party | None) -> Iterator[Segment]:
    """The party's NAD; nothing for None."""
    if given is not None:
        yield Segment(
            "NAD",
            (
                (role,),
                (given.eori or "",),
                (),
                tuple(_wrapped(given.name or "", NAME_WIDTH)),
                tuple(_wrapped(given.street or "", NAME_WIDTH)),
                (given.city or "",),
                (),
                (given.postcode or "",),
                (given.country or "",),
            ),
        )


def places(segments: Sequence[Segment], flags: Flags) -> dict[str, str]:
    """Place by function (UN/EDIFACT 3227); the first one where a function comes twice."""
    found: dict[str, str] = {}
    for loc in (each for each in segments if each.tag == "LOC"):
        function, place = loc.at(0), flags.take("LOC/3225", reference, loc.at(1))
        if function and place:
            found.setdefault(function, place)
    return found


def write_place(function: str, place: str | None) -> Iterator[Segment]:
    """The place's LOC; nothing for None."""
    if place is not None:
        yield Segment("LOC", ((function,), (place, "139", "6")))


def free_text(segments: Sequence[Segment], flags: Flags) -> str | None:
    """The goods description: all FTX+AAA of the segments, joined by spaces."""
    lines = (line for each in segments if each.tag == "FTX" and each.at(0) == "AAA" for line in each.components(3))
    return flags.take("FTX+AAA/4440", text, " ".join(lines) or None)


def write_free_text(description: str | None) -> Iterator[Segment]:
    """The goods description as FTX+AAA; nothing for None."""
    lines = list(_wrapped(description or "", FREE_TEXT_WIDTH))
    for start in range(0, len(lines), FREE_TEXT_LINES):
        yield Segment("FTX", (("AAA",), (), (), tuple(lines[start : start + FREE_TEXT_LINES])))


def _wrapped(words: str, width: int) -> Iterator[str]:
    """Lines of at most `width` characters, but for longer words, that a space joins again."""
    line = ""
    for word in words.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield line


def time_of(segments: Sequence[Segment], functions: tuple[str, ...], place: str | None, flags: Flags) -> Instant | None:
    """The first time of the functions (UN/EDIFACT 2005), in order of preference, local to the place."""
    given = {each.at(0): each for each in reversed(segments) if each.tag == "DTM"}
    for function in functions:
        dtm = given.get(function)
        if dtm is None or dtm.at(0, 1) is None:
            continue
        field, value, layout = f"DTM+{function}", dtm.at(0, 1) or "", dtm.at(0, 2) or "102"
        if layout == "303" and value[12:] in ("UTC", "GMT"):
            moment = flags.take(field, partial(_digits, layout="203"), value[:12])
            return None if moment is None else from_datetime(moment.replace(tzinfo=UTC))
        moment = flags.take(field, partial(_digits, layout=layout), value)
        zone, known = zone_of_place(place)
        if moment is not None and layout in _WITHOUT_TIME:
            flags.add(field, "a date without time, read as midnight", value)
        if moment is not None and not known:
            flags.add(field, f"unknown place, read in {zone}", place)
        return flags.local(field, moment, zone)
    return None


def _digits(value: str, layout: str) -> datetime:
    shape = _LAYOUTS.get(layout)
    if shape is None:
        raise ValueError(f"of an unknown layout {layout[:10]!r}")
    if not _DIGITS.fullmatch(value) or len(value) != _LENGTHS[layout]:
        raise ValueError(f"not a time of layout {layout}")
    try:
        return datetime.strptime(value if "%Y" in shape else f"20{value}", shape.replace("%y", "%Y"))
    except ValueError as error:
        raise ValueError("no such date or time") from error


def write_time(function: str, instant: Instant | None, place: str | None) -> Iterator[Segment]:
    """The time as DTM local to the place, to the second; nothing for None."""
    if instant is not None:
        layout = "203" if instant % MINUTE == 0 else "204"
        shown = local_time(instant, zone_of_place(place)[0]).strftime(_LAYOUTS[layout])
        yield Segment("DTM", ((function, shown, layout),))
