"""Building the training set: made again to the bit, blind to what came later, written as it is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from aftc.config import Settings
from aftc.errors import TrainingError
from aftc.features.assembly import assemble
from aftc.features.batch import Decisions, window_sums
from aftc.features.catalogue import SCHEMA
from aftc.features.sightings import COLUMNS
from aftc.history.lake import Lake
from training.building import build_training_set
from training.dataset import TrainingSet, write_training_set
from training.labels import FOUND, THREATS, UNKNOWN
from training.testing import TrainedWorld


def built(settings: Settings, up_to: int | None = None) -> TrainingSet:
    """The training set of a store."""
    return build_training_set(Lake(settings.store / "lake"), settings, SCHEMA, up_to=up_to)


@pytest.fixture(scope="module")
def halfway(trained: TrainedWorld) -> TrainingSet:
    """The set as it was at the message in the middle."""
    return built(trained.settings, trained.run.training_set.sequence // 2)


def test_a_set_is_made_again_to_the_bit(trained: TrainedWorld) -> None:
    """Name, digest and vectors of the run's set equal those of a set made anew."""
    first, again = trained.run.training_set, built(trained.settings)
    assert (again.name, again.digest) == (first.name, first.digest)
    assert again.vectors.tobytes() == first.vectors.tobytes()


def test_vectors_are_those_of_the_arrays(trained: TrainedWorld) -> None:
    """Computed out of core from the lake's files, or in memory from its rows: no bit differs."""
    made, lake = trained.run.training_set, Lake(trained.settings.store / "lake")
    known = {(row["consignment_id"], row["version"]): row for row in lake.read("versions").to_pylist()}
    rows = [known[key] for key in _keys(made)]
    seen = lake.read("sightings", columns=COLUMNS)
    decisions = Decisions(
        slots=np.array([row["slots"] for row in rows]),
        owner_offsets=np.cumsum([0, *(len(row["owners"]) for row in rows)]),
        owners=np.concatenate([row["owners"] for row in rows]),
        day=np.array([row["day"] for row in rows]),
        sequence=np.array([row["sequence"] for row in rows]),
    )
    sums = window_sums(SCHEMA, np.column_stack([seen[name].to_numpy() for name in COLUMNS]), decisions)
    vectors = assemble(SCHEMA, np.array([row["facts"] for row in rows]), sums)
    assert np.count_nonzero(sums) > 1000
    assert made.vectors.tobytes() == vectors.tobytes()


def test_what_came_later_changes_no_vector(trained: TrainedWorld, halfway: TrainingSet) -> None:
    """Consignments decided halfway have the same vector, bit for bit, in the set of all messages."""
    whole = trained.run.training_set
    place = {key: row for row, key in enumerate(_keys(whole))}
    rows = [(row, place[key]) for row, key in enumerate(_keys(halfway)) if key in place]
    assert len(rows) > 200
    assert all(halfway.vectors[one].tobytes() == whole.vectors[other].tobytes() for one, other in rows)


def test_nothing_is_known_halfway_that_came_later(halfway: TrainingSet) -> None:
    """Versions, labels and decisions of the set at a message are no younger than that message."""
    assert max(halfway.versions["sequence"].to_pylist()) <= halfway.sequence
    assert halfway.labels.known_at.max() <= halfway.horizon
    assert halfway.points.moment.max() <= halfway.horizon
    assert halfway.points.still_open > 0


def test_the_digest_tells_a_changed_value(trained: TrainedWorld, halfway: TrainingSet) -> None:
    """Sets of two sequence numbers differ in name and digest."""
    assert halfway.name != trained.run.training_set.name
    assert halfway.digest != trained.run.training_set.digest


def test_labels_are_the_examined_alone(trained: TrainedWorld) -> None:
    """Weights are positive exactly where a label is known, and finds of any threat are those of some threat."""
    made = trained.run.training_set
    assert ((made.weights.values > 0) == made.labels.examined).all()
    some = (made.labels.found[:, 1:] == FOUND).any(axis=1)
    assert (some == (made.labels.found[:, 0] == FOUND)).all()
    assert 100 < int(made.labels.examined.sum()) < len(made)


def test_the_random_stratum_is_part_of_the_examined(trained: TrainedWorld) -> None:
    """Rows of the stratum are examined and carry the draw's chance of a quarter."""
    made = trained.run.training_set
    stratum = made.random_weights.values > 0
    assert stratum.any()
    assert made.labels.examined[stratum].all()
    assert set(np.unique(made.random_weights.values[stratum])) == {4.0}


def test_the_file_holds_the_set(trained: TrainedWorld, tmp_path: Path) -> None:
    """Every feature by name, labels with nulls where unknown, and name and digest in the metadata."""
    made = trained.run.training_set
    write_training_set(made, tmp_path / "sets" / "set.parquet")
    table = pq.read_table(tmp_path / "sets" / "set.parquet")
    about = json.loads(table.schema.metadata[b"aftc"])
    assert about == {
        "name": made.name,
        "sequence": made.sequence,
        "schema": SCHEMA.digest,
        "digest": made.digest,
    }
    columns = [table[name].to_numpy() for name in SCHEMA.names]
    assert np.array_equal(np.column_stack(columns), made.vectors, equal_nan=True)
    for threat in THREATS:
        expected = [None if each == UNKNOWN else each == FOUND for each in made.labels.of(threat).tolist()]
        assert table[f"found_{threat.value}"].to_pylist() == expected
    assert table["weight"].null_count == int((~made.labels.examined).sum())


def test_an_empty_lake_says_what_to_do(tmp_path: Path) -> None:
    """Without messages the error names the next command."""
    with pytest.raises(TrainingError, match="aftc ingest"):
        built(Settings(store=tmp_path))


def _keys(made: TrainingSet) -> list[tuple[str, int]]:
    return list(zip(made.versions["consignment_id"].to_pylist(), made.versions["version"].to_pylist(), strict=True))
