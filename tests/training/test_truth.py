"""Truth: figures of every consignment, the oracle beside, an alarm for leaks, and nobody else who reads it."""

from __future__ import annotations

import ast
import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from aftc.cli import run
from aftc.errors import InputError
from aftc.features.catalogue import SCHEMA
from aftc.records import Threat
from serving.ingest_command import INGEST
from training.commands import COMMANDS
from training.evidence import Judged
from training.labels import THREATS
from training.split import Part, split_of
from training.testing import TrainedWorld, a_training_set, labels_of
from training.truth import Truth, evaluate_against_truth, leak_check, read_truth

ROOT = Path(__file__).resolve().parents[2]
IN_OPEN = 0x20  # sys/inotify.h


def everyone(found: NDArray[np.bool_]) -> Judged:
    """All known, each a unit of its own."""
    holds = found[:, None].repeat(len(THREATS), 1)
    return Judged(holds, np.ones(holds.shape), np.arange(found.size))


def a_truth(rows: int, seed: int) -> Truth:
    """Chances, what came of them, and a legacy score that knows nothing."""
    rng = np.random.default_rng(seed)
    chance = (rng.random(rows) ** 4)[:, None].repeat(len(THREATS), 1)
    documents = {f"D{row}": row for row in range(rows)}
    return Truth(documents, rng.random(chance.shape) < chance, chance, rng.normal(size=rows))


@pytest.mark.parametrize("seed", range(3))
def test_a_leak_raises_the_alarm(seed: int) -> None:
    """A model that has seen the outcome stands above the oracle, and the bound of the difference above 0."""
    truth = a_truth(1_500, seed)
    found, oracle = truth.holds[:, 0], truth.chance[:, 0]
    leaky = leak_check(everyone(found), oracle + 0.3 * found, oracle)
    assert leaky.alarm
    assert leaky.lower_bound is not None
    assert leaky.lower_bound > 0


@pytest.mark.parametrize("seed", range(3))
def test_an_honest_model_raises_none(seed: int) -> None:
    """Neither the oracle itself nor a blurred one is above it."""
    truth = a_truth(1_500, seed)
    found, oracle = truth.holds[:, 0], truth.chance[:, 0]
    blurred = oracle + 0.2 * np.random.default_rng(seed).normal(size=oracle.size)
    assert not leak_check(everyone(found), oracle, oracle).alarm
    assert not leak_check(everyone(found), blurred, oracle).alarm


def test_figures_are_of_every_consignment_of_the_test_period() -> None:
    """Examined or not, all of the last part count once; rivals are the legacy score and the oracle."""
    truth = a_truth(1_000, 4)
    rng = np.random.default_rng(4)
    examined = rng.random(1_000) < 0.3
    made = a_training_set(
        np.zeros((1_000, len(SCHEMA.names))), labels_of(truth.holds[:, 0], examined, np.full(1_000, 0.3))
    )
    split = split_of(made)
    scores = rng.random((1_000, len(THREATS)))
    told = evaluate_against_truth(made, split, scores, truth)
    test = split.rows(Part.TEST)
    figures = told.of(Threat.ANY)
    assert (told.rows, figures.rows, told.unmatched) == (int(test.sum()), int(test.sum()), 0)
    for name, score in {"model": scores[:, 0], "oracle": truth.chance[:, 0], "legacy": truth.legacy_score}.items():
        expected = average_precision_score(truth.holds[test, 0], score[test])
        assert figures.standing(name).average_precision.value == pytest.approx(expected)
    assert told.leak is not None
    assert not told.leak.alarm


def test_who_is_not_in_the_truth_is_counted() -> None:
    """Consignments that the truth does not name are left out and told; another world's truth is refused."""
    truth = a_truth(100, 5)
    made = a_training_set(
        np.zeros((100, len(SCHEMA.names))), labels_of(truth.holds[:, 0], np.ones(100, dtype=np.bool_), np.ones(100))
    )
    scores = np.full((100, len(THREATS)), 0.1)
    del truth.row["D99"]
    assert evaluate_against_truth(made, split_of(made), scores, truth).unmatched == 1
    truth.row.clear()
    with pytest.raises(InputError, match="the truth of the world that was ingested"):
        evaluate_against_truth(made, split_of(made), scores, truth)


def test_the_oracle_stands_above_the_model_in_a_world(trained: TrainedWorld) -> None:
    """On a real world the documents meet, and the oracle's average precision is the highest."""
    run = trained.run
    scores = run.models.probabilities(run.training_set.vectors)
    told = evaluate_against_truth(run.training_set, run.split, scores, read_truth(trained.world / "truth"))
    figures = told.of(Threat.ANY)
    ranked = {each.name: each.average_precision.value or 0.0 for each in figures.standings}
    assert max(ranked, key=lambda name: ranked[name]) == "oracle"
    assert told.unmatched <= told.rows // 50


def test_a_file_that_is_no_truth_is_refused(tmp_path: Path) -> None:
    """Missing, unreadable, without a column, or naming a document twice: an error that says which."""
    with pytest.raises(InputError, match="truth"):
        read_truth(tmp_path)
    (tmp_path / "truth.parquet").write_bytes(b"not a table")
    with pytest.raises(InputError, match="truth"):
        read_truth(tmp_path)
    pq.write_table(pa.table({"document": ["D1"], "y_any": [True]}), tmp_path / "truth.parquet")
    with pytest.raises(InputError, match=r"p_any"):
        read_truth(tmp_path)
    columns: dict[str, list[object]] = {"document": ["D1", "D1"], "legacy_score": [0.0, 0.0]}
    for threat in THREATS:
        columns |= {f"y_{threat}": [True, False], f"p_{threat}": [0.5, 0.5]}
    pq.write_table(pa.table(columns), tmp_path / "truth.parquet")
    with pytest.raises(InputError, match="each document once"):
        read_truth(tmp_path)


def test_only_judging_imports_the_module_that_reads_truth() -> None:
    """Of all modules `training.judging` alone does, and no stage of training imports that.

    The leak check in it is handed figures and reads nothing: rehearsals of worlds use it.
    """
    importers: dict[str, set[str]] = {"training.truth": set(), "training.judging": set()}
    for path in [*(ROOT / "aftc").rglob("*.py"), *(ROOT / "serving").rglob("*.py"), *(ROOT / "training").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or [each.name for each in node.names] == ["leak_check"]:
                continue
            if node.module in importers:
                importers[node.module].add(path.relative_to(ROOT).as_posix())
    assert importers["training.truth"] == {"training/judging.py"}
    assert importers["training.judging"] <= {"training/commands/evaluate.py", "training/commands/bundles.py"}


@contextmanager
def watched(path: Path) -> Iterator[list[int]]:
    """Opens of a file while the block runs, by anyone in any language: the kernel counts them."""
    libc, counted = ctypes.CDLL(None, use_errno=True), list[int]()
    descriptor = libc.inotify_init1(os.O_NONBLOCK)
    assert descriptor >= 0
    try:
        assert libc.inotify_add_watch(descriptor, os.fsencode(path), IN_OPEN) >= 0
        yield counted
        with suppress(BlockingIOError):
            counted.append(len(os.read(descriptor, 65_536)))
    finally:
        os.close(descriptor)


def test_the_watch_sees_a_reader_in_another_language(trained: TrainedWorld) -> None:
    """Arrow's reader opens files without Python's knowledge, and is seen."""
    path = trained.world / "truth" / "truth.parquet"
    with watched(path) as opens:
        pq.read_metadata(path)
    assert opens


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        (["ingest", "{world}", "--as-arrived"], False),
        (["features", "--out", "{store}/set.parquet"], False),
        (["train"], False),
        (["evaluate", "latest", "--truth", "{world}/truth"], True),
    ],
)
def test_nothing_but_evaluate_opens_the_truth(
    trained: TrainedWorld, trained_store: Path, words: list[str], reads: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the whole world at hand only `evaluate --truth` opens its truth; `ingest` and `train` never do."""
    given = [word.format(world=trained.world, store=trained_store) for word in words]
    with watched(trained.world / "truth" / "truth.parquet") as opens:
        status = run([*COMMANDS, INGEST], [*given, "--store", str(trained_store), "--json"])
    assert (status in (0, 1), bool(opens)) == (True, reads), capsys.readouterr().err
