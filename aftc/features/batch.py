"""Windows in batch: the sums of many decisions from all sightings, by the kernel that also reads online records."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aftc.errors import HistoryError
from aftc.features.algebra import KeyKind
from aftc.features.aliases import NO_ALIASES, Aliases
from aftc.features.kernel import encode, group, look_up, subtract_own, sum_windows
from aftc.features.schema import FeatureSchema
from aftc.features.sightings import COLUMNS

__all__ = ["Decisions", "window_sums"]

_SEQUENCE, _DAY = COLUMNS.index("sequence"), COLUMNS.index("day")


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Versions to compute the windows of, in any order.

    Attributes:
        slots: int64[n, KeyKind], as extracted; 0 where absent.
        owner_offsets: int64[n + 1]: `owners[owner_offsets[i]:owner_offsets[i + 1]]` are the i-th decision's own.
        owners: int64[*].
        day: int64[n], UTC day of known-at of the message that made the version.
        sequence: int64[n], of that message: nothing later is seen.
    """

    slots: NDArray[np.int64]
    owner_offsets: NDArray[np.int64]
    owners: NDArray[np.int64]
    day: NDArray[np.int64]
    sequence: NDArray[np.int64]


def window_sums(
    schema: FeatureSchema, sightings: NDArray[np.int64], decisions: Decisions, aliases: Aliases = NO_ALIASES
) -> NDArray[np.int64]:
    """Sums of every window of the schema for every decision over all keys of each party, own sightings subtracted.

    Args:
        schema: The windows.
        sightings: int64[N, 4 + measures], columns `sightings.COLUMNS`, any order.
        decisions: Whose windows.
        aliases: The merges of parties.

    Returns:
        int64[n, schema.windows].

    Raises:
        HistoryError: arrays of other shapes, or days that do not follow the sequence.
    """
    _check_shapes(sightings, decisions)
    further = aliases.further(decisions.slots, decisions.sequence)
    sums = _sums(schema, sightings, decisions)
    if further:
        of, members = _members(decisions, further)
        np.add.at(sums, of, _sums(schema, sightings, members))
    return sums


def _members(decisions: Decisions, further: list[tuple[int, KeyKind, int]]) -> tuple[NDArray[np.int64], Decisions]:
    """Decisions that name one further member each, and the rows that they are of."""
    of = np.array([row for row, _, _ in further], np.int64)
    slots = np.zeros((len(further), len(KeyKind)), np.int64)
    for place, (_, kind, member) in enumerate(further):
        slots[place, kind] = member
    bounds = list(pairwise(decisions.owner_offsets.tolist()))
    owners = [decisions.owners[slice(*bounds[row])] for row in of.tolist()]
    return of, Decisions(
        slots=slots,
        owner_offsets=np.cumsum([0, *map(len, owners)], dtype=np.int64),
        owners=np.concatenate(owners),
        day=decisions.day[of],
        sequence=decisions.sequence[of],
    )


def _sums(schema: FeatureSchema, sightings: NDArray[np.int64], decisions: Decisions) -> NDArray[np.int64]:
    """Of the keys in the slots alone."""
    rows = _in_sequence(sightings)
    _check_days(rows, decisions)
    tables = (schema.tables.first, schema.tables.days, schema.tables.measure)
    sums = np.zeros((len(decisions.day), len(schema.windows)), np.int64)
    requests, keys = _requests(decisions)
    held, codes_held = _table(keys.size)
    codes, count = encode(keys, held, codes_held)
    by_key = group(look_up(rows, 0, held, codes_held), count)
    day, sequence = _plain(decisions.day), _plain(decisions.sequence)
    sum_windows(rows, by_key, requests, group(codes, count), day, sequence, tables, sums)
    held, codes_held = _table(decisions.owners.size)
    owners, count = encode(_plain(decisions.owners), held, codes_held)
    by_owner = group(look_up(rows, 1, held, codes_held), count)
    slots, offsets = _plain(decisions.slots), _plain(decisions.owner_offsets)
    subtract_own(rows, by_owner, slots, offsets, owners, day, sequence, tables, sums)
    return sums


def _check_shapes(sightings: NDArray[np.int64], decisions: Decisions) -> None:
    count = len(decisions.day)
    faults = (
        (sightings.ndim == 2 and sightings.shape[1] == len(COLUMNS), f"sightings of {len(COLUMNS)} columns"),
        (decisions.slots.shape == (count, len(KeyKind)), f"{len(KeyKind)} slots for each of {count} decisions"),
        (decisions.sequence.shape == (count,), f"{count} sequence numbers"),
        (decisions.owner_offsets.shape == (count + 1,), f"{count + 1} owner offsets"),
    )
    for sound, expected in faults:
        if not sound:
            raise HistoryError(expected, "arrays of other shapes")


def _in_sequence(sightings: NDArray[np.int64]) -> NDArray[np.int64]:
    sequence = sightings[:, _SEQUENCE]
    if np.any(sequence[1:] < sequence[:-1]):
        sightings = sightings[np.argsort(sequence, kind="stable")]
    return _plain(sightings)


def _plain(array: NDArray[np.int64]) -> NDArray[np.int64]:
    """Contiguous and writable: every array is of one type to the compiler, so that it compiles once."""
    return np.require(array, np.int64, ["C", "W"])


def _check_days(sightings: NDArray[np.int64], decisions: Decisions) -> None:
    """A message's day must not lie before that of an earlier one, nor a decision's day beside its message's."""
    sequence, day = sightings[:, _SEQUENCE], sightings[:, _DAY]
    last = np.searchsorted(sequence, decisions.sequence, side="right")
    bounds = np.concatenate((np.array([np.iinfo(np.int64).min]), day, np.array([np.iinfo(np.int64).max])))
    astray = (decisions.day < bounds[last]) | (decisions.day > bounds[last + 1])
    order = np.argsort(decisions.sequence, kind="stable")
    if np.any(day[1:] < day[:-1]) or np.any(astray) or np.any(np.diff(decisions.day[order]) < 0):
        raise HistoryError(
            "days that never fall along the sequence",
            "a day out of order",
            advice="ingest the messages into a new store",
        )


def _requests(decisions: Decisions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Decision and kind of every filled slot in sequence order of the decisions, and its key."""
    order = np.argsort(decisions.sequence, kind="stable")
    slots = decisions.slots[order]
    place, kind = np.nonzero(slots)
    return np.column_stack((order[place], kind)), slots[place, kind]


def _table(keys: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An empty table of open addressing: at most half full."""
    size = 1 << max(2 * keys, 2).bit_length()
    return np.zeros(size, np.int64), np.empty(size, np.int64)
