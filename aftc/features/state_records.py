"""What the online history holds, and whether all of it is sound: every record of a snapshot, one after the other.

A score checks what it reads when it reads it. Here everything is read, so that damage is found before a score meets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.errors import StateError
from aftc.features.checksum import check, check_of_key
from aftc.features.entity_records import key_bytes
from aftc.features.record_bytes import (
    LEAD,
    closed_from,
    ledger_sound,
    row_day,
    skip_row,
    take_counts,
    take_fixed,
    take_name,
    take_number,
)
from aftc.state import HISTORY, TABLES, View

__all__ = ["Sizes", "Stored", "faults", "sizes"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

MIDDLE, MOST = 50, 99  # percentiles
_SOUND, _UNSOUND, _UNSOUND_DAYS, _DISORDER = range(4)
_OF_ENTITY: Final = {
    _UNSOUND: "a record that fails its check",
    _UNSOUND_DAYS: "closed days that fail their check",
    _DISORDER: "days out of order",
}


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
    """Bytes of the online history, keys included: of an entity, and of an owner.

    Args:
        snapshot: One view of the state.
    """
    tables = {"entity": "entities", "owner": "owners"}
    return {name: _sizes(len(key) + len(raw) for key, raw in snapshot.rows(table)) for name, table in tables.items()}


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
    for name, raw in snapshot.rows("entities"):
        key = _number(name)
        fault = _entity_fault(np.frombuffer(raw, np.uint8), key)
        if fault != _SOUND:
            yield f"entity {key}: {_OF_ENTITY[fault]}"
    for name, raw in snapshot.rows("owners"):
        words = _of_owner(_number(name), raw, snapshot)
        if words:
            yield f"owner {_number(name)}: {words}"


def _of_table(snapshot: Stored, table: str) -> Iterator[str]:
    try:
        for _ in snapshot.rows(table):
            pass
    except StateError as error:
        yield f"{error.subject}: {error.found}"


def _number(key: bytes) -> int:
    return int.from_bytes(key, "little", signed=True)


def _of_owner(owner: int, raw: bytes, snapshot: Stored) -> str | None:
    sound, named = _named(np.frombuffer(raw, np.uint8), owner)
    if not sound:
        return "a ledger that fails its check"
    lost = [key for key in named.tolist() if snapshot.get("entities", key_bytes(key)) is None]
    return f"names the entity {lost[0]}, which has no record" if lost else None


@njit(cache=True, nogil=True)
def _entity_fault(raw: Octets, key: int) -> int:
    """What is wrong with an entity's record."""
    seed = check_of_key(key)
    inner = closed_from(raw, 0, raw.size, seed)
    if inner < 0:
        return _UNSOUND
    if take_fixed(raw, 4, 4) != check(raw, inner, raw.size, seed):
        return _UNSOUND_DAYS
    last, at = -1, inner
    while at < raw.size:
        if row_day(raw, at) <= last:
            return _DISORDER
        last, at = row_day(raw, at), skip_row(raw, at)
    _, at = take_number(raw, LEAD)
    return _SOUND if row_day(raw, at) > last else _DISORDER


@njit(cache=True, nogil=True)
def _named(raw: Octets, owner: int) -> tuple[bool, Integers]:
    """Whether a ledger is sound, and the keys that it names."""
    if not ledger_sound(raw, 0, raw.size, owner):
        return False, np.empty(0, np.int64)
    known, _, at = take_counts(raw, 0)
    keys = np.empty(known, np.int64)
    for place in range(known):
        keys[place], _, _, at = take_name(raw, at)
    return True, keys
