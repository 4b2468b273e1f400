"""Selection: four reasons, their chances and what fires."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import average_precision_score

from aftc.clock import MINUTE
from training.world.cast import Cast
from training.world.conduct import unit_marks
from training.world.parameters import WorldParameters
from training.world.selection import (
    INTELLIGENCE,
    MODEL,
    RANDOM,
    REASONS,
    RULE,
    SELECTOR,
    Leads,
    Selections,
    draw_selections,
    worst_aboard,
)
from training.world.signs import CLEAN
from training.world.simulation import Week

_IN_USE = (RULE, SELECTOR, INTELLIGENCE, RANDOM)


def _joined(weeks: list[Week]) -> Selections:
    each = [week.selections for week in weeks]
    return Selections(
        np.concatenate([one.chance for one in each]),
        np.concatenate([one.fired for one in each]),
        np.concatenate([one.issued for one in each]),
    )


def test_every_chance_is_recorded(large_weeks: list[Week]) -> None:
    """Each reason in use has a chance from 0 to 1 for every unit, and a reason not in use has none."""
    selections = _joined(large_weeks)
    chance = selections.chance[:, _IN_USE]
    assert ((chance >= 0) & (chance <= 1)).all()
    assert np.isnan(selections.chance[:, MODEL]).all()
    assert len(REASONS) == selections.chance.shape[1] == 5


def test_soft_reasons_are_never_certain(large_weeks: list[Week]) -> None:
    """Rule and random chances lie strictly between 0 and 1; a match or a tip has one chance, all others none."""
    selections = _joined(large_weeks)
    for reason in (RULE, RANDOM):
        assert selections.chance[:, reason].min() > 0
        assert selections.chance[:, reason].max() < 1
    matches, tips = selections.chance[:, SELECTOR], selections.chance[:, INTELLIGENCE]
    assert len(set(matches.tolist()) - {0.0}) == 1
    assert set(tips.tolist()) == {0.0, 1.0}
    assert 0 < (tips > 0).mean() < (matches > 0).mean() < 0.5


def test_chances_combine(large_weeks: list[Week]) -> None:
    """The chance of any reason is 1 - prod(1 - p) over those in use, and a unit is selected where any fired."""
    selections = _joined(large_weeks)
    naive = 1 - np.prod([1 - selections.chance[:, reason] for reason in _IN_USE], axis=0)
    assert np.allclose(selections.combined, naive, atol=1e-12)
    assert np.array_equal(selections.selected, selections.fired.any(axis=1))


def test_reasons_fire_at_their_chances(large_weeks: list[Week]) -> None:
    """Nothing fires without a chance; each reason fires as often as its chances sum to (within four errors)."""
    selections = _joined(large_weeks)
    chance = np.nan_to_num(selections.chance)
    assert not selections.fired[chance == 0].any()
    for reason in _IN_USE:
        error = 4 * np.sqrt((chance[:, reason] * (1 - chance[:, reason])).sum())
        assert abs(selections.fired[:, reason].sum() - chance[:, reason].sum()) <= error
        assert selections.fired[:, reason].any()


def test_draws_of_reasons_are_independent(large_weeks: list[Week]) -> None:
    """Rule and random fire together as often as the product of their chances says (within four errors)."""
    selections = _joined(large_weeks)
    both = selections.chance[:, RULE] * selections.chance[:, RANDOM]
    together = (selections.fired[:, RULE] & selections.fired[:, RANDOM]).sum()
    assert abs(together - both.sum()) < 4 * np.sqrt((both * (1 - both)).sum())


def test_the_share_asked_for_is_examined(large_cast: Cast, large_weeks: list[Week]) -> None:
    """A third of the consignments is examined, within four points over the run and seven in any full week."""
    examined = [week.examinations.examined[week.arrivals.traffic.consignments.unit] for week in large_weeks]
    wanted = large_cast.parameters.examined_share
    assert abs(np.concatenate(examined).mean() - wanted) < 0.04
    assert all(abs(each.mean() - wanted) < 0.07 for each in examined[:-1])


def test_less_is_selected_where_less_is_wanted(small_weeks: list[Week]) -> None:
    """With a tenth wanted about a tenth over the share that comes to nothing is selected, by a harder rule."""
    arrivals = small_weeks[0].arrivals
    few = WorldParameters(seed=11, days=20, consignments=3_000, examined_share=0.1, random_stratum=0.02)
    nothing = np.zeros(len(arrivals.scores), dtype=np.bool_)
    selections = draw_selections(arrivals.draws, few, arrivals.traffic, arrivals.scores, Leads(nothing, nothing))
    aboard = np.bincount(arrivals.traffic.consignments.unit, minlength=len(selections.issued))
    assert abs((selections.combined * aboard).sum() / aboard.sum() - 0.1 / 0.87) < 0.01
    usual = np.nanmean(small_weeks[0].selections.chance[:, RULE])
    assert selections.chance[:, RULE].mean() < usual / 2
    assert (selections.chance[:, RANDOM] == 0.02).all()


def test_the_rule_is_better_than_chance_and_far_from_the_oracle(large_weeks: list[Week]) -> None:
    """The legacy score's average precision lies above the base rate and below half of the oracle's."""
    truth = np.concatenate([week.arrivals.schemes.y_any for week in large_weeks])
    oracle = np.concatenate([week.arrivals.schemes.p_any for week in large_weeks])
    legacy = average_precision_score(truth, np.concatenate([week.arrivals.scores for week in large_weeks]))
    assert truth.mean() < legacy < average_precision_score(truth, oracle) / 2


def test_watch_lists_and_tips_know_something(large_weeks: list[Week]) -> None:
    """Units with a match or a tip have a scheme aboard more often than others, yet often none."""
    selections = _joined(large_weeks)
    dirty = np.concatenate(
        [unit_marks(week.arrivals.traffic, week.arrivals.marks).method != CLEAN for week in large_weeks]
    )
    for reason in (SELECTOR, INTELLIGENCE):
        told = selections.chance[:, reason] > 0
        assert dirty[~told].mean() * 1.3 < dirty[told].mean() < 0.95


def test_most_selections_are_issued_after_the_cut_off(large_weeks: list[Week]) -> None:
    """At most a fifth of the selections is issued before its mode's cut-off; a random one never."""
    for week in large_weeks:
        units, selections = week.arrivals.traffic.units, week.selections
        minutes = np.array([15, 15, 120, 120, 120])[units.mode]
        early = selections.issued < units.arrival - minutes * MINUTE
        assert early[selections.selected].mean() < 0.2
        assert not early[selections.fired[:, RANDOM]].any()
        assert (selections.issued < units.arrival).all()


def test_a_unit_is_as_suspect_as_the_worst_aboard(small_weeks: list[Week]) -> None:
    """The score of a unit is the highest of those aboard, in every container that a consignment fills."""
    arrivals = small_weeks[0].arrivals
    found = worst_aboard(arrivals.traffic, arrivals.scores)
    naive = np.full(len(found), -np.inf)
    consignments = arrivals.traffic.consignments
    for score, unit, units in zip(arrivals.scores, consignments.unit, consignments.units, strict=True):
        for place in range(unit, unit + units):
            naive[place] = max(naive[place], score)
    assert np.array_equal(found, naive)
