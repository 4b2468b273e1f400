"""Online records in bulk: those of all entities and owners of some sightings, in the order of the state's tables.

The bytes are those that the same sightings leave when they come one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aftc.errors import HistoryError
from aftc.features.algebra import KeyKind, Measure
from aftc.features.batch import Sighted
from aftc.features.entity_records import require_day
from aftc.features.folding import fold_entities, fold_owners

__all__ = ["Kinds", "Records", "entity_records", "owner_records"]

SIGHTINGS_AT_ONCE: Final = 65_536  # of the entities or owners whose records are made together: some 20 MB

Integers = NDArray[np.int64]


class Records(NamedTuple):
    """Some records, in the order of the state's tables.

    Attributes:
        keys: int64[n], of entities or owners.
        raw: The records, one after the other.
        ends: int64[n + 1]: where the first begins, and where each ends.
    """

    keys: Integers
    raw: NDArray[np.uint8]
    ends: Integers


class Kinds:
    """The kind of every entity key.

    Args:
        slots: int64[*, KeyKind], of versions, in parts. A key that no version has in a slot is a further container's.
    """

    def __init__(self, slots: Iterator[Integers]) -> None:
        parts: list[list[Integers]] = [[np.empty(0, np.int64)] for _ in KeyKind]
        for part in slots:
            for kind in KeyKind:
                parts[kind].append(np.unique(part[:, kind]))
        named = [np.unique(np.concatenate(each)) for each in parts]
        keys = np.concatenate(named)
        kinds = np.repeat(np.arange(len(KeyKind)), list(map(len, named)))
        place = np.argsort(keys)
        self._keys, self._kinds = keys[place], kinds[place]

    def of(self, keys: Integers) -> Integers:
        """int64[n], `KeyKind` of each key."""
        if not len(self._keys):
            return np.full(len(keys), int(KeyKind.CONTAINER))
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._kinds[place], int(KeyKind.CONTAINER))


@dataclass(frozen=True, slots=True, eq=False)
class _Grouped:
    """Sightings brought together by a code: `order[starts[i]:starts[i + 1]]` are those of `codes[i]`, as they came."""

    codes: Integers
    starts: Integers
    order: Integers

    def parts(self) -> Iterator[tuple[slice, Integers, Integers]]:
        """Codes whose sightings are folded together, where these begin, and they themselves."""
        begin = 0
        while begin < len(self.codes):
            until = self.starts[begin] + SIGHTINGS_AT_ONCE
            end = max(begin + 1, int(np.searchsorted(self.starts, until, side="right")) - 1)
            first, last = self.starts[begin], self.starts[end]
            yield slice(begin, end), self.starts[begin : end + 1] - first, self.order[first:last]
            begin = end


def _grouped(codes: Integers, sequence: Integers) -> _Grouped:
    """By code in the order of the state's tables, which compare the bytes of little-endian words from the first on."""
    stored = codes.view(np.uint64).byteswap()
    order = np.lexsort((sequence, stored))
    sorted_codes = codes[order]
    first = np.flatnonzero(np.concatenate(([True], sorted_codes[1:] != sorted_codes[:-1])))[: len(codes)]
    return _Grouped(sorted_codes[first], np.append(first, len(codes)), order)


def entity_records(sighted: Sighted, kinds: Kinds) -> Iterator[Records]:
    """Records of all entities, some entities at a time.

    Args:
        sighted: All sightings of these entities.
        kinds: Of their keys.

    Raises:
        HistoryError: days that fall along the sequence, or that no record can state.
    """
    retention = np.array([kind.retention_days for kind in KeyKind])
    _require_days(sighted)
    rows = (sighted.sequence, sighted.day, sighted.offsets, sighted.measure, sighted.amount)
    grouped = _grouped(sighted.key, sighted.sequence)
    for which, starts, order in grouped.parts():
        keys = grouped.codes[which]
        rises, raw, ends = fold_entities(starts, order, rows, keys, retention[kinds.of(keys)], len(Measure))
        if not rises:
            raise HistoryError("messages of a day no earlier than the one before", "days that fall in the lake")
        yield Records(keys, raw, ends)


def owner_records(sighted: Sighted, kinds: Kinds) -> Iterator[Records]:
    """Ledgers of all owners, some owners at a time.

    Args:
        sighted: All sightings of these owners.
        kinds: Of the keys.

    Raises:
        HistoryError: days that no record can state.
    """
    _require_days(sighted)
    rows = (sighted.sequence, sighted.day, sighted.offsets, sighted.measure, sighted.amount)
    kind = kinds.of(sighted.key)
    grouped = _grouped(sighted.owner, sighted.sequence)
    for which, starts, order in grouped.parts():
        owners = grouped.codes[which]
        raw, ends = fold_owners(starts, order, rows, sighted.key, kind, owners, len(Measure))
        yield Records(owners, raw, ends)


def _require_days(sighted: Sighted) -> None:
    if len(sighted.day):
        require_day(int(sighted.day.min()))
        require_day(int(sighted.day.max()))
