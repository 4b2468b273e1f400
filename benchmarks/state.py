"""The online state at size: filled in bulk, updated and read, with what an entity takes.

The history is a world's, replicated under new ids (`benchmarks.replicas`) until it has as many entities as are asked
for. Updates and reads are those of the world's own consignments, each under a replica drawn at random; the store is
warm: every record has been read once. Other work on the machine shows in the distance between the median and the best
batch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import matplotlib as mpl
import msgspec
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from aftc.features.algebra import KeyKind
from aftc.features.assembly import assemble
from aftc.features.blocks import ParquetBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract, Owned, extract
from aftc.features.online import window_sums
from aftc.features.rebuilding import Kinds
from aftc.features.sightings import sight
from aftc.features.state_records import Sizes, sizes
from aftc.history.lake import Lake
from aftc.history.refill import refill_history
from aftc.records import ConsignmentVersion
from aftc.state import State
from benchmarks.linking import ingested
from benchmarks.replicas import SHARED, World, renamed, write_sightings
from training.rehearsal import report
from training.world.distributions import table
from training.world.parameters import WorldParameters

__all__ = ["WORLD", "measure"]

WORLD: Final = WorldParameters(seed=7, days=60, consignments=1000)
BATCH: Final = 100  # calls whose mean is one batch's
MOST_UPDATE: Final = 50.0  # us
MOST_READ: Final = 60.0  # us
MOST_READ_P99: Final = 250.0  # us
LEAST_PACE: Final = 200_000  # sightings a second
LEAST_KEYS: Final = 10  # of a version that is read or added: about twelve on average
LAST: Final = 2**62  # beyond all messages
MIXER: Final = 0x9E3779B97F4A7C15  # spreads numbers over owners' codes
OWNER_MASK: Final = 2**63 - 1

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Times:
    """Of one kind of call, in us: median, 99th percentile, mean of the best batch."""

    median: float
    most: float
    best: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured: the size of the state, seconds of its filling, calls in us, bytes of the records."""

    entities: int
    owners: int
    sightings: int
    seconds: float
    reads: Times
    updates: Times
    taken: Mapping[str, Sizes]


class _Bench:
    """Calls on a filled state."""

    def __init__(self, state: State, extracts: Sequence[Extract], replicas: int, sequence: int) -> None:
        self._state = state
        self._extracts = extracts
        self._replicas = replicas
        self._sequence = sequence
        self._day = max(each.day for each in extracts)
        self._random = np.random.default_rng(1)

    def _drawn(self, calls: int) -> list[tuple[Extract, int]]:
        places = self._random.integers(0, len(self._extracts), calls).tolist()
        return [(self._extracts[place], int(self._random.integers(0, self._replicas))) for place in places]

    def read(self, calls: int) -> Times:
        """Windows and vector of a version, from a snapshot of its own."""
        took = []
        for each, replica in self._drawn(calls):
            slots, owners = _slots(each, replica), renamed(each.owners, np.array([replica]))
            begin = time.perf_counter_ns()
            with self._state.snapshot() as snapshot:
                sums = window_sums(snapshot, SCHEMA, slots, owners, day=self._day)
            assemble(SCHEMA, each.facts[np.newaxis], sums[np.newaxis])
            took.append(time.perf_counter_ns() - begin)
        return _times(took)

    def update(self, calls: int) -> Times:
        """A new consignment's sightings over all its entities, a day after the last; the commit is not counted."""
        took = []
        with self._state.transaction() as transaction:
            for each, replica in self._drawn(calls):
                self._sequence += 1
                owned = _owned(each, _slots(each, replica), self._sequence)
                begin = time.perf_counter_ns()
                sight(transaction, owned, sequence=self._sequence, day=self._day + 1)
                took.append(time.perf_counter_ns() - begin)
        return _times(took)


def _slots(each: Extract, replica: int) -> NDArray[np.int64]:
    return renamed(each.slots, np.array([replica]), np.isin(np.arange(len(KeyKind)), SHARED))


def _owned(each: Extract, slots: NDArray[np.int64], number: int) -> list[Owned]:
    """The same keys in the replica, of owners that nobody has seen."""
    named = dict(zip(each.slots.tolist(), slots.tolist(), strict=True))
    owners = {one.owner: (one.owner ^ number * MIXER) & OWNER_MASK for one in each.owned}
    return [
        msgspec.structs.replace(
            one,
            owner=owners[one.owner],
            keys=tuple(named.get(key, key) for key in one.keys),
            aside=tuple(owners.values()),
        )
        for one in each.owned
    ]


def _times(took: Sequence[int]) -> Times:
    each = np.array(took) / 1000
    best = min(part.mean() for part in np.array_split(each, max(1, len(each) // BATCH)))
    return Times(float(np.median(each)), float(np.percentile(each, 99)), float(best))


def _extracts(store: Path) -> list[Extract]:
    """Of the consignments that name some ten entities or more."""
    with closing(State(store / "state")) as state, state.snapshot() as snapshot:
        versions = [msgspec.msgpack.decode(raw, type=ConsignmentVersion) for _, raw in snapshot.rows("consignments")]
    made = [extract(version) for version in versions if version.joined_into is None]
    return [each for each in made if np.count_nonzero(each.slots) >= LEAST_KEYS]


def _kinds(origin: World, replicas: int) -> Iterator[NDArray[np.int64]]:
    """Keys of a replica after the other, in the columns of their kinds."""
    keys = [np.unique(origin.sightings[origin.kind == kind, 0]) for kind in KeyKind]
    for replica in range(replicas):
        slots = np.zeros((max(map(len, keys)), len(KeyKind)), np.int64)
        for kind, named in zip(KeyKind, keys, strict=True):
            slots[: len(named), kind] = renamed(named, np.array([replica]), kind in SHARED)
        yield slots


def measure(
    store: Path, world: WorldParameters, entities: int, calls: int, page: Path | None, progress: Progress
) -> Mapping[str, Any]:
    """Fill a state with about so many entities, then read and update it.

    Args:
        store: World, rows and state are made beside it and removed.
        world: What is replicated.
        entities: About so many.
        calls: So many reads, and so many updates.
        page: Whose marked part the tables replace, where one is given; the plot is written beside it.
        progress: Told what is done, a line at a time.

    Returns:
        `gates` with their verdicts, the figures, `holds`, and the tables as `text`.

    Raises:
        InputError: a page without marks.
    """
    if page is not None:
        report.check(page)
    store.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=store.parent) as scratch:
        _, made = ingested(Path(scratch), world)
        origin, extracts = World.of(Lake(made / "lake")), _extracts(made)
        own = len(np.unique(origin.sightings[~np.isin(origin.kind, SHARED), 0]))
        replicas = -(-entities // own)
        progress(f"{replicas:,} replicas: writing {len(origin.sightings) * replicas:,} sightings")
        rows = Path(scratch) / "rows"
        rows.mkdir()
        files = write_sightings(origin, replicas, rows)
        with closing(State(Path(scratch) / "state", writable=True)) as state:
            kinds, begin = Kinds(_kinds(origin, replicas)), time.perf_counter()
            filled = refill_history(state, ParquetBlocks(files), kinds, up_to=LAST)
            seconds = time.perf_counter() - begin
            progress(f"{filled.entities:,} entities of {filled.sightings:,} sightings in {seconds:.1f} s")
            with state.snapshot() as snapshot:
                taken = sizes(snapshot)  # and every page has been read
            bench = _Bench(state, extracts, replicas, int(origin.sightings[-1, 2] + 1) * replicas)
            bench.read(calls)  # warm
            reads, updates = bench.read(calls), bench.update(calls)
    figures = Figures(filled.entities, filled.owners, filled.sightings, seconds, reads, updates, taken)
    gates = _gates(figures)
    text = _text(figures, gates)
    if page is not None:
        report.put_into(page, text)
        _draw(page.with_name("state-times.svg"), figures)
    return {
        "text": text,
        "holds": all(holds for *_, holds in gates),
        "gates": [dict(zip(("gate", "value", "bound", "holds"), gate, strict=True)) for gate in gates],
        "figures": asdict(figures),
    }


def _gates(figures: Figures) -> list[tuple[str, float, float, bool]]:
    pace = figures.sightings / figures.seconds
    most = (
        ("update of a version's entities, p50 us", figures.updates.median, MOST_UPDATE),
        ("read and assembly, p50 us", figures.reads.median, MOST_READ),
        ("read and assembly, p99 us", figures.reads.most, MOST_READ_P99),
    )
    return [
        *((name, value, bound, value <= bound) for name, value, bound in most),
        ("sightings a second in bulk, at least", pace, LEAST_PACE, pace >= LEAST_PACE),
    ]


def _text(figures: Figures, gates: Sequence[tuple[str, float, float, bool]]) -> str:
    return "\n\n".join(
        (
            f"{figures.entities:,} entities and {figures.owners:,} owners of {figures.sightings:,} sightings, filled "
            f"in bulk in {figures.seconds:.1f} s.",
            table(
                ("gate", "value", "bound", "verdict"),
                [
                    (name, f"{v:,.1f}", f"{bound:,.0f}", "holds" if holds else "**fails**")
                    for name, v, bound, holds in gates
                ],
            ),
            table(
                ("us", "p50", "p99", f"best {BATCH} on average"),
                [
                    (name, f"{each.median:.1f}", f"{each.most:.1f}", f"{each.best:.1f}")
                    for name, each in (("update", figures.updates), ("read and assembly", figures.reads))
                ],
            ),
            table(
                ("bytes", "records", "median", "99 in 100 at most", "largest", "all"),
                [
                    (name, *(f"{each:,}" for each in (one.records, one.median, one.most, one.largest, one.total)))
                    for name, one in figures.taken.items()
                ],
            ),
        )
    )


def _draw(path: Path, figures: Figures) -> None:
    """Medians and 99th percentiles beside each other."""
    with mpl.rc_context():
        mpl.rcParams["svg.hashsalt"] = "aftc"  # the same figures make the same bytes
        figure = Figure(figsize=(7.0, 2.0), layout="constrained")
        axes = figure.subplots()
        named = {"update": figures.updates, "read and assembly": figures.reads}
        for shift, (label, values) in enumerate(
            (("p50", [each.median for each in named.values()]), ("p99", [each.most for each in named.values()]))
        ):
            axes.barh([place + 0.4 * shift for place in range(len(named))], values, 0.4, label=label)
        axes.set(xlabel="us", yticks=[place + 0.2 for place in range(len(named))], yticklabels=list(named))
        axes.legend()
        figure.savefig(path, metadata={"Date": None, "Creator": None})
