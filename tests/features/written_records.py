"""Online records written in plain Python, as an oracle for those that compiled code writes."""

from __future__ import annotations

from collections.abc import Iterable
from operator import add
from struct import pack
from zlib import crc32

from aftc.features.entity_records import EVENT_WORDS, KEY_WORDS, Amounts, Head, Ledger

__all__ = ["pack_head", "pack_ledger", "pack_row", "with_event"]


def with_event(ledger: Ledger, sequence: int, day: int, amounts: Amounts, fresh: Iterable[tuple[int, int]]) -> Ledger:
    """The ledger with one more event, which makes keys (key, kind) known.

    What one message adds is one event, however many of its versions add it, and keys stand by event, kind and
    code: so the sightings alone, in any order within a message, tell the record's bytes.
    """
    settled, events, added = ledger.keys, ledger.events, amounts
    if events and events[-EVENT_WORDS] == sequence:
        added = tuple(map(add, events[2 - EVENT_WORDS :], amounts))
        events = events[:-EVENT_WORDS]
    place = len(events) // EVENT_WORDS
    newest = [(kind, key) for key, kind in fresh]
    while settled and settled[-1] == place:
        newest.append((settled[-2], settled[-3]))
        settled = settled[:-KEY_WORDS]
    return Ledger(
        keys=(*settled, *(word for kind, key in sorted(newest) for word in (key, kind, place))),
        events=(*events, sequence, day, *added),
        totals=tuple(map(add, ledger.totals, amounts)),
    )


def _checked(payload: bytes, key: bytes) -> bytes:
    return payload + pack("<q", crc32(payload, crc32(key)))


def pack_head(head: Head, key: bytes) -> bytes:
    """A head's bytes."""
    return _checked(pack(f"<{3 + len(head.totals)}q", head.sequence, head.rows, head.day, *head.totals), key)


def pack_row(day: int, totals: Amounts, key: bytes) -> bytes:
    """One closed day's bytes."""
    return _checked(pack(f"<{1 + len(totals)}q", day, *totals), key)


def pack_ledger(ledger: Ledger, owner: bytes) -> bytes:
    """An owner's bytes."""
    counts = (len(ledger.keys) // KEY_WORDS, len(ledger.events) // EVENT_WORDS)
    words = (*counts, *ledger.keys, *ledger.events)
    return _checked(pack(f"<{len(words)}q", *words), owner)
