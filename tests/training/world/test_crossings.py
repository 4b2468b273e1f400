"""Ro-ro crossings."""

from __future__ import annotations

import numpy as np

from aftc.clock import DAY, HOUR, MINUTE
from training.world.imagined import World
from training.world.lanes import ROUTES
from training.world.parameters import Ints


def _shortest_pause(numbers: Ints, departure: Ints, arrival: Ints) -> int:
    pauses = []
    for number in np.unique(numbers[numbers >= 0]):
        rows = np.flatnonzero(numbers == number)
        rows = rows[np.argsort(departure[rows])]
        pauses += (departure[rows][1:] - arrival[rows][:-1]).tolist()
    return int(min(pauses))


def test_nothing_is_in_two_places(small: World) -> None:
    """No vehicle, trailer or driver departs again within twenty hours of its last arrival."""
    crossings = small.traffic.crossings
    for numbers in (crossings.vehicle, crossings.trailer, crossings.driver):
        assert _shortest_pause(numbers, crossings.departure, crossings.arrival) >= 20 * HOUR


def test_crossings_take_their_time_and_carry_what_they_should(small: World) -> None:
    """Each crossing lasts as its route does; unaccompanied ones have a trailer alone, others a vehicle and driver."""
    crossings = small.traffic.crossings
    minutes = np.array([each.minutes for each in ROUTES])[crossings.route]
    assert (crossings.arrival - crossings.departure == minutes * MINUTE).all()
    for alone, vehicle, trailer in zip(
        crossings.unaccompanied.tolist(), crossings.vehicle_number, crossings.trailer_number, strict=True
    ):
        assert (vehicle is None) == alone
        assert trailer is not None or not alone


def test_departures_fall_on_the_days_asked_for(small: World) -> None:
    """Departures lie within the world's days, give or take the hours between local time and UTC."""
    days = (small.traffic.crossings.departure - small.parameters.origin) / DAY
    assert days.min() > -0.5
    assert days.max() < small.parameters.days + 0.5
