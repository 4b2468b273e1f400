"""Mutations that keep a message's syntax sound, so that a fuzzer gets past it: of XML, of JSON, of EDIFACT."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, MutableMapping, MutableSequence
from random import Random
from typing import Any

from lxml import etree

__all__ = ["mutated"]

ODD_TEXTS = (
    "", " ", "0", "-1", "00", "1e9", "99999999999999999999", "0.0000001", "NaN", "\u0663", "\u00df", "x" * 300,
    "2026-02-30", "20260230", "202602302561", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z", "GB", "EN", "740", "true", "'", "+", ":", "?", "?'", "&amp;", "CSQU3054383",
    "26GB0000000000A1B5",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (*ODD_TEXTS, None, True, 0, -1, 1.5, 10**30, [], {}, [[]], [None])
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_COUNT = re.compile(rb"(UNT\+)[0-9]*")


def mutated(raw: bytes, random: Random) -> bytes | None:
    """The message with one to four changes of its structure; None where its syntax is not sound."""
    for begins, change in ((b"<", _xml), (b"{", _json), (b"[", _json), (b"U", _edifact)):
        if raw.lstrip().startswith(begins):
            try:
                return change(raw, random)
            except (ValueError, etree.LxmlError, RecursionError, AssertionError):
                return None
    return None


def _times(change: Callable[[], None], random: Random) -> None:
    for _ in range(random.randint(1, 4)):
        change()


def _xml(raw: bytes, random: Random) -> bytes:
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))

    def change() -> None:
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        chosen, other = random.choice(elements), random.choice(elements)
        parent = chosen.getparent()
        match random.randrange(6):
            case 0 if parent is not None:
                parent.remove(chosen)
            case 1 if parent is not None and len(elements) < 500:
                parent.insert(random.randint(0, len(parent)), etree.fromstring(etree.tostring(chosen, with_tail=False)))
            case 2 if other is not root and other not in chosen.iterancestors() and chosen is not other:
                chosen.append(other)
            case 3:
                chosen.tag = other.tag
            case 4 if chosen.attrib:
                chosen.attrib[random.choice(list(chosen.attrib))] = _text(random)
            case _:
                chosen.text = other.text if random.random() < 0.3 else _text(random)

    _times(change, random)
    changed: bytes = etree.tostring(root)
    return changed


def _text(random: Random) -> str:
    return _NOT_XML.sub("", random.choice(ODD_TEXTS))


def _json(raw: bytes, random: Random) -> bytes:
    tree = {"whole": json.loads(raw)}

    def change() -> None:
        place, key = _place(tree, random)
        match random.randrange(4):
            case 0 if place is not tree:
                del place[key]
            case 1 if isinstance(place, MutableSequence) and len(place) < 500:
                place.insert(key, _copied(place[key]))
            case 2:
                source, other = _place(tree, random)
                place[key] = _copied(source[other])
            case _:
                place[key] = _copied(random.choice(ODD_VALUES))

    _times(change, random)
    return json.dumps(tree["whole"], ensure_ascii=False).encode("utf-8", "surrogatepass")


def _copied(tree: Any) -> Any:
    """The same values in containers of its own: shared ones would grow, change by change, without end."""
    return json.loads(json.dumps(tree))


def _place(tree: Any, random: Random) -> tuple[Any, Any]:
    """A container within the tree and one of its keys."""
    place, key = tree, "whole"
    while True:
        inner = place[key]
        if not inner or not isinstance(inner, (MutableMapping, MutableSequence)) or random.random() < 0.15:
            return place, key
        place, key = inner, random.choice(list(inner) if isinstance(inner, MutableMapping) else range(len(inner)))


def _edifact(raw: bytes, random: Random) -> bytes:
    segments = raw.split(b"'")

    def change() -> None:
        place, other = random.randrange(len(segments)), random.randrange(len(segments))
        match random.randrange(5):
            case 0 if len(segments) > 4:
                del segments[place]
            case 1 if len(segments) < 1_000:
                segments.insert(other, segments[place])
            case 2:
                segments[place], segments[other] = segments[other], segments[place]
            case _:
                parts = re.split(rb"([+:])", segments[place])
                parts[random.randrange(len(parts))] = random.choice(ODD_TEXTS).encode("iso8859-1", "replace")
                segments[place] = b"".join(parts)

    _times(change, random)
    return b"'".join(_counted(segments))


def _counted(segments: list[bytes]) -> list[bytes]:
    """The segments with their count put right in UNT, without which no reader would look at them."""
    begun = 0
    counted = []
    for number, segment in enumerate(segments):
        if segment.lstrip().startswith(b"UNH"):
            begun = number
        counted.append(_COUNT.sub(b"\\g<1>%d" % (number - begun + 1), segment))
    return counted
