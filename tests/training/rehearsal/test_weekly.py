"""The weekly loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.rehearsal.contest import FEEDS, contest
from training.rehearsal.feeds import ObservedFeed
from training.rehearsal.plan import Plan
from training.rehearsal.weekly import Tally, rehearse, total, unit_scores
from training.world.cast import Cast, make_cast
from training.world.parameters import WorldParameters
from training.world.simulation import Week, weeks

PARAMETERS = WorldParameters(seed=3, days=84, consignments=6_000, prevalence=0.1)
PLAN = Plan(capacity=0.15, random_share=0.2, warm_up=4, rounds=40)


@pytest.fixture(scope="module")
def mixed() -> tuple[Tally, ...]:
    """Twelve weeks with a part at random."""
    return rehearse(make_cast(PARAMETERS), PLAN, ObservedFeed)


def test_warm_up_is_the_legacy_policy(mixed: tuple[Tally, ...]) -> None:
    """Until the model selects, weeks are those of the world under the legacy policy, unit for unit."""
    legacy = [int(week.selections.selected.sum()) for week in weeks(make_cast(PARAMETERS))]
    assert [tally.selected for tally in mixed[: PLAN.warm_up]] == legacy[: PLAN.warm_up]
    assert [tally.selected for tally in mixed[PLAN.warm_up :]] != legacy[PLAN.warm_up :]


def test_capacity_is_kept(mixed: tuple[Tally, ...]) -> None:
    """Greedy selection takes its share of each week's units exactly; lots fill theirs on average (five errors)."""
    greedy = rehearse(make_cast(PARAMETERS), replace(PLAN, random_share=0.0), ObservedFeed)[PLAN.warm_up :]
    assert [tally.selected for tally in greedy] == [round(PLAN.capacity * tally.units) for tally in greedy]
    late = total(mixed[PLAN.warm_up :])
    by_lot = PLAN.capacity * PLAN.random_share * late.units
    assert abs(late.selected - PLAN.capacity * late.units) < 5 * np.sqrt(by_lot) + len(mixed)


def test_counts_fit_together(mixed: tuple[Tally, ...]) -> None:
    """What is found was searched, what was searched was selected, and nobody is right more often than possible."""
    for tally in mixed:
        assert tally.hits <= tally.examined <= tally.selected <= tally.units
        assert tally.hits <= tally.right <= tally.best == min(tally.selected, tally.carrying)
        assert tally.caught <= tally.positives
    assert total(mixed).weeks == len(mixed) == PARAMETERS.weeks


def test_a_model_learns_what_the_legacy_policy_does_not_know(mixed: tuple[Tally, ...]) -> None:
    """In the last weeks more than twice as many examinations find something as under the legacy policy."""
    assert total(mixed[-4:]).hit_rate > 2 * total(mixed[: PLAN.warm_up]).hit_rate


def test_rehearsing_is_repeatable(mixed: tuple[Tally, ...]) -> None:
    """The same world and plan give the same counts."""
    assert rehearse(make_cast(PARAMETERS), PLAN, ObservedFeed) == mixed


def test_a_contest_is_of_equals(mixed: tuple[Tally, ...]) -> None:
    """Both policies share world and warm-up; the figures are means over the worlds."""
    found = contest(PARAMETERS, PLAN, seeds=[PARAMETERS.seed, 4])
    assert [pair.seed for pair in found.pairs] == [PARAMETERS.seed, 4]
    assert found.pairs[0].mixed == mixed
    for pair in found.pairs:
        assert pair.greedy[: PLAN.warm_up] == pair.mixed[: PLAN.warm_up]
        assert pair.greedy[PLAN.warm_up :] != pair.mixed[PLAN.warm_up :]
    rates = np.array([[pair.greedy_late.hit_rate, pair.mixed_late.hit_rate] for pair in found.pairs])
    assert found.cost == pytest.approx(np.diff(rates[:, ::-1]).mean())
    assert found.ratio == pytest.approx(rates[:, 0].mean() / rates[:, 1].mean())
    assert found.pairs[0].greedy_late.weeks == PARAMETERS.weeks // 4


def test_the_catalogue_feeds_the_same_loop() -> None:
    """On the catalogue the loop runs the same weeks, and its model finds more than the legacy policy."""
    parameters = replace(PARAMETERS, days=42, consignments=1_500, prevalence=0.2)
    tallies = rehearse(make_cast(parameters), PLAN, FEEDS["catalogue"])
    assert [tally.units for tally in tallies[:4]] == [
        len(week.selections.issued) for week in list(weeks(make_cast(parameters)))[:4]
    ]
    assert total(tallies[PLAN.warm_up :]).hit_rate > total(tallies[: PLAN.warm_up]).hit_rate


def test_scores_of_units_are_chances_that_any_aboard_holds(little_cast: Cast, little_weeks: list[Week]) -> None:
    """A unit's score is 1 - prod(1 - p) over its consignments, each aboard all of its units."""
    traffic = little_weeks[0].arrivals.traffic
    consignments = traffic.consignments
    scores = np.random.default_rng(1).random(len(consignments.unit))
    clear = np.ones(len(traffic.units.number))
    for score, unit, units in zip(scores, consignments.unit.tolist(), consignments.units.tolist(), strict=True):
        clear[unit : unit + units] *= 1.0 - score
    assert np.allclose(unit_scores(traffic, scores), 1.0 - clear)
