"""What the ferry operators' own formats share: wire types with the fields of their records, times and parts turned.

A part of a message (a party, a unit) is a wire type of its own with `record()` and, from a record, `of()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Generic, TypeVar, get_args

import msgspec

from aftc.clock import from_datetime
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import encode, time

__all__ = ["FerryFormat"]


Stated = TypeVar("Stated")


class FerryFormat(Generic[Stated]):
    """One format.

    Args:
        wire: The message, told by its tag.
        record: What it is read as; it has flags beside what the wire type states.
    """

    def __init__(self, wire: type[msgspec.Struct], record: Callable[..., Stated]) -> None:
        self._wire, self._record = wire, record
        self._mark = re.compile(rb'"messageType"\s*:\s*"%b"' % str(wire.__struct_config__.tag).encode())
        kinds = {each.name: frozenset(_kinds(each.type)) for each in msgspec.structs.fields(wire)}
        self._times = frozenset(name for name, among in kinds.items() if datetime in among)
        self._parts: dict[str, Any] = {
            name: part
            for name, among in kinds.items()
            for part in among
            if isinstance(part, type) and issubclass(part, msgspec.Struct)
        }

    def sniff(self, head: bytes) -> bool:
        """Whether the first bytes hold the discriminator of the format."""
        return looks_like_json(head) and self._mark.search(head) is not None

    def parse(self, raw: bytes) -> tuple[Stated, ...]:
        """The record of a message.

        Raises:
            MalformedMessage: not JSON, or a field missing or of the wrong type or range.
            OversizeMessage: nested deeper than the reader's limit.
        """
        wire, unknown = decode_as(raw, self._wire)
        stated = {name: getattr(wire, name) for name in wire.__struct_fields__}
        for name in self._times:
            if stated[name] is not None:
                stated[name] = from_datetime(stated[name])
        for name in self._parts:
            stated[name] = _each(stated[name], lambda part: part.record())
        return (self._record(**stated, flags=unknown),)

    def build(self, record: Stated) -> bytes:
        """The message of a record; `parse` gives it back, but for flags.

        Raises:
            InputError: a time not within the years 1 to 9999.
        """
        stated = {name: getattr(record, name) for name in self._wire.__struct_fields__}
        for name in self._times:
            if stated[name] is not None:
                stated[name] = time(stated[name])
        for name, part in self._parts.items():
            stated[name] = _each(stated[name], part.of)
        return encode(self._wire(**stated))


def _kinds(annotated: Any) -> Iterator[object]:
    """A field's type and all that it is made of."""
    yield annotated
    for each in get_args(annotated):
        yield from _kinds(each)


def _each(value: Any, turn: Any) -> Any:
    """A part, or each of several, turned; None stays."""
    return None if value is None else tuple(map(turn, value)) if isinstance(value, tuple) else turn(value)
