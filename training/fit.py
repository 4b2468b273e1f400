"""Fitting: one gradient-boosted model of a threat, the same for the same rows, seed and number of threads."""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from aftc.errors import TrainingError
from aftc.features.schema import FeatureSchema

__all__ = ["FitSettings", "Sample", "fit", "margins"]


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How to fit.

    Attributes:
        seed: Of the draws of features and rows.
        threads: Of LightGBM; another number may change the last bits of the sums, so it belongs to the run.
        rounds: Most trees.
        patience: Rounds without a better average precision on validation before stopping.
        learning_rate: Share of each tree's step.
        leaves: Most leaves of a tree.
        rows_in_leaf: Fewest training rows in a leaf.
        l2: Penalty on leaf values.
        features: Share of the features drawn for each tree.
    """

    seed: int = 20_260_301
    threads: int = 2
    rounds: int = 1_500
    patience: int = 150
    learning_rate: float = 0.03
    leaves: int = 6
    rows_in_leaf: int = 20
    l2: float = 5.0
    features: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Labelled rows: float64[n, features], bool[n] and positive float64[n]."""

    vectors: NDArray[np.float64]
    found: NDArray[np.bool_]
    weight: NDArray[np.float64]


def fit(
    train: Sample, validation: Sample, schema: FeatureSchema, settings: FitSettings, *, subject: str
) -> lgb.Booster:
    """Fit one threat, stopping early on the weighted average precision of validation.

    Raises:
        TrainingError: a part without both kinds of rows.
    """
    for name, part in (("train", train), ("validation", validation)):
        if not part.found.any() or part.found.all():
            raise TrainingError(
                f"rows with and without a find in the {name} part",
                f"{int(part.found.sum())} finds in {part.found.size} rows",
                advice="ingest more outcomes",
                subject=subject,
            )
    known = _dataset(train, schema)
    return lgb.train(
        _parameters(schema, settings),
        known,
        num_boost_round=settings.rounds,
        valid_sets=[_dataset(validation, schema, known)],
        callbacks=[lgb.early_stopping(settings.patience, verbose=False)],
    )


def margins(booster: lgb.Booster, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[n] log-odds as trained, up to the best iteration."""
    return np.asarray(booster.predict(vectors, raw_score=True), dtype=np.float64)


def _dataset(sample: Sample, schema: FeatureSchema, reference: lgb.Dataset | None = None) -> lgb.Dataset:
    return lgb.Dataset(
        sample.vectors,
        label=sample.found.astype(np.float64),
        weight=sample.weight / sample.weight.mean(),  # so that penalties and leaf limits mean the same at any rate
        feature_name=list(schema.names),
        categorical_feature=[place for place, size in enumerate(schema.categorical_sizes) if size],
        reference=reference,
        params={"verbosity": -1},
        free_raw_data=True,
    )


def _parameters(schema: FeatureSchema, settings: FitSettings) -> dict[str, object]:
    return {
        "objective": "binary",
        "metric": "average_precision",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.rows_in_leaf,
        "lambda_l2": settings.l2,
        "feature_fraction": settings.features,
        "monotone_constraints": list(schema.monotone),
        "seed": settings.seed,
        "deterministic": True,
        "force_col_wise": True,  # with `deterministic`, one way of summing histograms
        "num_threads": settings.threads,
        "verbosity": -1,
    }
