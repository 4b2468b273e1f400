"""The training set: one vector and one label of each consignment, named so that it can be made again.

The same sequence number and feature schema give the same set, to the bit, whenever it is made: its name says both, its
digest proves it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from aftc.clock import Instant
from aftc.columns import codes
from aftc.features.schema import FeatureSchema
from training.decision_points import DecisionPoints
from training.labels import THREATS, Labels
from training.units import Units
from training.weights import Weights

__all__ = ["TrainingSet", "write_training_set"]

_DIGEST_IN_NAME: Final = 12  # characters of the schema's digest
_WRITTEN: Final = {
    "consignment_id": "consignment_id",
    "version": "version",
    "document": "document",
    "mode": "mode_of_arrival",  # a feature is named `mode`
    "sequence": "sequence",
    "known_at": "known_at",
    "scheduled_arrival": "scheduled_arrival",
}


@dataclass(frozen=True, eq=False)  # not slotted: the digest is computed once, when asked for
class TrainingSet:
    """Every consignment at its decision point, n rows in the order of their moments.

    Attributes:
        sequence: Last message that it was made from.
        horizon: Known-at of that message (instant).
        streams: How many records each stream had told by then.
        schema: What the columns of `vectors` are.
        points: When each decision fell due.
        versions: The chosen versions, one a row: consignment_id, version, document, mode, sequence, known_at and more.
        vectors: float64[n, features], NaN where missing.
        labels, weights: Of the consignments; `random_weights` of the random stratum alone.
        units: Who is aboard what.
        unit_labels, unit_weights: Of the units.
    """

    sequence: int
    horizon: Instant
    streams: tuple[tuple[str, int], ...]
    schema: FeatureSchema
    points: DecisionPoints
    versions: pa.Table
    vectors: NDArray[np.float64]
    labels: Labels
    weights: Weights
    random_weights: Weights
    units: Units
    unit_labels: Labels
    unit_weights: Weights

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def name(self) -> str:
        """The set's name: its sequence number and its schema."""
        return f"consignments-{self.sequence}-{self.schema.digest[:_DIGEST_IN_NAME]}"

    @cached_property
    def modes(self) -> NDArray[np.str_]:
        """Mode of arrival of each row, as its version states it."""
        names, place = codes(self.versions["mode"])
        return np.array(names, dtype=np.str_)[place]

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over rows, vectors, labels and weights."""
        digest = sha256(self.name.encode())
        versions = (self.versions["consignment_id"].to_pylist(), self.versions["version"].to_pylist())
        for identity, version in zip(*versions, strict=True):
            digest.update(f"{identity}\x1f{version}\x1e".encode())
        labels = self.labels
        for array in (self.vectors, labels.found, labels.probability, self.weights.values, self.random_weights.values):
            digest.update(np.where(np.isnan(array), np.nan, array).tobytes())  # one NaN, whatever its bits
        return digest.hexdigest()


def write_training_set(made: TrainingSet, path: Path) -> None:
    """Write a training set as one Parquet file, its name and digests among the file's metadata.

    Columns: the version's, `moment` and `late`, `found_THREAT` (null where not known), `selection_probability` and
    `weight` (null where not examined), then every feature by its name (null where missing).
    """
    table = made.versions.select(list(_WRITTEN)).rename_columns(list(_WRITTEN.values()))
    table = table.append_column("moment", pa.array(made.points.moment)).append_column(
        "late", pa.array(made.points.late)
    )
    for threat in THREATS:
        found = made.labels.of(threat)
        table = table.append_column(f"found_{threat.value}", pa.array(found == 1, mask=found < 0))
    unexamined = np.isnan(made.labels.probability)
    for name, values in (("selection_probability", made.labels.probability), ("weight", made.weights.values)):
        table = table.append_column(name, pa.array(values, mask=unexamined))
    for name, column in zip(made.schema.names, made.vectors.T, strict=True):
        table = table.append_column(name, pa.array(column, mask=np.isnan(column)))
    about = {"name": made.name, "sequence": made.sequence, "schema": made.schema.digest, "digest": made.digest}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.replace_schema_metadata({"aftc": json.dumps(about)}), path, compression="zstd")
