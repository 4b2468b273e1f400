"""The export as a whole: the graph scores as LightGBM does, in every bit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from aftc.errors import ExportError
from aftc.features.assembly import LEAST_MAGNITUDE
from aftc.models.calibration import Calibration
from aftc.models.scorer import Graph
from aftc.records import Threat
from tests.models.tiny_trees import DECISION_TYPES, FEATURES, FORESTS, NAMES, Leaf, Split, booster_of, vectors
from training.export import Exported, InputSchema, ThreatModel, export

SCHEMA = InputSchema(NAMES)
PLAIN = Calibration(slope=1.0, intercept=0.0)
VALUES = (np.nan, 0.0, 0.5, -0.5, np.nextafter(0.5, 1.0), np.nextafter(-0.5, -1.0), np.nextafter(-0.5, 0.0), 7.0, -7.0)


def _exported(booster: lgb.Booster, calibration: Calibration = PLAIN) -> Exported:
    return export([ThreatModel(Threat.ANY, booster, calibration)], SCHEMA)


def _bits(values: Any) -> NDArray[np.int64]:
    return np.array(values, dtype=np.float64).view(np.int64)


def _margins(booster: lgb.Booster, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(rows, raw_score=True), dtype=np.float64)


@given(forest=FORESTS, rows=vectors())
@settings(max_examples=60)
def test_margins_equal_lightgbm_bit_for_bit(forest: list[Split | Leaf], rows: NDArray[np.float64]) -> None:
    """Drawn forests of every kind of split score drawn vectors as LightGBM does, in a batch and one at a time."""
    booster = booster_of(forest)
    graph = Graph(_exported(booster).graph)
    wanted = _margins(booster, rows) if forest else np.zeros(len(rows))
    assert np.array_equal(_bits(graph.run(rows).margins[:, 0]), _bits(wanted))
    singles = [graph.run(row.reshape(1, -1)).margins[0, 0] for row in rows]
    assert np.array_equal(_bits(np.array(singles)), _bits(wanted))


@pytest.mark.parametrize(("decision", "threshold"), list(product(DECISION_TYPES, (0.5, -0.5, 0.0, -0.0))))
def test_every_decision_type_missing_type_and_sign(decision: int, threshold: float) -> None:
    """All six numeric decision types send missing, zero and both sides of thresholds of each sign as LightGBM does."""
    booster = booster_of([Split(0, Leaf(1.0), Leaf(2.0), threshold, decision)])
    rows = np.zeros((len(VALUES), FEATURES))
    rows[:, 0] = VALUES
    found = Graph(_exported(booster).graph).run(rows).margins[:, 0]
    assert np.array_equal(found, _margins(booster, rows))


@pytest.mark.parametrize(
    "code", [np.nan, -1.0, -0.5, 0.0, 0.5, 1.7, 2.0, 32.0, 33.0, 64.0, 3e9, -3e9, 1e300, 2147483648.0]
)
def test_malformed_codes_are_truncated_and_clamped(code: float) -> None:
    """A code that is missing, negative, fractional or unseen goes where LightGBM sends it."""
    booster = booster_of([Split(2, Leaf(1.0), Leaf(2.0), codes=frozenset({0, 1, 33}))])
    rows = np.zeros((1, FEATURES))
    rows[0, 2] = code
    found = Graph(_exported(booster).graph).run(rows).margins[0, 0]
    assert found == _margins(booster, rows)[0]
    assert found == (1.0 if code in (-0.5, 0.0, 0.5, 1.7, 33.0) else 2.0)


def test_tiny_values_differ_unless_flushed() -> None:
    """At a threshold of 0 LightGBM takes 1e-36 for zero and the graph does not; flushed, they agree."""
    booster = booster_of([Split(0, Leaf(1.0), Leaf(2.0), 0.0)])
    graph = Graph(_exported(booster).graph)
    for tiny in (1e-36, LEAST_MAGNITUDE):
        row = np.full((1, FEATURES), tiny)
        assert booster.predict(row, raw_score=True)[0] == 1.0
        assert graph.run(row).margins[0, 0] == 2.0
        flushed = np.where(np.abs(row) <= LEAST_MAGNITUDE, 0.0, row)
        assert graph.run(flushed).margins[0, 0] == 1.0
    above = np.full((1, FEATURES), np.nextafter(LEAST_MAGNITUDE, 1.0))
    assert booster.predict(above, raw_score=True)[0] == graph.run(above).margins[0, 0] == 2.0


@pytest.mark.parametrize("forest", [[], [Leaf(0.25)], [Leaf(0.1), Leaf(0.2), Leaf(-0.3)]])
def test_trees_of_one_leaf_and_no_trees(forest: list[Leaf]) -> None:
    """Models that ask nothing score their constant, summed in LightGBM's order, and 0 without trees."""
    rows = np.full((3, FEATURES), np.nan)
    found = Graph(_exported(booster_of(forest)).graph).run(rows).margins[:, 0]
    assert found.tolist() == [float(np.cumsum([0.0] + [leaf.value for leaf in forest])[-1])] * 3


def _trained(seed: int, *, rounds: int = 12, valid: bool = False, **given: Any) -> lgb.Booster:
    """A booster over 300 vectors: one feature with missing values, one constant, two of codes."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(300, FEATURES))
    rows[:, 1] = 3.0
    rows[:, 2:] = rng.integers(0, 12, (300, 2))
    found = rows[:, 0] + (rows[:, 2] % 3 == 0) + rng.normal(size=300) > 0.5
    rows[rng.random(300) < 0.2, 0] = np.nan
    parameters = {
        "objective": "binary", "num_leaves": 7, "min_data_in_leaf": 5, "min_data_per_group": 5, "cat_smooth": 1.0,
        "num_threads": 1, "deterministic": True, "seed": seed, "verbosity": -1, **given,
    }  # fmt: skip
    data = lgb.Dataset(rows[:200], found[:200], feature_name=list(NAMES), categorical_feature=[2, 3], params=parameters)
    held_out = [data.create_valid(rows[200:], found[200:])] if valid else None
    stop: list[Callable[..., Any]] | None = [lgb.early_stopping(3, verbose=False)] if valid else None
    return lgb.train(parameters, data, rounds, valid_sets=held_out, callbacks=stop, keep_training_booster=True)


@pytest.mark.parametrize(
    "given", [{}, {"zero_as_missing": True}, {"use_missing": False}, {"boost_from_average": False}]
)
def test_trained_boosters_pass_the_gate(given: dict[str, Any]) -> None:
    """Boosters as trained, in LightGBM's ways with missing values, export with no differing margin."""
    report = _exported(_trained(1, **given)).parity
    assert report.differing == 0
    assert report.rows == report.random_rows + report.boundary_rows + report.category_rows
    assert min(report.random_rows, report.boundary_rows, report.category_rows, report.single_rows) > 0


def test_early_stopping_is_respected() -> None:
    """Trees after the best iteration are not exported."""
    booster = _trained(2, rounds=200, valid=True)
    assert 0 < booster.best_iteration < booster.num_trees()
    rows = np.random.default_rng(0).normal(size=(50, FEATURES))
    found = Graph(_exported(booster).graph).run(rows).margins[:, 0]
    best = booster.predict(rows, raw_score=True, num_iteration=booster.best_iteration)
    assert np.array_equal(_bits(found), _bits(best))
    assert not np.array_equal(found, booster.predict(rows, raw_score=True, num_iteration=booster.num_trees()))


def test_several_threats_and_a_share() -> None:
    """Fitted threats share one graph; a fallback repeats any's margin and takes its share of any's probability."""
    any_booster, own = _trained(3), _trained(4)
    steep, bent = Calibration(1.5, -0.5), Calibration(0.8, -1.0, 0.4)
    models = [
        ThreatModel(Threat.COCAINE, None, None, share=0.3),
        ThreatModel(Threat.ANY, any_booster, steep),
        ThreatModel(Threat.CANNABIS, own, bent),
    ]
    made = export(models, SCHEMA)
    assert len(made.trees) == 2
    rows = np.random.default_rng(0).normal(size=(64, FEATURES))
    scores = Graph(made.graph).run(rows)
    margins = _margins(any_booster, rows)
    assert np.array_equal(scores.margins[:, 0], margins)
    assert np.array_equal(scores.margins[:, 1], margins)
    assert np.array_equal(scores.margins[:, 2], _margins(own, rows))
    wanted = np.column_stack(
        [0.3 * steep.probabilities(margins), steep.probabilities(margins), bent.probabilities(scores.margins[:, 2])]
    )
    assert np.allclose(scores.probabilities, wanted, rtol=1e-15, atol=0.0)


@pytest.mark.parametrize(
    "calibration", [PLAIN, Calibration(2.0, -30.0), Calibration(0.7, 3.0, 1.3), Calibration(0.0, -2.0)]
)
def test_calibration_inside_the_graph_equals_the_formula(calibration: Calibration) -> None:
    """Calibrated probabilities equal the formula within 1e-15, relative, from margins of -700 to 700."""
    leaves = [Leaf(value) for value in (-700.0, -40.0, -3.0, 0.0, 3.0, 40.0, 700.0)]
    tree: Split | Leaf = leaves[0]
    for place, leaf in enumerate(leaves[1:]):
        tree = Split(0, tree, leaf, float(place))
    rows = np.zeros((len(leaves), FEATURES))
    rows[:, 0] = np.arange(len(leaves)) - 0.5
    scores = Graph(_exported(booster_of([tree]), calibration).graph).run(rows)
    assert scores.margins[:, 0].tolist() == [leaf.value for leaf in leaves]
    wanted = calibration.probabilities(scores.margins[:, 0])
    assert np.allclose(scores.probabilities[:, 0], wanted, rtol=1e-15, atol=np.finfo(np.float64).tiny)


def test_the_same_model_gives_the_same_bytes() -> None:
    """Exports of one model are equal byte for byte."""
    booster = _trained(5)
    assert _exported(booster).graph == _exported(booster).graph


def _refused(*models: ThreatModel, schema: InputSchema = SCHEMA) -> str:
    with pytest.raises(ExportError) as caught:
        export(models, schema)
    return str(caught.value)


def test_refusals_say_what_to_do() -> None:
    """What cannot be exported is refused with a reason: no any, threats twice, bad shares, calibrations, names."""
    booster = booster_of([Leaf(0.0)])
    own = ThreatModel(Threat.ANY, booster, PLAIN)
    assert "a fitted model for any" in _refused(ThreatModel(Threat.COCAINE, booster, PLAIN))
    assert "each threat once" in _refused(own, own)
    assert "a share from 0 to 1" in _refused(own, ThreatModel(Threat.COCAINE, None, None, share=1.5))
    assert "share 1 for a fitted threat" in _refused(ThreatModel(Threat.ANY, booster, PLAIN, share=0.5))
    assert "a calibration for each fitted threat" in _refused(ThreatModel(Threat.ANY, booster, None))
    assert "falls as the margin rises" in _refused(ThreatModel(Threat.ANY, booster, Calibration(-1.0, 0.0)))
    assert "not finite" in _refused(ThreatModel(Threat.ANY, booster, Calibration(1.0, np.nan)))
    assert "feature_name" in _refused(own, schema=InputSchema((*NAMES[1:], NAMES[0])))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"objective": "multiclass", "num_class": 2}, "one output"),
        ({"boosting": "rf", "bagging_fraction": 0.5, "bagging_freq": 1}, "averaged"),
        ({"linear_tree": True}, "linear"),
    ],
)
def test_other_kinds_of_model_are_refused(given: dict[str, Any], reason: str) -> None:
    """Several outputs, averaged trees and linear leaves are refused."""
    assert reason in _refused(ThreatModel(Threat.ANY, _trained(6, rounds=3, **given), PLAIN))
