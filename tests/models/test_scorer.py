"""The scorer answers with finite scores or not at all."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from aftc.errors import BundleError, InputError
from aftc.models.bundle import Bundle
from aftc.models.scorer import Graph, Scorer
from aftc.records import Threat
from tests.models.a_bundle import BOOSTER, CALIBRATION, contents
from tests.models.tiny_trees import FEATURES, NAMES, Leaf, booster_of
from training.export.graph import build_graph
from training.export.inputs import split_inputs
from training.export.model import Output
from training.export.trees import read_ensemble

ROWS = np.random.default_rng(0).normal(size=(64, FEATURES))


def _bundle(graph: bytes | None = None) -> Bundle:
    made = contents()
    return Bundle("00" * 32, made.manifest, made.graph if graph is None else graph, made.trees, made.card)


def test_scores_are_the_boosters() -> None:
    """Margins are LightGBM's, a fallback repeats them, probabilities follow the calibration and the share."""
    scores = Scorer(_bundle()).score(ROWS)
    margins = np.asarray(BOOSTER.predict(ROWS, raw_score=True))
    assert np.array_equal(scores.margins, np.column_stack([margins, margins]))
    probabilities = CALIBRATION.probabilities(margins)
    assert np.allclose(scores.probabilities, np.column_stack([probabilities, probabilities * 0.25]), rtol=1e-15, atol=0)


def test_one_vector_and_many_agree_in_every_bit() -> None:
    """A vector's scores do not depend on the batch that it comes in, or on the memory it lies in."""
    scorer = Scorer(_bundle())
    together = scorer.score(ROWS).probabilities
    singles = np.concatenate([scorer.score(row.reshape(1, -1)).probabilities for row in ROWS])
    assert np.array_equal(singles, together)
    assert np.array_equal(scorer.score(np.asfortranarray(ROWS)).probabilities, together)
    assert scorer.score(ROWS[:0]).probabilities.shape == (0, 2)


def test_threads_share_a_scorer() -> None:
    """Four threads at once get the scores that one gets."""
    scorer = Scorer(_bundle())
    wanted = scorer.score(ROWS).margins
    found: list[NDArray[np.float64]] = []

    def score() -> None:
        found.extend(scorer.score(ROWS).margins for _ in range(20))

    threads = [Thread(target=score) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(np.array_equal(each, wanted) for each in found)


def test_vectors_that_are_none_are_refused() -> None:
    """Another shape or type, an infinite value and a vector without any known value are input errors with the row."""
    scorer = Scorer(_bundle())
    infinite, silent = ROWS.copy(), ROWS.copy()
    infinite[7, 1] = np.inf
    silent[9] = np.nan
    wrong: dict[str, NDArray[Any]] = {
        r"float64\[n, 4\]": ROWS[:, 1:],
        r"float32\[64, 4\]": ROWS.astype(np.float32),
        r"float64\[4\]": ROWS[0],
        "an infinite value in row 7": infinite,
        "none in row 9": silent,
    }
    for reason, vectors in wrong.items():
        with pytest.raises(InputError, match=reason):
            scorer.score(vectors)


def test_an_answer_that_is_no_probability_is_never_given() -> None:
    """A graph whose leaf is not a number raises instead of answering."""
    ensemble = read_ensemble(booster_of([Leaf(0.0)]), NAMES, "any")
    broken = replace(ensemble, trees=(replace(ensemble.trees[0], leaf_value=np.array([np.nan])),))
    outputs = [Output(Threat.ANY, 0, CALIBRATION, 1.0), Output(Threat.COCAINE, 0, CALIBRATION, 0.25)]
    scorer = Scorer(_bundle(build_graph([broken], split_inputs([broken], FEATURES), outputs)))
    with pytest.raises(BundleError, match=r"finite margins and probabilities, found others in row 0; roll back"):
        scorer.score(ROWS)


def test_a_graph_of_another_shape_is_refused() -> None:
    """A graph with other outputs than the manifest lists, or that is no graph, is refused."""
    ensemble = read_ensemble(booster_of([Leaf(0.0)]), NAMES, "any")
    one = build_graph([ensemble], split_inputs([ensemble], FEATURES), [Output(Threat.ANY, 0, CALIBRATION, 1.0)])
    with pytest.raises(BundleError, match="4 features and 2 threats, found 4 and 1"):
        Scorer(_bundle(one))
    for raw in (b"", b"hello", contents().graph[:-100]):
        with pytest.raises(BundleError, match="a graph that ONNX Runtime loads"):
            Graph(raw)
    with pytest.raises(BundleError, match="vectors in, margins and probabilities out"):
        Graph(contents().graph.replace(b"margins", b"nigrams"))
