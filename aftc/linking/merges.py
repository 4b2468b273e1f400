"""Merges of parties: which keys are known to be one party's, kept as pairs so that each can be taken back.

Nothing is re-keyed. A merge joins the groups of its two keys, a reversal takes its pair away, and what still hangs
together by other pairs stays together.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Struct

from aftc.errors import RefusedMerge
from aftc.records import PartyMerge
from aftc.records.merges import merge_id
from aftc.state import View, Writer

__all__ = ["MOST_MEMBERS", "Alias", "merge_parties"]

MOST_MEMBERS: Final = 8  # keys of one party: what one read sums

_NEIGHBOURS: Final = msgspec.msgpack.Decoder(list[str])
_encode = msgspec.msgpack.Encoder().encode


class Alias(Struct, frozen=True):
    """All keys of one key's party from a message on, itself among them, in alphabetical order; and what made it so."""

    key: str
    members: tuple[str, ...]
    merge: PartyMerge


def merge_parties(writer: Writer, merge: PartyMerge) -> tuple[Alias, ...]:
    """Apply a merge or a reversal to the state: the keys whose party has other keys now.

    Raises:
        RefusedMerge: more keys than one read sums, or a reversal of what is not merged.
    """
    one, other = merge.keys
    before = _group(writer, one) | _group(writer, other)
    merged = other in _neighbours(writer, one)
    if merge.applied and len(before) > MOST_MEMBERS:
        raise RefusedMerge(f"at most {MOST_MEMBERS} keys of one party", f"{len(before)}", subject=merge_id(one, other))
    if not merge.applied and not merged:
        found = "two that are not"
        raise RefusedMerge("keys that are merged as a pair", found, advice="see aftc parties list", subject=one)
    if merge.applied == merged:
        return ()
    for key, neighbour in ((one, other), (other, one)):
        _put(writer, key, _neighbours(writer, key) ^ {neighbour})
    return tuple([Alias(key, tuple(sorted(_group(writer, key))), merge) for key in sorted(before)])


def _group(view: View, key: str) -> set[str]:
    """All keys that hang together with this one."""
    found, waiting = {key}, [key]
    while waiting:
        fresh = _neighbours(view, waiting.pop()) - found
        found |= fresh
        waiting += sorted(fresh)
    return found


def _neighbours(view: View, key: str) -> set[str]:
    raw = view.get("merges", _name(key))
    return set(_NEIGHBOURS.decode(raw)) if raw else set()


def _put(writer: Writer, key: str, neighbours: set[str]) -> None:
    writer.put("merges", _name(key), _encode(sorted(neighbours)))


def _name(key: str) -> bytes:
    """Keys hold names of any length; the store's do not."""
    return blake2b(key.encode(), digest_size=16).digest()
