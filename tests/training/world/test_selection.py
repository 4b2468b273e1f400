"""Selection under the legacy policy and the random draw."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import average_precision_score

from training.world.imagined import World


def test_every_chance_is_recorded_and_none_is_certain(demonstration: World) -> None:
    """Rule and random chances lie strictly between 0 and 1, and combine as 1 - prod(1 - p)."""
    selections = demonstration.selections
    for chance in (selections.rule, selections.random):
        assert chance.min() > 0
        assert chance.max() < 1
    assert np.allclose(selections.combined, 1 - (1 - selections.rule) * (1 - selections.random), atol=1e-12)


def test_reasons_fire_at_their_chances(demonstration: World) -> None:
    """Over all units each reason fires as often as its chances sum to (within four errors); draws are independent."""
    selections = demonstration.selections
    for chance, fired in ((selections.rule, selections.rule_fired), (selections.random, selections.random_fired)):
        assert abs(fired.sum() - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())
    together = (selections.rule * selections.random).sum()
    assert abs((selections.rule_fired & selections.random_fired).sum() - together) < 4 * np.sqrt(together)


def test_the_share_asked_for_is_examined(demonstration: World) -> None:
    """A third of the consignments is examined, within three points."""
    examined = demonstration.examinations.examined[demonstration.traffic.consignments.unit]
    assert abs(examined.mean() - 1 / 3) < 0.03


def test_the_rule_is_better_than_chance_and_far_from_the_oracle(demonstration: World) -> None:
    """The legacy score's average precision lies above the base rate and below half of the oracle's."""
    truth = demonstration.schemes.y_any
    legacy = average_precision_score(truth, demonstration.scores)
    assert truth.mean() * 1.1 < legacy < average_precision_score(truth, demonstration.schemes.p_any) / 2


def test_most_selections_are_issued_after_the_cut_off(demonstration: World) -> None:
    """At most a fifth of the selections is issued before its mode's cut-off; a random one never."""
    units, selections = demonstration.traffic.units, demonstration.selections
    minutes = np.array([15, 15, 120])[units.mode]
    early = selections.issued < units.arrival - minutes * 60_000_000
    assert early[selections.selected].mean() < 0.2
    assert not early[selections.random_fired].any()
