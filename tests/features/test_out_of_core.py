"""The batch in shares: no bit depends on shares, threads or blocks, and a run that was ended goes on where it stood."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aftc.errors import HistoryError, InputError
from aftc.features import batch
from aftc.features.algebra import KeyKind
from aftc.features.aliases import Aliases
from aftc.features.assembly import assemble
from aftc.features.blocks import ParquetBlocks, TableBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.matrix import write_matrix
from aftc.features.out_of_core import Job, compute
from aftc.features.sightings import COLUMNS
from tests.features.a_job import ROWS_A_BLOCK, silent


def vectors_of(job: Job) -> np.ndarray:
    """All vectors of a job."""
    return np.concatenate(list(compute(job, lambda _, vectors: vectors(), silent)))


@pytest.mark.parametrize(
    ("memory_bytes", "threads", "rows_a_block"), [(1 << 30, 1, 10_000), (1 << 15, 2, 20), (1 << 13, 3, 7)]
)
def test_no_bit_depends_on_shares_threads_or_blocks(
    history: tuple[pa.Table, pa.Table, np.ndarray], job: Job, memory_bytes: int, threads: int, rows_a_block: int
) -> None:
    """One share or hundreds, summed whole or a sighting at a time: the bits of the arrays' own way."""
    sightings, versions, expected = history
    order = np.random.default_rng(3).permutation(len(sightings))
    other = replace(
        job,
        sightings=TableBlocks(sightings.take(pa.array(order)), "shuffled", rows_a_block),
        decisions=TableBlocks(versions, "versions", rows_a_block),
        memory_bytes=memory_bytes,
        threads=threads,
    )
    assert vectors_of(other).tobytes() == expected.tobytes()


def test_merged_parties_are_summed_alike(history: tuple[pa.Table, pa.Table, np.ndarray], job: Job) -> None:
    """Further members of a party lie in other shares than its own key: the same bits, and others than unmerged."""
    sightings, versions, unmerged = history
    slots = np.array(versions["slots"].to_pylist())
    first, second, *_ = np.unique(slots[:, KeyKind.CONSIGNOR][slots[:, KeyKind.CONSIGNOR] != 0]).tolist()
    merged = replace(job, aliases=Aliases({first: [(20, (second,)), (90, ())], second: [(20, (first,))]}))
    owners = versions["owners"].to_pylist()
    decisions = batch.Decisions(
        slots=slots,
        owner_offsets=np.cumsum([0, *map(len, owners)]),
        owners=np.concatenate(owners),
        day=versions["day"].to_numpy(),
        sequence=versions["sequence"].to_numpy(),
    )
    rows = np.column_stack([sightings[name].to_numpy() for name in COLUMNS])
    expected = batch.window_sums(SCHEMA, rows, decisions, merged.aliases)
    vectors = vectors_of(merged)
    assert vectors.tobytes() == assemble(SCHEMA, np.array(versions["facts"].to_pylist()), expected).tobytes()
    assert vectors.tobytes() != unmerged.tobytes()


@pytest.mark.parametrize(("memory_bytes", "files"), [(1 << 30, 1), (1 << 15, 5), (1 << 10, 20)])
def test_blocks_of_sightings_are_dealt_together_as_far_as_memory_allows(
    history: tuple[pa.Table, pa.Table, np.ndarray], job: Job, memory_bytes: int, files: int
) -> None:
    """Twenty sightings a block, 81 at a time, or fewer than a block has: that many files lie between two steps."""
    blocks = TableBlocks(history[0].slice(0, 400), "some", 20)
    few = replace(job, sightings=blocks, memory_bytes=memory_bytes, threads=2)
    vectors_of(few)
    assert len(list((few.folder / "sightings").iterdir())) == files


def test_a_matrix_is_the_same_however_it_is_cut(
    history: tuple[pa.Table, pa.Table, np.ndarray], job: Job, tmp_path: Path
) -> None:
    """Files differ, values and digest do not; a missing value is null, and what was carried over stands beside."""
    whole = write_matrix(
        replace(job, decisions=TableBlocks(history[1], "versions")), tmp_path / "one", ("sequence",), silent
    )
    cut = write_matrix(job, tmp_path / "many", ("sequence",), silent)
    assert (whole.rows, whole.digest) == (cut.rows, cut.digest)
    assert (len(whole.files), len(cut.files)) == (1, -(-len(history[2]) // ROWS_A_BLOCK))
    table = pq.read_table(whole.files[0])
    assert table.equals(pa.concat_tables(map(pq.read_table, cut.files)))
    assert table["sequence"].equals(history[1]["sequence"])
    found = np.column_stack([table[name].fill_null(np.nan).to_numpy() for name in SCHEMA.names])
    assert np.array_equal(found, history[2], equal_nan=True)
    assert not job.folder.exists()


KILLED = """
    import os, signal, sys
    import pyarrow.parquet as pq
    from pathlib import Path
    from aftc.features import out_of_core
    from aftc.features.blocks import ParquetBlocks
    from aftc.features.catalogue import SCHEMA
    from aftc.features.matrix import write_matrix

    folder, last = Path(sys.argv[1]), sys.argv[2]

    def progress(line):
        if line.startswith(last):
            os.kill(os.getpid(), signal.SIGKILL)

    blocks = [ParquetBlocks([folder / f"{name}.parquet"]) for name in ("sightings", "versions")]
    job = out_of_core.Job(SCHEMA, *blocks, folder / "work", memory_bytes=1 << 15, threads=2)
    write_matrix(job, folder / "out", ("sequence",), progress)
"""


@pytest.mark.parametrize("last", ["sightings", "shares", "vectors"])
def test_a_killed_run_goes_on_to_the_same_digest(
    history: tuple[pa.Table, pa.Table, np.ndarray], tmp_path: Path, last: str
) -> None:
    """Killed in each step: what was finished stays as it is, and the end is that of a run without a kill.

    The one that goes on may have more memory: it divides the work as the first one did.
    """
    sightings, versions, expected = history
    pq.write_table(sightings, tmp_path / "sightings.parquet", row_group_size=ROWS_A_BLOCK)
    pq.write_table(versions, tmp_path / "versions.parquet", row_group_size=ROWS_A_BLOCK)
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), tmp_path, last], timeout=200, check=False)
    assert ended.returncode == -signal.SIGKILL
    finished = (path for path in (tmp_path / "work").rglob("0*") if path.suffix != ".unfinished")
    left = {path: path.stat().st_mtime_ns for path in finished}
    assert left
    again = Job(
        SCHEMA,
        ParquetBlocks([tmp_path / "sightings.parquet"]),
        ParquetBlocks([tmp_path / "versions.parquet"]),
        tmp_path / "work",
        memory_bytes=1 << 20,
        threads=2,
    )
    assert vectors_of(again).tobytes() == expected.tobytes()
    assert {path: path.stat().st_mtime_ns for path in left} == left
    resumed = write_matrix(again, tmp_path / "out", ("sequence",), silent)
    fresh = write_matrix(replace(again, folder=tmp_path / "other"), tmp_path / "fresh", ("sequence",), silent)
    assert (resumed.rows, resumed.digest) == (fresh.rows, fresh.digest)


def test_what_is_damaged_is_made_anew(history: tuple[pa.Table, pa.Table, np.ndarray], job: Job, tmp_path: Path) -> None:
    """A flipped bit in a file of any step, or in a written part, changes nothing in the end."""
    vectors_of(job)
    for step in ("requests", "sightings", "sums"):
        path = max((job.folder / step).iterdir(), key=lambda each: each.stat().st_size)
        raw = bytearray(path.read_bytes())
        raw[-1] ^= 1
        path.write_bytes(raw)
    assert vectors_of(job).tobytes() == history[2].tobytes()
    first = write_matrix(job, tmp_path / "out", ("sequence",), silent)
    raw = bytearray(first.files[0].read_bytes())
    raw[len(raw) // 3] ^= 1
    first.files[0].write_bytes(raw)
    assert write_matrix(job, tmp_path / "out", ("sequence",), silent).digest == first.digest


def test_a_folder_of_other_work_is_refused(history: tuple[pa.Table, pa.Table, np.ndarray], job: Job) -> None:
    """Files of other rows are never taken for these."""
    vectors_of(job)
    with pytest.raises(InputError, match="other rows"):
        vectors_of(replace(job, sightings=TableBlocks(history[0].slice(1), "fewer")))


def test_days_that_fall_are_refused(history: tuple[pa.Table, pa.Table, np.ndarray], job: Job) -> None:
    """A sighting of an earlier day than one before it spoils the windows of its key: nothing is computed."""
    day = history[0]["day"].to_numpy().copy()
    day[len(day) // 2 :] -= 400
    spoilt = history[0].set_column(COLUMNS.index("day"), "day", pa.array(day))
    with pytest.raises(HistoryError, match="never fall"):
        vectors_of(replace(job, sightings=TableBlocks(spoilt, "spoilt", ROWS_A_BLOCK)))


def test_no_rows_are_no_trouble(history: tuple[pa.Table, pa.Table, np.ndarray], job: Job, tmp_path: Path) -> None:
    """Without decisions there is nothing to write; without sightings no entity has a history."""
    none = replace(job, decisions=TableBlocks(history[1].slice(0, 0), "none"))
    assert write_matrix(none, tmp_path / "out", ("sequence",), silent).rows == 0
    unseen = replace(job, sightings=TableBlocks(history[0].slice(0, 0), "none"), folder=tmp_path / "unseen")
    sums = np.zeros((len(history[1]), len(SCHEMA.windows)), np.int64)
    facts = np.array(history[1]["facts"].to_pylist())
    assert vectors_of(unseen).tobytes() == assemble(SCHEMA, facts, sums).tobytes()
    assert os.listdir(tmp_path / "out") == []
