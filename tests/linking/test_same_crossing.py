"""Crossings begun twice become one when a message shows it, in whatever order the messages come."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aftc.clock import DAY, HOUR
from aftc.linking.context import Context
from aftc.linking.keys import consignment_id
from aftc.records import DeclarationReference, OutcomeKind, Record
from aftc.testing import ARRIVAL, a_booking, a_check_in, a_goods_movement, a_roro_entry, an_examination
from tests.linking.test_link import Desk

CMR = consignment_id("document", "CMR-4711")
NO_NAMES: tuple[DeclarationReference, ...] = ()


def _desk(*records: Record) -> Desk:
    desk = Desk()
    for record in records:
        desk.take(record)
    return desk


MISTYPED_BOOKING = (
    a_booking(vehicle="AB12CED", trailers=()),
    a_check_in(trailers=()),
    a_goods_movement(trailers=()),
    a_roro_entry(),
)
NO_TIME_AT_FIRST = (
    a_booking(),
    a_check_in(),
    a_goods_movement(departure=None, updated_at=ARRIVAL - 60 * HOUR),
    a_goods_movement(departure=None, arrival=ARRIVAL),
    a_roro_entry(vehicles=("AB12 CED",)),
)
TRAILER_CONTRADICTED = (
    a_booking(unaccompanied=True, vehicle=None, trailers=("TR1",)),
    a_booking(amendment=1, unaccompanied=True, vehicle=None, trailers=("TR2",)),
    a_check_in(unaccompanied=True, vehicle=None, trailers=("TR1",)),
    a_goods_movement(unaccompanied=True, vehicle=None, trailers=("TR1",)),
    a_roro_entry(vehicles=("TR1",), transport_mode="11"),
)


@pytest.mark.parametrize("records", list(permutations(MISTYPED_BOOKING)))
def test_a_mistyped_booking_is_found_by_its_check_in(records: tuple[Record, ...]) -> None:
    """The check-in states the right registration: booking, goods movement and declaration are one consignment."""
    _is_whole(_desk(*records))


@given(records=st.permutations(NO_TIME_AT_FIRST))
def test_a_goods_movement_without_a_time_is_found_when_it_states_one(records: list[Record]) -> None:
    """An update with the arrival joins it to its booking, though the declaration has another registration."""
    _is_whole(_desk(*records))


@given(records=st.permutations(TRAILER_CONTRADICTED))
def test_a_contradicted_trailer_is_settled_by_the_check_in(records: list[Record]) -> None:
    """A booking amended to another trailer stays apart from its goods movement only until the check-in."""
    _is_whole(_desk(*records))


def _is_whole(desk: Desk) -> None:
    (version,) = desk.standing()
    assert version.consignment_id == CMR
    assert None not in (version.entry, version.booking, version.check_in, version.goods_movement)
    assert len(version.movements) == 1
    taken = [each for each in desk.last.values() if each.joined_into is not None]
    assert {each.joined_into for each in taken} <= {each.consignment_id for each in desk.last.values()}
    assert {each.consignment_id for each in taken} <= set(version.joined_from)


def test_a_merge_is_a_version_with_evidence_and_rewrites_none() -> None:
    """What was known before stays in its versions; the new one has the join with less than full confidence."""
    desk = _desk(a_booking(vehicle="AB12CED", trailers=()), a_goods_movement(trailers=()), a_roro_entry())
    before = desk.last[CMR]
    assert before.booking is None
    desk.take(a_check_in(trailers=(), arrival=ARRIVAL + HOUR))
    after = desk.last[CMR]
    assert (after.version, after.sequence) == (before.version + 1, 4)
    (link,) = [each for each in after.links if each.key == "registration+route+time" and each.sequence == 4]
    assert (link.stream, link.value) == ("ferry_check_in", "AB12CDE")
    assert 0.5 < link.confidence < 1
    assert before.movements[0] in after.joined_from
    assert after.previous is None


def test_what_is_said_under_a_merged_crossing_reaches_the_other() -> None:
    """A later update of the goods movement, and an examination of the unit, go to the one crossing there is."""
    desk = _desk(*MISTYPED_BOOKING[:1], *MISTYPED_BOOKING[2:], MISTYPED_BOOKING[1])
    desk.take(a_goods_movement(trailers=(), updated_at=ARRIVAL - HOUR, state="EMBARKED"))
    (version,) = desk.standing()
    assert version.goods_movement is not None
    assert version.goods_movement.state == "EMBARKED"
    (outcome,) = desk.take(an_examination()).outcomes
    assert (outcome.movements, outcome.named) == (version.movements, (CMR,))


def test_all_aboard_move_to_the_one_crossing() -> None:
    """Groupage on a goods movement ends on the booking's crossing, and no placeholder of either is left."""
    named = (DeclarationReference("customs", "UCR-A"), DeclarationReference("customs", "UCR-B"))
    desk = _desk(
        a_booking(vehicle="AB12CED", trailers=()),
        a_roro_entry(document="CMR-A", ucr="UCR-A", lrn="A"),
        a_roro_entry(document="CMR-B", ucr="UCR-B", lrn="B"),
        a_goods_movement(trailers=(), declarations=named),
        a_check_in(trailers=()),
    )
    assert [each.booking is not None for each in desk.standing()] == [True, True]
    assert len({each.movements for each in desk.standing()}) == 1


def test_two_empty_halves_leave_one_placeholder() -> None:
    """An empty lorry whose booking was mistyped is one empty movement after its check-in."""
    desk = _desk(
        a_booking(vehicle="AB12CED", trailers=()),
        a_goods_movement(trailers=(), declarations=NO_NAMES),
        a_check_in(trailers=()),
    )
    (version,) = desk.standing()
    assert version.goods_movement is not None
    assert version.booking is not None


def test_crossings_with_the_same_records_stay_apart() -> None:
    """Two bookings of one vehicle on one sailing are no halves of each other."""
    desk = _desk(a_booking(), a_booking(booking_reference="BK-2", vehicle="XX99 XXX", trailers=()))
    desk.take(a_booking(booking_reference="BK-2", amendment=1, trailers=()))
    assert len(desk.standing()) == 2


def test_the_same_sailing_outweighs_a_more_trusted_registration() -> None:
    """A goods movement goes to the trailer's booking at its hour, not to the vehicle's eleven hours later."""
    later = ARRIVAL + 11 * HOUR
    desk = _desk(
        a_booking(trailers=("OTHER1",), arrival=later, departure=later - HOUR),
        a_booking(booking_reference="BK-2", vehicle="ZZ11 ZZZ", trailers=("TR1",)),
        a_goods_movement(trailers=("TR1",), declarations=NO_NAMES),
    )
    (version,) = [each for each in desk.standing() if each.goods_movement is not None]
    assert version.booking is not None
    assert version.booking.booking_reference == "BK-2"


@pytest.mark.parametrize("booking_first", [False, True])
@pytest.mark.parametrize(("hours", "joined"), [(-5, True), (0, True), (47, True), (49, False), (-7, False)])
def test_without_a_time_the_nearest_crossing_is_meant(booking_first: bool, hours: int, joined: bool) -> None:
    """A goods movement that states no time joins the crossing up to two days after it, or six hours before."""
    movement = a_goods_movement(departure=None, declarations=NO_NAMES, updated_at=ARRIVAL - hours * HOUR)
    desk = _desk(*((a_booking(), movement) if booking_first else (movement, a_booking())))
    assert (len(desk.standing()) == 1) is joined
    if joined:
        (link,) = [each for each in desk.standing()[0].links if each.key == "registration+route"]
        assert link.confidence == 0.5


def test_a_declaration_without_an_arrival_joins_its_crossing() -> None:
    """Registration, port and the time of the declaration are enough where it names no arrival."""
    desk = _desk(a_booking(), a_roro_entry(expected_arrival=None, ucr=None))
    (version,) = desk.standing()
    assert version.booking is not None


@pytest.mark.parametrize(("ship", "joined"), [("9000001", False), ("AB 12 CDE", True)])
def test_a_lorry_is_known_by_the_conveyance_too(ship: str, joined: bool) -> None:
    """Goods with a mistyped vehicle are found by the lorry that the declaration names, but not by a ship."""
    entry = a_roro_entry(vehicles=("AB12 CED",), ucr=None, conveyance_identity=ship)
    desk = _desk(a_booking(vehicle="AB12CDE" if joined else ship, trailers=()), entry)
    assert (len(desk.standing()) == 1) is joined


@pytest.mark.parametrize("reference", ["BK-1", "bk-1"])
def test_an_officer_names_an_empty_lorry_by_its_booking(reference: str) -> None:
    """The bare booking reference finds the consignment that stands for the empty movement."""
    desk = _desk(a_booking(), a_booking(booking_reference="BK-2", arrival=ARRIVAL + DAY, departure=ARRIVAL + DAY))
    examination = an_examination(OutcomeKind.NEGATIVE, consignments=(reference,), arrival=ARRIVAL + DAY)
    (outcome,) = desk.take(examination).outcomes
    (first,) = [each for each in desk.standing() if each.booking and each.booking.booking_reference == "BK-1"]
    assert outcome.named == (first.consignment_id,)
    assert outcome.movements == first.movements


def test_a_merged_movement_is_read_as_the_one_that_stands() -> None:
    """Whatever still names the lost movement is answered with the kept one."""
    desk = _desk(a_booking(vehicle="AB12CED", trailers=()), a_goods_movement(trailers=(), declarations=NO_NAMES))
    lost = next(each for each in desk.standing() if each.goods_movement is not None).movements[0]
    desk.take(a_check_in(trailers=()))
    kept = Context(desk.state, "gmr", desk.sequence, desk.known_at, HOUR).movement(lost)
    assert kept is not None
    assert (kept.movement_id,) == desk.standing()[0].movements


UNACCOMPANIED = {"unaccompanied": True, "vehicle": None, "trailers": ("TR1",)}


def _declared_trailer(name: str, mass_g: int) -> Record:
    entry = a_roro_entry(document=f"CMR-{name}", ucr=f"UCR-{name}", lrn=name, message_id=name, vehicles=("TR1",))
    return replace(entry, transport_mode="11", total_gross_mass_g=mass_g)


def test_a_trailer_behind_another_lorry_is_on_another_sailing() -> None:
    """A declaration for three hours later takes the trailer's crossing only where the lorry is the same."""
    later = {"vehicles": ("XY99ZZZ", "TR7701"), "expected_arrival": ARRIVAL + 3 * HOUR}
    other = _desk(a_booking(trailers=("TR7701",)), a_roro_entry(conveyance_identity="XY99 ZZZ", **later))
    assert [each.entry is None for each in other.standing() if each.booking is not None] == [True]
    same = _desk(a_booking(trailers=("TR7701",)), a_roro_entry(conveyance_identity="AB12 CDE", **later))
    assert len(same.standing()) == 1


def test_a_goods_movement_without_a_time_does_not_follow_a_trailer_behind_another_lorry() -> None:
    """It begins a crossing of its own, which its own lorry's booking finds."""
    timeless = {"departure": None, "route_id": None, "updated_at": ARRIVAL - 4 * HOUR, "declarations": NO_NAMES}
    desk = _desk(a_booking(trailers=("TR1",)), a_goods_movement(vehicle="XY99ZZZ", trailers=("TR1",), **timeless))
    assert [each.goods_movement is None for each in desk.standing() if each.booking is not None] == [True]


@pytest.mark.parametrize(
    ("received", "hours_later"), [("GM\ufffdA00000001", 0), ("GMRA0000001", 9), ("GMRB00000001", 0)]
)
def test_a_reference_received_badly_is_the_same_goods_movement(received: str, hours_later: int) -> None:
    """On one lorry and sailing the well received reference stands, whichever message came first or was made last."""
    badly = a_goods_movement(gmr_id=received, updated_at=ARRIVAL - (10 - hours_later) * HOUR)
    well = a_goods_movement(updated_at=ARRIVAL - 2 * HOUR, state="EMBARKED")
    for messages in permutations((badly, well)):
        (version,) = _desk(a_booking(), *messages).standing()
        assert version.goods_movement is not None
        assert version.goods_movement.gmr_id == "GMRA00000001"


@pytest.mark.parametrize("named", [NO_NAMES, (DeclarationReference("customs", "UCR-B"),)])
def test_a_trailer_booked_twice_is_told_by_its_mass(named: tuple[DeclarationReference, ...]) -> None:
    """Each declaration goes with the booking of about its mass, and the goods movement with what it names, if any."""
    light = a_booking(booking_reference="BK-A", gross_mass_g=8_000_000, **UNACCOMPANIED)
    heavy = a_booking(booking_reference="BK-B", gross_mass_g=12_000_000, **UNACCOMPANIED)
    haulier = a_goods_movement(declarations=named, **UNACCOMPANIED)
    desk = _desk(light, heavy, haulier, _declared_trailer("A", 8_100_000), _declared_trailer("B", 11_900_000))
    booked = {each.booking.booking_reference: each for each in desk.standing() if each.booking is not None}
    assert [each.entry.lrn if each.entry else None for each in (booked["BK-A"], booked["BK-B"])] == ["A", "B"]
    assert booked["BK-A"].goods_movement is None
    assert (booked["BK-B"].goods_movement is not None) is bool(named)
