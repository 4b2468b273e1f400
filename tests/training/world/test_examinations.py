"""Examinations of the selected units."""

from __future__ import annotations

import numpy as np

from training.world.examinations import KINDS
from training.world.imagined import World
from training.world.threats import SENSITIVITY, THREATS


def test_all_six_kinds_occur(demonstration: World) -> None:
    """Every outcome kind occurs at least twenty times; what was not selected has none."""
    examinations, selected = demonstration.examinations, demonstration.selections.selected
    assert (np.bincount(examinations.kind[selected], minlength=len(KINDS)) >= 20).all()
    assert (examinations.kind[~selected] == -1).all()


def test_the_demonstration_has_enough_finds(demonstration: World) -> None:
    """At least 300 consignments of the demonstration's world are found positive."""
    assert demonstration.examinations.found.any(axis=1).sum() >= 300


def test_finds_are_true_and_only_where_searched(demonstration: World) -> None:
    """Nothing is found that is not there, nor in a unit that was not searched, and a positive has a find."""
    examinations, schemes = demonstration.examinations, demonstration.schemes
    assert not (examinations.found & ~schemes.y).any()
    rows = examinations.found.any(axis=1)
    positive = np.zeros(len(examinations.kind), dtype=bool)
    positive[examinations.hiding[rows]] = True
    assert (positive == (examinations.kind == 0)).all()


def test_sensitivity_is_below_one(demonstration: World) -> None:
    """Of what is aboard searched units the documented share is found, within four errors."""
    examinations, schemes = demonstration.examinations, demonstration.schemes
    searched = examinations.examined[examinations.hiding]
    for index, threat in enumerate(THREATS):
        there = searched & schemes.y[:, index]
        share, expected = examinations.found[there, index].mean(), SENSITIVITY[threat]
        assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / there.sum())


def test_being_examined_does_not_depend_on_what_is_aboard(demonstration: World) -> None:
    """Among selected units the share searched is the same with and without a threat aboard, within four errors."""
    consignments, examinations = demonstration.traffic.consignments, demonstration.examinations
    selected = demonstration.selections.selected[consignments.unit]
    searched, truth = examinations.examined[consignments.unit], demonstration.schemes.y_any
    dirty, clean = searched[selected & truth], searched[selected & ~truth]
    assert abs(dirty.mean() - clean.mean()) < 4 * np.sqrt(0.13 * 0.87 * (1 / len(dirty) + 1 / len(clean)))


def test_records_follow_the_search(demonstration: World) -> None:
    """Arrival, start, end and record come in this order."""
    examinations = demonstration.examinations
    assert (demonstration.traffic.units.arrival < examinations.started).all()
    assert (examinations.started < examinations.ended).all()
    assert (examinations.ended <= examinations.recorded).all()
