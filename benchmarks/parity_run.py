"""Parity at size: a world of all modes with the usual faults, ingested as a port would, and every vector compared.

The writer restarts and is told some again, parties are merged and one merge is taken back, outcomes arrive. Spark takes
part where it is installed with a Java to run on.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from aftc.clock import Instant
from aftc.config import Settings
from aftc.errors import InputError
from aftc.features.out_of_core import Engine
from aftc.history.lake import Lake
from aftc.parties.mentions import mentions
from aftc.records import Message, PartyMerge
from aftc.streams import party_merge
from aftc.streams.spool import SpoolFile, load, order, scan
from benchmarks.parity import HERE, Parity, compare
from serving.ingest import Ingest
from training.rehearsal import report
from training.world.distributions import table
from training.world.fault_rates import Fault
from training.world.generation import generate
from training.world.parameters import FaultLevel, WorldParameters

__all__ = ["measure"]

SITTINGS: Final = 4  # of the writer: it starts anew before each
TOLD_AGAIN: Final = 50  # messages of the sitting before
EVENTS_A_CONSIGNMENT: Final = 6.7  # versions that messages make of one, a little fewer than worlds have
LEAST_CONSIGNMENTS: Final = 100  # of a world

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What the store was made of."""

    messages: int
    duplicates: int
    amendments: int
    merges: int
    outcomes: int
    seconds: float


def measure(store: Path, events: int, page: Path | None, progress: Progress) -> Mapping[str, Any]:
    """Make a world of so many scoring events, ingest it, and compare every version's vector and sums.

    Args:
        store: World and store are made beside it and removed.
        events: Scoring events, at least: versions, each with its vector.
        page: Whose marked part the tables replace, where one is given.
        progress: Told what is done, a line at a time.

    Returns:
        `gates` with their verdicts, `holds`, and the tables as `text`.

    Raises:
        InputError: fewer than one event, or a page without marks.
    """
    if events < 1:
        raise InputError("at least one scoring event", str(events))
    if page is not None:
        report.check(page)
    world = WorldParameters(
        consignments=max(-int(-events // EVENTS_A_CONSIGNMENT), LEAST_CONSIGNMENTS), faults=FaultLevel.USUAL
    )
    store.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=store.parent) as scratch:
        settings = replace(Settings(), store=Path(scratch) / "store")
        progress(f"a world of {world.consignments:,} consignments")
        generate(Path(scratch) / "world", world)
        taken = _take(Path(scratch) / "world", settings, progress)
        started = time.perf_counter()
        with ExitStack() as stack:
            found = compare(settings, engines={**HERE, **_spark(stack)})
        seconds = time.perf_counter() - started
    progress(f"{found.versions:,} versions compared in {seconds:.1f} s")
    gates = _gates(events, taken, found)
    text = _text(world, taken, found, gates, seconds)
    if page is not None:
        report.put_into(page, text)
    return {
        "text": text,
        "holds": all(holds for *_, holds in gates),
        "gates": [dict(zip(("gate", "value", "bound", "holds"), gate, strict=True)) for gate in gates],
    }


def _spark(stack: ExitStack) -> Mapping[str, Engine]:
    """The engine on a session that ends with the stack, where this machine can have one."""
    if not (find_spec("pyspark") and shutil.which("java")):
        return {}
    from aftc.features.spark import SparkEngine
    from aftc.features.spark_session import spark_session

    session = stack.enter_context(spark_session())
    return {"Spark": SparkEngine(session, session.sparkContext.defaultParallelism)}


def _take(world: Path, settings: Settings, progress: Progress) -> _Taken:
    """Ingest in sittings, each begun with some of the one before; between them parties are merged or parted."""
    started = time.perf_counter()
    files = order(scan([world / "messages"]), 0)
    bounds = [len(files) * place // SITTINGS for place in range(SITTINGS + 1)]
    duplicates, decided = 0, list[tuple[str, str]]()
    for sitting in range(SITTINGS):
        again = max(bounds[sitting] - TOLD_AGAIN, 0)
        merges = _merges(settings, sitting, decided, load(files[bounds[sitting] - 1], 0).known_at) if sitting else []
        duplicates += _sitting(settings, merges, files[again : bounds[sitting + 1]])
        progress(f"{bounds[sitting + 1]:,} of {len(files):,} messages taken")
    lake = Lake(settings.store / "lake")
    faults = pc.list_flatten(pq.read_table(world / "truth" / "messages.parquet", columns=["faults"])["faults"])
    return _Taken(
        messages=len(files),
        duplicates=duplicates,
        amendments=int(pc.sum(pc.equal(faults, Fault.LATE_AMENDMENT.value)).as_py() or 0),
        merges=len(set(lake.read("aliases", columns=("sequence",))["sequence"].to_pylist())),
        outcomes=len(lake.read("outcomes", columns=("sequence",))),
        seconds=time.perf_counter() - started,
    )


def _merges(settings: Settings, sitting: int, decided: list[tuple[str, str]], known_at: Instant) -> Sequence[Message]:
    """Two further parties, named most so far, are merged; before the last sitting one pair is parted."""
    if sitting == SITTINGS - 1:
        return [_decision(decided[-1], known_at, applied=False)]
    named = Counter(each.key for each in mentions(Lake(settings.store / "lake")) if each.key is not None)
    free = [key for key, _ in named.most_common() if key not in chain.from_iterable(decided)]
    one, other = sorted(free[:2])
    decided.append((one, other))
    return [_decision((one, other), known_at, applied=True)]


def _decision(keys: tuple[str, str], known_at: Instant, *, applied: bool) -> Message:
    merge = PartyMerge(
        keys=keys, applied=applied, decided_by="parity", decided_at=known_at, reason="for the comparison"
    )
    return Message(party_merge.build(merge), known_at, f"merge of {' and '.join(keys)}: {applied}")


def _sitting(settings: Settings, merges: Sequence[Message], files: Sequence[SpoolFile]) -> int:
    """Take messages with a writer that starts and stops; returns how many it had before."""
    with Ingest(settings) as ingest:
        for _ in ingest.take(chain(merges, (load(each, 0) for each in files))):
            pass
        return ingest.tally.duplicates


def _gates(events: int, taken: _Taken, found: Parity) -> list[tuple[str, int, str, bool]]:
    """Each gate's name, value, bound and verdict."""
    least = {
        "scoring events": (found.versions, events),
        "restarts of the writer": (SITTINGS - 1, 1),
        "duplicates left out": (taken.duplicates, 1),
        "amendments after arrival": (taken.amendments, 1),
        "merges and partings of parties": (taken.merges, 2),
        "outcomes": (taken.outcomes, 1),
    }
    gates = [(name, value, f">= {bound:,}", value >= bound) for name, (value, bound) in least.items()]
    for name, differing in found.differing_vectors.items():
        gates.append((f"vectors that differ, online and {name}", differing, "0", differing == 0))
    sums = found.differing_sums
    return [*gates, ("integers that differ, batch and SQL", sums, "0", sums == 0)]


def _text(
    world: WorldParameters, taken: _Taken, found: Parity, gates: Sequence[tuple[str, int, str, bool]], seconds: float
) -> str:
    verdicts = [(name, f"{value:,}", bound, "holds" if holds else "**fails**") for name, value, bound, holds in gates]
    without = "" if "Spark" in found.differing_vectors else " Spark is not installed here and took no part."
    return (
        f"A world of {world.consignments:,} consignments of all modes in {world.days} days, seed {world.seed}, faults "
        f"{world.faults.value}: {taken.messages:,} messages, ingested in {taken.seconds:.0f} s, "
        f"compared in {seconds:.0f} s.{without}\n\n{table(('gate', 'value', 'bound', 'verdict'), verdicts)}"
    )
