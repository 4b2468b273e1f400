"""The watch list."""

from __future__ import annotations

import numpy as np

from training.world.cast import Cast
from training.world.draws import Draws
from training.world.parameters import Flags
from training.world.simulation import Week
from training.world.watch import WatchList


def _listed(cast: Cast, week: Week, found: Flags) -> WatchList:
    watch = WatchList(cast)
    watch.learn(Draws(1, 0), week.arrivals.traffic, found, 0)
    return watch


def test_entries_expire(small_cast: Cast, small_weeks: list[Week]) -> None:
    """What a find put on the list matches for eight weeks, unchanged, and never after."""
    traffic = small_weeks[0].arrivals.traffic
    watch = _listed(small_cast, small_weeks[0], np.ones(len(traffic.consignments.unit), dtype=np.bool_))
    matches = [watch.matches(traffic, week) for week in range(12)]
    assert matches[0].mean() > 0.2
    assert all(np.array_equal(each, matches[0]) for each in matches[:9])
    assert not any(each.any() for each in matches[9:])


def test_only_actors_aboard_a_find_are_listed(small_cast: Cast, small_weeks: list[Week]) -> None:
    """A find of one consignor's goods lists it, its consignees and the vehicles; no others but by mistake."""
    traffic = small_weeks[0].arrivals.traffic
    consignments = traffic.consignments
    busiest = int(np.bincount(consignments.consignor[consignments.consignor >= 0]).argmax())
    found = consignments.consignor == busiest
    watch = _listed(small_cast, small_weeks[0], found)
    matches = watch.matches(traffic, 1)
    assert matches[found].any()
    related = np.isin(consignments.consignee, consignments.consignee[found]) | found
    vehicles = traffic.crossings.vehicle
    units = consignments.unit
    by_ferry = units < traffic.first_box
    aboard = np.where(by_ferry, vehicles[np.where(by_ferry, units, 0)], -1)
    related |= (aboard >= 0) & np.isin(aboard, aboard[found])
    assert matches[~related].sum() <= 2


def test_partners_name_few_without_cause(large_cast: Cast, large_weeks: list[Week]) -> None:
    """Nine weeks of partners' mistakes, without any find, match less than one consignment in ten."""
    watch = WatchList(large_cast)
    for week in large_weeks:
        traffic = week.arrivals.traffic
        watch.learn(week.arrivals.draws, traffic, np.zeros(len(traffic.consignments.unit), dtype=np.bool_), 0)
    share = np.concatenate([watch.matches(week.arrivals.traffic, 1) for week in large_weeks]).mean()
    assert 0 < share < 0.1


def test_empty_movements_match_by_their_vehicle_alone(large_cast: Cast, large_weeks: list[Week]) -> None:
    """Nobody stands for no entry: what has no consignor, consignee or known vehicle never matches."""
    checked = 0
    for week in large_weeks:
        traffic = week.arrivals.traffic
        consignments = traffic.consignments
        watch = _listed(large_cast, week, np.ones(len(consignments.unit), dtype=np.bool_))
        empty = np.flatnonzero(consignments.consignor < 0)
        unknown = empty[traffic.crossings.vehicle[consignments.unit[empty]] < 0]
        assert not watch.matches(traffic, 1)[unknown].any()
        checked += len(unknown)
    assert checked > 0
