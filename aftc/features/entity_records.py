"""Records of the online history: the bytes kept for each entity and each owner, and their checks.

All words are little-endian int64. An entity has a head, rewritten at each sighting, and a body of closed days, to
which a row is added once a day:

    head   sequence of the last sighting, rows in the body, day, totals[Measure], check
    body   rows of: day, totals[Measure] up to and with that day, check
    owner  number of keys, number of events,
           keys of: key, kind, first event
           events of: sequence, day, amounts[Measure]
           check

Every key of an owner carries all that the owner ever added: a key that becomes known at event e gets the owner's
total up to e at once, and the amounts of later events as they come.

A check is the CRC-32 of the record's (or row's) bytes, begun with the CRC-32 of its key, so that neither an altered
nor a misplaced record is taken for sound.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from struct import pack as pack_struct
from struct import unpack as unpack_struct
from typing import Final
from zlib import crc32

from aftc.errors import StateError
from aftc.features.algebra import KeyKind, Measure
from aftc.state import View

__all__ = [
    "HEAD_LEAD",
    "ROW_BYTES",
    "ROW_WORDS",
    "Event",
    "Head",
    "Ledger",
    "OwnedKey",
    "damaged",
    "key_bytes",
    "pack_head",
    "pack_ledger",
    "pack_row",
    "read_body",
    "read_head",
    "read_ledger",
    "unpack_rows",
]

WORD = 8
ROW_WORDS: Final = len(Measure) + 2
ROW_BYTES: Final = ROW_WORDS * WORD
HEAD_LEAD: Final = 2 * WORD  # bytes before the part of a head that has the form of a row
KEY_WORDS: Final = 3
EVENT_WORDS: Final = 2 + len(Measure)
REBUILD = "run 'aftc state rebuild'"

_KEY = Struct("<q")
_HEAD = Struct(f"<{ROW_WORDS + 1}q")
_ROW = Struct(f"<{ROW_WORDS - 1}q")

Amounts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The last state of an entity: totals over all its sightings since the record began."""

    sequence: int
    rows: int
    day: int
    totals: Amounts


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A key that an owner has counted on; `first` is the place of the event that made it known."""

    key: int
    kind: KeyKind
    first: int


@dataclass(frozen=True, slots=True)
class Event:
    """What a message added to every key of an owner known at that time."""

    sequence: int
    day: int
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that one owner has added."""

    keys: tuple[OwnedKey, ...] = ()
    events: tuple[Event, ...] = ()
    totals: Amounts = field(default=(0,) * len(Measure))

    def amounts_of(self, owned: OwnedKey) -> list[tuple[int, Amounts]]:
        """Day and amounts of each of a key's sightings."""
        before = [event.amounts for event in self.events[: owned.first + 1]]
        first = tuple(map(sum, zip(*before, strict=True)))
        later = [(event.day, event.amounts) for event in self.events[owned.first + 1 :]]
        return [(self.events[owned.first].day, first), *later]


def key_bytes(key: int) -> bytes:
    """A key or owner as the state's tables are keyed."""
    return _KEY.pack(key)


def _checked(payload: bytes, key: bytes) -> bytes:
    return payload + _KEY.pack(crc32(payload, crc32(key)))


def _sound(raw: bytes, key: bytes) -> bool:
    return len(raw) >= WORD and crc32(raw[:-WORD], crc32(key)) == _KEY.unpack_from(raw, len(raw) - WORD)[0]


def damaged(record: str, key: int) -> StateError:
    """The error of a record that must not be used."""
    return StateError("a sound record", "one that fails its check", advice=REBUILD, subject=f"{record} {key}")


def pack_head(head: Head, key: bytes) -> bytes:
    """A head's bytes."""
    return _checked(_HEAD.pack(head.sequence, head.rows, head.day, *head.totals), key)


def read_head(view: View, kind: KeyKind, key: int) -> tuple[Head, bytes] | None:
    """An entity's head and its bytes; None where it was never seen.

    Raises:
        StateError: the record is damaged.
    """
    name = _KEY.pack(key)
    raw = view.get("heads", name)
    if raw is None:
        return None
    if len(raw) != HEAD_LEAD + ROW_BYTES or not _sound(raw, name):
        raise damaged(f"head of {kind.label}", key)
    sequence, rows, day, *totals = _HEAD.unpack_from(raw)
    return Head(sequence, rows, day, tuple(totals)), raw


def pack_row(day: int, totals: Amounts, key: bytes) -> bytes:
    """One closed day's bytes."""
    return _checked(_ROW.pack(day, *totals), key)


def read_body(view: View, kind: KeyKind, key: int, rows: int) -> bytes:
    """Bytes of an entity's closed days; each row is checked where it is used.

    Raises:
        StateError: the body has not as many rows as its head says.
    """
    raw = view.get("bodies", _KEY.pack(key)) or b""
    if len(raw) != rows * ROW_BYTES:
        raise damaged(f"body of {kind.label}", key)
    return raw


def unpack_rows(body: bytes, kind: KeyKind, key: int) -> list[tuple[int, Amounts]]:
    """Day and totals of each closed day.

    Raises:
        StateError: a row is damaged.
    """
    name = _KEY.pack(key)
    rows = []
    for start in range(0, len(body), ROW_BYTES):
        raw = body[start : start + ROW_BYTES]
        if not _sound(raw, name):
            raise damaged(f"body of {kind.label}", key)
        day, *totals = _ROW.unpack_from(raw)
        rows.append((day, tuple(totals)))
    return rows


def pack_ledger(ledger: Ledger, owner: bytes) -> bytes:
    """An owner's bytes."""
    words = [len(ledger.keys), len(ledger.events)]
    for each in ledger.keys:
        words += (each.key, each.kind, each.first)
    for event in ledger.events:
        words += (event.sequence, event.day, *event.amounts)
    return _checked(pack_struct(f"<{len(words)}q", *words), owner)


def read_ledger(view: View, owner: int) -> tuple[Ledger, bytes] | None:
    """An owner's ledger and its bytes; None where the owner has added nothing.

    Raises:
        StateError: the record is damaged.
    """
    name = _KEY.pack(owner)
    raw = view.get("owners", name)
    if raw is None:
        return None
    if not _sound(raw, name):
        raise damaged("owner", owner)
    words = unpack_struct(f"<{len(raw) // WORD}q", raw)
    first_event = 2 + KEY_WORDS * words[0]
    end = first_event + EVENT_WORDS * words[1]
    keys = tuple(OwnedKey(words[at], KeyKind(words[at + 1]), words[at + 2]) for at in range(2, first_event, KEY_WORDS))
    events = tuple(
        Event(words[at], words[at + 1], words[at + 2 : at + EVENT_WORDS]) for at in range(first_event, end, EVENT_WORDS)
    )
    totals = tuple(map(sum, zip(*(event.amounts for event in events), strict=True)))
    return Ledger(keys, events, totals), raw
