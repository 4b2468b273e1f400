"""Judging a bundle: the same test period as its run's, scored by the bundle itself, against outcomes or a truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from aftc.history.lake import Lake
from aftc.models.bundle import Bundle, load_bundle
from aftc.models.placed import current_digest, load_placed, public_key_path
from aftc.models.scorer import Scorer
from aftc.models.signing import load_public_key
from training.building import build_training_set
from training.evaluate import evaluate
from training.evaluation import Evaluation, metrics
from training.labels import THREATS
from training.split import split_of
from training.tracking import Tracking
from training.truth import evaluate_against_truth, read_truth

__all__ = ["Judgement", "find_bundle", "judge"]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """A bundle and its figures."""

    bundle: Bundle
    evaluation: Evaluation


def find_bundle(settings: Settings, run: str | None) -> Bundle:
    """A verified bundle: that of a run (its id or the start of it, or `latest`), or the promoted one.

    Raises:
        InputError: no such run.
        BundleError: nothing is promoted, or the bundle must not be used.
    """
    if run is None:
        return load_placed(settings.store, current_digest(settings.store))
    return load_bundle(Tracking(settings.store).find(run).folder, load_public_key(public_key_path(settings.store)))


def judge(settings: Settings, run: str | None, *, truth: Path | None, progress: Callable[[str], None]) -> Judgement:
    """Evaluate a bundle on the test period of its own run, and log the figures of a truth with that run.

    Args:
        settings: The store.
        run: As for `find_bundle`.
        truth: Folder of a world's truth; None to judge by outcomes.
        progress: Told each stage as it begins.

    Raises:
        BundleError: the bundle must not be used, or is of another feature schema.
        InputError: the truth is missing or another world's.
    """
    bundle = find_bundle(settings, run)
    bundle.require_schema(SCHEMA.digest)
    known = read_truth(truth) if truth is not None else None
    progress("building the training set")
    made = build_training_set(Lake(settings.store / "lake"), settings, SCHEMA, up_to=bundle.manifest.sequence)
    progress("scoring and evaluating")
    scores = _scores(bundle, made.vectors)
    if known is None:
        return Judgement(bundle, evaluate(made, split_of(made), scores))
    evaluation = evaluate_against_truth(made, split_of(made), scores, known)
    Tracking(settings.store).log(bundle.manifest.run_id, {}, metrics(evaluation), prefix="truth_")
    return Judgement(bundle, evaluation)


def _scores(bundle: Bundle, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[n, threats in the order of `THREATS`]."""
    columns = [each.threat for each in bundle.manifest.threats]
    return Scorer(bundle).score(vectors).probabilities[:, [columns.index(threat) for threat in THREATS]]
