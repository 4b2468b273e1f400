"""Instants and days: one integer form for both clocks.

An `Instant` is microseconds since 1970-01-01T00:00Z, a `Day` is whole UTC days since then. Event time and
known-at are both instants; which one a field holds is said where it is declared.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from aftc.errors import MalformedMessage

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "Day",
    "Instant",
    "day_of",
    "format_instant",
    "from_datetime",
    "from_local",
    "parse_instant",
    "to_datetime",
]

Instant: TypeAlias = int
Day: TypeAlias = int

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def day_of(instant: Instant) -> Day:
    """UTC day of an instant."""
    return instant // DAY


def from_datetime(moment: datetime) -> Instant:
    """Instant of an aware datetime, exact to the microsecond.

    Raises:
        MalformedMessage: the datetime has no zone.
    """
    if moment.tzinfo is None:
        raise MalformedMessage("a time with its zone", f"{moment.isoformat()} without one")
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def to_datetime(instant: Instant) -> datetime:
    """Aware UTC datetime of an instant."""
    seconds, micros = divmod(instant, SECOND)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


def format_instant(instant: Instant) -> str:
    """RFC 3339 text in UTC, with microseconds only where there are some.

    >>> format_instant(parse_instant("2026-03-01T09:20:00+01:00"))
    '2026-03-01T08:20:00Z'
    """
    return to_datetime(instant).isoformat().replace("+00:00", "Z")


def parse_instant(text: str) -> Instant:
    """Instant of an RFC 3339 text with a zone.

    Raises:
        MalformedMessage: not a date and time, or without a zone.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedMessage("a date and time as 2026-03-01T09:20:00Z", repr(text)) from error
    return from_datetime(moment)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def from_local(moment: datetime, zone: str) -> tuple[Instant, bool]:
    """Instant of a naive local time at a place, and whether that hour is ambiguous or does not exist there.

    The first of two readings is taken at the end of summer time; a skipped hour is read as if the clock had
    not moved.
    """
    place = _zone(zone)
    first = from_datetime(moment.replace(tzinfo=place, fold=0))
    second = from_datetime(moment.replace(tzinfo=place, fold=1))
    return first, first != second
