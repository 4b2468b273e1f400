"""What comes before the message that it is about ends where it would have ended after it."""

from __future__ import annotations

from itertools import permutations

import pytest

from aftc.clock import DAY, HOUR, MINUTE
from aftc.linking.keys import consignment_id
from aftc.records import DetectionResult, OutcomeKind, Record, TransportMeans
from aftc.testing import (
    ARRIVAL,
    MRN,
    a_bay_plan,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_detection,
    a_goods_movement,
    a_manifest,
    a_notification,
    a_response,
    a_roro_entry,
    a_transit,
    a_transit_house,
    a_transport_document,
    an_examination,
    an_import_declaration,
)
from tests.linking.test_imports import Desk as ImportDesk
from tests.linking.test_link import Desk

LORRY = consignment_id("document", "CMR-4711")
BOX = consignment_id("document", "OCEAN0001")
SLIPPED = "V10E"
FIRST = a_manifest(prepared_at=ARRIVAL - 48 * HOUR)
AGAIN = a_manifest(function="5", voyage=SLIPPED, arrival=ARRIVAL + 3 * HOUR, prepared_at=ARRIVAL - 24 * HOUR)


def _after(records: tuple[Record, ...]) -> Desk:
    desk = Desk()
    for record in records:
        desk.take(record)
    return desk


@pytest.mark.parametrize("order", list(permutations((FIRST, AGAIN, a_bay_plan(), a_container_entry()))))
def test_a_voyage_is_all_numbers_that_it_was_stated_under(order: tuple[Record, ...]) -> None:
    """A slip in one manifest's voyage parts nothing, whatever came first, and the manifest prepared last stands."""
    (version,) = _after(order).standing()
    assert version.consignment_id == BOX
    assert version.bay_plan is not None
    assert version.manifest is not None
    assert (version.manifest.voyage, version.scheduled_arrival) == (SLIPPED, ARRIVAL + 3 * HOUR)


@pytest.mark.parametrize("order", list(permutations((a_transport_document(), AGAIN, FIRST))))
def test_two_voyages_that_turn_out_to_be_one_are_one(order: tuple[Record, ...]) -> None:
    """The bill states a voyage and no arrival, a manifest another and its arrival: the third says that both are one."""
    desk = _after((*order, a_bay_plan()))
    (version,) = desk.standing()
    assert len(version.movements) == 1
    assert version.bay_plan is not None


def test_another_arrival_of_a_container_is_another_voyage() -> None:
    """A month later it comes again, with other goods: neither has the other's bay plan."""
    later = a_bill(master="OCEAN0002")
    desk = _after((FIRST, a_bay_plan()))
    desk.take(a_manifest(later, voyage="V117E", departure=ARRIVAL + 8 * DAY, arrival=ARRIVAL + 30 * DAY))
    planned = {each.consignment_id: each.bay_plan is not None for each in desk.standing()}
    assert planned == {BOX: True, consignment_id("document", "OCEAN0002"): False}


@pytest.mark.parametrize("order", list(permutations((0, 1, 2))))
def test_declared_arrivals_of_a_container_are_each_its_own_until_the_manifest(order: tuple[int, ...]) -> None:
    """Of groupage each says when it arrives; who of them came first says nothing about the others."""
    entries = [
        a_container_entry(lrn=f"L{place}", document=f"HOUSE-{place}", expected_arrival=ARRIVAL + place * HOUR)
        for place in range(3)
    ]
    desk = _after(tuple(entries[place] for place in order))
    stated = {each.entry.lrn: each.scheduled_arrival for each in desk.standing() if each.entry is not None}
    assert stated == {f"L{place}": ARRIVAL + place * HOUR for place in range(3)}
    desk.take(FIRST)
    assert {each.scheduled_arrival for each in desk.standing()} == {ARRIVAL + HOUR}


ENTRY = a_roro_entry(ucr=None)
AMENDED = a_roro_entry(
    ucr=None, lrn=None, mrn=MRN, amendment=True, declared_at=ARRIVAL - HOUR, document="CMR-4117", message_id="MSG-2"
)


@pytest.mark.parametrize("order", list(permutations((ENTRY, AMENDED, a_response(mrn=MRN)))))
def test_an_amendment_under_another_document_finds_its_declaration(order: tuple[Record, ...]) -> None:
    """Customs' answer says that both are of one declaration: one consignment, as amended, with its MRN."""
    desk = _after(order)
    (version,) = desk.standing()
    assert version.entry == AMENDED
    assert version.registered_mrn == MRN
    desk.take(ENTRY)
    (again,) = desk.standing()
    assert again.entry == AMENDED


@pytest.mark.parametrize("order", list(permutations((a_booking(), a_check_in(), a_goods_movement()))))
@pytest.mark.parametrize("outcome_first", [False, True])
def test_an_outcome_finds_what_it_is_about(order: tuple[Record, ...], outcome_first: bool) -> None:
    """The unit's examination came before anything was known of the unit: it is joined when something is, once."""
    desk, resolved = Desk(), []
    records = (an_examination(), *order) if outcome_first else (*order, an_examination())
    for record in records:
        resolved += [each for each in desk.take(record).outcomes if each.aboard]
    (found,) = resolved
    (version,) = desk.standing()
    assert found.aboard == (version.consignment_id,)
    assert found.examination == an_examination()


def test_an_outcome_waits_for_the_consignment_that_it_names() -> None:
    """Its unit is mistyped; the declaration's MRN is not."""
    desk = Desk()
    mistyped = an_examination(
        OutcomeKind.NEGATIVE, consignments=(MRN,), unit=a_detection().unit, arrival=ARRIVAL - 90 * DAY
    )
    assert [each.aboard for each in desk.take(mistyped).outcomes] == [()]
    assert desk.take(a_roro_entry()).outcomes == ()
    (found,) = desk.take(a_response(mrn=MRN)).outcomes
    assert found.named == (LORRY,)


def test_a_directed_detection_holds_from_when_it_came() -> None:
    """Not from when the lorry that it is of became known: the decision was bounded before."""
    desk = Desk()
    (alone,) = desk.take(a_detection(result=DetectionResult.ALARM)).detections
    came = desk.known_at
    assert alone.aboard == ()
    (found,) = desk.take(a_roro_entry()).detections
    assert found.aboard == (LORRY,)
    assert desk.last[LORRY].control_at == came < desk.known_at


def test_a_transit_finds_its_goods_by_the_trailer() -> None:
    """The unit of the crossing is the lorry; the declaration names the trailer that it pulls, and came first."""
    house = a_transit_house(transport_documents=())
    desk = Desk()
    desk.take(a_transit(house, departure_means=(TransportMeans("31", "TR7701"),)))
    desk.take(a_roro_entry(vehicles=("AB12 CDE", "TR7701")))
    assert desk.last[LORRY].transit is not None


def test_an_import_boards_its_lorry_by_the_time_that_customs_told() -> None:
    """It says no time itself and comes long after; when customs registered it is near the lorry's first crossing."""
    desk = ImportDesk()
    lorry = {"conveyance_identity": "AB12CDE", "conveyance_identity_kind": "30"}
    desk.known_at = ARRIVAL + 20 * DAY
    desk.take(a_notification(issued_at=ARRIVAL - HOUR))
    desk.take(an_import_declaration(**lorry))
    for days in (0, 9):
        moved = {"departure": ARRIVAL - 90 * MINUTE + days * DAY, "arrival": ARRIVAL + days * DAY}
        desk.take(a_booking(booking_reference=f"BK-{days}", booked_at=ARRIVAL - 2 * DAY + days * DAY, **moved))
    standing = [each for each in desk.last.values() if each.joined_into is None]
    (declared,) = [each for each in standing if each.import_declaration is not None]
    assert declared.booking is not None
    assert declared.booking.booking_reference == "BK-0"
