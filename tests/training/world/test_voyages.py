"""Vessel calls and containers."""

from __future__ import annotations

import numpy as np
from stdnum import iso6346

from aftc.clock import DAY, HOUR
from training.world.cast import Cast
from training.world.draws import Draws
from training.world.lanes import SEA_PORTS
from training.world.simulation import Week
from training.world.voyages import Depot


def test_a_container_lands_once_a_voyage_and_rests_between(large_weeks: list[Week]) -> None:
    """Over all weeks a number seen twice comes on calls at least twenty days apart; some do come back."""
    seen: dict[str, list[int]] = {}
    for week in large_weeks:
        boxes, calls = week.arrivals.traffic.boxes, week.arrivals.traffic.calls
        for number, call in zip(boxes.number, boxes.call.tolist(), strict=True):
            seen.setdefault(number, []).append(int(calls.arrival[call]))
    again = [sorted(times) for times in seen.values() if len(times) > 1]
    assert len(again) > 50
    assert min(np.diff(times).min() for times in again) >= 20 * DAY


def test_a_container_that_returns_is_the_same(large_weeks: list[Week]) -> None:
    """A number always has the same size and type, a valid check digit, and the owner code of the line that lands it."""
    sizes: dict[str, str] = {}
    for week in large_weeks:
        boxes = week.arrivals.traffic.boxes
        for number, size in zip(boxes.number, boxes.size_type, strict=True):
            assert sizes.setdefault(number, size) == size
    assert all(iso6346.is_valid(number) for number in sizes)


def test_lines_land_their_own_containers(small_cast: Cast, small_weeks: list[Week]) -> None:
    """The first three letters of a number are the owner code of the vessel's line."""
    for week in small_weeks:
        boxes, calls = week.arrivals.traffic.boxes, week.arrivals.traffic.calls
        for number, call in zip(boxes.number, boxes.call.tolist(), strict=True):
            line = int(small_cast.carriers.operator[calls.vessel[call]])
            assert number.startswith(small_cast.carriers.owners[line])


def test_boxes_come_from_the_port_of_their_lane(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Every container is on a call from its lane's port of loading."""
    for week in small_weeks:
        traffic = week.arrivals.traffic
        for call, lane in zip(traffic.boxes.call.tolist(), traffic.boxes.lane.tolist(), strict=True):
            assert traffic.calls.load_port[call] == small_cast.lanes.load_port[lane]


def test_voyages_take_days_and_end_in_british_ports(large_weeks: list[Week]) -> None:
    """Vessels arrive in their week, from five hours (across the North Sea) to thirty days after they sailed."""
    ports = {port.code for port in SEA_PORTS}
    for week in large_weeks:
        calls = week.arrivals.traffic.calls
        assert set(calls.discharge_port) <= ports
        sailed = calls.arrival - calls.departure
        assert sailed.min() >= 5 * HOUR
        assert sailed.max() < 30 * DAY


def test_a_depot_never_gives_a_number_twice_at_once() -> None:
    """Those that land at one moment have numbers of their own, and about a seventh come back after three weeks."""
    depot, rng = Depot(Draws(1)), np.random.default_rng(1)
    owners, size = ["MRT", "OSK"] * 4_000, np.full(8_000, "22G1")
    landed = [depot.numbers(rng, np.full(8_000, week * 7 * DAY), owners, size) for week in range(6)]
    assert all(len(set(numbers)) == 8_000 for numbers in landed)
    assert len({number for numbers in landed[:3] for number in numbers}) == 24_000
    returned = set(landed[0]) & set(landed[3])
    assert 0.1 < len(returned) / 8_000 < 0.2
