"""What the online history holds, and whether all of it is sound: every record of a snapshot, one after the other.

A score checks what it reads when it reads it. Here everything is read, so that damage is found before a score meets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from aftc.errors import StateError
from aftc.features.entity_records import (
    HEAD_LEAD,
    KEY_WORDS,
    ROW_BYTES,
    WORD,
    rows_in_body,
    sound,
    unpack_head,
    unpack_ledger,
)
from aftc.state import HISTORY, TABLES, View

__all__ = ["Sizes", "Stored", "faults", "sizes"]

MIDDLE, MOST = 50, 99  # percentiles


class Stored(View, Protocol):
    """A snapshot whose tables can be read through."""

    def rows(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of a table in key order."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Records of a kind: how many, and bytes with keys: of all, the median one, at most of 99 in 100, the largest."""

    records: int
    total: int
    median: int
    most: int
    largest: int


def sizes(snapshot: Stored) -> dict[str, Sizes]:
    """Bytes of the online history: of an entity (head and closed days together), and of an owner.

    Args:
        snapshot: One view of the state.
    """
    bodies = {key: len(raw) for key, raw in snapshot.rows("bodies")}
    entities = (2 * WORD + len(raw) + bodies.get(key, -WORD) for key, raw in snapshot.rows("heads"))
    return {
        "entity": _sizes(entities),
        "owner": _sizes(len(key) + len(raw) for key, raw in snapshot.rows("owners")),
    }


def _sizes(each: Iterable[int]) -> Sizes:
    found = np.fromiter(each, np.int64)
    if not len(found):
        return Sizes(0, 0, 0, 0, 0)
    middle, most = np.percentile(found, (MIDDLE, MOST), method="nearest").tolist()
    return Sizes(len(found), int(found.sum()), middle, most, int(found.max()))


def faults(snapshot: Stored) -> Iterator[str]:
    """What is wrong with the state: a line for each record of the history, one for each other table.

    Args:
        snapshot: One view of the state.
    """
    for table in TABLES:
        if table not in HISTORY:
            yield from _of_table(snapshot, table)
    for key, raw in snapshot.rows("heads"):
        words = _of_entity(key, raw, snapshot.get("bodies", key) or b"")
        if words:
            yield f"entity {_number(key)}: {words}"
    for key, _ in snapshot.rows("bodies"):
        if snapshot.get("heads", key) is None:
            yield f"entity {_number(key)}: closed days without a head"
    for key, raw in snapshot.rows("owners"):
        words = _of_owner(key, raw, snapshot)
        if words:
            yield f"owner {_number(key)}: {words}"


def _of_table(snapshot: Stored, table: str) -> Iterator[str]:
    try:
        for _ in snapshot.rows(table):
            pass
    except StateError as error:
        yield f"{error.subject}: {error.found}"


def _number(key: bytes) -> int:
    return int.from_bytes(key, "little", signed=True)


def _of_entity(key: bytes, raw: bytes, body: bytes) -> str | None:
    if len(raw) != HEAD_LEAD + ROW_BYTES or not sound(raw, key):
        return "a head that fails its check"
    if len(body) != rows_in_body(raw) * ROW_BYTES:
        return "other closed days than its head counts"
    rows = [body[start : start + ROW_BYTES] for start in range(0, len(body), ROW_BYTES)]
    if not all(sound(row, key) for row in rows):
        return "a closed day that fails its check"
    days = [*(int.from_bytes(row[:WORD], "little", signed=True) for row in rows), unpack_head(raw).day]
    return None if all(one < other for one, other in pairwise(days)) else "days out of order"


def _of_owner(key: bytes, raw: bytes, snapshot: Stored) -> str | None:
    if not sound(raw, key):
        return "a ledger that fails its check"
    named = unpack_ledger(raw).keys[::KEY_WORDS]
    lost = [each for each in named if snapshot.get("heads", each.to_bytes(WORD, "little", signed=True)) is None]
    return f"names the entity {lost[0]}, which has no head" if lost else None
