"""One vector through the graph and through the reasons, beside LightGBM's own ways, in one process and one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from aftc.models.calibration import Calibration
from aftc.models.reasons import contributions
from aftc.models.scorer import Graph
from aftc.records import Threat
from training.export import InputSchema, ThreatModel, export

__all__ = ["measure"]

ROWS: Final = 20_000
NUMERIC: Final = 60
CODES: Final = (6, 10, 30, 40, 97, 250)  # categories of each categorical feature, as of modes, ports, chapters
VECTORS: Final = 50  # timed one at a time
REPEATS: Final = 10


def measure(trees: int, leaves: int) -> Mapping[str, Any]:
    """Median microseconds a vector, and how many times faster than LightGBM.

    Args:
        trees: Of one model.
        leaves: Of each tree, at most.
    """
    vectors, found = _sample()
    names = tuple(f"feature_{place}" for place in range(vectors.shape[1]))
    settings = {
        "objective": "binary",
        "num_leaves": leaves,
        "learning_rate": 0.05,
        "num_threads": 2,
        "seed": 1,
        "verbosity": -1,
    }
    categorical = list(range(NUMERIC, vectors.shape[1]))
    rows = lgb.Dataset(vectors, found, feature_name=list(names), categorical_feature=categorical)
    booster = lgb.train(settings, rows, trees)
    exported = export([ThreatModel(Threat.ANY, booster, Calibration(1.0, 0.0))], InputSchema(names))
    graph, tables = Graph(exported.graph), exported.trees[0]
    score = _median(vectors, lambda vector: graph.run(vector))
    explain = _median(vectors, lambda vector: contributions(tables, vector))
    own_score = _median(vectors, lambda vector: booster.predict(vector, raw_score=True, num_threads=1))
    own_explain = _median(vectors, lambda vector: booster.predict(vector, pred_contrib=True, num_threads=1))
    return {
        "trees x leaves": f"{trees} x {leaves}",
        "score, us": round(score, 1),
        "LightGBM over score": round(own_score / score, 1),
        "reasons, us": round(explain, 1),
        "LightGBM over reasons": round(own_explain / explain, 1),
        "rows compared": exported.parity.rows,
        "margins differing": exported.parity.differing,
    }


def _sample() -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(ROWS, NUMERIC + len(CODES)))
    risk = vectors[:, :NUMERIC] @ rng.normal(size=NUMERIC) * 0.3
    vectors[rng.random(vectors.shape) < 0.1] = np.nan
    for place, codes in enumerate(CODES):
        drawn = rng.integers(0, codes, ROWS)
        vectors[:, NUMERIC + place] = drawn
        risk += rng.normal(size=codes)[drawn] * 0.5
    return vectors, risk + rng.normal(size=ROWS) > 1.0


def _median(vectors: NDArray[np.float64], call: Callable[[NDArray[np.float64]], object]) -> float:
    """Median over vectors of the best of some calls, microseconds; the first call of all is not counted."""
    call(vectors[:1])
    seconds = []
    for place in range(VECTORS):
        vector = vectors[place : place + 1].copy()
        best = np.inf
        for _ in range(REPEATS):
            started = perf_counter()
            call(vector)
            best = min(best, perf_counter() - started)
        seconds.append(best)
    return float(np.median(seconds)) * 1e6
