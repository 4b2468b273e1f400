"""Bytes that arrive damaged: cut off, or broken in the ways that each syntax is broken in practice.

A message that is cut off can never be read. A damaged one mostly cannot; some lose a field, with a flag, and a few
read as if nothing had happened, as in life.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from training.world.fault_picks import Picks

__all__ = ["damaged", "damages", "truncated"]

_Damage: TypeAlias = Callable[[bytes, Picks], bytes]

_LEAST_KEPT = 0.02  # of a message that is cut off
_GARBAGE = (b"\x00\x00\x00\x00", b"\x1a", b"\xff\xfe", b"\xef\xbf\xbd", b"\x1b[0m", b"<<<", b"NULL", b"%%EOF")
_BLOCK = 64  # bytes that are sent twice or zeroed

_XML_TEXT = re.compile(rb">([^<>]+)<")
_XML_NUMBER = re.compile(rb">(\d[\d.]*)<")
_JSON_TEXT = re.compile(rb'[:\[,]"([^"]+)"')
_JSON_VALUE = re.compile(rb'(?<=":)(true|false|null|-?\d[\d.eE+-]*)')
_JSON_STRING = re.compile(rb'(?<=":)"[^"]*"')
_EDIFACT_COUNT = re.compile(rb"(?<=UNT\+)\d+|(?<=UNZ\+)\d+")
_EDIFACT_MASS = re.compile(rb"(?<=KGM:)[\d.]+")
_EDIFACT_TEXT = re.compile(rb"(?<=[+:])([A-Z]{4,})")
_SEGMENT = re.compile(rb"[A-Z]{3}\+[^']*'\n?")


def truncated(raw: bytes, picks: Picks) -> bytes:
    """The beginning of a message: at least its last sign is missing."""
    whole = len(raw.rstrip())
    return raw[: int(whole * (_LEAST_KEPT + (1 - _LEAST_KEPT) * picks.uniform()))]


def damaged(raw: bytes, picks: Picks) -> bytes:
    """A message damaged in one of the ways of its syntax; never as it was."""
    ways = damages(raw)
    first = picks.below(len(ways))
    for way in (*ways[first:], *ways[:first]):
        changed = way(raw, picks)
        if changed != raw:
            return changed
    return raw + b"\x00"


def damages(raw: bytes) -> Sequence[_Damage]:
    """The ways in which a message of this syntax is damaged."""
    start = raw[:1]
    return _XML if start == b"<" else _JSON if start in (b"{", b"[") else _EDIFACT


def _replaced(raw: bytes, pattern: re.Pattern[bytes], change: Callable[[bytes], bytes], picks: Picks) -> bytes:
    """The message with one of the pattern's matches changed, its first group where it has one."""
    found = list(pattern.finditer(raw))
    if not found:
        return raw
    chosen = picks.one(found)
    start, end = chosen.span(1 if pattern.groups else 0)
    return raw[:start] + change(raw[start:end]) + raw[end:]


def _each_way(pattern: re.Pattern[bytes], change: Callable[[bytes], bytes]) -> _Damage:
    return lambda raw, picks: _replaced(raw, pattern, change, picks)


def _at(raw: bytes, place: int, inserted: bytes, instead_of: int = 0) -> bytes:
    return raw[:place] + inserted + raw[place + instead_of :]


def _garbage(raw: bytes, picks: Picks) -> bytes:
    return _at(raw, picks.below(len(raw)), picks.one(_GARBAGE))


def _sent_twice(raw: bytes, picks: Picks) -> bytes:
    """A block that was transmitted twice."""
    place = picks.below(len(raw))
    return _at(raw, place, raw[place : place + _BLOCK])


def _zeroed(raw: bytes, picks: Picks) -> bytes:
    place = picks.below(len(raw))
    lost = min(_BLOCK, len(raw) - place)
    return _at(raw, place, b"\x00" * lost, lost)


def _without(signs: bytes) -> _Damage:
    """One of these signs is lost."""

    def lost(raw: bytes, picks: Picks) -> bytes:
        places = [place for place, sign in enumerate(raw) if sign in signs]
        return _at(raw, picks.one(places), b"", 1) if places else raw

    return lost


def _latin(text: bytes) -> bytes:
    """An accent in ISO 8859-1 where UTF-8 is said to be."""
    return text[:1] + b"\xe9" + text[2:]


def _garbled_twice(text: bytes) -> bytes:
    """An accent in UTF-8, read as ISO 8859-1 and written in UTF-8 again."""
    return text[:1] + "Ã©".encode() + text[2:]


_ANYWHERE: tuple[_Damage, ...] = (_garbage, _sent_twice, _zeroed)
_XML: tuple[_Damage, ...] = (
    *_ANYWHERE,
    _without(b"<>/"),
    _each_way(_XML_TEXT, _latin),
    _each_way(_XML_TEXT, _garbled_twice),
    _each_way(_XML_TEXT, lambda text: text[:2] + b" & " + text[2:]),
    _each_way(_XML_NUMBER, lambda number: b"N/A" if b"." not in number else number.replace(b".", b",")),
    lambda raw, _: raw.replace(b'encoding="UTF-8"', b'encoding="UTF-16"'),
    lambda raw, _: raw.rstrip() + raw,
)
_JSON: tuple[_Damage, ...] = (
    *_ANYWHERE,
    _without(b'{}[]":,'),
    _each_way(_JSON_TEXT, _latin),
    _each_way(_JSON_TEXT, _garbled_twice),
    _each_way(_JSON_VALUE, lambda value: b'"%b"' % value),
    _each_way(_JSON_VALUE, lambda _: b"NaN"),
    _each_way(_JSON_STRING, lambda _: b"17"),
    lambda raw, _: raw.rstrip()[:-1] + b",}",
    lambda raw, _: raw.replace(b'"', b"'"),
)
_EDIFACT: tuple[_Damage, ...] = (
    *_ANYWHERE,
    _without(b"'+:"),
    _each_way(_EDIFACT_TEXT, _latin),
    _each_way(_EDIFACT_TEXT, lambda text: text[:2] + b"'" + text[2:]),
    _each_way(_EDIFACT_COUNT, lambda count: b"%d" % (int(count) + 1)),
    _each_way(_EDIFACT_MASS, lambda mass: b"ca " + mass),
    _each_way(_SEGMENT, lambda _: b""),
    lambda raw, _: raw.replace(b"+UNO", b"+UNX", 1),
)
