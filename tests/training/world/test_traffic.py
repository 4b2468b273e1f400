"""Traffic: consignments and units of a week and of a run."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from aftc.records import UnitKind
from training.world.cast import Cast, make_cast
from training.world.consignments import AIR, MODES, NOBODY, PARCEL, SEA
from training.world.lives import week_days
from training.world.parameters import WorldParameters
from training.world.simulation import Week, weeks
from training.world.traders import WAY_SHARES
from training.world.traffic import on_crossing


@pytest.mark.parametrize(("days", "consignments"), [(1, 101), (8, 333), (20, 1_000), (61, 2_222)])
def test_as_many_consignments_as_asked_for(days: int, consignments: int) -> None:
    """Over ways and weeks the numbers sum exactly to what was asked for, and each way to its share, rounded."""
    counts = []
    for week in weeks(make_cast(WorldParameters(seed=1, days=days, consignments=consignments))):
        mode = week.arrivals.traffic.consignments.mode
        laden = week.arrivals.traffic.consignments.consignor != NOBODY
        ways = [(laden & (mode < SEA)), mode == SEA, mode == AIR, mode == PARCEL, ~laden]
        counts.append([int(each.sum()) for each in ways])
    assert np.sum(counts) == consignments
    shares = np.array([*WAY_SHARES, 1 - sum(WAY_SHARES)])
    assert np.abs(np.sum(counts, axis=0) - shares * consignments).max() <= 1


def test_weeks_have_their_part(large_cast: Cast, large_weeks: list[Week]) -> None:
    """Weeks have numbers of consignments after the rhythm of their days, give or take one a way."""
    counts = np.array([len(week.arrivals.traffic.consignments.unit) for week in large_weeks])
    share = np.array([week_days(large_cast.parameters, week).sum() for week in range(len(counts))])
    assert np.abs(counts - counts.sum() * share / share.sum()).max() <= 5
    assert 0.4 < counts[-1] / counts[-2] < 0.8  # four days of seven, from Monday


def test_every_way_occurs_every_week(small_weeks: list[Week]) -> None:
    """All five modes occur in each week, and every unit is of the kind of its mode."""
    kinds = [UnitKind.VEHICLE, UnitKind.TRAILER, UnitKind.CONTAINER, UnitKind.ULD, UnitKind.ULD]
    for week in small_weeks:
        units = week.arrivals.traffic.units
        assert (np.bincount(week.arrivals.traffic.consignments.mode, minlength=len(MODES)) > 10).all()
        assert [kinds[mode] for mode in units.mode.tolist()] == list(units.kind)
        assert (units.departure < units.arrival).all()
        assert all(units.number)


def test_units_are_numbered_crossings_first(small_weeks: list[Week]) -> None:
    """Crossings, then containers, then devices of air freight, then of parcels; consignments have their units' mode."""
    for week in small_weeks:
        traffic = week.arrivals.traffic
        mode = traffic.units.mode
        assert (np.diff(np.maximum(mode, 1)) >= 0).all()
        assert (mode[: traffic.first_box] < SEA).all()
        assert (mode[traffic.first_box : traffic.first_uld] == SEA).all()
        assert (mode[traffic.first_uld :] > SEA).all()
        assert (mode[traffic.consignments.unit] == traffic.consignments.mode).all()


def test_units_carry_what_they_should(large_weeks: list[Week]) -> None:
    """Every unit carries something; some carry several consignments, and some consignments fill several units."""
    shared = several = 0
    for week in large_weeks:
        consignments = week.arrivals.traffic.consignments
        aboard = np.zeros(len(week.arrivals.traffic.units.number), dtype=int)
        for unit, units in zip(consignments.unit.tolist(), consignments.units.tolist(), strict=True):
            aboard[unit : unit + units] += 1
        assert aboard.min() == 1
        shared += int((aboard > 1).sum())
        several += int((consignments.units > 1).sum())
    assert shared > 500
    assert several > 50


def test_what_shares_a_unit_comes_the_same_way(large_cast: Cast, large_weeks: list[Week]) -> None:
    """Consignments of one crossing have one route, those of a container one port, those of a device one airport."""
    lanes = large_cast.lanes  # as they stand in the first week, before adversaries vary them
    consignments = large_weeks[0].arrivals.traffic.consignments
    origins: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for unit, lane in zip(consignments.unit.tolist(), consignments.lane.tolist(), strict=True):
        origins[unit].add((int(lanes.route[lane]), lanes.load_port[lane]))
    assert all(len(each) == 1 for each in origins.values())
    assert len(origins) < 0.8 * len(consignments.unit)


def test_documents_identify(large_weeks: list[Week]) -> None:
    """Over all weeks no two consignments share an identity; an empty movement is known by its booking."""
    references: list[str] = []
    for week in large_weeks:
        traffic = week.arrivals.traffic
        found = [traffic.reference(row) for row in range(len(traffic.consignments.document))]
        empty = np.flatnonzero(traffic.consignments.consignee == NOBODY)
        assert {found[row] for row in empty.tolist()} <= set(traffic.booking)
        references += found
    assert len(set(references)) == len(references) == 10_000


def test_bookings_and_seals_are_distinct_over_all_weeks(large_weeks: list[Week]) -> None:
    """No booking reference, seal or stated reference of a trader comes twice."""
    traffic = [week.arrivals.traffic for week in large_weeks]
    for codes in (
        [code for each in traffic for code in each.booking],
        [code for each in traffic for code in each.seal],
        [code for each in traffic for code in each.consignments.ucr if code],
    ):
        assert len(set(codes)) == len(codes) > 2_000


def test_houses_share_the_master_of_their_unit(small_weeks: list[Week]) -> None:
    """Groupage in a container is houses under one bill, consolidated air freight houses under one air waybill."""
    masters: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for week in small_weeks:
        consignments = week.arrivals.traffic.consignments
        rows = zip(consignments.unit.tolist(), consignments.mode.tolist(), consignments.master, strict=True)
        for unit, mode, master in rows:
            masters[week.arrivals.number, unit, mode].append(master)
    for wanted in (SEA, AIR):
        shared = [each for (_, _, mode), each in masters.items() if mode == wanted and len(each) > 1]
        assert len(shared) > 10
        assert all(len(set(each)) == 1 and each[0] for each in shared)


def test_quantities_fit_the_way(large_weeks: list[Week]) -> None:
    """A parcel weighs little and is worth little, a load by ferry or sea tonnes; empty movements weigh nothing."""
    parts = [week.arrivals.traffic.consignments for week in large_weeks]
    mode, mass, packages, consignor = (
        np.concatenate([getattr(each, name) for each in parts]) for name in ("mode", "mass", "packages", "consignor")
    )
    empty = consignor == NOBODY
    assert not mass[empty].any()
    assert not packages[empty].any()
    assert mass[~empty].min() > 0
    median = {place: float(np.median(mass[~empty & (mode == place)])) / 1_000 for place in range(len(MODES))}
    assert median[PARCEL] < 10 < median[AIR] < 3_000 < min(median[place] for place in range(3))


def test_new_pairs_are_pairs_that_the_lane_never_had(large_cast: Cast, large_weeks: list[Week]) -> None:
    """A new pair's consignor is another than the lane's, of the same country and way; about one in twenty-five is."""
    consignors, consignments = large_cast.consignors, large_weeks[0].arrivals.traffic.consignments
    usual = large_cast.lanes.consignor[consignments.lane]
    rows = np.flatnonzero(consignments.new_pair)
    assert np.array_equal(consignments.consignor != usual, consignments.new_pair | (consignments.consignor == NOBODY))
    for one, other in zip(consignments.consignor[rows].tolist(), usual[rows].tolist(), strict=True):
        assert consignors.parties[one].country == consignors.parties[other].country
        assert consignors.way[one] == consignors.way[other]
    parts = [week.arrivals.traffic.consignments for week in large_weeks]
    assert 0.02 < np.concatenate([each.new_pair[each.consignor != NOBODY] for each in parts]).mean() < 0.06


def test_columns_of_crossings_are_looked_up_for_ferries_alone(small_weeks: list[Week]) -> None:
    """What comes otherwise than by ferry has no route, and each consignment by ferry that of its crossing."""
    traffic = small_weeks[0].arrivals.traffic
    route = on_crossing(traffic, traffic.crossings.route)
    ferry = traffic.consignments.mode < SEA
    assert ((route >= 0) == ferry).all()
    assert (route[ferry] == traffic.crossings.route[traffic.consignments.unit[ferry]]).all()
