"""Ferry departures: what has sailed keeps its sailing, what was left behind waits for the next."""

from __future__ import annotations

from itertools import permutations

import pytest

from aftc.clock import HOUR, MINUTE
from aftc.linking.keys import consignment_id
from aftc.linking.versions import LEFT_BEHIND
from aftc.records import ConsignmentVersion, FerryDeparture, Record
from aftc.testing import (
    ARRIVAL,
    a_booking,
    a_check_in,
    a_departure,
    a_goods_movement,
    a_roro_entry,
    a_sailed_unit,
)
from tests.linking.test_link import Desk

LATER = 90 * MINUTE
LEFT = a_sailed_unit(boarded=False, left_because="shut_out")
OTHER = a_sailed_unit(booking_reference="BK-2", vehicle="XY99 ZZZ", trailers=())


def _next_sailing(**unit: object) -> FerryDeparture:
    """The sailing 90 minutes after that of the booking, with its unit aboard."""
    times = {"departure": ARRIVAL, "arrival": ARRIVAL + LATER, "departed_at": ARRIVAL + 3 * MINUTE}
    return a_departure(a_sailed_unit(**unit), **times, expected_arrival=ARRIVAL + LATER)


def _goods(desk: Desk) -> ConsignmentVersion:
    return next(each for each in desk.standing() if each.consignment_id == consignment_id("document", "CMR-4711"))


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_a_departure_joins_in_any_order(order: tuple[int, ...]) -> None:
    """Whatever comes first, one consignment holds the departure of its own unit alone, and no flag."""
    records = (a_roro_entry(), a_booking(), a_check_in(), a_goods_movement(), a_departure(a_sailed_unit()))
    desk = Desk()
    for index in order:
        desk.take(records[index])
    (version,) = desk.standing()
    assert version.ferry_departure == a_departure(a_sailed_unit())
    assert None not in (version.entry, version.booking, version.check_in, version.goods_movement)
    assert version.flags == ()


def test_a_sailing_tells_each_of_its_units() -> None:
    """Two bookings of a sailing get each its own part of the departure, and what was noted of it."""
    desk = Desk()
    desk.take(a_booking())
    desk.take(a_booking(booking_reference="BK-2", vehicle="XY99 ZZZ", trailers=()))
    flags = ("colour: unknown field", "units[2]/vehicle: unreadable")
    desk.take(a_departure(a_sailed_unit(), OTHER, flags=flags))
    first, second = sorted(desk.standing(), key=lambda each: each.booking.booking_reference if each.booking else "")
    assert first.ferry_departure is not None
    assert second.ferry_departure is not None
    assert (first.ferry_departure.units, second.ferry_departure.units) == ((a_sailed_unit(),), (OTHER,))
    assert (first.ferry_departure.flags, second.ferry_departure.flags) == (flags[:1], flags)


def test_what_was_left_behind_is_said_and_a_later_sailing_takes_it() -> None:
    """A unit that was shut out keeps its goods, flagged; the sailing that takes it states its arrival, unflagged."""
    desk = Desk()
    for each in (a_roro_entry(), a_booking(), a_check_in(), a_departure(LEFT, OTHER)):
        desk.take(each)
    waiting = _goods(desk)
    assert LEFT_BEHIND in waiting.flags
    assert waiting.ferry_departure is not None
    assert not waiting.ferry_departure.units[0].boarded
    desk.take(_next_sailing())
    sailed = _goods(desk)
    assert LEFT_BEHIND not in sailed.flags
    assert sailed.scheduled_arrival == ARRIVAL + LATER
    assert sailed.movements == waiting.movements


def test_the_sailing_that_took_it_stands_whenever_others_come() -> None:
    """Neither the report that it was left behind nor its booking, come late, undo that it has sailed."""
    desk = Desk()
    for each in (a_roro_entry(), a_check_in(), _next_sailing(), a_departure(LEFT), a_booking(amendment=1)):
        desk.take(each)
    version = _goods(desk)
    assert version.flags == ()
    assert version.scheduled_arrival == ARRIVAL + LATER
    assert version.booking is not None


@pytest.mark.parametrize("records", list(permutations((a_booking(), a_check_in(), a_departure(LEFT)))))
def test_one_that_was_left_behind_hears_it_late(records: tuple[Record, ...]) -> None:
    """A departure without a unit that nobody has spoken of yet waits for its booking or check-in."""
    desk = Desk()
    for each in records:
        desk.take(each)
    (version,) = desk.standing()
    assert version.flags == (LEFT_BEHIND,)


@pytest.mark.parametrize("vehicles", [("AB12 CDE", "AB12 CED"), ("AB12 CED", "AB12 CDE")])
def test_the_check_in_names_the_unit_whatever_comes_last(vehicles: tuple[str, str]) -> None:
    """Of a booking and a check-in that differ, the latter's registration is searched for, also where it came first."""
    booked, checked = vehicles
    records = (a_booking(vehicle=booked), a_check_in(vehicle=checked))
    for each in (records, records[::-1]):
        desk = Desk()
        for record in each:
            desk.take(record)
        (version,) = desk.standing()
        assert [unit.number for unit in version.units] == [checked.replace(" ", "")]


def test_a_new_booking_takes_over_what_was_left_behind() -> None:
    """Booked anew on a later sailing, the same lorry with the same goods stays one movement."""
    desk = Desk()
    for each in (a_roro_entry(), a_booking(amendment=2), a_departure(LEFT)):
        desk.take(each)
    times = {"departure": ARRIVAL, "arrival": ARRIVAL + LATER}
    desk.take(a_booking(booking_reference="BK-9", **times))
    desk.take(_next_sailing(booking_reference="BK-9"))
    (version,) = desk.standing()
    assert version.booking is not None
    assert version.booking.booking_reference == "BK-9"
    assert version.scheduled_arrival == ARRIVAL + LATER
    assert version.flags == ()


def test_a_booking_of_what_has_sailed_is_another_crossing() -> None:
    """Only what was left behind is taken over: a lorry that sailed and is booked again that day crosses twice."""
    desk = Desk()
    for each in (a_roro_entry(), a_booking(), a_departure()):
        desk.take(each)
    times = {"departure": ARRIVAL + 6 * HOUR, "arrival": ARRIVAL + 8 * HOUR}
    desk.take(a_booking(booking_reference="BK-9", **times))
    assert len(desk.standing()) == 2
    assert _goods(desk).scheduled_arrival == ARRIVAL


def test_a_mistyped_booking_is_found_by_registration() -> None:
    """A departure that misspells the booking reference joins by registration, port and time."""
    desk = Desk()
    desk.take(a_booking(booking_reference="BK10LTR"))
    desk.take(a_departure(a_sailed_unit(booking_reference="BK10TLR")))
    (version,) = desk.standing()
    assert version.ferry_departure is not None
    assert "registration+route+time" in {each.key for each in version.links}


def test_of_the_unknown_only_what_has_sailed_begins_a_movement() -> None:
    """A unit nobody spoke of begins an empty movement if it sailed with a registration, and none if left behind."""
    desk = Desk()
    desk.take(a_departure(LEFT, a_sailed_unit(booking_reference="BK-3", vehicle=None, trailers=())))
    assert desk.standing() == []
    desk.take(a_departure())
    (version,) = desk.standing()
    assert version.units[0].number == "AB12CDE"
    assert version.scheduled_arrival == ARRIVAL


SECOND = a_booking(booking_reference="QX99PLM", trailers=("TR99 02",), arrival=ARRIVAL + 5 * HOUR)
FIRST = (a_booking(booking_reference="BK10LTR"), a_check_in(booking_reference="BK10LTR"))
SAILED = a_departure(a_sailed_unit(booking_reference="BK10LTR"))


@pytest.mark.parametrize("order", list(permutations((*FIRST, SECOND, SAILED))))
def test_a_lorry_booked_twice_in_a_day_keeps_what_is_of_each_booking(order: tuple[Record, ...]) -> None:
    """Check-in and departure state their booking, and join no other one's crossing by the lorry that both name."""
    desk = Desk()
    for record in order:
        desk.take(record)
    held = {
        each.booking.booking_reference: (each.check_in, each.ferry_departure)
        for each in desk.standing()
        if each.booking is not None
    }
    assert held == {"BK10LTR": (FIRST[1], SAILED), "QX99PLM": (None, None)}
