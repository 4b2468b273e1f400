"""Examinations of the selected units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aftc.clock import DAY
from aftc.records import OutcomeKind
from training.world.examinations import KINDS, MEANS_OF_SEARCH, Examinations, draw_examinations
from training.world.networks import METHODS
from training.world.parameters import Flags, Ints
from training.world.selection import RANDOM
from training.world.signs import CLEAN
from training.world.simulation import Week
from training.world.threats import SENSITIVITY, THREATS, Method


def test_all_six_kinds_occur(small_weeks: list[Week]) -> None:
    """In 3,000 consignments every outcome kind occurs five times or more; what was not selected has none."""
    kind = np.concatenate([week.examinations.kind for week in small_weeks])
    selected = np.concatenate([week.selections.selected for week in small_weeks])
    assert (np.bincount(kind[selected], minlength=len(KINDS)) >= 5).all()
    assert (kind[~selected] == -1).all()
    assert set(KINDS) == set(OutcomeKind)


def test_finds_are_true_and_only_where_searched(large_weeks: list[Week]) -> None:
    """Nothing is found that is not there, nor in a unit that was not searched, and a positive has a find."""
    for week in large_weeks:
        examinations = week.examinations
        assert not (examinations.found & ~week.arrivals.schemes.y).any()
        rows = examinations.found.any(axis=1)
        positive = np.zeros(len(examinations.kind), dtype=bool)
        positive[examinations.hiding[rows]] = True
        assert (positive == (examinations.kind == KINDS.index(OutcomeKind.POSITIVE))).all()


def test_what_is_hidden_is_in_a_unit_of_its_consignment(large_weeks: list[Week]) -> None:
    """A consignment hides what it carries in one of the units that it fills, any of them."""
    later = 0
    for week in large_weeks:
        consignments, hiding = week.arrivals.traffic.consignments, week.examinations.hiding
        assert (hiding >= consignments.unit).all()
        assert (hiding < consignments.unit + consignments.units).all()
        later += int((hiding > consignments.unit).sum())
    assert later > 20


def test_searches_miss_some_of_what_is_there(large_weeks: list[Week]) -> None:
    """Of each threat aboard searched units less than the sensitivity of the best search is found, and most of it."""
    for index, threat in enumerate(THREATS):
        found, there = 0, 0
        for week in large_weeks:
            rows = week.examinations.examined[week.examinations.hiding] & week.arrivals.schemes.y[:, index]
            found, there = found + int(week.examinations.found[rows, index].sum()), there + int(rows.sum())
        expected = SENSITIVITY[threat]
        error = 4 * np.sqrt(expected * (1 - expected) / there)
        assert 0.6 * expected - error < found / there < expected + error
        assert expected < 1


def _searched(week: Week, method: Ints) -> Examinations:
    """What becomes of a week in which everything is aboard everything, by these methods, and all is selected."""
    arrivals, selections = week.arrivals, week.selections
    fired = np.zeros_like(selections.fired)
    fired[:, RANDOM] = True
    full = replace(arrivals.schemes, y=np.ones_like(arrivals.schemes.y))
    return draw_examinations(
        arrivals.draws, arrivals.traffic, full, method, arrivals.carriage, replace(selections, fired=fired)
    )


def test_how_much_is_found_depends_on_method_and_search(large_weeks: list[Week]) -> None:
    """A full strip finds every method at the threat's sensitivity; dogs miss precursors, papers what is built in."""
    shares: dict[tuple[str, int], list[Flags]] = {}
    for week in large_weeks:
        for method in (CLEAN, *range(len(METHODS))):
            examinations = _searched(week, np.full(len(week.arrivals.scores), method))
            rows = examinations.examined[examinations.hiding]
            means = examinations.means[examinations.hiding]
            for place, name in enumerate(MEANS_OF_SEARCH):
                shares.setdefault((name, method), []).append(examinations.found[rows & (means == place)])
    seen = {key: np.concatenate(each).mean() for key, each in shares.items()}
    usual = np.mean([SENSITIVITY[threat] for threat in THREATS])
    precursor, built_in = METHODS.index(Method.PRECURSOR), METHODS.index(Method.BUILT_IN)
    assert all(abs(seen["full strip", method] - usual) < 0.02 for method in (CLEAN, *range(len(METHODS))))
    assert seen["dog", precursor] < 0.8 * usual < seen["dog", METHODS.index(Method.RIP_ON)]
    assert seen["documents and search", built_in] < 0.8 * usual < seen["documents and search", precursor]


def test_being_examined_does_not_depend_on_what_is_aboard(large_weeks: list[Week]) -> None:
    """Among selected units the share searched is the same with and without a threat aboard, within four errors."""
    searched, truth = [], []
    for week in large_weeks:
        unit = week.arrivals.traffic.consignments.unit
        selected = week.selections.selected[unit]
        searched.append(week.examinations.examined[unit][selected])
        truth.append(week.arrivals.schemes.y_any[selected])
    all_searched, dirty = np.concatenate(searched), np.concatenate(truth)
    share = all_searched.mean()
    error = 4 * np.sqrt(share * (1 - share) * (1 / dirty.sum() + 1 / (~dirty).sum()))
    assert abs(all_searched[dirty].mean() - all_searched[~dirty].mean()) < error
    assert 0.75 < share < 0.95


def test_no_day_has_more_searches_than_its_capacity(large_weeks: list[Week]) -> None:
    """On the busiest day of a full week there are at most 1.25 times as many searches as on a mean day."""
    for week in large_weeks[:-1]:
        waiting = np.isin(week.examinations.kind, (0, 1))
        days = np.unique(week.arrivals.traffic.units.arrival // DAY, return_inverse=True)[1]
        turned = week.examinations.kind == KINDS.index(OutcomeKind.INSUFFICIENT_RESOURCES)
        capacity = 1.25 * (waiting | turned).sum() / (days.max() + 1)
        assert np.bincount(days, weights=waiting).max() <= capacity + 1


def test_records_follow_the_search(large_weeks: list[Week]) -> None:
    """Arrival, start, end and record come in this order, and the record within six days; few are corrected."""
    corrected, examined = 0, 0
    for week in large_weeks:
        examinations = week.examinations
        assert (week.arrivals.traffic.units.arrival < examinations.started).all()
        assert (examinations.started < examinations.ended).all()
        assert (examinations.ended <= examinations.recorded).all()
        assert (examinations.recorded - examinations.ended <= 6 * DAY).all()
        assert not (examinations.corrected & ~examinations.examined).any()
        corrected += int(examinations.corrected.sum())
        examined += int(examinations.examined.sum())
    assert 0.01 < corrected / examined < 0.035


def test_finds_in_shared_units_do_not_always_name_their_consignment(large_weeks: list[Week]) -> None:
    """What is alone in its unit is always named; in a shared unit about one find in seven names nobody."""
    shared = []
    for week in large_weeks:
        aboard = np.bincount(week.arrivals.traffic.consignments.unit, minlength=len(week.examinations.named))
        assert week.examinations.named[aboard <= 1].all()
        shared.append(week.examinations.named[aboard > 1])
    assert 0.8 < np.concatenate(shared).mean() < 0.92
