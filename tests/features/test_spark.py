"""The batch on Spark, on executors that are processes of their own: the local engine's bits, however it is cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from aftc.errors import HistoryError, InputError
from aftc.features.algebra import KeyKind
from aftc.features.aliases import Aliases
from aftc.features.assembly import assemble
from aftc.features.blocks import ParquetBlocks, TableBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.matrix import write_matrix
from aftc.features.out_of_core import Job, compute
from aftc.features.sightings import COLUMNS
from aftc.features.spark import SparkEngine
from aftc.features.spark_session import spark_session
from tests.features.a_job import ROWS_A_BLOCK, silent

pytestmark = [pytest.mark.scale, pytest.mark.timeout(900)]

EXECUTORS = "local-cluster[2,1,1024]"

History = tuple[pa.Table, pa.Table, np.ndarray]


@pytest.fixture(scope="module")
def session(spark_home: Path) -> Iterator[SparkSession]:
    """A session with two executors, each a JVM with Python workers of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(spark_home))
        with spark_session(EXECUTORS) as started:
            yield started


def vectors_of(session: SparkSession, job: Job, partitions: int = 1) -> np.ndarray:
    """All vectors of a job."""
    return np.concatenate(list(SparkEngine(session, partitions)(job, lambda _, vectors: vectors(), silent)))


def processes(_: int) -> tuple[int, int]:
    """The worker that this runs in, and the process that started the workers' daemon."""
    daemon = Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()
    return os.getpid(), int(daemon[1])


def children() -> list[int]:
    """Processes that this one has started, the JVM that asks among them."""
    return [int(each) for each in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def test_executors_are_processes_of_their_own(session: SparkSession) -> None:
    """Two executors took tasks, neither of them the process or the JVM that asked."""
    found = session.sparkContext.parallelize(range(40), 40).map(processes).collect()
    executors = {executor for _, executor in found}
    assert len(executors) == 2
    assert not executors & {os.getpid(), *children()}
    assert not {worker for worker, _ in found} & {os.getpid(), *executors}


@pytest.mark.parametrize(
    ("memory_bytes", "rows_a_block", "partitions"), [(1 << 30, 10_000, 1), (1 << 30, 60, 5), (1 << 15, 120, 1)]
)
def test_no_bit_depends_on_partitions_or_blocks(
    session: SparkSession, history: History, job: Job, memory_bytes: int, rows_a_block: int, partitions: int
) -> None:
    """One share or dozens, summed whole or a part at a time, one block or several: the bits of the arrays."""
    sightings, versions, expected = history
    other = replace(
        job,
        sightings=TableBlocks(sightings, "sightings", rows_a_block),
        decisions=TableBlocks(versions, "versions", rows_a_block),
        memory_bytes=memory_bytes,
    )
    assert vectors_of(session, other, partitions).tobytes() == expected.tobytes()


def test_merged_parties_are_summed_alike(session: SparkSession, history: History, job: Job) -> None:
    """Further members of a party, known from some message on, as the local engine sums them."""
    slots = np.array(history[1]["slots"].to_pylist())
    first, second, *_ = np.unique(slots[:, KeyKind.CONSIGNOR][slots[:, KeyKind.CONSIGNOR] != 0]).tolist()
    merged = replace(job, aliases=Aliases({first: [(20, (second,)), (90, ())], second: [(20, (first,))]}))
    local = replace(merged, folder=job.folder.with_name("local"))
    expected = np.concatenate(list(compute(local, lambda _, vectors: vectors(), silent)))
    assert vectors_of(session, merged).tobytes() == expected.tobytes() != history[2].tobytes()


def test_no_sightings_are_no_trouble(session: SparkSession, history: History, job: Job) -> None:
    """Where no entity has a history every block has its vectors all the same."""
    unseen = replace(job, sightings=TableBlocks(history[0].slice(0, 0), "none"))
    sums = np.zeros((len(history[1]), len(SCHEMA.windows)), np.int64)
    expected = assemble(SCHEMA, np.array(history[1]["facts"].to_pylist()), sums)
    assert vectors_of(session, unseen).tobytes() == expected.tobytes()


def test_a_lost_sighting_shows(session: SparkSession, history: History, job: Job, tmp_path: Path) -> None:
    """The check has teeth: the matrix has the local digest, and another one with one sighting fewer."""
    sightings, versions, _ = history
    local = write_matrix(replace(job, folder=tmp_path / "local"), tmp_path / "one", ("sequence",), silent)
    engine = SparkEngine(session, 3)
    whole = write_matrix(job, tmp_path / "two", ("sequence",), silent, engine)
    assert (whole.rows, whole.digest) == (local.rows, local.digest)
    last = np.array(versions["slots"].to_pylist())[-1, KeyKind.CONSIGNEE]
    lost = int(np.flatnonzero(sightings["key"].to_numpy() == last)[0])
    kept = pa.concat_tables([sightings.slice(0, lost), sightings.slice(lost + 1)])
    fewer = replace(job, sightings=TableBlocks(kept, "fewer", ROWS_A_BLOCK))
    assert write_matrix(fewer, tmp_path / "three", ("sequence",), silent, engine).digest != local.digest


def test_only_what_is_missing_is_computed_again(session: SparkSession, history: History, job: Job) -> None:
    """Of the blocks that an earlier run left, sound ones stay as they are and a damaged one is made anew."""
    vectors_of(session, job)
    first, second, *_ = sorted((job.folder / "vectors").iterdir())
    left = first.stat().st_mtime_ns
    raw = bytearray(second.read_bytes())
    raw[-1] ^= 1
    second.write_bytes(raw)
    assert vectors_of(session, job).tobytes() == history[2].tobytes()
    assert first.stat().st_mtime_ns == left


def test_what_an_executor_refuses_is_told_here(session: SparkSession, history: History, job: Job) -> None:
    """Days that fall, found by an executor, are the error that they are on one machine."""
    day = history[0]["day"].to_numpy().copy()
    day[len(day) // 2 :] -= 400
    spoilt = history[0].set_column(COLUMNS.index("day"), "day", pa.array(day))
    with pytest.raises(
        HistoryError, match="expected days that never fall along the sequence, found a day out of order"
    ):
        vectors_of(session, replace(job, sightings=TableBlocks(spoilt, "spoilt", ROWS_A_BLOCK)))


def test_what_executors_cannot_read_is_told(session: SparkSession, history: History, job: Job, tmp_path: Path) -> None:
    """A file that is no longer what it was is named by the reader's own words, in one line."""
    path = tmp_path / "sightings.parquet"
    pq.write_table(history[0], path)
    blocks = ParquetBlocks([path])
    assert sum(blocks.rows) == len(history[0])
    path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(HistoryError, match=r"found pyarrow\.lib\.ArrowInvalid: Parquet .*; let executors have store"):
        vectors_of(session, replace(job, sightings=blocks))


def test_a_folder_of_other_work_is_refused(session: SparkSession, history: History, job: Job) -> None:
    """Files of other rows are never taken for these."""
    list(compute(job, lambda _, vectors: vectors(), silent))
    with pytest.raises(InputError, match="other rows"):
        vectors_of(session, replace(job, sightings=TableBlocks(history[0].slice(1), "fewer")))
