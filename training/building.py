"""Building the training set from the lake, as the lake stood at a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from aftc.clock import Instant
from aftc.columns import instants, matrix
from aftc.config import Settings
from aftc.errors import HistoryError, InputError, TrainingError
from aftc.features.algebra import KeyKind
from aftc.features.aliases import Aliases
from aftc.features.blocks import ParquetBlocks, TableBlocks
from aftc.features.out_of_core import Engine, Job, compute
from aftc.features.schema import FeatureSchema
from aftc.history.aliases import known_aliases
from aftc.history.lake import Lake
from training import decision_points as points
from training import outcomes as examinations
from training import units as searched
from training.dataset import TrainingSet
from training.labels import label_consignments, label_units
from training.outcomes import Outcome, first_issues, latest_outcomes, successors
from training.units import examined_units, units_of
from training.weights import inverse_probability

__all__ = ["build_training_set"]

_NARROW: Final = (*points.COLUMNS, "version", "day")
_WIDE: Final = ("document", "unit_kinds", "unit_numbers", "movements", "owners", "slots", "facts")
_INTEGERS: Final = ("owners", "slots", "facts")


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """What the lake held at a message: versions (narrow columns, in order), outcomes, and that message's place."""

    versions: pa.Table
    outcomes: tuple[Outcome, ...]
    streams: tuple[tuple[str, int], ...]
    sequence: int
    horizon: Instant


def build_training_set(
    lake: Lake,
    settings: Settings,
    schema: FeatureSchema,
    *,
    up_to: int | None = None,
    work: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    engine: Engine = compute,
) -> TrainingSet:
    """Build the training set from what the lake held at a message.

    Args:
        lake: Versions, sightings, outcomes and records.
        settings: The leads of the cut-off.
        schema: The features.
        up_to: Sequence number of the last message to use; None for all.
        work: Folder in which the computing of vectors leaves its steps, to go on from there where it was ended; None
            for one that is removed in any case.
        progress: Told what is done, a line at a time.
        engine: Computes the vectors.

    Raises:
        TrainingError: no consignment has reached its decision point.
        HistoryError: the lake was written with another feature schema.
    """
    known = _known(lake, up_to)
    chosen = points.decision_points(known.versions, first_issues(known.outcomes), settings, horizon=known.horizon)
    if not chosen.position.size:
        raise TrainingError("consignments at their decision point", "none", advice="run 'aftc ingest PATH...' first")
    rows = _with_wide_columns(lake, known.versions.take(pa.array(chosen.position)), known.sequence)
    places = {identity: row for row, identity in enumerate(rows["consignment_id"].to_pylist())}
    units = units_of(rows.select(searched.COLUMNS))
    labels = label_consignments(known.outcomes, places)
    unit_labels = label_units(known.outcomes, examined_units(known.outcomes, units, places), len(units.numbers))
    with TemporaryDirectory() as scratch:
        vectors = _vectors(
            lake, rows, schema, known_aliases(lake, up_to=known.sequence), work or Path(scratch), progress, engine
        )
    return TrainingSet(
        sequence=known.sequence,
        horizon=known.horizon,
        streams=known.streams,
        schema=schema,
        points=chosen,
        versions=rows.drop_columns(list(_INTEGERS)),
        vectors=vectors,
        labels=labels,
        weights=inverse_probability(labels.probability),
        random_weights=inverse_probability(labels.random_probability),
        units=units,
        unit_labels=unit_labels,
        unit_weights=inverse_probability(unit_labels.probability),
    )


def _known(lake: Lake, up_to: int | None) -> _Known:
    newest = max(map(lake.through, ("records", "quarantine")))
    if up_to is not None and not 0 < up_to <= newest:
        raise InputError(f"--up-to from 1 to {newest}, the last message in the lake", str(up_to))
    records = lake.read("records", up_to=up_to, columns=("sequence", "known_at", "stream"))
    sequence: int = pc.max(records["sequence"]).as_py() or 0
    horizon: int = pc.max(records["known_at"]).as_py() or 0
    versions = lake.read("versions", up_to=sequence, columns=_NARROW)
    versions = versions.append_column("place", pa.array(np.arange(len(versions))))
    versions = versions.sort_by([("sequence", "ascending"), ("consignment_id", "ascending")])
    last = dict(zip(versions["consignment_id"].to_pylist(), versions["joined_into"].to_pylist(), strict=True))
    outcomes = lake.read("outcomes", up_to=sequence, columns=examinations.COLUMNS)
    counts = pc.value_counts(records["stream"].combine_chunks()).to_pylist()
    return _Known(
        versions=versions,
        outcomes=latest_outcomes(outcomes, successors(last.keys(), last.values())),
        streams=tuple(sorted((each["values"], each["counts"]) for each in counts)),
        sequence=sequence,
        horizon=horizon,
    )


def _with_wide_columns(lake: Lake, rows: pa.Table, sequence: int) -> pa.Table:
    """The wide columns are kept for the chosen rows alone: a lake holds several versions of each consignment."""
    wide = lake.read("versions", up_to=sequence, columns=("consignment_id", "version", *_WIDE)).take(rows["place"])
    if not all(wide[name].equals(rows[name]) for name in ("consignment_id", "version")):
        raise HistoryError(
            "a lake that stays as it is while it is read", "rows in another order", advice="run the command again"
        )
    for name in _WIDE:
        rows = rows.append_column(name, wide[name])
    return rows.drop_columns(["place"])


def _vectors(
    lake: Lake,
    rows: pa.Table,
    schema: FeatureSchema,
    aliases: Aliases,
    work: Path,
    progress: Callable[[str], None],
    engine: Engine,
) -> NDArray[np.float64]:
    """Sightings of later messages than a row's own are in the files, and not seen."""
    chosen = sha256(instants(rows["sequence"]).tobytes() + matrix(rows["slots"], len(KeyKind)).tobytes())
    job = Job(
        schema,
        ParquetBlocks(lake.files("sightings")),
        TableBlocks(rows, chosen.hexdigest()),
        work,
        aliases=aliases,
    )
    return np.concatenate(list(engine(job, lambda _, vectors: vectors(), progress)))
