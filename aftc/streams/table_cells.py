"""A cell of somebody's table and how its mapping says to read it: clocks, masses, values, codes.

A cell carries its own units and formats, so that a row can be read, and read again years later, without the table and
without its mapping. The readers return a value or raise `ValueError` with a few words, as those of
`aftc.streams.values` do.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from aftc.clock import Instant, from_datetime, from_local
from aftc.records import DeclaredValue
from aftc.streams.values import HEAVIEST_G

__all__ = [
    "CURRENCY",
    "GRAMS",
    "ISO",
    "Cell",
    "clock_fault",
    "commodity",
    "count",
    "declared_value",
    "grams",
    "meaning",
    "moment",
    "share",
    "time_of_day",
    "zone_fault",
]

GRAMS: Final = {"g": Decimal(1), "kg": Decimal(1_000), "t": Decimal(1_000_000), "lb": Decimal("453.59237")}
CURRENCY: Final = re.compile(r"[A-Z]{3}")
ISO: Final = "iso"
DEAREST: Final = 10**15  # thousandths: as much as the wire holds

_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,2})?")
_DIRECTIVE = re.compile(r"%(.?)")
_DATE, _HOURS, _SMALLER = frozenset("Ymdj"), frozenset("H"), frozenset("MSfz%")
_COMMODITY = re.compile(r"[0-9]{4,10}")
_END_OF_DAY = time(23, 59, 59)


class Cell(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A cell as the table has it, with what its mapping says of it.

    Attributes:
        text: The content, without spaces at its ends or side by side.
        column: The header; empty where the mapping itself gives the content.
        unit: Of a mass g, kg, t or lb; of a value its currency; of a document its type code; of a delay days.
        decimal: The decimal sign, where it is no point.
        format: Of a clock: `iso`, or the directives of its parts.
        zone: Of a clock without a zone of its own: whose it is.
        time: Of a date alone: the time of day that it stands for; empty: the last second of that day.
        means: What the mapping's table makes of the content; empty where the table does not have it.
    """

    text: str
    column: str = ""
    unit: str = ""
    decimal: str = ""
    format: str = ""
    zone: str = ""
    time: str = ""
    means: str | None = None


def clock_fault(written: str) -> str | None:
    """What is wrong with a clock's format; None for a good one.

    Only directives of digits are allowed: names of months and days would be read by the machine's language.

    >>> clock_fault("%d/%m/%Y %H:%M"), clock_fault("%d %b %Y")
    (None, '%b, where %Y, %m, %d, %j, %H, %M, %S, %f, %z are allowed')
    """
    if written == ISO:
        return None
    directives = _DIRECTIVE.findall(written)
    for each in directives:
        if each not in _DATE | _HOURS | _SMALLER or not each:
            return f"%{each}, where %Y, %m, %d, %j, %H, %M, %S, %f, %z are allowed"
    if "Y" not in directives or not ({"m", "d"} <= set(directives) or "j" in directives):
        return "no year, month and day"
    return None


@lru_cache(maxsize=64)
def zone_fault(name: str) -> str | None:
    """What is wrong with the name of a time zone; None for a good one."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "no zone of the IANA database"
    return None


def time_of_day(text: str) -> time:
    """A time HH:MM or HH:MM:SS."""
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?", text):
        raise ValueError("not a time of day HH:MM")
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError("no such time of day") from error


def moment(cell: Cell, *, latest: bool = False) -> tuple[Instant, bool]:
    """The instant that a cell states, and whether its hour is ambiguous there.

    A date alone is the time of day that the mapping gives; without one the last second of that day, for nothing is
    known sooner than it was; for what `latest` asks the last microsecond, so that it follows what else came that day.
    """
    stated, dated = _stated(cell.text, cell.format or ISO)
    if dated:
        at = time_of_day(cell.time) if cell.time else _END_OF_DAY
        stated = datetime.combine(stated.date(), at)
        if latest and not cell.time:
            stated += timedelta(microseconds=999_999)
    try:
        if stated.tzinfo is not None:
            return from_datetime(stated), False
        if not cell.zone or zone_fault(cell.zone):
            raise ValueError("a time without a zone")
        return from_local(stated, cell.zone)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


def _stated(text: str, written: str) -> tuple[datetime, bool]:
    """The time as written, and whether it is a date alone."""
    if written == ISO:
        if not _ISO.fullmatch(text):
            raise ValueError("not a date or time as 2026-03-01 or 2026-03-01T09:20:00Z")
        try:
            if len(text) == len("2026-03-01"):
                return datetime.combine(date.fromisoformat(text), time()), True
            return datetime.fromisoformat(text), False
        except ValueError as error:
            raise ValueError("no such date or time") from error
    if clock_fault(written) is not None:
        raise ValueError("a clock of an unknown format")
    try:
        return datetime.strptime(text, written), not _HOURS & set(_DIRECTIVE.findall(written))
    except ValueError as error:
        raise ValueError(f"not a date or time as {written}") from error


def _number(cell: Cell, words: str) -> Decimal:
    text = cell.text.replace(cell.decimal, ".") if cell.decimal and "." not in cell.text else cell.text
    if not _NUMBER.fullmatch(text):
        raise ValueError(words)
    return Decimal(text)


def grams(cell: Cell) -> int:
    """Grams of a mass, to the nearest one; an exact half goes to the even one.

    >>> grams(Cell("20.7", unit="kg")), grams(Cell("1,5", unit="t", decimal=",")), grams(Cell("1e3", unit="g"))
    (20700, 1500000, 1000)
    """
    if cell.unit not in GRAMS:
        raise ValueError("a mass in an unknown unit")
    whole = round(_number(cell, f"not a mass in {cell.unit}") * GRAMS[cell.unit])
    if not 0 <= whole <= HEAVIEST_G:
        raise ValueError("negative mass" if whole < 0 else "heavier than can be")
    return whole


def declared_value(cell: Cell) -> DeclaredValue:
    """A value of money in thousandths of its currency's unit."""
    if not CURRENCY.fullmatch(cell.unit):
        raise ValueError("a value in no currency of three letters")
    thousandths = round(_number(cell, f"not a value in {cell.unit}") * 1_000)
    if not 0 <= thousandths <= DEAREST:
        raise ValueError("negative value" if thousandths < 0 else "dearer than can be")
    return DeclaredValue(thousandths, cell.unit)


def count(cell: Cell) -> int:
    """A whole number, also where the table writes it as 12.0."""
    number = _number(cell, "not a whole number")
    if number != number.to_integral_value() or not 0 <= number < 10**10:
        raise ValueError("not a whole number")
    return int(number)


def share(cell: Cell) -> float:
    """A probability above 0 and at most 1."""
    number = float(_number(cell, "not a probability"))
    if not 0.0 < number <= 1.0:
        raise ValueError("not a probability above 0 and at most 1")
    return number


def commodity(text: str) -> str:
    """A commodity code of four to ten digits, without the points and spaces that group them."""
    digits = re.sub(r"[ .]", "", text)
    if not _COMMODITY.fullmatch(digits):
        raise ValueError("not a commodity code of 4 to 10 digits")
    return digits


def meaning(cell: Cell) -> str:
    """The content, or what the mapping's table makes of it."""
    if cell.means is None:
        return cell.text
    if not cell.means:
        raise ValueError("no value that the mapping knows")
    return cell.means
