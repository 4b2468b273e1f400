"""Ro-ro crossings."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from aftc.clock import DAY, HOUR, MINUTE
from training.world.cast import Cast
from training.world.lanes import ROUTES
from training.world.parameters import Ints
from training.world.simulation import Week


def _shortest_pause(numbers: Ints, departure: Ints, arrival: Ints) -> int:
    order = np.lexsort((departure, numbers))
    order = order[numbers[order] >= 0]
    same = np.diff(numbers[order]) == 0
    return int((departure[order][1:] - arrival[order][:-1])[same].min())


def test_nothing_is_in_two_places(large_weeks: list[Week]) -> None:
    """Over all weeks no vehicle, trailer or driver departs again within twenty hours of its last arrival."""
    crossings = [week.arrivals.traffic.crossings for week in large_weeks]
    departure = np.concatenate([each.departure for each in crossings])
    arrival = np.concatenate([each.arrival for each in crossings])
    for name in ("vehicle", "trailer", "driver"):
        numbers = np.concatenate([getattr(each, name) for each in crossings])
        assert np.unique(numbers[numbers >= 0]).size < (numbers >= 0).sum() / 3
        assert _shortest_pause(numbers, departure, arrival) >= 20 * HOUR


def test_rest_reaches_over_the_end_of_a_week(large_weeks: list[Week]) -> None:
    """Some of what crossed late in one week crosses early in the next, and none of it too early."""
    over = 0
    for one, other in pairwise(large_weeks):
        last, first = one.arrivals.traffic.crossings, other.arrivals.traffic.crossings
        order = np.argsort(last.arrival)
        left = dict(zip(last.vehicle[order].tolist(), last.arrival[order].tolist(), strict=True))
        for vehicle, departure in zip(first.vehicle.tolist(), first.departure.tolist(), strict=True):
            if vehicle >= 0 and vehicle in left and departure - left[vehicle] < 2 * DAY:
                over += 1
                assert departure - left[vehicle] >= 20 * HOUR
    assert over > 20


def test_crossings_take_their_time_and_carry_what_they_should(small_weeks: list[Week]) -> None:
    """Each crossing lasts as its route does; unaccompanied ones have a trailer alone, others a vehicle and driver."""
    for week in small_weeks:
        crossings = week.arrivals.traffic.crossings
        minutes = np.array([each.minutes for each in ROUTES])[crossings.route]
        assert (crossings.arrival - crossings.departure == minutes * MINUTE).all()
        for alone, vehicle, trailer in zip(
            crossings.unaccompanied.tolist(), crossings.vehicle_number, crossings.trailer_number, strict=True
        ):
            assert (vehicle is None) == alone
            assert trailer is not None or not alone
        assert ((crossings.driver == -2) == crossings.unaccompanied).all()
        assert not (crossings.empty & crossings.unaccompanied).any()


def test_fleets_belong_to_the_haulier_that_crosses(small_cast: Cast, small_weeks: list[Week]) -> None:
    """A vehicle, trailer or driver that is not hired is the haulier's own, under the fleet's number."""
    hauliers = small_cast.hauliers
    for week in small_weeks:
        crossings = week.arrivals.traffic.crossings
        for fleet, index in (
            (hauliers.vehicles, crossings.vehicle),
            (hauliers.trailers, crossings.trailer),
            (hauliers.drivers, crossings.driver),
        ):
            own = index >= 0
            assert own.mean() > 0.3
            assert (fleet.owner[index[own]] == crossings.haulier[own]).all()
        for index, number in zip(crossings.vehicle.tolist(), crossings.vehicle_number, strict=True):
            assert index < 0 or number == hauliers.vehicles.numbers[index]


def test_departures_fall_on_the_days_of_their_week(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Departures lie within their week's days, give or take the hours between local time and UTC."""
    parameters = small_cast.parameters
    for week in small_weeks:
        days = (week.arrivals.traffic.crossings.departure - parameters.origin) / DAY
        assert days.min() > week.arrivals.number * 7 - 0.5
        assert days.max() < min(week.arrivals.number * 7 + 7, parameters.days) + 0.5


def test_sailings_follow_a_timetable(large_weeks: list[Week]) -> None:
    """On long routes all crossings of a day share two sailings; on short ones there are fifteen at most."""
    sailings: dict[tuple[int, int], set[int]] = {}
    for week in large_weeks:
        crossings = week.arrivals.traffic.crossings
        for route, departure in zip(crossings.route.tolist(), crossings.departure.tolist(), strict=True):
            sailings.setdefault((route, departure // (7 * DAY)), set()).add(departure % DAY)
    for (route, _), times in sailings.items():
        assert len(times) <= (15 if ROUTES[route].minutes <= 150 else 2)
