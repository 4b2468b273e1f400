"""Records of the online history: the bytes kept for each entity and each owner, and their checks.

    entity  check, check of the closed days, place of the closed days, sequence of the last sighting, open day,
            closed days
    owner   check, number of keys, number of events,
            keys of: key, 32 x first event + kind
            events of: sequence, day

A day is its number (2 bytes), which measures are not zero (a bit each, 3 bytes), and these measures' amounts; the days
of an entity rise, and the open one is that of the last sighting. Checks take 4 bytes, the place 2, a key 8, the lowest
first. All else are numbers: zigzag (small ones of either sign are small), then seven bits a byte, the lowest first, the
highest bit set in all bytes but the last.

Every key of an owner carries all that the owner ever added: a key that becomes known at event e gets the owner's
total up to e at once, and the amounts of later events as they come.

A check is the CRC-32 of bytes, begun with the CRC-32 of the key, so that neither an altered nor a misplaced record is
taken for sound: that of an entity of all that stands between it and the closed days, that of the closed days of these,
that of an owner of all that follows. So a sighting of the day that is open leaves the closed days alone, and a day that
is closed carries their check on.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

from aftc.errors import HistoryError, StateError
from aftc.features.algebra import KeyKind
from aftc.state import REBUILD, View, Writer

__all__ = [
    "FORM",
    "damaged",
    "damaged_entity",
    "key_bytes",
    "note_form",
    "require_day",
    "require_form",
]

FORM: Final = b"2"
"""Of all the bytes described here: a state says in `meta` in which it was written, and no other is read."""

_FORM: Final = b"form"

DAY_MOST: Final = 0xFFFF
"""The greatest day that a record can state: in 2149."""

_KEY = Struct("<q")


def key_bytes(key: int) -> bytes:
    """A key or owner as the state's tables are keyed."""
    return _KEY.pack(key)


def note_form(writer: Writer) -> None:
    """Say in a state of which form its records are."""
    writer.put("meta", _FORM, FORM)


def require_form(view: View, place: str) -> None:
    """Hold a state to the form of records that is read.

    Raises:
        HistoryError: its records are of another.
    """
    found = view.get("meta", _FORM)
    if found != FORM:
        words = f"records of form {found.decode(errors='replace')}" if found else "records of an older form"
        raise HistoryError(f"records of form {FORM.decode()}", words, advice=REBUILD, subject=place)


def require_day(day: int) -> None:
    """Hold a day to what a record can state.

    Raises:
        HistoryError: it cannot.
    """
    if not 0 <= day <= DAY_MOST:
        raise HistoryError("days from 1970 to 2149", f"day {day}")


def damaged(record: str, key: int) -> StateError:
    """The error of a record that must not be used."""
    return StateError("a sound record", "one that fails its check", advice=REBUILD, subject=f"{record} {key}")


def damaged_entity(kind: int, key: int) -> StateError:
    """The error of an entity's record that must not be used."""
    return damaged(KeyKind(kind).label, key)
