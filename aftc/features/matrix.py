"""The feature matrix as Parquet files: a batch's vectors, a file a block of decisions, and one digest of all values."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from aftc.features.out_of_core import Engine, Job, compute
from aftc.features.schema import FeatureSchema

__all__ = ["Matrix", "write_matrix"]

_ABOUT: Final = b"aftc"  # key of a file's metadata


@dataclass(frozen=True, slots=True)
class Matrix:
    """A written matrix.

    Attributes:
        files: In the order of their decisions.
        rows: Number of decisions.
        digest: SHA-256 (hex) over all values in that order, row by row; it does not know of files.
    """

    files: tuple[Path, ...]
    rows: int
    digest: str


def write_matrix(
    job: Job, folder: Path, carried: Sequence[str], progress: Callable[[str], None], engine: Engine = compute
) -> Matrix:
    """Write the vectors of all decisions: columns carried over from them, then every feature (null where missing).

    A file that is there and holds what its digest says is not made again; the job's folder is removed at the end.

    Args:
        job: Of what.
        folder: Where the files go.
        carried: Columns of the decisions that say which they are.
        progress: Told what is done, a line at a time.
        engine: Computes the vectors.

    Raises:
        HistoryError: as `compute`.
        InputError: as `compute`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    files = []
    for path, values in engine(job, partial(_finish, job, folder, carried), progress):
        digest.update(values.tobytes())
        files.append(path)
    shutil.rmtree(job.folder)
    return Matrix(tuple(files), sum(job.decisions.rows), digest.hexdigest())


def _finish(
    job: Job, folder: Path, carried: Sequence[str], block: int, vectors: Callable[[], NDArray[np.float64]]
) -> tuple[Path, NDArray[np.float64]]:
    """Write a block's file, unless it is there; its values with one NaN, whatever its bits."""
    path = folder / f"part-{block:05}.parquet"
    written = _written(path, job)
    if written is not None:
        return path, written
    values = vectors()
    values[np.isnan(values)] = np.nan
    table = job.decisions.read(block, carried)
    for name, column in zip(job.schema.names, np.ascontiguousarray(values.T), strict=True):
        table = table.append_column(name, pa.array(column, from_pandas=True))
    about = {"job": job.identity, "schema": job.schema.digest, "digest": sha256(values.tobytes()).hexdigest()}
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(table.replace_schema_metadata({_ABOUT: json.dumps(about)}), unfinished, compression="zstd")
    unfinished.replace(path)
    return path, values


def _written(path: Path, job: Job) -> NDArray[np.float64] | None:
    """The values of a file of this job, where it holds what it held when it was written."""
    try:
        with pq.ParquetFile(path) as file:
            about = json.loads((file.schema_arrow.metadata or {}).get(_ABOUT, b"{}"))
            if about.get("job") != job.identity:
                return None
            values = _values(file.read(use_threads=False), job.schema)
    except (FileNotFoundError, pa.ArrowException, OSError):
        return None
    return values if sha256(values.tobytes()).hexdigest() == about["digest"] else None


def _values(table: pa.Table, schema: FeatureSchema) -> NDArray[np.float64]:
    values = np.empty((len(table), len(schema.features)), np.float64)
    for place, name in enumerate(schema.names):
        values[:, place] = table[name].fill_null(np.nan).to_numpy()
    return values
