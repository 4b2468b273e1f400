"""Ferry departures: each sailing's units, aboard or left behind, and what follows for other messages: nothing."""

from __future__ import annotations

import numpy as np

from aftc.clock import MINUTE
from aftc.linking.keys import normal_registration
from aftc.records import FerryBooking, FerryCheckIn, FerryDeparture, SailedUnit
from training.world.crossings import BETWEEN_SAILINGS
from training.world.dispatch import Dispatch


def _departures(dispatches: list[Dispatch]) -> list[FerryDeparture]:
    return [each.record for each in dispatches if isinstance(each.record, FerryDeparture)]


def _units(dispatches: list[Dispatch]) -> list[tuple[FerryDeparture, SailedUnit]]:
    return [(each, unit) for each in _departures(dispatches) for unit in each.units]


def test_every_unit_that_checked_in_has_sailed_once(dispatches: list[Dispatch]) -> None:
    """Who checked in is aboard one sailing; who was booked, neither cancelled nor came, is told of as a no-show."""
    checked_in = {each.record.booking_reference for each in dispatches if isinstance(each.record, FerryCheckIn)}
    bookings = [each.record for each in dispatches if isinstance(each.record, FerryBooking)]
    cancelled = {each.booking_reference for each in bookings if each.cancelled}
    aboard = [unit.booking_reference for _, unit in _units(dispatches) if unit.boarded]
    assert sorted(aboard) == sorted(checked_in)
    absent = {unit.booking_reference for _, unit in _units(dispatches) if unit.left_because == "no_show"}
    assert absent == {each.booking_reference for each in bookings} - checked_in - cancelled


def test_a_departure_is_that_of_its_check_ins(dispatches: list[Dispatch]) -> None:
    """Who was not left behind sails as checked in: same route, times and registrations."""
    records = [each.record for each in dispatches if isinstance(each.record, FerryCheckIn)]
    check_ins = {each.booking_reference: each for each in records}
    left = {unit.booking_reference for _, unit in _units(dispatches) if unit.left_because == "shut_out"}
    compared = 0
    for departure, unit in _units(dispatches):
        if unit.boarded and unit.booking_reference not in left:
            own = check_ins[unit.booking_reference]
            assert (departure.route_id, departure.departure, departure.arrival) == (
                own.route_id,
                own.departure,
                own.arrival,
            )
            assert normal_registration(unit.vehicle or "") == normal_registration(own.vehicle or "")
            assert unit.trailers == own.trailers
            compared += 1
    assert compared > 500


def test_who_was_shut_out_is_on_the_next_sailing(dispatches: list[Dispatch]) -> None:
    """About one in a hundred of short crossings; each is told of by the sailing that left it and the next."""
    sailed = {unit.booking_reference: each for each, unit in _units(dispatches) if unit.boarded}
    shut_out = [(each, unit) for each, unit in _units(dispatches) if unit.left_because == "shut_out"]
    assert 0.002 < len(shut_out) / len(sailed) < 0.02
    for departure, unit in shut_out:
        later = sailed[unit.booking_reference]
        assert later.route_id == departure.route_id
        assert later.departure == departure.departure + BETWEEN_SAILINGS * MINUTE


def test_sailings_leave_late_and_make_some_of_it_up(dispatches: list[Dispatch]) -> None:
    """Ferries leave some minutes late, never early, and are expected no later than that."""
    departures = _departures(dispatches)
    late = np.array([each.departed_at - each.departure for each in departures]) / MINUTE
    assert late.min() >= 0
    assert 3 < late.mean() < 9
    assert all((each.expected_arrival or 0) - each.arrival <= each.departed_at - each.departure for each in departures)
