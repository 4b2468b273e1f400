"""The commands: light to import, the whole way in JSON and in words, and errors that say what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aftc.cli import run
from aftc.models.placed import current_digest
from training.commands import COMMANDS
from training.testing import TrainedWorld

HEAVY = ("lightgbm", "mlflow", "sklearn", "pandas", "numpy", "pyarrow", "matplotlib", "onnxruntime")


def test_the_commands() -> None:
    """Their names, in the order of the work."""
    names = [each.name for each in COMMANDS]
    assert names == [
        "world",
        "world describe",
        "features",
        "features list",
        "features show",
        "train",
        "evaluate",
        "export",
        "card",
        "promote",
        "rollback",
    ]


def test_importing_the_commands_is_light() -> None:
    """Nothing heavy is imported before a command runs."""
    script = f"import sys, training.commands; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def answer(capsys: pytest.CaptureFixture[str], store: Path, *words: str) -> Any:
    """A command's JSON; it must succeed."""
    status = run(COMMANDS, [*words, "--store", str(store), "--json"])
    told = capsys.readouterr()
    assert status == 0, told.err
    return json.loads(told.out)


def words_of(capsys: pytest.CaptureFixture[str], store: Path, *words: str, status: int = 0) -> str:
    """What a command says to a person."""
    assert run(COMMANDS, [*words, "--store", str(store)]) == status
    told = capsys.readouterr()
    return told.out if status == 0 else told.err


def test_from_a_run_to_service_and_back(
    trained: TrainedWorld, trained_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Evaluate, promote, card, export, promote another, roll back."""
    first = answer(capsys, trained_store, "promote")
    assert first == {"run": trained.run.run_id, "bundle": trained.run.digest, "previous": None}
    judged = answer(capsys, trained_store, "evaluate")
    assert judged["bundle"] == trained.run.digest
    assert judged["evaluation"]["basis"] == "outcomes"
    told = judged["evaluation"]["threats"][0]["standings"][0]["average_precision"]
    assert told["value"] == trained.run.evaluation.threats[0].standings[0].average_precision.value
    assert answer(capsys, trained_store, "card")["card"].startswith(f"# Model card: freight risk, run {first['run']}")
    answer(capsys, trained_store, "export", "latest", "--out", str(tmp_path / "bundle"))
    assert (tmp_path / "bundle" / "manifest.sig").exists()
    second = answer(capsys, trained_store, "train", "--seed", "5", "--threads", "1")
    assert answer(capsys, trained_store, "promote", second["run"])["previous"] == first["bundle"]
    assert answer(capsys, trained_store, "rollback")["bundle"] == first["bundle"] == current_digest(trained_store)


def test_training_answers_with_its_figures(
    trained: TrainedWorld, trained_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows, finds, fallbacks, parity without a difference, and the evaluation."""
    told = answer(capsys, trained_store, "train", "--threads", "1")
    made = trained.run.training_set
    assert told["training_set"]["digest"] == made.digest
    assert told["training_set"]["rows"] == len(made)
    assert told["parity"]["differing"] == 0
    assert told["found"]["any"] == trained.run.models.reference.found
    assert set(told["fallback"]) == {each.threat.value for each in trained.run.models.shared}
    assert len(told["evaluation"]["threats"]) == 8


def test_words_for_people(trained: TrainedWorld, trained_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table with the model, chance, the legacy policy and the oracle; what to do next."""
    told = words_of(capsys, trained_store, "evaluate", "latest", "--truth", str(trained.world / "truth"))
    for name in ("model", "random", "legacy", "oracle", "precision at 1 %", "No leak"):
        assert name in told
    assert "aftc rollback" not in words_of(capsys, trained_store, "promote")


def test_features_are_written(trained: TrainedWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same set as the run's, by name and digest."""
    told = answer(capsys, trained.settings.store, "features", "--out", str(tmp_path / "set.parquet"))
    made = trained.run.training_set
    assert (told["name"], told["digest"], told["rows"]) == (made.name, made.digest, len(made))
    assert (tmp_path / "set.parquet").exists()


def test_a_world_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second time it is recognised; the words say that all is synthetic and what comes next."""
    words = ("world", "--out", str(tmp_path / "world"), "--consignments", "100", "--days", "5")
    assert not answer(capsys, tmp_path, *words)["reused"]
    assert answer(capsys, tmp_path, *words)["reused"]
    told = words_of(capsys, tmp_path, *words)
    assert "synthetic" in told
    assert "aftc ingest" in told


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("train",), "aftc ingest"),
        (("promote",), "aftc train"),
        (("evaluate",), "aftc train"),
        (("card",), "aftc train"),
        (("rollback",), "aftc promote"),
        (("features", "--out", "set.parquet"), "aftc ingest"),
    ],
)
def test_too_early_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], advice: str
) -> None:
    """In an empty store each command names the one to run first, in one line, without a traceback."""
    told = words_of(capsys, tmp_path / "store", *words, status=2)
    assert advice in told.splitlines()[-1]
    assert "Traceback" not in told
