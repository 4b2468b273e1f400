"""A random history as tables, and the job of it that every engine of the batch computes."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from aftc.features import batch
from aftc.features.assembly import assemble
from aftc.features.blocks import TableBlocks
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.out_of_core import Job
from aftc.features.sightings import COLUMNS
from aftc.features.testing import apply_step, decisions_of, random_history
from aftc.overlay import MemoryState
from tests.features.a_job import ROWS_A_BLOCK

# Spark is installed for the long tests alone.
collect_ignore = [] if find_spec("pyspark") else ["test_spark.py", "test_spark_session.py"]


@pytest.fixture(scope="session")
def history() -> tuple[pa.Table, pa.Table, np.ndarray]:
    """Sightings and versions as tables, and the vectors as the arrays give them."""
    state, rows = MemoryState(), []
    extracts: list[tuple[int, Extract]] = []
    for step in random_history(11, messages=200):
        made, sightings = apply_step(state, step)
        rows.append(sightings)
        extracts.extend((step.sequence, each) for each in made)
    sightings = np.concatenate(rows)
    decisions = decisions_of(extracts)
    versions = pa.table(
        {
            "sequence": decisions.sequence,
            "day": decisions.day,
            "slots": decisions.slots.tolist(),
            "owners": [each.owners.tolist() for _, each in extracts],
            "facts": [each.facts.tolist() for _, each in extracts],
        }
    )
    facts = np.array([each.facts for _, each in extracts])
    vectors = assemble(SCHEMA, facts, batch.window_sums(SCHEMA, sightings, decisions))
    return pa.table(list(sightings.T), names=list(COLUMNS)), versions, vectors


@pytest.fixture
def job(history: tuple[pa.Table, pa.Table, np.ndarray], tmp_path: Path) -> Job:
    """In some twenty shares, each summed in parts."""
    sightings, versions, _ = history
    return Job(
        SCHEMA,
        TableBlocks(sightings, "sightings", ROWS_A_BLOCK),
        TableBlocks(versions, "versions", ROWS_A_BLOCK),
        tmp_path / "work",
        memory_bytes=1 << 15,
        threads=2,
    )
