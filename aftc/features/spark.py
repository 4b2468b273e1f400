"""Batch on Spark: the same shares, summed by the same steps, carried between them by Spark's shuffle.

    blocks of decisions --> requests --+
                                       +-- by share --> sums --+-- by block --> vectors
    blocks of sightings --> sightings -+                       |
                                              every block -----+

A row of a shuffle is a part: the requests of a share with the moments of who asks, or its sightings, thousands in few
bytes. So Spark moves bytes and never looks into them, and a share's sightings reach its sums a few parts at a time.
Blocks are read and vectors left by executors, so store and folder must be in reach of all by the same paths. What keys
are asked for is gathered first, by the process that asks, and left in the folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from aftc import errors
from aftc.errors import AftcError, HistoryError
from aftc.features.batch import Requests
from aftc.features.blocks import Blocks, ParquetBlocks
from aftc.features.out_of_core import Finish, Job, Progress, Result, each_unit, plan_of
from aftc.features.parts import Parts, finished, write_parts
from aftc.features.shares import (
    ASKING,
    Asked,
    asked_columns,
    block_vectors,
    deal_requests,
    deal_sightings,
    moments_of,
    pack_moments,
    pack_requests,
    requests_of,
    sum_share,
    together,
    unpack_moments,
    unpack_requests,
)
from aftc.features.spark_session import pandas_unused

__all__ = ["SparkEngine"]

_DEALT: Final = pa.schema(
    [
        ("share", pa.int32()),
        ("kind", pa.int32()),
        ("block", pa.int32()),
        ("part", pa.binary()),
        ("moments", pa.binary()),
    ]
)
_SUMMED: Final = pa.schema([("block", pa.int32()), ("share", pa.int32()), ("part", pa.binary())])
_WRITTEN: Final = pa.schema([("block", pa.int32())])
_REQUESTS, _SIGHTINGS = 0, 1  # kinds of parts: a share's requests come before its sightings
_SIGHTINGS_A_PART: Final = 262_144  # at most: some eight megabytes
_TOLD: Final = "aftc error told: "
_LOOK_SECONDS: Final = 1.0  # between looks at how far the stages are

_Row: TypeAlias = Mapping[str, Any]
_Step: TypeAlias = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Computes vectors as `out_of_core.compute` does, to the bit, on a session's executors.

    Attributes:
        session: As of `spark_session`.
        partitions: At least so many shares; more where memory asks for it.
    """

    session: SparkSession
    partitions: int = 1

    def __call__(self, job: Job, finish: Finish[Result], progress: Progress) -> Iterator[Result]:
        """As `out_of_core.compute`; blocks that an earlier run left in the job's folder are not computed again."""
        shares = max(plan_of(job).shares, self.partitions)
        there = replace(
            job,
            sightings=_on_disk(job.sightings, job.folder / "seen", asked_columns(job.schema)),
            decisions=_on_disk(job.decisions, job.folder / "decided", (*ASKING, "facts")),
            folder=job.folder.absolute(),
        )
        (there.folder / "vectors").mkdir(exist_ok=True)
        blocks = range(len(there.decisions.rows))
        missing = [block for block in blocks if not finished(_path(there, block))]
        if missing:
            _gather_asked(there, progress)
            _carried_out(self.session, self._frame(there, shares, missing), progress)
        with ThreadPoolExecutor(job.threads) as pool:
            vectors = partial(_read, there)
            each = partial(each_unit, pool, job.threads, progress)
            yield from each("vectors", blocks, lambda block: finish(block, partial(vectors, block)))

    def _frame(self, job: Job, shares: int, missing: list[int]) -> DataFrame:
        """What leaves the vectors of some blocks in the job's folder."""
        units = len(missing) + len(job.sightings.rows)
        dealt = _mapped(self.session.range(0, units, 1, units), partial(_deal, job, shares, missing), _DEALT)
        by_share = dealt.repartitionById(shares, "share").sortWithinPartitions("share", "kind")
        sums = _mapped(by_share, partial(_sum, job), _SUMMED)
        nothing = [None] * len(missing)
        every = self.session.createDataFrame(pa.table([missing, nothing, nothing], schema=_SUMMED))
        by_block = sums.union(every).repartitionById(len(job.decisions.rows), "block").sortWithinPartitions("block")
        return _mapped(by_block, partial(_gather, job, shares), _WRITTEN)


def _path(job: Job, block: int) -> Path:
    return job.folder / "vectors" / f"{block:06}"


def _gather_asked(job: Job, progress: Progress) -> None:
    """Leave what all decisions ask of keys in the job's folder."""
    asked = Asked(job.schema, sum(job.decisions.rows))
    with ThreadPoolExecutor(job.threads) as pool:
        blocks = range(len(job.decisions.rows))
        for requests in each_unit(pool, job.threads, progress, "decisions", blocks, partial(_requests, job)):
            asked.mark(requests)
    write_parts(job.folder / "asked", [asked.table.tobytes()])


def _requests(job: Job, block: int) -> Requests:
    return requests_of(job.decisions.read(block, ASKING), job.aliases)


def _on_disk(blocks: Blocks, folder: Path, columns: Sequence[str]) -> ParquetBlocks:
    """Blocks that executors can read: what is in memory is written for them."""
    if isinstance(blocks, ParquetBlocks):
        return blocks
    folder.mkdir(exist_ok=True)
    files = []
    for number, rows in enumerate(blocks.rows):
        files.append(folder / f"{number:06}.parquet")
        pq.write_table(blocks.read(number, columns), files[-1], row_group_size=rows)
    return ParquetBlocks(files)


def _mapped(frame: DataFrame, step: _Step, schema: pa.Schema) -> DataFrame:
    with pandas_unused():
        return frame.mapInArrow(partial(_telling, step), from_arrow_schema(schema))


def _telling(step: _Step, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """A step on an executor; what it refuses is told in a way that `_carried_out` understands."""
    try:
        yield from step(batches)
    except AftcError as error:
        parts = (error.expected, error.found, error.advice, error.subject)
        raise RuntimeError(f"{_TOLD}{json.dumps([type(error).__name__, *parts])}") from None


def _deal(job: Job, shares: int, missing: Sequence[int], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Share out blocks of decisions, then blocks of sightings."""
    asked = np.frombuffer(Parts(job.folder / "asked").read(0), np.int64)
    for unit in chain.from_iterable(batch["id"].to_pylist() for batch in batches):
        if unit < len(missing):
            yield _batch(_DEALT, _asked(job, shares, missing[unit]))
            continue
        rows = job.sightings.read(unit - len(missing), asked_columns(job.schema))
        for first in range(0, len(rows), _SIGHTINGS_A_PART):
            parts = deal_sightings(job.schema, [rows.slice(first, _SIGHTINGS_A_PART)], asked, shares)
            yield _batch(_DEALT, [(share, _SIGHTINGS, None, part, None) for share, part in enumerate(parts)])


def _asked(job: Job, shares: int, block: int) -> Sequence[tuple[object, ...]]:
    """A block's requests of each share that it asks, with the moments of the decisions that do."""
    rows = job.decisions.read(block, ASKING)
    moments, found = moments_of(rows), []
    for share, requests in enumerate(deal_requests(requests_of(rows, job.aliases), shares)):
        asking, decision = np.unique(requests.decision, return_inverse=True)
        if asking.size:
            part = pack_requests(Requests(decision, requests.kind, requests.key))
            found.append((share, _REQUESTS, block, part, pack_moments(moments.of(asking))))
    return found


def _sum(job: Job, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Sum shares, whose rows come one after the other's and requests first; without sightings there are no sums."""
    for share, parts in groupby(_rows(batches), itemgetter("share")):
        requests: list[_Row] = []
        for kind, rows in groupby(parts, itemgetter("kind")):
            if kind == _REQUESTS:
                requests = list(rows)
            elif requests:
                moments = [unpack_moments(row["moments"]) for row in requests]
                firsts = np.cumsum([0, *(len(each.day) for each in moments)]).tolist()
                asked = [(first, unpack_requests(row["part"])) for first, row in zip(firsts, requests, strict=False)]
                sighted = (row["part"] for row in rows)
                sums = sum_share(job.schema, together(moments), asked, sighted, job.sightings_at_a_time)
                for row, part in zip(requests, sums, strict=True):
                    yield _batch(_SUMMED, [(row["block"], share, part)])


def _gather(job: Job, shares: int, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Assemble blocks, whose rows come one after the other's, and leave their vectors in the job's folder."""
    for block, rows in groupby(_rows(batches), itemgetter("block")):
        decisions = job.decisions.read(block, (*ASKING, "facts"))
        dealt = deal_requests(requests_of(decisions, job.aliases), shares)
        parts = ((dealt[row["share"]], row["part"]) for row in rows if row["part"] is not None)
        write_parts(_path(job, block), [block_vectors(job.schema, decisions["facts"], parts).tobytes()])
        yield _batch(_WRITTEN, [(block,)])


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[_Row]:
    return chain.from_iterable(batch.to_pylist() for batch in batches)


def _batch(schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else [[]] * len(schema)
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _carried_out(session: SparkSession, frame: DataFrame, progress: Progress) -> None:
    """Run what a frame says; progress is told by Spark's stages.

    Raises:
        AftcError: what a step on an executor raised.
        HistoryError: Spark ended the job.
    """
    tracker = session.sparkContext.statusTracker()
    told: dict[int, int] = {}
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(frame.collect)
        while not wait([running], _LOOK_SECONDS).done:
            for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
                if stage and 10 * stage.numCompletedTasks // stage.numTasks > told.get(stage.stageId, 0):
                    told[stage.stageId] = 10 * stage.numCompletedTasks // stage.numTasks
                    progress(f"stage {stage.stageId} on Spark: {stage.numCompletedTasks:,} of {stage.numTasks:,}")
        try:
            running.result()
        except PySparkException as error:
            raise _raised(str(error)) from error


def _raised(trace: str) -> AftcError:
    """What a failed job's trace tells: an error of ours, or the last line that names one."""
    found = re.search(rf"{_TOLD}(\[.*\])", trace)
    if found is None:
        lines = re.findall(r"^[\w.]+: \S.*", trace, re.MULTILINE)
        return HistoryError(
            "Spark to carry out the job",
            (lines or trace.splitlines() or ["nothing"])[-1],
            advice="let executors have store and work folder under these paths, and memory enough, then run it again",
        )
    name, expected, came, advice, subject = json.loads(found[1])
    kind: type[AftcError] = getattr(errors, name)
    return kind(expected, came, advice=advice, subject=subject)


def _read(job: Job, block: int) -> NDArray[np.float64]:
    """The vectors that an executor left."""
    path = _path(job, block)
    if not finished(path):
        raise HistoryError(
            "a block's vectors, as an executor wrote them",
            f"no sound file {path}",
            advice="use a folder that this process and all executors have under the same path",
        )
    return np.frombuffer(bytearray(Parts(path).read(0))).reshape(-1, len(job.schema.features))
