"""A foreign JSON object read field by field: a value, or a flag and None where it is not what it should be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aftc.clock import Instant, from_datetime
from aftc.streams.values import Flags, reference

__all__ = ["Fields"]

_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
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
