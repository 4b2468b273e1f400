"""Readers of single values, shared by the streams: a value, or a flag that says why there is none.

A reader takes text and returns the value or raises `ValueError` with a few words that name what is wrong. `Flags`
turns that into a flag of the record, so that one bad optional value never costs the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from aftc.clock import Instant, from_local

__all__ = [
    "HEAVIEST_G",
    "LOST",
    "REFERENCE_CHARACTERS",
    "TEXT_CHARACTERS",
    "Flags",
    "commodity_code",
    "country_code",
    "excerpt",
    "kilograms",
    "local_minute",
    "pounds",
    "reference",
    "temperature",
    "text",
    "whole_number",
]

Value = TypeVar("Value")

REFERENCE_CHARACTERS = 100  # longer than any identifier of the formats; with UTF-8 still below LMDB's 511-byte keys
TEXT_CHARACTERS = 2_000  # longer than any free text that a declaration may carry
EXCERPT_CHARACTERS = 40
MOST_FLAGS = 100  # per record; a hostile message must not grow the lake
LOST = "\ufffd"  # stands for characters that were lost on the way, and for what a character set did not give
HEAVIEST_G = 10**15  # a thousand million tonnes: sums of such masses still fit 64 bits

POUND_G = Decimal("453.59237")  # international avoirdupois pound
COLDEST, HOTTEST = Decimal(-100), Decimal(100)  # degrees Celsius: beyond what any container is set to

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WHOLE = re.compile(r"[0-9]{1,10}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})")
_MINUTE = re.compile(r"[0-9]{12}")
_COMMODITY = re.compile(r"[0-9]{4,10}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def excerpt(value: object) -> str:
    """The value as a flag or an error quotes it: in quotes, at most 40 characters; arrays and objects by name."""
    if isinstance(value, (list, dict)):
        return "an array" if isinstance(value, list) else "an object"
    quoted = str(value)
    return repr(quoted if len(quoted) <= EXCERPT_CHARACTERS else quoted[: EXCERPT_CHARACTERS - 3] + "...")


def _clean(value: str, longest: int) -> str:
    if not value.isprintable() and _CONTROL.search(value):
        raise ValueError("control characters")
    if len(value) > longest:
        raise ValueError(f"longer than {longest} characters")
    return value


def text(value: str) -> str:
    """Free text."""
    return _clean(value, TEXT_CHARACTERS)


def reference(value: str) -> str:
    """An identifier: number, code, registration."""
    return _clean(value, REFERENCE_CHARACTERS)


def whole_number(value: str) -> int:
    """A count."""
    if not _WHOLE.fullmatch(value):
        raise ValueError("not a whole number")
    return int(value)


def kilograms(value: str) -> int:
    """Grams of a mass in kilograms, exactly.

    >>> kilograms("123.456")
    123456
    """
    if not _DECIMAL.fullmatch(value):
        raise ValueError("not a mass in kilograms")
    grams = Decimal(value).scaleb(3)
    if grams != (whole := int(grams)):
        raise ValueError("finer than a gram")
    if not 0 <= whole <= HEAVIEST_G:
        raise ValueError("negative mass" if whole < 0 else "heavier than can be")
    return whole


def pounds(value: str) -> int:
    """Grams, to the nearest, of a mass in pounds."""
    grams = int((Decimal(kilograms(value)) / 1000 * POUND_G).to_integral_value())
    if grams > HEAVIEST_G:
        raise ValueError("heavier than can be")
    return grams


def local_minute(value: str) -> datetime:
    """A time yyyymmddHHMM without a zone."""
    if not _MINUTE.fullmatch(value):
        raise ValueError("not a time yyyymmddHHMM")
    try:
        return datetime(int(value[:4]), int(value[4:6]), int(value[6:8]), int(value[8:10]), int(value[10:]))
    except ValueError as error:
        raise ValueError("no such date or time") from error


def commodity_code(value: str) -> str:
    """A commodity code of four to ten digits."""
    if not _COMMODITY.fullmatch(value):
        raise ValueError("not a commodity code of 4 to 10 digits")
    return value


def country_code(value: str) -> str:
    """A two-letter country code, not necessarily an assigned one."""
    if not _COUNTRY.fullmatch(value):
        raise ValueError("not a two-letter country code")
    return value


def temperature(field: str, value: str | None, unit: str | None, flags: Flags) -> int | None:
    """Tenths of a degree Celsius of a temperature in CEL or FAH, the latter to the nearest; else None, with a flag."""
    if value is not None and unit not in ("CEL", "FAH"):
        flags.add(field, "neither Celsius nor Fahrenheit", unit)
        return None
    return flags.take(field, _celsius if unit == "CEL" else _fahrenheit, value)


def _celsius(value: str) -> int:
    degrees = _degrees(value)
    tenths = int(degrees.scaleb(1))
    if tenths != degrees.scaleb(1):
        raise ValueError("finer than a tenth of a degree")
    return tenths


def _fahrenheit(value: str) -> int:
    return int(((_degrees(value) - 32) * 50 / 9).to_integral_value())


def _degrees(value: str) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise ValueError("not a temperature")
    degrees = Decimal(value)
    if not COLDEST <= degrees <= HOTTEST:
        raise ValueError("not a temperature of a container")
    return degrees


class Flags:
    """What could not be read in one record, in the order met, after those noted `before`."""

    __slots__ = ("_flags", "_left_off")

    def __init__(self, before: tuple[str, ...] = ()) -> None:
        self._flags = list(before)
        self._left_off = 0

    def add(self, field: str, problem: str, found: object = None) -> None:
        """Note a problem of a field, with the value found."""
        if len(self._flags) >= MOST_FLAGS:
            self._left_off += 1
            return
        self._flags.append(f"{field}: {problem}" + ("" if found is None else f": {excerpt(found)}"))

    def take(self, field: str, read: Callable[[str], Value], value: str | None) -> Value | None:
        """What `read` makes of the value; None where it is absent or, with a flag, unreadable."""
        if value is None:
            return None
        try:
            return read(value)
        except ValueError as problem:
            self.add(field, str(problem), value)
            return None

    def local(self, field: str, moment: datetime | None, zone: str) -> Instant | None:
        """Instant of a local time, flagged where its hour occurs twice or never at that place."""
        if moment is None:
            return None
        try:
            instant, ambiguous = from_local(moment, zone)
        except OverflowError:
            self.add(field, "beyond the calendar", moment)
            return None
        if ambiguous:
            self.add(field, f"ambiguous or skipped hour in {zone}, first reading taken", moment)
        return instant

    def sealed(self) -> tuple[str, ...]:
        """All flags; the last one counts those left off."""
        if self._left_off:
            return (*self._flags, f"and {self._left_off} more")
        return tuple(self._flags)
