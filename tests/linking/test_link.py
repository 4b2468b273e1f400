"""Linking joins the streams of one crossing or voyage, in whatever order they come, and says why."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.clock import DAY, HOUR
from aftc.config import Settings
from aftc.linking import Linked, link
from aftc.linking.keys import consignment_id
from aftc.overlay import MemoryState
from aftc.records import (
    ConsignmentVersion,
    DeclarationReference,
    Find,
    Mode,
    OutcomeKind,
    Record,
    Threat,
    Unit,
    UnitKind,
)
from aftc.testing import (
    ARRIVAL,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_goods_movement,
    a_manifest,
    a_roro_entry,
    an_examination,
)

STREAMS = {
    "EntrySummary": "ens",
    "EntryResponse": "ens_response",
    "EntryIntervention": "ens_intervention",
    "FerryBooking": "ferry_booking",
    "FerryCheckIn": "ferry_check_in",
    "FerryDeparture": "ferry_departure",
    "GoodsMovement": "gmr",
    "Manifest": "cuscar",
    "BayPlan": "baplie",
    "ContainerOrder": "coprar",
    "TransportDocument": "dcsa_bl",
    "TransitDeclaration": "ncts_transit",
    "Examination": "outcome",
    "Detection": "detection",
    "Selector": "selector",
}


class Desk:
    """Links records one message at a time, an hour apart, and keeps the last version of each consignment."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.sequence = 0
        self.known_at = ARRIVAL - 2 * DAY
        self.last: dict[str, ConsignmentVersion] = {}

    def take(self, *records: Record) -> Linked:
        """One message with these records."""
        self.sequence += 1
        self.known_at += HOUR
        linked = link(
            self.state,
            records,
            stream=STREAMS[type(records[0]).__name__],
            sequence=self.sequence,
            known_at=self.known_at,
            settings=Settings(),
        )
        self.last.update({version.consignment_id: version for version in linked.versions})
        return linked

    def standing(self) -> list[ConsignmentVersion]:
        """The consignments that no other has taken over."""
        return [version for version in self.last.values() if version.joined_into is None]


RORO = (a_roro_entry(), a_booking(), a_check_in(), a_goods_movement())


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_four_roro_streams_join_in_any_order(order: tuple[int, ...]) -> None:
    """Entry, booking, check-in and goods movement of one lorry end as one consignment, whatever came first."""
    desk = Desk()
    for index in order:
        desk.take(RORO[index])
    (version,) = desk.standing()
    assert version.consignment_id == consignment_id("document", "CMR-4711")
    assert None not in (version.entry, version.booking, version.check_in, version.goods_movement)
    assert version.mode is Mode.RORO_ACCOMPANIED
    assert version.units == (Unit(UnitKind.VEHICLE, "AB12CDE"),)
    assert version.scheduled_arrival == ARRIVAL
    assert {each.stream for each in version.links} >= {"ens", "ferry_booking", "ferry_check_in", "gmr"} - {
        STREAMS[type(RORO[order[0]]).__name__]
    }


@given(minutes=st.integers(-11 * 60, 11 * 60))
def test_registration_joins_within_the_window(minutes: int) -> None:
    """A booking within twelve hours of the declared arrival joins by registration, the nearer the surer."""
    desk = Desk()
    desk.take(a_roro_entry(ucr=None))
    shifted = ARRIVAL + minutes * 60_000_000
    desk.take(a_booking(arrival=shifted, departure=shifted - HOUR))
    (version,) = desk.standing()
    assert version.booking is not None
    (evidence,) = [each for each in version.links if each.key == "registration+route+time"]
    assert evidence.confidence == round(1 - 0.5 * abs(minutes) / (12 * 60), 3)


def test_registration_does_not_join_beyond_the_window() -> None:
    """A booking thirteen hours away is another crossing: it stands as an empty movement of its own."""
    desk = Desk()
    desk.take(a_roro_entry(ucr=None))
    desk.take(a_booking(arrival=ARRIVAL + 13 * HOUR, departure=ARRIVAL + 12 * HOUR))
    assert len(desk.standing()) == 2
    assert {version.booking is None for version in desk.standing()} == {True, False}


def test_other_port_does_not_join() -> None:
    """The same registration and hour at another port of arrival is not the same crossing."""
    desk = Desk()
    desk.take(a_roro_entry(ucr=None, office_of_first_entry="GB000102"))
    desk.take(a_booking())
    assert len(desk.standing()) == 2


def test_empty_movement_is_taken_over_by_its_declaration() -> None:
    """A booking alone is a consignment; when its declaration comes, the old id points to the new one."""
    desk = Desk()
    (empty,) = desk.take(a_booking()).versions
    assert empty.entry is None
    desk.take(a_roro_entry())
    (standing,) = desk.standing()
    assert desk.last[empty.consignment_id].joined_into == standing.consignment_id
    assert empty.consignment_id in standing.joined_from


def test_goods_movement_outweighs_the_time_window() -> None:
    """A goods movement that names a UCR moves its consignment from a crossing joined by time alone."""
    desk = Desk()
    desk.take(a_roro_entry(vehicles=("WRONG 1",)))
    desk.take(a_booking(booking_reference="BK-2", vehicle="RIGHT2", trailers=()))
    desk.take(a_goods_movement(vehicle="RIGHT2", trailers=()))
    (version,) = [each for each in desk.standing() if each.entry is not None]
    assert version.booking is not None
    assert version.booking.booking_reference == "BK-2"
    assert any(each.key == "goods movement names ucr" for each in version.links)


def test_one_goods_movement_names_many_declarations() -> None:
    """Groupage: two declarations on one goods movement are two consignments on one movement."""
    desk = Desk()
    desk.take(a_roro_entry(document="CMR-A", ucr="UCR-A", lrn="A"))
    desk.take(a_roro_entry(document="CMR-B", ucr="UCR-B", lrn="B"))
    both = (DeclarationReference("customs", "UCR-A"), DeclarationReference("customs", "UCR-B"))
    linked = desk.take(a_goods_movement(declarations=both))
    assert len(linked.versions) == 2
    assert len({version.movements for version in desk.standing()}) == 1


@pytest.mark.parametrize("manifest_first", [False, True])
def test_bill_and_declaration_join_by_document(manifest_first: bool) -> None:
    """A container's bill and its declaration meet in their transport document, confirmed by container and voyage."""
    desk = Desk()
    messages: tuple[Record, ...] = (a_container_entry(), a_manifest())
    for record in reversed(messages) if manifest_first else messages:
        desk.take(record)
    (version,) = desk.standing()
    assert version.mode is Mode.CONTAINER
    assert version.units == (Unit(UnitKind.CONTAINER, "CSQU3054383"),)
    assert version.scheduled_arrival == ARRIVAL + HOUR  # the carrier's word before the declarant's
    assert {"transport_document", "container+voyage"} <= {each.key for each in version.links}


def test_manifest_is_cut_to_the_bill() -> None:
    """Each bill becomes a consignment that holds that bill and its container alone."""
    desk = Desk()
    bills = (a_bill(), a_bill(master="OCEAN0002", house="HOUSE7", containers=("MSKU1234565",)))
    linked = desk.take(a_manifest(*bills))
    assert [version.manifest.bills for version in linked.versions if version.manifest] == [(bills[0],), (bills[1],)]
    second = linked.versions[1]
    assert second.consignment_id == consignment_id("document", "HOUSE7")
    assert second.manifest is not None
    assert [each.number for each in second.manifest.equipment] == ["MSKU1234565"]


def test_what_a_selection_caused_stays_away_from_the_version() -> None:
    """A control message sets the decision bound and leaves no trace in the joined record."""
    desk = Desk()
    desk.take(a_goods_movement(inspection_required=True, report_to=("1:L0029A",)))
    (version,) = desk.standing()
    assert version.control_at == desk.known_at
    assert version.goods_movement is not None
    assert version.goods_movement.inspection_required is None
    assert version.goods_movement.report_to == ()


def test_previous_movement_is_resolved_at_arrival() -> None:
    """The vehicle's crossing of the day before gives turnaround and changed driver."""
    desk = Desk()
    earlier = ARRIVAL - 20 * HOUR
    desk.take(a_booking(booking_reference="BK-0", arrival=earlier, departure=earlier - HOUR, driver="D-9"))
    desk.take(a_booking())
    version = next(each for each in desk.standing() if each.booking and each.booking.booking_reference == "BK-1")
    assert version.previous is not None
    assert version.previous.turnaround_minutes == 20 * 60 - 90
    assert version.previous.driver_changed is True
    assert version.previous.same_route is True


def test_booking_amendments_are_counted_and_the_newest_stands() -> None:
    """Amendment 2 arriving before amendment 1 stays in force; the count is the highest seen."""
    desk = Desk()
    desk.take(a_booking())
    desk.take(a_booking(amendment=2, vehicle="AB12CDE", cash=True))
    desk.take(a_booking(amendment=1, cash=False))
    (version,) = desk.standing()
    assert version.booking_amendments == 2
    assert version.booking is not None
    assert version.booking.cash is True


def test_late_older_declaration_does_not_replace_a_newer() -> None:
    """A declaration lodged earlier but received later is flagged and changes nothing else."""
    desk = Desk()
    desk.take(a_roro_entry(total_packages=900))
    desk.take(a_roro_entry(total_packages=1, declared_at=ARRIVAL - 12 * HOUR))
    (version,) = desk.standing()
    assert version.entry is not None
    assert version.entry.total_packages == 900
    assert version.flags == ("an older declaration came after a newer one",)


def test_outcome_of_a_single_consignment_names_it() -> None:
    """A unit with one consignment aboard: the find labels that consignment."""
    desk = Desk()
    desk.take(a_roro_entry())
    linked = desk.take(an_examination(OutcomeKind.POSITIVE))
    (outcome,) = linked.outcomes
    (version,) = desk.standing()
    assert outcome.named == (version.consignment_id,)
    assert [find.consignment_id for find in outcome.finds] == [version.consignment_id]
    assert outcome.movements == version.movements


def test_outcome_that_names_none_of_many_labels_the_unit() -> None:
    """Groupage with an unnamed find: no consignment is labelled, the movement is."""
    desk = Desk()
    desk.take(a_roro_entry(document="CMR-A", ucr=None, lrn="A"))
    desk.take(a_roro_entry(document="CMR-B", ucr=None, lrn="B"))
    (outcome,) = desk.take(an_examination(OutcomeKind.POSITIVE)).outcomes
    assert outcome.named == ()
    assert len(outcome.aboard) == 2
    assert [find.consignment_id for find in outcome.finds] == [None]


@pytest.mark.parametrize("reference", ["CMR-A", "UCR-A", consignment_id("document", "CMR-A")])
def test_officers_name_consignments_by_any_key(reference: str) -> None:
    """Transport document, UCR and consignment id all find the named consignment."""
    desk = Desk()
    desk.take(a_roro_entry(document="CMR-A", ucr="UCR-A", lrn="A"))
    desk.take(a_roro_entry(document="CMR-B", ucr="UCR-B", lrn="B"))
    find = Find(Threat.COCAINE, reference, None, 1000, None)
    examination = an_examination(OutcomeKind.POSITIVE, consignments=(reference,), finds=(find,))
    (outcome,) = desk.take(examination).outcomes
    assert outcome.named == (consignment_id("document", "CMR-A"),)
    assert outcome.finds[0].consignment_id == outcome.named[0]


def test_an_amendment_of_several_documents_keeps_them_apart() -> None:
    """An amendment with one MRN and three documents makes three consignments, each with its own goods."""
    desk = Desk()
    goods = [a_roro_entry(document=f"CMR-{each}").items[0] for each in "ABC"]
    linked = desk.take(a_roro_entry(amendment=True, mrn="26GB00000000000001", ucr=None, items=tuple(goods)))
    assert {version.consignment_id for version in linked.versions} == {
        consignment_id("document", f"CMR-{each}") for each in "ABC"
    }
    for version in linked.versions:
        assert version.entry is not None
        assert len(version.entry.items) == 1


def test_an_exactly_named_consignment_outweighs_the_unit() -> None:
    """A find that names a consignment on another crossing of the unit labels that one, not the stranger aboard."""
    desk = Desk()
    desk.take(a_roro_entry(document="CMR-A", ucr=None, lrn="A"))
    later = ARRIVAL + 24 * HOUR
    desk.take(a_roro_entry(document="CMR-B", ucr=None, lrn="B", expected_arrival=later))
    find = Find(Threat.COCAINE, "CMR-A", None, 1000, None)
    examination = an_examination(OutcomeKind.POSITIVE, finds=(find,), arrival=later, recorded_at=later + 5 * HOUR)
    (outcome,) = desk.take(examination).outcomes
    named = consignment_id("document", "CMR-A")
    assert outcome.named == (named,)
    assert named in outcome.aboard
    assert outcome.movements == desk.last[named].movements


def test_no_examination_of_a_crossing_to_come() -> None:
    """An examination without an arrival goes to the crossing before its record, not to a nearer later one."""
    desk = Desk()
    desk.take(a_booking())
    later = ARRIVAL + 48 * HOUR
    desk.take(a_booking(booking_reference="BK-2", arrival=later, departure=later - HOUR))
    recorded = ARRIVAL + 30 * HOUR
    examination = an_examination(arrival=None, started_at=None, ended_at=None, recorded_at=recorded)
    (outcome,) = desk.take(examination).outcomes
    first = next(version for version in desk.standing() if version.booking and version.scheduled_arrival == ARRIVAL)
    assert outcome.movements == first.movements


def test_an_amended_registration_attracts_nothing_more() -> None:
    """After a booking changes its vehicle, a goods movement of the old vehicle is another crossing."""
    desk = Desk()
    desk.take(a_booking(vehicle="AA11 AAA", trailers=()))
    desk.take(a_booking(amendment=1, vehicle="BB22 BBB", trailers=()))
    desk.take(a_goods_movement(vehicle="AA11 AAA", trailers=(), declarations=()))
    assert len(desk.standing()) == 2


@pytest.mark.parametrize("vehicle", ["-", "TBA", "T.B.A.", "unknown", "000"])
def test_what_names_no_vehicle_joins_nobody(vehicle: str) -> None:
    """Two bookings with a placeholder for a registration are two crossings, neither the other's previous one."""
    desk = Desk()
    for number in (1, 2):
        desk.take(
            a_booking(booking_reference=f"BK-{number}", vehicle=vehicle, trailers=(), arrival=ARRIVAL + number * HOUR)
        )
    assert len(desk.standing()) == 2
    assert [version.previous for version in desk.standing()] == [None, None]


def test_a_placeholder_reference_is_no_key() -> None:
    """Declarations whose UCR says that it is unknown are not put aboard the goods movement that says so too."""
    desk = Desk()
    for number in range(3):
        desk.take(a_roro_entry(document=f"CMR-{number}", ucr="UNKNOWN", lrn=str(number), vehicles=(f"V{number}",)))
    desk.take(
        a_goods_movement(vehicle="OTHER1", trailers=(), declarations=(DeclarationReference("customs", "UNKNOWN"),))
    )
    assert len({version.movements for version in desk.standing()}) == 4


def test_an_older_check_in_does_not_replace_a_newer() -> None:
    """A check-in received late, but made before the one in force, changes nothing."""
    desk = Desk()
    desk.take(a_check_in(driver="D-NEW"))
    desk.take(a_check_in(driver="D-OLD", checked_in_at=ARRIVAL - 5 * HOUR))
    (version,) = desk.standing()
    assert version.check_in is not None
    assert version.check_in.driver == "D-NEW"


def test_unknown_unit_leaves_the_outcome_standing() -> None:
    """An examination of a unit nobody announced resolves to nothing and raises nothing."""
    (outcome,) = Desk().take(an_examination()).outcomes
    assert (outcome.movements, outcome.aboard, outcome.named) == ((), (), ())


def test_versions_count_up_and_carry_their_message() -> None:
    """Each message makes at most one version of a consignment, stamped with its sequence and known-at."""
    desk = Desk()
    stamps = [
        (version.version, version.sequence, version.known_at == desk.known_at)
        for record in RORO
        for version in desk.take(record).versions
        if version.consignment_id == consignment_id("document", "CMR-4711")
    ]
    assert stamps == [(1, 1, True), (2, 2, True), (3, 3, True), (4, 4, True)]


@pytest.mark.parametrize(
    ("transport", "special", "mode"), [("4", None, Mode.AIR), ("4", "A", Mode.PARCEL), ("4", "E", Mode.AIR)]
)
def test_express_consignments_by_air_are_parcels(transport: str, special: str | None, mode: Mode) -> None:
    """A declaration by air is of air freight, with the indicator of postal and express consignments of a parcel."""
    desk = Desk()
    desk.take(a_roro_entry(transport_mode=transport, special_circumstance=special, vehicles=(), ucr=None))
    (version,) = desk.standing()
    assert version.mode is mode


def test_express_consignments_by_road_stay_on_their_lorry() -> None:
    """The indicator makes no parcel of what crosses on a ferry."""
    desk = Desk()
    desk.take(a_roro_entry(special_circumstance="A"))
    (version,) = desk.standing()
    assert version.mode is Mode.RORO_ACCOMPANIED
