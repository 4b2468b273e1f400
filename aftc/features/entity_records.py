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

from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import add
from struct import Struct, unpack
from typing import Final, TypeAlias
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from aftc.errors import StateError
from aftc.features.algebra import KeyKind, Measure
from aftc.state import REBUILD, Value, View

__all__ = [
    "EVENT_WORDS",
    "HEAD_BYTES",
    "HEAD_LEAD",
    "HEAD_ROWS",
    "HEAD_WORDS",
    "KEY_WORDS",
    "ROW_BYTES",
    "ROW_WORDS",
    "WORD",
    "Amounts",
    "Head",
    "Ledger",
    "cut",
    "damaged",
    "joined",
    "key_bytes",
    "names_of",
    "pieces",
    "read_body",
    "read_head",
    "read_ledger",
    "rows_in_body",
    "sound",
    "unpack_head",
    "unpack_ledger",
    "unpack_rows",
]

WORD = 8
ROW_WORDS: Final = len(Measure) + 2
ROW_BYTES: Final = ROW_WORDS * WORD
HEAD_LEAD: Final = 2 * WORD  # bytes before the part of a head that has the form of a row
HEAD_BYTES: Final = HEAD_LEAD + ROW_BYTES
HEAD_WORDS: Final = HEAD_BYTES // WORD
HEAD_ROWS: Final = 1  # the word that counts the rows in the body
KEY_WORDS: Final = 3
EVENT_WORDS: Final = 2 + len(Measure)

_UNSOUND: Final = b"\xff" * WORD

_KEY = Struct("<q")
_HEAD = Struct(f"<{ROW_WORDS + 1}q")
_ROW = Struct(f"<{ROW_WORDS - 1}q")

Amounts = tuple[int, ...]
Integers: TypeAlias = NDArray[np.int64]


class Head(msgspec.Struct, frozen=True):
    """The last state of an entity: totals over all its sightings since the record began."""

    sequence: int
    rows: int
    day: int
    totals: Amounts


class Ledger(msgspec.Struct, frozen=True):
    """All that one owner has added, as the words of its record.

    Attributes:
        keys: Key, kind, place of the first event; key, kind, ...
        events: Sequence, day, amounts[Measure]; sequence, day, ...
        totals: Amounts of all events together.
    """

    keys: tuple[int, ...] = ()
    events: tuple[int, ...] = ()
    totals: Amounts = (0,) * len(Measure)

    def sightings_of(self, key: int) -> list[tuple[int, Amounts]]:
        """Day and amounts of each of a key's sightings."""
        names = self.keys[::KEY_WORDS]
        if key not in names:
            return []
        first = self.keys[names.index(key) * KEY_WORDS + 2]
        sightings: list[tuple[int, Amounts]] = []
        amounts = (0,) * len(Measure)
        for place, at in enumerate(range(0, len(self.events), EVENT_WORDS)):
            amounts = tuple(map(add, amounts, self.events[at + 2 : at + EVENT_WORDS]))
            if place >= first:
                sightings.append((self.events[at + 1], amounts))
                amounts = (0,) * len(Measure)
        return sightings


def key_bytes(key: int) -> bytes:
    """A key or owner as the state's tables are keyed."""
    return _KEY.pack(key)


def cut(words: Integers) -> list[bytes]:
    """Bytes of each row."""
    raw, width = words.tobytes(), WORD * (words.shape[1] if words.ndim > 1 else 1)
    return [raw[begin : begin + width] for begin in range(0, len(raw), width)]


def joined(records: Sequence[Value | None]) -> tuple[Integers, Integers]:
    """Words of some records, one after the other, and where each one's end; none of a record that is not there.

    One that is not made of words, or empty, becomes a word that fails every check.
    """
    raws = [b"" if raw is None else raw if raw and len(raw) % WORD == 0 else _UNSOUND for raw in records]
    ends = np.array(list(accumulate(map(len, raws))), np.int64) // WORD
    return np.frombuffer(bytearray().join(raws), np.int64), ends


def pieces(words: Integers, ends: Integers) -> list[bytes]:
    """Bytes of records that stand one after the other, up to each end."""
    raw = words.tobytes()
    return [raw[begin:end] for begin, end in pairwise((0, *(ends * WORD).tolist()))]


def names_of(keys: Integers) -> list[bytes]:
    """Keys or owners as the state's tables are keyed."""
    return cut(keys)


def sound(raw: bytes, key: bytes) -> bool:
    """Whether the check at the end of a record or row is that of its bytes, begun with its key's."""
    return len(raw) >= WORD and crc32(raw[:-WORD], crc32(key)) == _KEY.unpack_from(raw, len(raw) - WORD)[0]


def damaged(record: str, key: int) -> StateError:
    """The error of a record that must not be used."""
    return StateError("a sound record", "one that fails its check", advice=REBUILD, subject=f"{record} {key}")


def read_head(view: View, kind: int, key: int) -> bytes | None:
    """Bytes of an entity's head; None where it was never seen.

    Raises:
        StateError: the record is damaged.
    """
    name = _KEY.pack(key)
    raw = view.get("heads", name)
    if raw is not None and (len(raw) != HEAD_BYTES or not sound(raw, name)):
        raise damaged(f"head of {KeyKind(kind).label}", key)
    return raw


def unpack_head(raw: bytes) -> Head:
    """A head of its bytes."""
    sequence, rows, day, *totals = _HEAD.unpack_from(raw)
    return Head(sequence, rows, day, tuple(totals))


def rows_in_body(raw: bytes) -> int:
    """Rows of the body that belongs to a head, of the head's bytes."""
    rows: int = _KEY.unpack_from(raw, WORD)[0]
    return rows


def read_body(view: View, kind: int, key: int, rows: int) -> bytes:
    """Bytes of an entity's closed days; each row is checked where it is used.

    Raises:
        StateError: the body has not as many rows as its head says.
    """
    raw = view.get("bodies", _KEY.pack(key))
    body = b"" if raw is None else raw
    if len(body) != rows * ROW_BYTES:
        raise damaged(f"body of {KeyKind(kind).label}", key)
    return body


def unpack_rows(body: bytes, kind: int, key: int) -> list[tuple[int, Amounts]]:
    """Day and totals of each closed day.

    Raises:
        StateError: a row is damaged.
    """
    name = _KEY.pack(key)
    rows = []
    for start in range(0, len(body), ROW_BYTES):
        raw = body[start : start + ROW_BYTES]
        if not sound(raw, name):
            raise damaged(f"body of {KeyKind(kind).label}", key)
        day, *totals = _ROW.unpack_from(raw)
        rows.append((day, tuple(totals)))
    return rows


def read_ledger(view: View, owner: int) -> bytes | None:
    """An owner's bytes; None where it has added nothing.

    Raises:
        StateError: the record is damaged.
    """
    name = _KEY.pack(owner)
    raw = view.get("owners", name)
    if raw is not None and not sound(raw, name):
        raise damaged("owner", owner)
    return raw


def unpack_ledger(raw: bytes) -> Ledger:
    """A ledger of its bytes."""
    words = unpack(f"<{len(raw) // WORD}q", raw)
    first_event = 2 + KEY_WORDS * words[0]
    events = words[first_event:-1]
    totals = events[2:EVENT_WORDS]
    for at in range(EVENT_WORDS, len(events), EVENT_WORDS):
        totals = tuple(map(add, totals, events[at + 2 : at + EVENT_WORDS]))
    return Ledger(words[2:first_event], events, totals)
