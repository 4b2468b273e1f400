"""The validity gates: on small worlds they hold, and on what is amiss they fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftc.errors import InputError
from benchmarks.world import CONTESTS
from training.evaluation import LeakCheck
from training.metrics import Estimate
from training.rehearsal import gates
from training.rehearsal.ceiling import Ceiling
from training.rehearsal.contest import Contest, Pair, contest
from training.rehearsal.ladder import Ladder, climb, precision
from training.rehearsal.panel import Panel, make_panel
from training.rehearsal.plan import Plan
from training.rehearsal.weekly import Tally
from training.world.parameters import Regime, WorldParameters

SMALL = WorldParameters(consignments=6_000, prevalence=0.12)
RUN = WorldParameters(days=182, consignments=39_000)


@pytest.fixture(scope="module")
def panels() -> list[Panel]:
    """Five worlds of 6,000 consignments with many threats."""
    return [make_panel(replace(SMALL, seed=seed)) for seed in range(7, 12)]


@pytest.fixture(scope="module")
def ladders(panels: list[Panel]) -> list[Ladder]:
    """Their ladders."""
    return [climb(panel) for panel in panels]


def test_each_rung_is_above_the_one_below(ladders: list[Ladder]) -> None:
    """Raw columns < + norms < + mismatches < + history < oracle, each beyond noise over five paired worlds."""
    verdict = gates.rungs(ladders)
    assert verdict.holds, verdict


def test_goods_tuples_give_no_label_away(ladders: list[Ladder]) -> None:
    """A lookup of exact goods tuples gains at most a tenth of what the oracle gains."""
    verdict = gates.goods_tuples(ladders)
    assert verdict.holds, verdict


def test_history_is_of_entities(ladders: list[Ladder]) -> None:
    """With ids dealt out anew, at most a quarter of what history gives is left."""
    verdict = gates.shuffled_ids(ladders)
    assert verdict.holds, verdict


def test_a_leak_trips_the_alarm(ladders: list[Ladder]) -> None:
    """History of all times is above the oracle in every world, history as known in none."""
    verdict = gates.leak_alarm(ladders)
    assert verdict.holds, verdict


def test_no_single_column_tells_the_truth(panels: list[Panel]) -> None:
    """Ranking by any one column that papers show, upwards or downwards, stays below half of the oracle's precision."""
    for panel in panels:
        columns = np.nan_to_num(np.hstack([panel.raw, panel.norms, panel.mismatches])).T
        best = max(precision(panel, side * column) for column in columns for side in (1.0, -1.0))
        assert best < precision(panel, panel.chance) / 2


def test_a_part_at_random_costs_little_where_nothing_changes() -> None:
    """In a stable world of 26 weeks a tenth at random costs less than three points of hit rate in the last quarter."""
    verdict = gates.stable(contest(replace(RUN, regime=Regime.STABLE), Plan(), seeds=[7, 8]))
    assert verdict.holds, verdict


def test_pure_exploitation_fails_in_a_collapse() -> None:
    """In a collapse of 26 weeks greedy selection finds less than half as often as with a tenth at random."""
    parameters, plan = CONTESTS[0]
    assert parameters.regime is Regime.COLLAPSE
    verdict = gates.collapse(contest(parameters, plan, seeds=[8, 9]))
    assert verdict.holds, verdict


def _ladder(**given: float) -> Ladder:
    check = LeakCheck(Estimate(-0.1, -0.2, 0.0), -0.2, alarm=False)
    figures = {
        "base": 0.1, "legacy": 0.12, "lookup": 0.1, "raw": 0.3, "norms": 0.35, "mismatches": 0.4, "history": 0.5,
        "shuffled": 0.4, "oracle": 0.8, "recorded_raw": 0.2, "recorded": 0.3,
    }  # fmt: skip
    return Ladder(**(figures | given), honest=check, leaky=replace(check, lower_bound=0.1, alarm=True))


@pytest.mark.parametrize("below", [name for name, _ in gates.RUNGS])
def test_a_step_that_gives_nothing_fails(below: str) -> None:
    """Where one family adds nothing in one of five worlds and little in the others, the step is within noise."""
    above = dict(gates.RUNGS)[below]
    steps = (0.001, -0.001, 0.002, -0.002, 0.0)
    worlds = [_ladder(**{below: 0.4, above: 0.4 + step}) for step in steps]
    assert not gates.rungs(worlds).holds


def test_gates_fail_on_what_they_stand_against() -> None:
    """A lookup that knows, history that survives a shuffle, a silent alarm and a false one are all told."""
    silent = replace(_ladder(), leaky=_ladder().honest)
    false = replace(_ladder(), honest=_ladder().leaky)
    assert gates.goods_tuples([_ladder()] * 2).holds
    assert not gates.goods_tuples([_ladder(lookup=0.5)] * 2).holds
    assert gates.shuffled_ids([_ladder()] * 2).holds
    assert not gates.shuffled_ids([_ladder(shuffled=0.47)] * 2).holds
    assert gates.leak_alarm([_ladder()] * 2).holds
    assert not gates.leak_alarm([_ladder(), silent]).holds
    assert not gates.leak_alarm([_ladder(), false]).holds


def test_bounds_are_students() -> None:
    """The bound of 1, 2, 3, 4, 5 is 3 - 2.132 x 0.7071 (one-sided 95 %, four degrees of freedom)."""
    assert gates.lower_bound(np.arange(1.0, 6.0)) == pytest.approx(3 - 2.132 * np.sqrt(2.5 / 5))
    with pytest.raises(InputError, match="two to ten worlds"):
        gates.lower_bound(np.array([1.0]))


@pytest.mark.parametrize(
    ("raw", "true", "holds"), [(0.3, 0.75, True), (0.45, 0.75, False), (0.3, 0.6, False), (0.3, 0.9, False)]
)
def test_the_usual_world_is_neither_trivial_nor_hopeless(raw: float, true: float, holds: bool) -> None:
    """Raw columns at most .40 of the oracle and the ceiling from .70 to .85, by the means over worlds."""
    worlds = [Ceiling(raw + step, 0.3, 0.5, true + step, 0.7) for step in (-0.03, 0.03)]
    assert gates.difficulty(worlds).holds is holds


def _played(greedy: int, mixed: int) -> Contest:
    """Eight weeks of 100 examinations with so many finds in each of the last two."""
    early, quiet = _tally(5), [_tally(5)] * 6
    assert early.hit_rate == 0.05
    pair = Pair(7, (*quiet, *[_tally(greedy)] * 2), (*quiet, *[_tally(mixed)] * 2))
    return Contest(WorldParameters(), Plan(), (pair, pair))


def _tally(hits: int) -> Tally:
    return Tally(1, 1_000, 40, 110, hits, 100, hits, 45, hits, 40)


def test_policies_are_compared_over_the_last_quarter() -> None:
    """Greedy selection collapses below half of the other's hit rate; a random part may cost up to three points."""
    assert gates.collapse(_played(9, 20)).holds
    assert not gates.collapse(_played(10, 20)).holds
    assert gates.stable(_played(20, 18)).holds
    assert gates.stable(_played(5, 20)).holds
    assert not gates.stable(_played(24, 20)).holds
