"""The truth put together from what the parts of a world told: one table of consignments, one of messages."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from training.world.columns import table_of
from training.world.parts import SCRATCH, TRUTH, MessageTruth, Task

__all__ = ["gather"]

_ROWS = 131_072  # of a row group


def gather(folder: Path, parts: Sequence[Task]) -> None:
    """Make `truth/truth.parquet`, sorted by document, and `truth/messages.parquet`; remove the scratch folder.

    Args:
        folder: The world's, all its parts written.
        parts: In the order in which messages are to stand.
    """
    (folder / "truth").mkdir()
    weeks = [feather.read_table(folder / part.scratch) for part in parts if part.part == TRUTH]
    pq.write_table(
        pa.concat_tables(weeks).sort_by("document"),
        folder / "truth" / "truth.parquet",
        compression="zstd",
        row_group_size=_ROWS,
    )
    messages = folder / "truth" / "messages.parquet"
    with pq.ParquetWriter(messages, table_of(MessageTruth).schema, compression="zstd") as writer:
        for part in parts:
            if part.part != TRUTH:
                writer.write_table(pq.read_table(folder / part.scratch), row_group_size=_ROWS)
    shutil.rmtree(folder / SCRATCH)
