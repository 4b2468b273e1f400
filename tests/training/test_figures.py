"""Figures of a threat: held against obvious computations, and against a population whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, brier_score_loss

from aftc.features.catalogue import SCHEMA
from aftc.records import Threat
from training.evaluate import evaluate
from training.evaluation import CAPACITIES, Evaluation, metrics
from training.evidence import Evidence, Judged, evidence_from_outcomes
from training.figures import MODEL, RANDOM, Rival, capacity, hit_rate, threat_figures
from training.labels import THREATS
from training.metrics import Estimate
from training.split import split_of
from training.testing import a_training_set, labels_of, separate_units

WIDTH = len(SCHEMA.names)


def known(found: NDArray[np.bool_], weight: NDArray[np.float64]) -> Judged:
    """What is known of rows, the same for every threat."""
    columns = len(THREATS)
    return Judged(found[:, None].repeat(columns, 1), weight[:, None].repeat(columns, 1), np.arange(found.size))


def value(estimate: Estimate) -> float:
    """A figure that must be determined."""
    assert estimate.value is not None
    return estimate.value


def evidence_of(found: NDArray[np.bool_], weight: NDArray[np.float64]) -> Evidence:
    """Consignments each on a unit of its own."""
    rows = found.size
    judged = known(found, weight)
    return Evidence(np.arange(rows), separate_units(rows), judged, judged, None, np.zeros(rows, dtype=np.bool_))


@pytest.fixture(scope="module")
def population() -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """Finds, scores, who was examined by a policy that looks elsewhere, and with which chance."""
    rng = np.random.default_rng(6)
    score = rng.random(6_000)
    found = rng.random(6_000) < 0.02 + 0.4 * score**6
    chance = np.where(rng.random(6_000) < 0.5, 0.5, 0.08) * np.where(score > 0.8, 0.5, 1.0)
    return found, score, rng.random(6_000) < chance, chance


@pytest.mark.parametrize("share", CAPACITIES)
def test_capacity_equals_the_obvious_count(share: float) -> None:
    """Precision, recall and lift of the first units of the ranking, by counting."""
    rng = np.random.default_rng(7)
    found, weight, score = rng.random(500) < 0.2, rng.uniform(1, 9, 500) * (rng.random(500) < 0.4), rng.random(500)
    first = sorted(range(500), key=lambda row: -score[row])[: round(share * 500)]
    hits, searched = sum(weight[row] * found[row] for row in first), sum(weight[row] for row in first)
    precision, recall = hits / searched, hits / (weight * found).sum()
    made = capacity(known(found, weight), Threat.ANY, score, share)
    assert (made.units, made.known) == (len(first), int((weight[first] > 0).sum()))
    assert [made.precision.value, made.recall.value, made.lift.value] == pytest.approx(
        [precision, recall, precision * weight.sum() / (weight * found).sum()]
    )


def test_level_and_ranking_equal_scikit_learn() -> None:
    """Brier score and average precision, weighted."""
    rng = np.random.default_rng(8)
    found, weight, score = rng.random(300) < 0.2, rng.uniform(1, 9, 300), rng.random(300)
    made = threat_figures(evidence_of(found, weight), Threat.ANY, score, np.full(300, "container"))
    assert made.brier.value == pytest.approx(brier_score_loss(found, score, sample_weight=weight))
    expected = average_precision_score(found, score, sample_weight=weight)
    assert made.standing(MODEL).average_precision.value == pytest.approx(expected)
    assert made.base_rate.value == pytest.approx(np.average(found, weights=weight))
    assert made.standing(RANDOM).average_precision.value == pytest.approx(made.base_rate.value)


def test_a_random_search_finds_the_base_rate() -> None:
    """Chance has lift 1 and recall equal to the share searched."""
    found, weight = np.arange(200) < 30, np.ones(200)
    made = threat_figures(evidence_of(found, weight), Threat.ANY, np.linspace(1, 0, 200), np.full(200, "container"))
    for each in made.standing(RANDOM).capacities:
        assert each.lift.value == pytest.approx(1.0)
        assert each.recall.value == pytest.approx(each.units / 200)


def test_weights_make_the_examined_speak_for_all(
    population: tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]],
) -> None:
    """Intervals from the examined rows hold the true base rate, average precision, and precision at 1, 2 and 5 %."""
    found, score, examined, chance = population
    weight = np.where(examined, 1 / chance, 0.0)
    estimated = threat_figures(evidence_of(found, weight), Threat.ANY, score, np.full(6_000, "container"))
    true = threat_figures(evidence_of(found, np.ones(6_000)), Threat.ANY, score, np.full(6_000, "container"))
    pairs = [(estimated.base_rate, true.base_rate)]
    pairs.append((estimated.standing(MODEL).average_precision, true.standing(MODEL).average_precision))
    both = zip(estimated.standing(MODEL).capacities, true.standing(MODEL).capacities, strict=True)
    pairs += [(one.precision, other.precision) for one, other in both]
    for one, other in pairs:
        assert one.low is not None
        assert one.high is not None
        assert other.value is not None
        assert one.low <= other.value <= one.high


def test_rivals_are_ranked_on_the_same_rows() -> None:
    """A rival that knows the answer stands at 1; its units are ranked by its own scores of units."""
    found = np.arange(200) % 10 == 0
    clairvoyant = Rival("clairvoyant", found.astype(np.float64), found.astype(np.float64))
    made = threat_figures(
        evidence_of(found, np.ones(200)), Threat.ANY, np.linspace(0, 1, 200), np.full(200, "container"), (clairvoyant,)
    )
    assert made.standing("clairvoyant").average_precision.value == 1.0
    assert [each.precision.value for each in made.standing("clairvoyant").capacities] == [1.0, 1.0, 1.0]
    assert [each.name for each in made.standings] == [MODEL, RANDOM, "clairvoyant"]


def test_calibration_is_tabled_by_tenths() -> None:
    """Ten bins of equal size from the least probable; a calibrated score lies inside nearly every interval."""
    rng = np.random.default_rng(9)
    probability = rng.random(2_000) ** 3
    found = rng.random(2_000) < probability
    made = threat_figures(evidence_of(found, np.ones(2_000)), Threat.ANY, probability, np.full(2_000, "container"))
    assert [each.rows for each in made.calibration] == [200] * 10
    inside = [
        each.observed.low <= each.predicted <= each.observed.high
        for each in made.calibration
        if each.observed.low is not None and each.observed.high is not None
    ]
    assert sum(inside) >= 9


def test_modes_divide_the_rows() -> None:
    """Each mode counts its own rows and finds; together they are all."""
    found, modes = np.arange(90) % 3 == 0, np.array(["container", "roro_accompanied", "air"])[np.arange(90) % 3]
    made = threat_figures(evidence_of(found, np.ones(90)), Threat.ANY, np.linspace(0, 1, 90), modes)
    assert {each.name: (each.rows, each.found) for each in made.modes} == {
        "air": (30, 0),
        "container": (30, 30),
        "roro_accompanied": (30, 0),
    }
    assert made.modes[0].average_precision.value is None


def test_nothing_examined_determines_nothing() -> None:
    """Figures of a period without examinations are None, and the manifest leaves them out."""
    made = threat_figures(
        evidence_of(np.zeros(20, dtype=np.bool_), np.zeros(20)), Threat.ANY, np.ones(20), np.full(20, "air")
    )
    assert (made.rows, made.base_rate.value, made.calibration) == (0, None, ())
    assert hit_rate(known(np.ones(4, dtype=np.bool_), np.zeros(4)), Threat.ANY, np.ones(4))[0].value is None
    evaluation = Evaluation("outcomes", 0, 1, 20, 20, 0, (made,), ())
    assert list(metrics(evaluation)) == []


@pytest.fixture(scope="module")
def evaluated() -> Evaluation:
    """A set of 2,000 consignments, half of them examined by the rule, whose score knows something."""
    rng = np.random.default_rng(10)
    found, examined = rng.random(2_000) < 0.15, rng.random(2_000) < 0.5
    made = a_training_set(np.zeros((2_000, WIDTH)), labels_of(found, examined, np.full(2_000, 0.5)))
    probability = np.clip(0.1 + 0.3 * found + 0.1 * rng.normal(size=2_000), 0.01, 0.99)[:, None].repeat(8, 1)
    return evaluate(made, split_of(made), probability)


def test_evaluation_is_of_the_test_part_alone(evaluated: Evaluation) -> None:
    """The last fifth of the labelled time, every consignment of it, examined or not."""
    assert 370 < evaluated.rows < 430
    assert evaluated.units == evaluated.rows
    assert evaluated.of(Threat.ANY).rows == pytest.approx(200, abs=6)
    assert evaluated.basis == "outcomes"


def test_the_legacy_rule_is_judged_by_its_own_record(evaluated: Evaluation) -> None:
    """Its hit rate is the plain mean over what it chose; the model is held to the same number of units."""
    legacy = evaluated.legacy
    assert legacy is not None
    assert legacy.units == evaluated.of(Threat.ANY).rows
    assert legacy.share == legacy.units / evaluated.units
    assert legacy.hit_rate.value == pytest.approx(evaluated.of(Threat.ANY).found / legacy.units)
    assert legacy.model.units == legacy.units
    assert value(legacy.model.precision) > 1.5 * value(legacy.hit_rate)


def test_every_determined_figure_goes_to_the_manifest(evaluated: Evaluation) -> None:
    """Twelve figures of each threat that has them, with their intervals."""
    names = {(each.threat, each.name) for each in metrics(evaluated)}
    of_any = {name for threat, name in names if threat is Threat.ANY}
    assert of_any == {"base_rate", "brier", "average_precision"} | {
        f"{figure}_at_{percent}pct" for figure in ("precision", "recall", "lift") for percent in (1, 2, 5)
    }
    assert all(each.low <= each.value <= each.high for each in metrics(evaluated) if each.low and each.high)


def test_groups_share_out_the_capacity(evaluated: Evaluation) -> None:
    """Searches of the modes add up to the capacity, and so do those of the countries of dispatch."""
    for by in ("mode", "dispatched from"):
        searched = sum(each.units * each.selection_rate for each in evaluated.groups if each.by == by)
        assert searched == pytest.approx(max(1, round(0.05 * evaluated.units)))


def test_evidence_keeps_the_unexamined_in_the_ranking() -> None:
    """Every row of the part is there; weight and find are only where an examination told."""
    found, examined = np.arange(10) < 4, np.arange(10) % 2 == 0
    made = a_training_set(np.zeros((10, WIDTH)), labels_of(found, examined, np.full(10, 0.5)))
    evidence = evidence_from_outcomes(made, np.arange(10) >= 2)
    seen, weight = evidence.consignments.of(Threat.CANNABIS)
    assert evidence.rows.tolist() == list(range(2, 10))
    assert weight.tolist() == [2.0, 0.0] * 4
    assert seen.tolist() == [True] + [False] * 7
