"""The model of a rehearsal: LightGBM with fixed settings, small enough to be fitted anew every week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np

from training.world.parameters import Flags, Floats

__all__ = ["Columns", "Form", "Labelled", "learnt", "scored"]

_ALWAYS: Final = {
    "objective": "binary",
    "min_data_in_leaf": 20,
    "lambda_l2": 5.0,
    "verbosity": -1,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
    "force_col_wise": True,
}


@dataclass(frozen=True, slots=True)
class Form:
    """How large a model is, and how slowly it is fitted."""

    rounds: int = 150
    leaves: int = 7
    rate: float = 0.05
    features: float = 0.5


@dataclass(frozen=True, slots=True)
class Columns:
    """How a learner takes its columns.

    Attributes:
        categorical: Places of codes without an order.
        monotone: For each column 1 where more can only raise the score, -1 where it can only lower it, else 0.
    """

    categorical: tuple[int, ...]
    monotone: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Rows to learn from: float64[n, columns], bool[n], positive float64[n]."""

    vectors: Floats
    found: Flags
    weight: Floats


def learnt(rows: Labelled, columns: Columns, form: Form) -> lgb.Booster | None:
    """A booster of these rows; None where all of them are alike, so that nothing can be learnt."""
    if rows.found.all() or not rows.found.any():
        return None
    sample = lgb.Dataset(
        rows.vectors,
        label=rows.found.astype(np.float64),
        weight=rows.weight / rows.weight.mean(),
        categorical_feature=list(columns.categorical),
        params={"verbosity": -1},
    )
    settings = {
        **_ALWAYS,
        "num_leaves": form.leaves,
        "learning_rate": form.rate,
        "feature_fraction": form.features,
        "monotone_constraints": list(columns.monotone),
    }
    return lgb.train(settings, sample, num_boost_round=form.rounds)


def scored(booster: lgb.Booster | None, vectors: Floats) -> Floats:
    """float64[n] probabilities; 0 where nothing was learnt."""
    return np.zeros(len(vectors)) if booster is None else np.asarray(booster.predict(vectors, num_threads=1))
