"""A foreign JSON object read field by field: a value, or a flag and None where it is not what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from aftc.clock import Instant, from_datetime
from aftc.streams.values import Flags, kilograms, pounds, reference, temperature, text, whole_number

__all__ = ["Fields"]

Value = TypeVar("Value")

UNITS_OF_MASS: Mapping[str, Callable[[str], int]] = {"KGM": kilograms, "LBR": pounds}

_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})")


class Fields:
    """A JSON object.

    Args:
        tree: The decoded object.
        path: How flags name it, empty or with a slash at the end.
        flags: Where what cannot be read is noted.
    """

    __slots__ = ("_flags", "_path", "_tree")

    def __init__(self, tree: dict[str, Any], path: str, flags: Flags) -> None:
        self._tree = tree
        self._path = path
        self._flags = flags

    def _typed(self, name: str, kind: type, words: str) -> Any:
        value = self._tree.get(name)
        if value is not None and not isinstance(value, kind):
            self._flags.add(f"{self._path}{name}", f"not {words}", value)
            return None
        return value

    def truth(self, name: str) -> bool | None:
        """A field that is true or false."""
        value: bool | None = self._typed(name, bool, "true or false")
        return value

    def reference(self, name: str) -> str | None:
        """A field that identifies something; an empty text counts as absent."""
        value = self._typed(name, str, "a text")
        return self._flags.take(f"{self._path}{name}", reference, value.strip() or None) if value else None

    def references(self, name: str) -> tuple[str, ...]:
        """A field that is an array of texts; those that are not are flagged and left out."""
        found = []
        for value in self._typed(name, list, "an array") or ():
            if isinstance(value, str):
                found.append(self._flags.take(f"{self._path}{name}", reference, value.strip() or None))
            else:
                self._flags.add(f"{self._path}{name}", "not a text", value)
        return tuple(value for value in found if value)

    def read(self, name: str, reader: Callable[[str], Value]) -> Value | None:
        """A text by a reader of single values; an empty one counts as absent."""
        value = self._typed(name, str, "a text")
        return self._flags.take(f"{self._path}{name}", reader, value.strip() or None) if value else None

    def reads(self, name: str, reader: Callable[[str], Value]) -> tuple[Value, ...]:
        """An array of texts by a reader of single values; those that cannot be read are flagged and left out."""
        found = (self._flags.take(f"{self._path}{name}", reader, each) for each in self.references(name))
        return tuple(value for value in found if value is not None)

    def text(self, name: str) -> str | None:
        """A free text."""
        return self.read(name, lambda value: text(" ".join(value.split())))

    def lines(self, name: str) -> str | None:
        """A free text, or an array of its lines, which spaces join."""
        value = self._tree.get(name)
        if not isinstance(value, list):
            return self.text(name)
        spoken = [each for each in value if isinstance(each, str)]
        if len(spoken) < len(value):
            self.doubt(name, "not all of them texts")
        return self._flags.take(f"{self._path}{name}", text, " ".join(" ".join(spoken).split()) or None)

    def choice(self, name: str, meanings: Mapping[str, str]) -> str | None:
        """The meaning of a code."""
        code = self.reference(name)
        if code is not None and code not in meanings:
            self.doubt(name, f"none of {', '.join(meanings)}", code)
        return meanings.get(code or "")

    def whole(self, name: str) -> int | None:
        """A count."""
        value = self._number(name)
        return None if value is None else self._flags.take(f"{self._path}{name}", whole_number, value)

    def mass(self, name: str) -> int | None:
        """Grams of an object of value and unit."""
        group = self.group(name)
        if group is None:
            return None
        unit, value = group.reference("unit"), group._number("value")
        reader = UNITS_OF_MASS.get(unit or "")
        if reader is None:
            group.doubt("unit", "neither kilograms nor pounds", unit)
            return None
        return self._flags.take(f"{self._path}{name}/value", reader, value)

    def temperature(self, name: str, unit: str) -> int | None:
        """Tenths of a degree Celsius of a number with its unit beside it."""
        return temperature(f"{self._path}{name}", self._number(name), self.reference(unit), self._flags)

    def _number(self, name: str) -> str | None:
        """A number as it would be written without an exponent."""
        value = self._tree.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.doubt(name, "not a number", value)
            return None
        return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")

    def day(self, name: str) -> str | None:
        """A calendar day."""
        return self.read(name, _day)

    def doubt(self, name: str, problem: str, found: object = None) -> None:
        """Note a problem of a field."""
        self._flags.add(f"{self._path}{name}", problem, found)

    def local(self, name: str, zone: str) -> Instant | None:
        """A field that is a time without a zone."""
        value = self._typed(name, str, "a text")
        moment = None if value is None else self._flags.take(f"{self._path}{name}", _local, value)
        return self._flags.local(f"{self._path}{name}", moment, zone)

    def utc(self, name: str) -> Instant | None:
        """A field that is a time with its zone."""
        value = self._typed(name, str, "a text")
        return None if value is None else self._flags.take(f"{self._path}{name}", _with_zone, value)

    def group(self, name: str) -> Fields | None:
        """A field that is an object."""
        value = self._typed(name, dict, "an object")
        return None if value is None else Fields(value, f"{self._path}{name}/", self._flags)

    def each(self, name: str) -> Iterator[Fields]:
        """A field that is an array of objects; those that are not are flagged and left out."""
        for place, value in enumerate(self._typed(name, list, "an array") or (), start=1):
            if isinstance(value, dict):
                yield Fields(value, f"{self._path}{name}[{place}]/", self._flags)
            else:
                self._flags.add(f"{self._path}{name}[{place}]", "not an object", value)


def _local(value: str) -> datetime:
    if not _LOCAL.fullmatch(value):
        raise ValueError("not a local time as 2026-03-01T09:20")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("no such date or time") from error


def _with_zone(value: str) -> Instant:
    if not _UTC.fullmatch(value):
        raise ValueError("not a time as 2026-03-01T09:20:00Z")
    try:
        return from_datetime(datetime.fromisoformat(value))
    except ValueError as error:
        raise ValueError("no such date or time") from error


def _day(value: str) -> str:
    if not _DAY.fullmatch(value):
        raise ValueError("not a day as 2026-03-01")
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("no such day") from error
    return value
