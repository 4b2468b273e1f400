"""Windows in batch: the sums of many decisions from sightings, by the kernel that also reads online records.

What is summed is a request: one key that a decision names. Requests of different keys have nothing to do with each
other, and sums over parts of a key's sightings add up to the sum over all of them. So any share of the keys, and any
share of the sightings of one key, can be summed apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aftc.errors import HistoryError
from aftc.features.algebra import KeyKind, Measure
from aftc.features.aliases import NO_ALIASES, Aliases
from aftc.features.grouping import count_amounts, encode, fill_amounts, group, look_up
from aftc.features.kernel import sum_windows
from aftc.features.packing import add_sums
from aftc.features.schema import FeatureSchema
from aftc.features.sightings import COLUMNS

__all__ = ["IDENTITY", "Decisions", "Moments", "Requests", "Sighted", "request_sums", "sum_requests", "window_sums"]

IDENTITY = COLUMNS[:4]
"""A sighting's columns before its measures."""


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """When decisions are made, and whose sightings are their own.

    Attributes:
        owner_offsets: int64[n + 1]: `owners[owner_offsets[i]:owner_offsets[i + 1]]` are the i-th decision's own.
        owners: int64[*].
        day: int64[n], UTC day of known-at of the message that made the version.
        sequence: int64[n], of that message: nothing later is seen.
    """

    owner_offsets: NDArray[np.int64]
    owners: NDArray[np.int64]
    day: NDArray[np.int64]
    sequence: NDArray[np.int64]

    def __post_init__(self) -> None:
        shapes = (self.day.shape, self.sequence.shape, self.owner_offsets[1:].shape)
        if len(set(shapes)) > 1:
            raise HistoryError("a day, a sequence number and owners for each decision", f"arrays of shapes {shapes}")
        if np.any(np.diff(self.day[np.argsort(self.sequence, kind="stable")]) < 0):
            raise _days_fall()

    def of(self, rows: NDArray[np.int64]) -> Moments:
        """Those of some decisions."""
        offsets, owners = _taken(self.owner_offsets, self.owners, rows)
        return Moments(offsets, owners, self.day[rows], self.sequence[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Decisions(Moments):
    """Versions to compute the windows of, in any order.

    Attributes:
        slots: int64[n, KeyKind], as extracted; 0 where absent.
    """

    slots: NDArray[np.int64]

    def __post_init__(self) -> None:
        super(Decisions, self).__post_init__()  # the class is made anew for its slots: super() knows the first
        if self.slots.shape != (len(self.day), len(KeyKind)):
            raise HistoryError(f"{len(KeyKind)} slots for each of {len(self.day)} decisions", f"{self.slots.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """Keys whose windows are asked for.

    Attributes:
        decision: int64[r], by whom: a place among the moments.
        kind: int64[r], KeyKind.
        key: int64[r].
    """

    decision: NDArray[np.int64]
    kind: NDArray[np.int64]
    key: NDArray[np.int64]

    @classmethod
    def of(cls, slots: NDArray[np.int64], sequence: NDArray[np.int64], aliases: Aliases) -> Requests:
        """Of decisions: the keys that they name, and the further members of each party known at their message."""
        decision, kind = np.nonzero(slots)
        further = np.array(aliases.further(slots, sequence), np.int64).reshape(-1, 3)
        return cls(
            np.concatenate((decision, further[:, 0])),
            np.concatenate((kind, further[:, 1])),
            np.concatenate((slots[decision, kind], further[:, 2])),
        )

    def places(self, schema: FeatureSchema) -> NDArray[np.int64]:
        """int64[r + 1]: where the sums of each begin when they stand one after the other."""
        width = np.diff(schema.tables.first)
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(width[self.kind])))


@dataclass(frozen=True, slots=True, eq=False)
class Sighted:
    """Sightings without the measures that are zero.

    Attributes:
        key, owner, sequence, day: int64[N].
        offsets: int64[N + 1]: where each one's amounts begin.
        measure: uint8[*], `Measure`.
        amount: int64[*].
    """

    key: NDArray[np.int64]
    owner: NDArray[np.int64]
    sequence: NDArray[np.int64]
    day: NDArray[np.int64]
    offsets: NDArray[np.int64]
    measure: NDArray[np.uint8]
    amount: NDArray[np.int64]

    @classmethod
    def of(cls, identity: Iterable[NDArray[np.int64]], amounts: Iterable[tuple[int, NDArray[np.int64]]]) -> Sighted:
        """From columns: those of `IDENTITY`, and amounts by measure."""
        key, owner, sequence, day = identity
        columns = list(amounts)
        offsets = np.zeros(len(key) + 1, np.int64)
        for _, column in columns:
            count_amounts(column, offsets[1:])
        np.cumsum(offsets, out=offsets)
        after = offsets[:-1].copy()
        measures, values = np.empty(offsets[-1], np.uint8), np.empty(offsets[-1], np.int64)
        for measure, column in columns:
            fill_amounts(column, measure, after, measures, values)
        return cls(key, owner, sequence, day, offsets, measures, values)


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
    if sightings.ndim != 2 or sightings.shape[1] != len(COLUMNS):
        raise HistoryError(f"sightings of {len(COLUMNS)} columns", f"an array of shape {sightings.shape}")
    columns = np.ascontiguousarray(sightings.T)
    sighted = Sighted.of(columns[: len(IDENTITY)], enumerate(columns[len(IDENTITY) :]))
    requests = Requests.of(decisions.slots, decisions.sequence, aliases)
    sums = np.zeros((len(decisions.day), len(schema.windows)), np.int64)
    sum_requests(schema, requests, request_sums(schema, sighted, requests, decisions), sums)
    return sums


def request_sums(schema: FeatureSchema, sighted: Sighted, requests: Requests, moments: Moments) -> NDArray[np.int64]:
    """Window sums of requests over some sightings of their keys, one request's after the other's.

    Args:
        schema: The windows.
        sighted: In any order; those of keys that nobody asks for are passed over.
        requests: In any order.
        moments: Of the decisions that ask.

    Returns:
        int64[requests.places(schema)[-1]].

    Raises:
        HistoryError: days of a key that do not follow the sequence.
    """
    places = requests.places(schema)
    sums = np.zeros(places[-1], np.int64)
    codes, keys = _coded(requests.key)
    request_starts, asking = _grouped(codes, keys.count, moments.sequence[requests.decision])
    starts, asked = _grouped(keys.of(sighted.key), keys.count, sighted.sequence)
    decision = requests.decision[asking]
    owners_from, named = _taken(moments.owner_offsets, moments.owners, decision)
    owners, owned = _coded(named)
    days = sighted.day[asked]
    span = int(np.ptp(days)) + 1 if days.size else 0
    sound = sum_windows(
        starts,
        (
            owned.of(sighted.owner[asked]),
            sighted.sequence[asked],
            days,
            sighted.offsets[asked],
            sighted.offsets[asked + 1],
            sighted.measure,
            sighted.amount,
        ),
        request_starts,
        (moments.sequence[decision], moments.day[decision], requests.kind[asking], places[asking], owners_from, owners),
        owned.count,
        (schema.tables.first, schema.tables.days, schema.tables.measure),
        np.empty((min(int(np.diff(starts).max(initial=0)), span), 1 + len(Measure)), np.int64),
        sums,
    )
    if not sound:
        raise _days_fall()
    return sums


def sum_requests(schema: FeatureSchema, requests: Requests, parts: NDArray[np.int64], sums: NDArray[np.int64]) -> None:
    """Add the sums of requests, as of `request_sums`, to those of their decisions.

    Args:
        schema: The windows.
        requests: Whose sums.
        parts: int64[*].
        sums: int64[n, schema.windows], added to.
    """
    add_sums(requests.decision, requests.kind, requests.places(schema), parts, schema.tables.first, sums)


def _grouped(
    codes: NDArray[np.int64], count: int, sequence: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and order by code, each code's in the order of their sequence."""
    if not np.any(sequence[1:] < sequence[:-1]):
        return group(codes, count)
    order = np.argsort(sequence, kind="stable")
    starts, within = group(codes[order], count)
    return starts, order[within]


@dataclass(frozen=True, slots=True, eq=False)
class _Codes:
    """A table of open addressing, at most half full."""

    held: NDArray[np.int64]
    codes: NDArray[np.int64]
    count: int

    def of(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Code of each key; -1 where it has none."""
        return look_up(_plain(keys), self.held, self.codes)


def _coded(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], _Codes]:
    """Code keys 0, 1, ... in order of appearance."""
    size = 1 << max(2 * keys.size, 2).bit_length()
    held, codes_held = np.zeros(size, np.int64), np.empty(size, np.int64)
    codes, count = encode(_plain(keys), held, codes_held)
    return codes, _Codes(held, codes_held, count)


def _taken(
    offsets: NDArray[np.int64], values: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets and values of some rows of a ragged array."""
    lengths = np.diff(offsets)[rows]
    after = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return after, values[np.repeat(offsets[rows] - after[:-1], lengths) + np.arange(after[-1])]


def _plain(array: NDArray[np.int64]) -> NDArray[np.int64]:
    """Contiguous and writable: every array is of one type to the compiler, so that it compiles once."""
    return np.require(array, np.int64, ["C", "W"])


def _days_fall() -> HistoryError:
    return HistoryError(
        "days that never fall along the sequence", "a day out of order", advice="ingest the messages into a new store"
    )
