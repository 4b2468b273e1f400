"""A training run, end to end: training set, split, fit, calibration, evaluation, export, bundle, registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray

from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from aftc.history.lake import Lake
from aftc.models.bundle import BundleContents, write_bundle
from aftc.models.card import render
from aftc.models.manifest import Manifest
from aftc.models.placed import private_key_path, public_key_path
from aftc.models.signing import create_key, load_private_key
from aftc.records import Threat
from training.building import build_training_set
from training.card import CardFacts, model_card
from training.dataset import TrainingSet
from training.evaluate import evaluate
from training.evaluation import Evaluation, as_builtins, metrics
from training.evidence import evidence_from_outcomes
from training.export import Exported, InputSchema, ParityReport, export
from training.fit import FitSettings
from training.labels import FOUND, THREATS
from training.plots import save_plots
from training.quantiles import capacity_thresholds, quantile_rows
from training.split import SHARES, Part, Split, split_of
from training.threat_models import ThreatModels, fit_threats
from training.tracking import RunInputs, Tracking

__all__ = ["TrainedRun", "signing_key", "train"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class TrainedRun:
    """What a run made.

    Attributes:
        run_id: In MLflow.
        version: Of the bundle in the registry.
        digest: Of the bundle.
        training_set, split, models, evaluation, parity: What the figures of the run come from.
    """

    run_id: str
    version: str
    digest: str
    training_set: TrainingSet
    split: Split
    models: ThreatModels
    evaluation: Evaluation
    parity: ParityReport


def train(settings: Settings, fitting: FitSettings, *, up_to: int | None, progress: Progress) -> TrainedRun:
    """Train on what the store held at a message, and keep the bundle in the registry.

    Args:
        settings: The store and the leads of the cut-off.
        fitting: How to fit.
        up_to: Sequence number of the last message to learn from; None for all.
        progress: Told each stage as it begins.

    Raises:
        TrainingError: the data cannot support a model.
        ExportError: the exported graph does not score as LightGBM does.
    """
    progress("building the training set")
    made = build_training_set(Lake(settings.store / "lake"), settings, SCHEMA, up_to=up_to)
    split = split_of(made)
    key, tracking = signing_key(settings.store), Tracking(settings.store)
    with tracking.run(made.name) as run_id, TemporaryDirectory() as scratch:
        progress(f"fitting on {int(split.labelled(Part.TRAIN).sum())} labelled consignments")
        models = fit_threats(made, split, fitting)
        scores = models.probabilities(made.vectors)
        progress("evaluating")
        evaluation = evaluate(made, split, scores)
        progress("exporting, with the parity gate")
        exported = export(models.exportable(), InputSchema(made.schema.names))
        run = _Run(run_id, made, split, models, scores, evaluation, exported)
        digest = write_bundle(Path(scratch, "bundle"), _contents(run), key)
        progress("keeping the run")
        _keep(tracking, run, fitting, Path(scratch))
        version = tracking.register(run_id, Path(scratch, "bundle"))
    return TrainedRun(run_id, version, digest, made, split, models, evaluation, exported.parity)


def signing_key(store: Path) -> Ed25519PrivateKey:
    """The store's signing key, made on first use; scorers trust its public half."""
    private = private_key_path(store)
    return load_private_key(private) if private.exists() else create_key(private, public_key_path(store))


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    run_id: str
    training_set: TrainingSet
    split: Split
    models: ThreatModels
    scores: NDArray[np.float64]
    evaluation: Evaluation
    exported: Exported


def _contents(run: _Run) -> BundleContents:
    made = run.training_set
    validation = run.split.rows(Part.VALIDATION)
    scores, modes = run.scores[validation], made.modes[validation]
    manifest = Manifest(
        run_id=run.run_id,
        sequence=made.sequence,
        created=made.horizon,
        schema_digest=made.schema.digest,
        features=made.schema.names,
        threats=run.models.entries(),
        quantiles=quantile_rows(scores, modes),
        thresholds=capacity_thresholds(scores, modes),
        metrics=tuple(metrics(run.evaluation)),
    )
    card = model_card(CardFacts(run.run_id, made, run.split, run.models, run.evaluation, run.exported.parity))
    return BundleContents(manifest, run.exported.graph, run.exported.trees, render(card))


def _keep(tracking: Tracking, run: _Run, fitting: FitSettings, scratch: Path) -> None:
    made, split = run.training_set, run.split
    evidence = evidence_from_outcomes(made, split.rows(Part.TEST))
    any_column = THREATS.index(Threat.ANY)
    chances = run.scores[evidence.rows, any_column]
    save_plots(scratch / "plots", run.evaluation, evidence, chances, run.models.reference.booster)
    tracking.log(run.run_id, _parameters(run, fitting), metrics(run.evaluation))
    profile = {"rows": len(made), "labelled": int(made.labels.examined.sum()), "sequence": made.sequence}
    source = {"sequence": made.sequence, "schema": made.schema.digest, "digest": made.digest}
    tracking.log_inputs(
        run.run_id,
        RunInputs(made.name, made.digest, msgspec.json.encode(source).decode(), msgspec.json.encode(profile).decode()),
    )
    report = {"evaluation": as_builtins(run.evaluation), "parity": msgspec.to_builtins(run.exported.parity)}
    (scratch / "plots" / "evaluation.json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    tracking.log_files(run.run_id, scratch / "plots", "evaluation")


def _parameters(run: _Run, fitting: FitSettings) -> dict[str, object]:
    made, split = run.training_set, run.split
    parts = {f"{part.name.lower()}_labelled": int(split.labelled(part).sum()) for part in Part}
    found = {f"found_{threat.value}": int((made.labels.of(threat) == FOUND).sum()) for threat in THREATS}
    rounds = {f"rounds_{each.threat.value}": each.booster.best_iteration for each in run.models.fitted}
    return {
        **asdict(fitting),
        **parts,
        **found,
        **rounds,
        "sequence": made.sequence,
        "schema_digest": made.schema.digest,
        "training_set_digest": made.digest,
        "rows": len(made),
        "split_shares": SHARES,
        "weight_cap": made.weights.cap,
        "weights_capped": made.weights.capped,
        "features_count": len(made.schema.names),
    }
