"""Messages of ferry crossings: bookings and their amendments, check-ins, goods movements, orders to report."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from aftc.clock import MINUTE
from aftc.linking.keys import normal_registration
from aftc.records import CrossingStage, EntrySummary, FerryBooking, FerryCheckIn, GoodsMovement
from training.world.dispatch import Dispatch
from training.world.lodgements import lodgements
from training.world.simulation import Week


def _bookings(dispatches: list[Dispatch]) -> dict[str, list[FerryBooking]]:
    found: dict[str, list[FerryBooking]] = defaultdict(list)
    for each in dispatches:
        if isinstance(each.record, FerryBooking):
            found[each.record.booking_reference].append(each.record)
    return {reference: sorted(all_, key=lambda each: each.amendment) for reference, all_ in found.items()}


def test_goods_movements_name_what_was_declared(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """UCRs and MRNs on goods movements are those of what is aboard; some name neither and must be found otherwise."""
    mrns = {
        week.arrivals.traffic.consignments.document[row]: lodgement.mrn
        for week in small_weeks
        for lodgement in lodgements(week.arrivals)
        for row in lodgement.rows
    }
    ucrs = {
        document: week.arrivals.traffic.consignments.ucr[row]
        for week in small_weeks
        for row, document in enumerate(week.arrivals.traffic.consignments.document)
    }
    laden = [each for each in dispatches if isinstance(each.record, GoodsMovement) and each.about[0] in mrns]
    for each in laden:
        assert isinstance(each.record, GoodsMovement)
        for named in each.record.declarations:
            assert named.entry_mrn in {None, *(mrns[document] for document in each.about)}
            assert named.entry_mrn or named.reference in {ucrs[document] for document in each.about}
    movements = [each.record for each in laden if isinstance(each.record, GoodsMovement)]
    assert 0.08 < np.mean([not each.declarations for each in movements]) < 0.25
    with_mrn = np.mean([any(named.entry_mrn for named in each.declarations) for each in movements])
    assert abs(with_mrn - 0.6) < 0.05


def test_no_goods_movement_names_an_mrn_before_it_is_given(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Who names MRNs has them: the goods movement is sent after the registrations, and in time for check-in."""
    registered = {each.mrn: each.registered for week in small_weeks for each in lodgements(week.arrivals)}
    movements = [each.record for each in dispatches if isinstance(each.record, GoodsMovement)]
    named = [
        (each, reference.entry_mrn) for each in movements for reference in each.declarations if reference.entry_mrn
    ]
    assert all(registered[mrn] < (movement.updated_at or 0) for movement, mrn in named)
    opened = [each for each, _ in named if each.crossing_stage is CrossingStage.PLANNED and not each.report_to]
    assert all((each.updated_at or 0) + 40 * MINUTE <= (each.departure or 0) for each in opened)


def test_check_ins_follow_their_booking(dispatches: list[Dispatch]) -> None:
    """A check-in has its booking's reference and sailing, and but for a few its registrations, however typed."""
    bookings = _bookings(dispatches)
    others = {"vehicle": 0, "trailer": 0}
    check_ins = [each.record for each in dispatches if isinstance(each.record, FerryCheckIn)]
    for check_in in check_ins:
        booking = bookings[check_in.booking_reference][-1]
        assert (booking.operator, booking.departure) == (check_in.operator, check_in.departure)
        assert booking.booked_at < check_in.checked_in_at < check_in.departure
        others["vehicle"] += normal_registration(booking.vehicle or "") != normal_registration(check_in.vehicle or "")
        others["trailer"] += tuple(map(normal_registration, booking.trailers)) != check_in.trailers
    assert all(0 < each < len(check_ins) * 0.06 for each in others.values())


def test_bookings_are_amended_in_order(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Amendments count from one, each later than the one before; the last that stands says what conduct has."""
    bookings = _bookings(dispatches)
    for week in small_weeks:
        arrivals = week.arrivals
        for row, reference in enumerate(arrivals.traffic.booking):
            own = bookings[reference]
            assert [each.amendment for each in own] == list(range(len(own)))
            assert all(one.booked_at < other.booked_at for one, other in pairwise(own))
            standing = [each for each in own if not each.cancelled]
            assert len(standing) == arrivals.carriage.amendments[row] + 1
            assert standing[-1].gross_mass_g in (None, arrivals.carriage.booked_mass[row])


def test_part_of_those_that_never_come_cancel(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """A cancelled booking is of a unit that never came and has no check-in; others never come without a word."""
    bookings = _bookings(dispatches)
    checked_in = {each.record.booking_reference for each in dispatches if isinstance(each.record, FerryCheckIn)}
    cancelled, absent = set(), set()
    for reference, own in bookings.items():
        if own[-1].cancelled:
            cancelled.add(reference)
    for week in small_weeks:
        no_show = week.arrivals.carriage.no_show
        absent |= {each for row, each in enumerate(week.arrivals.traffic.booking) if no_show[row]}
    assert set() < cancelled < absent
    assert checked_in == set(bookings) - absent


def test_empty_lorries_have_no_declaration(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Empty crossings are booked without goods, and nothing is declared of them."""
    empty = {reference: own[-1] for reference, own in _bookings(dispatches).items() if own[-1].laden is False}
    assert len(empty) == sum(week.arrivals.traffic.crossings.empty.sum() for week in small_weeks) > 20
    assert all(each.gross_mass_g is None and each.goods_description is None for each in empty.values())
    declared = {document for each in dispatches if isinstance(each.record, EntrySummary) for document in each.about}
    assert not declared & set(empty)


def test_orders_to_report_follow_selection(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Only selected crossings are told to report, after the selection was issued, under their own goods movement."""
    known = {
        each.record.gmr_id
        for each in dispatches
        if isinstance(each.record, GoodsMovement) and not each.record.inspection_required
    }
    issued = {}
    for week in small_weeks:
        traffic, selections = week.arrivals.traffic, week.selections
        for row, unit in enumerate(traffic.consignments.unit.tolist()):
            if selections.selected[unit]:
                issued[traffic.reference(row)] = int(selections.issued[unit])
    orders = 0
    for each in dispatches:
        if isinstance(each.record, GoodsMovement) and each.record.inspection_required:
            orders += 1
            assert each.record.gmr_id in known
            assert each.record.report_to
            assert all(each.received > issued[document] for document in each.about)
    assert orders
