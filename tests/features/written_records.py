"""Online records in plain Python, written and read: an oracle for compiled code, with which it shares nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import add
from struct import pack, unpack_from
from zlib import crc32

from aftc.features.algebra import KeyKind, Measure

__all__ = [
    "Amounts",
    "Entity",
    "Ledger",
    "pack_entity",
    "pack_ledger",
    "seen",
    "unpack_entity",
    "unpack_ledger",
    "with_event",
]

Amounts = tuple[int, ...]
Day = tuple[int, Amounts]
NONE: Amounts = (0,) * len(Measure)


@dataclass(frozen=True)
class Entity:
    """The message of the last sighting, and what each day added, the last one open."""

    sequence: int
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Ledger:
    """Keys (first event, kind, key), and events (sequence, day, amounts)."""

    keys: tuple[tuple[int, int, int], ...] = ()
    events: tuple[tuple[int, int, Amounts], ...] = ()

    @property
    def totals(self) -> Amounts:
        """All that was added."""
        return tuple(sum(column) for column in zip(NONE, *(amounts for _, _, amounts in self.events), strict=True))


def seen(entity: Entity | None, kind: KeyKind, sequence: int, day: int, amounts: Amounts) -> Entity:
    """The entity with one more sighting: days that no window can reach are gone."""
    days = {} if entity is None else dict(entity.days)
    days[day] = tuple(map(add, days.get(day, NONE), amounts))
    return Entity(sequence, tuple(each for each in days.items() if each[0] > day - kind.retention_days))


def with_event(ledger: Ledger, sequence: int, day: int, amounts: Amounts, fresh: Iterable[tuple[int, int]]) -> Ledger:
    """The ledger with one more event, which makes keys (key, kind) known.

    What one message adds is one event, however many of its versions add it, and keys stand by event, kind and
    code: so the sightings alone, in any order within a message, tell the record's bytes.
    """
    events = ledger.events
    if events and events[-1][0] == sequence:
        amounts = tuple(map(add, events[-1][2], amounts))
        events = events[:-1]
    keys = sorted((*ledger.keys, *((len(events), kind, key) for key, kind in fresh)))
    return replace(ledger, keys=tuple(keys), events=(*events, (sequence, day, amounts)))


def _number(number: int) -> bytes:
    rest = 2 * number if number >= 0 else -2 * number - 1
    sevens = []
    while rest >= 128:
        sevens.append(rest % 128 + 128)
        rest //= 128
    return bytes([*sevens, rest])


def _row(day: int, amounts: Amounts) -> bytes:
    mask = sum(1 << place for place, amount in enumerate(amounts) if amount)
    return pack("<H", day) + mask.to_bytes(3, "little") + b"".join(_number(amount) for amount in amounts if amount)


def pack_entity(entity: Entity, key: bytes) -> bytes:
    """An entity's bytes."""
    closed, head = b"".join(_row(*day) for day in entity.days[:-1]), _number(entity.sequence) + _row(*entity.days[-1])
    checked = pack("<IH", crc32(key + closed), 10 + len(head)) + head
    return pack("<I", crc32(key + checked)) + checked + closed


def pack_ledger(ledger: Ledger, owner: bytes) -> bytes:
    """An owner's bytes."""
    keys = (pack("<q", key) + _number(32 * event + kind) for event, kind, key in ledger.keys)
    events = (_number(sequence) + _row(day, amounts) for sequence, day, amounts in ledger.events)
    whole = _number(len(ledger.keys)) + _number(len(ledger.events)) + b"".join((*keys, *events))
    return pack("<I", crc32(owner + whole)) + whole


class _Reader:
    """Bytes that are read from the first on."""

    def __init__(self, raw: bytes) -> None:
        self.rest = raw

    def take(self, width: int) -> bytes:
        taken, self.rest = self.rest[:width], self.rest[width:]
        assert len(taken) == width
        return taken

    def number(self) -> int:
        last = next(place for place, byte in enumerate(self.rest) if byte < 128)
        zigzag = sum(byte % 128 << 7 * place for place, byte in enumerate(self.take(last + 1)))
        return -(zigzag + 1) // 2 if zigzag % 2 else zigzag // 2

    def row(self) -> Day:
        day, mask = int.from_bytes(self.take(2), "little"), int.from_bytes(self.take(3), "little")
        return day, tuple(self.number() if mask >> place & 1 else 0 for place in range(len(Measure)))

    def rows(self) -> Iterator[Day]:
        while self.rest:
            yield self.row()


def unpack_entity(raw: bytes, key: bytes) -> Entity:
    """An entity of its bytes, whose checks hold."""
    check, closed_check, inner = unpack_from("<IIH", raw)
    assert check == crc32(key + raw[4:inner])
    assert closed_check == crc32(key + raw[inner:])
    head = _Reader(raw[10:inner])
    sequence, day = head.number(), head.row()
    assert not head.rest
    return Entity(sequence, (*_Reader(raw[inner:]).rows(), day))


def unpack_ledger(raw: bytes, owner: bytes) -> Ledger:
    """A ledger of its bytes, whose check holds."""
    assert unpack_from("<I", raw)[0] == crc32(owner + raw[4:])
    rest = _Reader(raw[4:])
    known, events = rest.number(), rest.number()
    keys = []
    for _ in range(known):
        key, both = int.from_bytes(rest.take(8), "little", signed=True), rest.number()
        keys.append((both // 32, both % 32, key))
    ledger = Ledger(tuple(keys), tuple((rest.number(), *rest.row()) for _ in range(events)))
    assert not rest.rest
    return ledger
