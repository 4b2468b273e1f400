"""The batch of features at size: its time, memory and growth, and the same windows by Polars and DuckDB.

The rows are a world's store replicated under new ids (`benchmarks.replicas`); one consignment in five is decided on.
Each size runs in a process of its own, so that its memory is its own. A machine that does other work as well shows in
the distance between wall time and the process's own time on the processors.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from aftc.errors import InputError
from aftc.features.algebra import KeyKind
from aftc.features.blocks import ParquetBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.matrix import write_matrix
from aftc.features.out_of_core import Job
from aftc.history.lake import Lake
from benchmarks.growth import Measured, draw
from benchmarks.linking import ingested
from benchmarks.replicas import DECIDED, World, problem_of, write_decisions, write_sightings
from benchmarks.window_rivals import by_batch, by_duckdb, by_polars
from training.rehearsal import report
from training.world.distributions import table
from training.world.parameters import WorldParameters

__all__ = ["Compared", "OnSpark", "measure"]

GATED_ROWS: Final = 1_000_000
MOST_SECONDS: Final = 60.0  # for so many rows, whole catalogue with assembly
MOST_GIGABYTES: Final = 4.0
GROWN: Final = 10  # times as many rows
MOST_TIMES: Final = 11.0  # as long they may take
MOST_GROWN_GIGABYTES: Final = 10.0
GIGA: Final = 1e9
WORLD: Final = WorldParameters(seed=7, days=60, consignments=4000)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """The windows alone by one way, over arrays in memory."""

    way: str
    seconds: float
    processor_seconds: float
    differing: int


@dataclass(frozen=True, slots=True)
class OnSpark:
    """A size's run by Spark on this machine's cores, and what the local engine took for it."""

    decisions: int
    start_seconds: float
    seconds: float
    local_seconds: float
    same_digest: bool


def measure(
    store: Path,
    world: WorldParameters,
    sizes: Sequence[int],
    compared: int,
    page: Path | None,
    progress: Progress,
    *,
    spark: bool = False,
) -> Mapping[str, Any]:
    """Measure every size, and the windows alone at one of them against the rivals.

    Args:
        store: World, store and rows are made beside it and removed.
        world: What is replicated.
        sizes: Decisions, about so many.
        compared: Decisions of the comparison, about so many.
        page: Whose marked part the tables replace, where one is given; the plot is written beside it.
        progress: Told what is done, a line at a time.
        spark: Compute the first size on Spark too.

    Returns:
        `gates` with their verdicts, `sizes`, `spark`, `windows`, `holds`, and the tables as `text`.

    Raises:
        InputError: no size, or a page without marks.
    """
    if not sizes or min(*sizes, compared) < 1:
        raise InputError("at least one size, of at least one decision", str([*sizes, compared]))
    if page is not None:
        report.check(page)
    store.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=store.parent) as scratch:
        _, made = ingested(Path(scratch), world)
        origin = World.of(Lake(made / "lake"))
        rivals = _compare(origin, compared, progress)
        rows = Path(scratch) / "rows"
        each = [_at_size(origin, size, rows, progress, spark=spark and not n) for n, size in enumerate(sizes)]
    found, on_spark = [local for local, _ in each], [other for _, other in each if other is not None]
    gates = _gates(found, on_spark, rivals)
    text = _text(world, found, on_spark, rivals, gates, compared)
    if page is not None:
        report.put_into(page, text)
        draw(page.with_name("features-growth.svg"), found)
    return {
        "text": text,
        "holds": all(holds for *_, holds in gates),
        "gates": [dict(zip(("gate", "value", "bound", "holds"), gate, strict=True)) for gate in gates],
        "sizes": list(map(asdict, found)),
        "spark": list(map(asdict, on_spark)),
        "windows": list(map(asdict, rivals)),
    }


def _replicas(origin: World, decisions: int) -> int:
    return -(-decisions * DECIDED // len(origin))


def _at_size(
    origin: World, size: int, folder: Path, progress: Progress, *, spark: bool
) -> tuple[Measured, OnSpark | None]:
    replicas = _replicas(origin, size)
    progress(f"{size:,} decisions: writing {len(origin.sightings) * replicas:,} sightings")
    for name, write in (("sightings", write_sightings), ("decisions", write_decisions)):
        (folder / name).mkdir(parents=True)
        write(origin, replicas, folder / name)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        found = apart.submit(_run, folder, len(origin) * replicas).result()
    on_spark = _on_spark(folder, found) if spark else None
    rmtree(folder)
    progress(
        f"{found.decisions:,} decisions: {found.seconds:.1f} s, on the processors {found.processor_seconds:.1f} s, "
        f"{found.peak_gigabytes:.2f} GB"
    )
    if on_spark is not None:
        progress(f"{found.decisions:,} decisions: on Spark {on_spark.seconds:.1f} s")
    return found, on_spark


def _run(folder: Path, consignments: int) -> Measured:
    """In a process of its own."""
    started, used = time.perf_counter(), time.process_time()
    job = _job(folder)
    made = write_matrix(job, folder / "matrix", ("sequence",), lambda _: None)
    took, spent = time.perf_counter() - started, time.process_time() - used
    return Measured(
        decisions=made.rows,
        consignments=consignments,
        sightings=sum(job.sightings.rows),
        seconds=took,
        processor_seconds=spent,
        peak_gigabytes=_peak_bytes() / GIGA,
        digest=made.digest,
    )


def _job(folder: Path) -> Job:
    sightings, decisions = (ParquetBlocks(sorted((folder / name).iterdir())) for name in ("sightings", "decisions"))
    return Job(SCHEMA, sightings, decisions, folder / "work")


def _on_spark(folder: Path, local: Measured) -> OnSpark:
    """The same rows to the same kind of files; the session's start is no part of the run."""
    from aftc.features.spark import SparkEngine
    from aftc.features.spark_session import spark_session

    started = time.perf_counter()
    with spark_session() as session:
        begun = time.perf_counter()
        engine = SparkEngine(session, session.sparkContext.defaultParallelism)
        made = write_matrix(_job(folder), folder / "by-spark", ("sequence",), lambda _: None, engine)
        ended = time.perf_counter()
    return OnSpark(made.rows, begun - started, ended - begun, local.seconds, made.digest == local.digest)


def _peak_bytes() -> int:
    """Most memory that this process has held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return 1024 * int(kilobytes)


def _compare(origin: World, decisions: int, progress: Progress) -> list[Compared]:
    """The batch's own way, then the rivals, over the same arrays."""
    replicas = _replicas(origin, decisions)
    asked = origin.decided(np.arange(len(origin)), replicas)
    problems = [problem_of(origin, replicas, asked, kind) for kind in KeyKind]
    problems = [each for each in problems if each.windows and len(each.asked)]
    by_batch([problem_of(origin, 1, origin.decided(np.arange(len(origin)), 1), KeyKind.CONSIGNEE)])  # compiled by now
    found: list[Compared] = []
    expected: list[NDArray[np.int64]] = []
    for way, sums_of in (("batch", by_batch), ("Polars by hand", by_polars), ("DuckDB by hand", by_duckdb)):
        started, used = time.perf_counter(), time.process_time()
        sums = sums_of(problems)
        took, spent = time.perf_counter() - started, time.process_time() - used
        expected = expected or sums
        differing = sum(int(np.sum(one != other)) for one, other in zip(expected, sums, strict=True))
        found.append(Compared(way, took, spent, differing))
        progress(f"windows alone, {way}: {took:.1f} s, on the processors {spent:.1f} s")
    return found


def _gates(
    found: Sequence[Measured], on_spark: Sequence[OnSpark], rivals: Sequence[Compared]
) -> list[tuple[str, float, float, bool]]:
    """Each gate's name, value, bound and verdict."""
    own, *others = rivals
    differing = sum(each.differing for each in others)
    gates: list[tuple[str, float, float, bool]] = [("differing window sums", differing, 0, differing == 0)]
    for rival in others:
        times = rival.seconds / own.seconds
        gates.append((f"windows alone, times as long by {rival.way}", times, 1.0, times > 1))
    gates += [("other digests on Spark", not each.same_digest, 0, each.same_digest) for each in on_spark]
    for each in found:
        if GATED_ROWS <= each.decisions < 2 * GATED_ROWS:
            figures = ((each.seconds, MOST_SECONDS, "seconds"), (each.peak_gigabytes, MOST_GIGABYTES, "gigabytes"))
            gates += [(f"{unit} for {each.decisions:,} decisions", v, most, v <= most) for v, most, unit in figures]
            gates += _growth(each, found)
    return gates


def _growth(one: Measured, found: Sequence[Measured]) -> list[tuple[str, float, float, bool]]:
    """Gates of the runs of ten times the decisions of another."""
    gates: list[tuple[str, float, float, bool]] = []
    for each in found:
        if GROWN * GATED_ROWS <= each.decisions < 2 * GROWN * GATED_ROWS:
            times = each.seconds / one.seconds
            name = f"times as long as {one.decisions:,} for {each.decisions:,} decisions"
            gates.append((name, times, MOST_TIMES, times <= MOST_TIMES))
            memory = each.peak_gigabytes
            name = f"gigabytes for {each.decisions:,} decisions"
            gates.append((name, memory, MOST_GROWN_GIGABYTES, memory <= MOST_GROWN_GIGABYTES))
    return gates


def _text(
    world: WorldParameters,
    found: Sequence[Measured],
    on_spark: Sequence[OnSpark],
    rivals: Sequence[Compared],
    gates: Sequence[tuple[str, float, float, bool]],
    compared: int,
) -> str:
    heads = ("decisions", "consignments", "sightings", "wall s", "processor s", "peak GB", "us a decision")
    rows = [
        (
            f"{each.decisions:,}",
            f"{each.consignments:,}",
            f"{each.sightings:,}",
            f"{each.seconds:.1f}",
            f"{each.processor_seconds:.1f}",
            f"{each.peak_gigabytes:.2f}",
            f"{each.seconds / each.decisions * 1e6:.0f}",
        )
        for each in found
    ]
    return "\n\n".join(
        (
            f"A world of {world.consignments:,} consignments in {world.days} days, seed {world.seed}, replicated under "
            f"new ids; {len(SCHEMA.features)} features over {len(SCHEMA.windows)} windows, from Parquet to Parquet.",
            table(
                ("gate", "value", "bound", "verdict"),
                [
                    (name, f"{value:.2f}", f"{bound:.4g}", "holds" if holds else "**fails**")
                    for name, value, bound, holds in gates
                ],
            ),
            table(heads, rows),
            *_spark_text(on_spark),
            f"Windows alone for some {compared:,} decisions, arrays in memory, keys coded for all:",
            table(
                ("way", "wall s", "processor s", "differing sums"),
                [
                    (each.way, f"{each.seconds:.1f}", f"{each.processor_seconds:.1f}", f"{each.differing:,}")
                    for each in rivals
                ],
            ),
        )
    )


def _spark_text(on_spark: Sequence[OnSpark]) -> list[str]:
    if not on_spark:
        return []
    rows = [
        (
            f"{each.decisions:,}",
            f"{each.start_seconds:.1f}",
            f"{each.seconds:.1f}",
            f"{each.decisions / each.seconds:,.0f}",
            f"{each.decisions / each.local_seconds:,.0f}",
        )
        for each in on_spark
    ]
    heads = ("decisions", "session's start s", "wall s", "decisions/s on Spark", "decisions/s here")
    return ["The same rows on Spark, on the cores of one machine:", table(heads, rows)]
