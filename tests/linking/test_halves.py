"""Halves of crossings are paired by what they say: the nearest pair first, in whatever order they come."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.clock import DAY, HOUR, MINUTE, Instant
from aftc.records import DeclarationReference, FerryBooking, GoodsMovement, Record
from aftc.testing import ARRIVAL, a_booking, a_goods_movement, a_roro_entry
from tests.linking.test_link import Desk

NO_NAMES: tuple[DeclarationReference, ...] = ()


def _booking(number: int, arrival: Instant) -> FerryBooking:
    return a_booking(booking_reference=f"BOOKED-{number}", departure=arrival - 90 * MINUTE, arrival=arrival)


def _movement(number: int, arrival: Instant, **given: object) -> GoodsMovement:
    stated = {"gmr_id": f"GMRA0000000{number}", "departure": arrival - 90 * MINUTE, "updated_at": arrival - 4 * HOUR}
    return a_goods_movement(**{"declarations": NO_NAMES, **stated, **given})


def _pairs(*records: Record) -> set[tuple[str | None, str | None]]:
    """Booking and goods movement of each consignment that stands."""
    desk = Desk()
    for record in records:
        desk.take(record)
    return {
        (
            each.booking.booking_reference if each.booking else None,
            each.goods_movement.gmr_id if each.goods_movement else None,
        )
        for each in desk.standing()
    }


TWO_CROSSINGS = tuple(
    record
    for number, arrival in enumerate((ARRIVAL, ARRIVAL + 8 * HOUR))
    for record in (_booking(number, arrival), _movement(number, arrival))
)


@pytest.mark.parametrize("records", list(permutations(TWO_CROSSINGS)))
def test_a_goods_movement_leaves_the_crossing_that_it_met_first_for_a_nearer_one(records: tuple[Record, ...]) -> None:
    """A lorry that crosses twice within the window: each goods movement ends with the booking of its own sailing."""
    assert _pairs(*records) == {("BOOKED-0", "GMRA00000000"), ("BOOKED-1", "GMRA00000001")}


@pytest.mark.parametrize("records", list(permutations(TWO_CROSSINGS)))
def test_what_a_goods_movement_names_goes_with_it(records: tuple[Record, ...]) -> None:
    """A consignment aboard by name leaves with the goods movement that names it."""
    named = tuple(
        _movement(1, ARRIVAL + 8 * HOUR, declarations=a_goods_movement().declarations)
        if isinstance(each, GoodsMovement) and each.gmr_id.endswith("1")
        else each
        for each in records
    )
    desk = Desk()
    for record in (*named[:2], a_roro_entry(expected_arrival=ARRIVAL), *named[2:]):
        desk.take(record)
    (declared,) = (each for each in desk.standing() if each.entry is not None)
    assert declared.booking is not None
    assert declared.booking.booking_reference == "BOOKED-1"
    assert len(desk.standing()) == 2


TOLD_OTHERWISE = (
    _booking(0, ARRIVAL),
    _movement(0, ARRIVAL),
    _movement(0, ARRIVAL + DAY, updated_at=ARRIVAL + DAY),
    _movement(0, ARRIVAL, vehicle="ZZ99 ZZZ", trailers=(), updated_at=ARRIVAL - 3 * HOUR),
)


@pytest.mark.parametrize("records", list(permutations(TOLD_OTHERWISE)))
def test_an_earlier_word_joins_where_the_last_one_leads_nowhere(records: tuple[Record, ...]) -> None:
    """An update with another day or registration does not part a goods movement from its booking, nor hinder it."""
    assert _pairs(*records) == {("BOOKED-0", "GMRA00000000")}


def test_one_that_is_as_near_to_two_bookings_joins_neither() -> None:
    """Two bookings of one lorry on one sailing: the goods movement stands alone until something tells them apart."""
    booked = (_booking(0, ARRIVAL), _booking(1, ARRIVAL))
    for records in ((*booked, _movement(0, ARRIVAL)), (booked[0], _movement(0, ARRIVAL), booked[1])):
        assert _pairs(*records) == {("BOOKED-0", None), ("BOOKED-1", None), (None, "GMRA00000000")}


@st.composite
def _crossings(draw: st.DrawFn) -> list[Record]:
    """Of one lorry, hours to days apart; goods movements with a time or without; in any order."""
    gaps = draw(st.lists(st.integers(5, 70), min_size=1, max_size=3))
    arrivals = [ARRIVAL + sum(gaps[:place]) * HOUR for place in range(len(gaps) + 1)]
    records: list[Record] = []
    for number, arrival in enumerate(arrivals):
        if draw(st.integers(0, 5)):
            records.append(_booking(number, arrival))
        late = draw(st.integers(-2, 2)) * HOUR
        records.append(_movement(number, arrival + late))
        if draw(st.booleans()):
            records.append(_movement(number, arrival, departure=None, updated_at=arrival - 9 * HOUR))
    return records


@settings(max_examples=150)
@given(records=_crossings(), data=st.data())
def test_pairs_do_not_tell_in_which_order_messages_came(records: list[Record], data: st.DataObject) -> None:
    """Whatever a lorry's crossings are, all orders of their messages end in the same pairs."""
    assert _pairs(*data.draw(st.permutations(records))) == _pairs(*records)
