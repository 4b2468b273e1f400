"""Tracking: runs, inputs, figures and versions in MLflow on SQLite, and nothing that leaves the machine."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from aftc.errors import InputError, TrainingError
from aftc.models.manifest import Metric
from aftc.records import Threat
from training.evaluation import metrics
from training.testing import TrainedWorld
from training.tracking import CANDIDATE, CHAMPION, MODEL, Tracking


@pytest.fixture(scope="module")
def kept(trained: TrainedWorld) -> sqlite3.Connection:
    """The store's MLflow database, read as a stranger would."""
    return sqlite3.connect(f"file:{trained.settings.store / 'mlflow.db'}?mode=ro", uri=True)


def test_a_run_keeps_parameters_and_figures(trained: TrainedWorld, kept: sqlite3.Connection) -> None:
    """Every figure of the evaluation with its interval, and what the run was made with."""
    figures = dict(kept.execute("select key, value from metrics where run_uuid = ?", [trained.run.run_id]))
    for each in metrics(trained.run.evaluation):
        assert figures[f"{each.threat.value}_{each.name}"] == each.value
        assert each.low is None or figures[f"{each.threat.value}_{each.name}_low"] == each.low
    parameters = dict(kept.execute("select key, value from params where run_uuid = ?", [trained.run.run_id]))
    made = trained.run.training_set
    assert parameters["training_set_digest"] == made.digest
    assert parameters["sequence"] == str(made.sequence)
    assert parameters["weight_cap"] == "100.0"
    assert parameters["rounds_any"] == str(trained.run.models.reference.booster.best_iteration)


def test_a_run_names_its_training_set(trained: TrainedWorld, kept: sqlite3.Connection) -> None:
    """The data set by name and digest, with sequence and schema as its source."""
    ((name, digest, source),) = kept.execute("select name, digest, dataset_source from datasets")
    made = trained.run.training_set
    assert (name, digest) == (made.name, made.digest[:36])
    assert f'"sequence":{made.sequence}' in source
    assert made.schema.digest in source


def test_a_run_keeps_plots_evaluation_and_bundle(trained: TrainedWorld) -> None:
    """Four plots and the evaluation as JSON; the registered folder holds the bundle's five files."""
    folder = Tracking(trained.settings.store).find(trained.run.run_id).folder
    assert {each.name for each in folder.iterdir()} == {
        "model.onnx",
        "trees.npz",
        "card.md",
        "manifest.json",
        "manifest.sig",
    }
    drawn = {each.name for each in (folder.parent / "evaluation").iterdir()}
    assert drawn == {
        "precision_recall.png",
        "calibration.png",
        "gain_at_capacity.png",
        "importance.png",
        "evaluation.json",
    }


def test_the_newest_version_is_the_candidate(trained: TrainedWorld, kept: sqlite3.Connection) -> None:
    """One registered model, its first version under the candidate's alias, nobody champion yet."""
    aliases = kept.execute("select name, alias, version from registered_model_aliases").fetchall()
    assert aliases == [(MODEL, CANDIDATE, int(trained.run.version))]


def test_runs_are_found_by_the_start_of_their_id(trained: TrainedWorld) -> None:
    """Whole id, its first letters, or latest; anything else is an error that names what is known."""
    tracking, run_id = Tracking(trained.settings.store), trained.run.run_id
    assert {tracking.find(each).run_id for each in (run_id, run_id[:6], "latest")} == {run_id}
    with pytest.raises(InputError, match=run_id):
        tracking.find("unheard-of")


def test_a_failed_run_is_kept_as_failed(tmp_path: Path) -> None:
    """An error inside the run ends it as FAILED, and a store without versions says what to do."""
    tracking = Tracking(tmp_path / "store")
    with pytest.raises(TrainingError), tracking.run("broken"):
        raise TrainingError("finds", "none")
    with sqlite3.connect(tmp_path / "store" / "mlflow.db") as kept:
        assert kept.execute("select name, status from runs").fetchall() == [("broken", "FAILED")]
    with pytest.raises(InputError, match="aftc train"):
        tracking.find()


def test_figures_of_a_truth_stand_beside_those_of_outcomes(tmp_path: Path) -> None:
    """Logged later to the same run under their own prefix."""
    tracking = Tracking(tmp_path / "store")
    with tracking.run("first") as run_id:
        tracking.log(run_id, {"rows": 3}, [Metric("brier", Threat.ANY, 0.1)])
    tracking.log(run_id, {}, [Metric("brier", Threat.ANY, 0.2, 0.1, 0.3)], prefix="truth_")
    with sqlite3.connect(tmp_path / "store" / "mlflow.db") as kept:
        assert dict(kept.execute("select key, value from metrics")) == {
            "any_brier": 0.1,
            "truth_any_brier": 0.2,
            "truth_any_brier_low": 0.1,
            "truth_any_brier_high": 0.3,
        }


def test_the_champion_is_the_promoted_one(trained_store: Path, trained: TrainedWorld) -> None:
    """Crowning a run sets the champion's alias to its version."""
    Tracking(trained_store).crown(trained.run.run_id)
    with sqlite3.connect(trained_store / "mlflow.db") as kept:
        champion = kept.execute("select version from registered_model_aliases where alias = ?", [CHAMPION]).fetchone()
    assert champion == (int(trained.run.version),)


def test_a_moved_store_keeps_its_bundles(trained: TrainedWorld, tmp_path: Path) -> None:
    """Bundles are found where the store is now, and new runs put their artefacts there too."""
    moved = Path(shutil.copytree(trained.settings.store, tmp_path / "moved"))
    tracking = Tracking(moved)
    assert tracking.find().folder.is_relative_to(moved)
    with tracking.run("later") as run_id:
        tracking.log_files(run_id, tracking.find().folder, "copy")
    assert (moved / "mlruns" / run_id / "artifacts" / "copy" / "card.md").exists()
    assert not (trained.settings.store / "mlruns" / run_id).exists()


def test_telemetry_is_off(trained: TrainedWorld) -> None:
    """MLflow is told before it is imported, and its client knows."""
    from mlflow.telemetry.utils import is_telemetry_disabled

    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert is_telemetry_disabled()
