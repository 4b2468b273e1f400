"""A history as large as is asked for: one ingested world's sightings and versions, replicated under new ids.

Every replica has parties, equipment, pairs, consignments and movements of its own; routes, kinds of goods from a
country and carriers are the same in all, so that they are as hot as they would be. The messages of the replicas are
interleaved: a world's message s is message s * replicas + r in the r-th, on the same day.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from os import sched_getaffinity
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from aftc.columns import codes, instants, matrix, ragged
from aftc.features.algebra import KeyKind
from aftc.features.batch import IDENTITY, Moments
from aftc.features.catalogue import SCHEMA
from aftc.features.sightings import COLUMNS
from aftc.history.lake import Lake
from benchmarks.window_rivals import Problem

__all__ = ["DECIDED", "SHARED", "World", "problem_of", "renamed", "write_decisions", "write_sightings"]

SHARED: Final = (KeyKind.HS4_ORIGIN, KeyKind.HS6_ORIGIN, KeyKind.ROUTE, KeyKind.CARRIER)
ROWS_A_FILE: Final = 500_000
DECISIONS_A_FILE: Final = 65_536
DECIDED: Final = 5  # one consignment in so many is decided on

_STRIDE: Final = 0x5DEECE66D1CE4E5B  # between the codes of replicas: odd, so that no two meet by rule


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What is replicated.

    Attributes:
        sightings: int64[N, columns], in the order of their sequence.
        kind: int64[N], KeyKind of each one's key.
        sequence, day: int64[n], of the last version of each consignment, in the order of their sequence.
        slots, facts: int64[n, *], of these.
        owner_offsets, owners: Of these.
    """

    sightings: NDArray[np.int64]
    kind: NDArray[np.int64]
    sequence: NDArray[np.int64]
    day: NDArray[np.int64]
    slots: NDArray[np.int64]
    facts: NDArray[np.int64]
    owner_offsets: NDArray[np.int64]
    owners: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.day)

    @classmethod
    def of(cls, lake: Lake) -> World:
        """Read a store's lake."""
        seen = lake.read("sightings")
        sightings = np.column_stack([instants(seen[name]) for name in COLUMNS])
        columns = ("consignment_id", "joined_into", "sequence", "day", "slots", "facts", "owners")
        versions = lake.read("versions", columns=columns)
        kinds: dict[int, int] = {}
        for row in np.unique(matrix(versions["slots"], len(KeyKind)), axis=0).tolist():
            kinds.update(zip(row, KeyKind, strict=True))
        _, consignment = codes(versions["consignment_id"])
        last = len(versions) - 1 - np.unique(consignment[::-1], return_index=True)[1]
        standing = np.sort(last[versions["joined_into"].take(pa.array(last)).is_null().to_numpy()])
        chosen = versions.take(pa.array(standing))
        offsets, owners = ragged(chosen["owners"])
        return cls(
            sightings=sightings,
            kind=np.array([kinds.get(key, KeyKind.CONTAINER) for key in sightings[:, 0].tolist()], np.int64),
            sequence=instants(chosen["sequence"]),
            day=instants(chosen["day"]),
            slots=matrix(chosen["slots"], len(KeyKind)),
            facts=matrix(chosen["facts"], SCHEMA.fact_columns),
            owner_offsets=offsets,
            owners=owners,
        )

    def sighted(self, rows: NDArray[np.int64], replicas: int) -> NDArray[np.int64]:
        """int64[columns, len(rows) * replicas]: some sightings in all replicas, in the order of their sequence."""
        first = self.sightings[rows]
        told = np.repeat(first.T, replicas, axis=1)
        replica = np.tile(np.arange(replicas), len(rows))
        told[0] = renamed(told[0], replica, np.repeat(np.isin(self.kind[rows], SHARED), replicas))
        told[1] = renamed(told[1], replica)
        told[2] = told[2] * replicas + replica
        return told[:, np.argsort(told[2], kind="stable")]

    def decided(self, rows: NDArray[np.int64], replicas: int, share: int = DECIDED) -> pa.Table:
        """Decisions on every `share`-th of some consignments in all replicas, in the order of their sequence."""
        places = np.repeat(rows, replicas)
        replica = np.tile(np.arange(replicas), len(rows))
        taken = (places + replica) % share == 0
        places, replica = places[taken], replica[taken]
        order = np.argsort(self.sequence[places] * replicas + replica, kind="stable")
        places, replica = places[order], replica[order]
        slots = self.slots[places]
        for kind in KeyKind:
            if kind not in SHARED:
                slots[:, kind] = renamed(slots[:, kind], replica)
        lengths = np.diff(self.owner_offsets)[places]
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        owners = self.owners[np.repeat(self.owner_offsets[places], lengths) + within]
        return pa.table(
            {
                "sequence": self.sequence[places] * replicas + replica,
                "day": self.day[places],
                "slots": _lists(slots),
                "facts": _lists(self.facts[places]),
                "owners": pa.ListArray.from_arrays(
                    pa.array(offsets, pa.int32()), renamed(owners, np.repeat(replica, lengths))
                ),
            }
        )


def write_sightings(world: World, replicas: int, folder: Path) -> list[Path]:
    """Write all replicas' sightings as the lake keeps them, a file of some half a million at a time."""

    def write(number: int, rows: NDArray[np.int64]) -> Path:
        path = folder / f"{number:05}.parquet"
        pq.write_table(pa.table(list(world.sighted(rows, replicas)), names=list(COLUMNS)), path, compression="snappy")
        return path

    steps = _steps(len(world.sightings), max(ROWS_A_FILE // replicas, 1))
    with ThreadPoolExecutor(len(sched_getaffinity(0))) as pool:
        return list(pool.map(write, count(), steps))


def write_decisions(world: World, replicas: int, folder: Path) -> list[Path]:
    """Write decisions on a fifth of all replicas' consignments as the lake keeps versions, some 65,536 a file."""
    files: list[Path] = []
    for rows in _steps(len(world), max(DECISIONS_A_FILE * DECIDED // replicas, 1)):
        files.append(folder / f"{len(files):05}.parquet")
        pq.write_table(world.decided(rows, replicas), files[-1], compression="snappy")
    return files


def problem_of(world: World, replicas: int, decided: pa.Table, kind: KeyKind) -> Problem:
    """The windows of one kind of key over all replicas' sightings, keys and owners coded from 1.

    Args:
        world: What is replicated.
        replicas: How often.
        decided: As of `World.decided`.
        kind: Of the key.
    """
    seen = world.sighted(np.flatnonzero(world.kind == kind), replicas)
    slots = matrix(decided["slots"], len(KeyKind))[:, kind]
    asking = np.flatnonzero(slots)
    rows = decided.take(pa.array(asking))
    offsets, owners = ragged(rows["owners"])
    keys = np.unique(np.concatenate((seen[0], slots[asking])), return_inverse=True)[1] + 1
    whose = np.unique(np.concatenate((seen[1], owners)), return_inverse=True)[1] + 1
    windows = tuple(window for window in SCHEMA.windows if window.key is kind)
    measures = sorted({window.measure for window in windows})
    count = seen.shape[1]
    return Problem(
        kind=kind,
        windows=windows,
        key=keys[:count],
        owner=whose[:count],
        sequence=seen[2],
        day=seen[3],
        amounts={measure: seen[len(IDENTITY) + measure] for measure in measures},
        asked=keys[count:],
        moments=Moments(
            owner_offsets=offsets,
            owners=whose[count:],
            day=instants(rows["day"]),
            sequence=instants(rows["sequence"]),
        ),
    )


def _steps(count: int, step: int) -> Iterator[NDArray[np.int64]]:
    for first in range(0, count, step):
        yield np.arange(first, min(first + step, count))


def renamed(
    code: NDArray[np.int64], replica: NDArray[np.int64], shared: NDArray[np.bool_] | bool = False
) -> NDArray[np.int64]:
    """Codes of a replica; 0 stays 0, shared ones stay as they are."""
    return np.where((code == 0) | shared, code, code + replica * _STRIDE)


def _lists(rows: NDArray[np.int64]) -> pa.Array:
    offsets = pa.array(np.arange(len(rows) + 1) * rows.shape[1], pa.int32())
    return pa.ListArray.from_arrays(offsets, rows.ravel())
