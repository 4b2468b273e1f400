"""What messages state with slips, late or twice over ends in one place, whatever came first."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, HOUR, MINUTE
from aftc.linking.keys import consignment_id
from aftc.records import ConsignmentVersion, FerryBooking, Manifest, PreviousDocument, Record
from aftc.testing import (
    ARRIVAL,
    MRN,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_departure,
    a_goods_movement,
    a_manifest,
    a_response,
    a_roro_entry,
    a_sailed_unit,
    a_transport_document,
    an_air_entry,
    an_import_declaration,
)
from tests.linking.test_imports import Desk as ImportDesk
from tests.linking.test_link import Desk

BOX = consignment_id("document", "OCEAN12345")
TRAILER: dict[str, Any] = {"unaccompanied": True, "vehicle": None, "declarations": ()}


def _standing(records: tuple[Record, ...]) -> list[ConsignmentVersion]:
    desk = Desk()
    for record in records:
        desk.take(record)
    return desk.standing()


def _with_import(records: tuple[Record, ...]) -> list[ConsignmentVersion]:
    desk = ImportDesk()
    desk.take(*records)
    return [each for each in desk.last.values() if each.joined_into is None]


def _by_trailer(kind: Any, trailer: str, **given: object) -> Any:
    stated = {"unaccompanied": True, "vehicle": None, "trailers": (trailer,)}
    return kind(**{**stated, **given})


ANOTHER_TRAILER = (
    _by_trailer(a_booking, "TR1"),
    _by_trailer(a_check_in, "TR2"),
    _by_trailer(a_goods_movement, "TR2", declarations=()),
    a_roro_entry(vehicles=("TR1",), transport_mode="11", ucr=None),
)


@pytest.mark.parametrize("records", list(permutations(ANOTHER_TRAILER)))
def test_goods_declared_on_the_trailer_that_was_booked_are_on_the_one_that_came(records: tuple[Record, ...]) -> None:
    """The carrier's booking says that both are one crossing, though it comes after the declaration and the check-in."""
    (version,) = _standing(records)
    assert None not in (version.entry, version.booking, version.check_in, version.goods_movement)


def _thrice_mistyped(gmr_id: str) -> tuple[Record, ...]:
    return (
        _by_trailer(a_booking, "TR1", booking_reference="SE36UDDPT"),
        _by_trailer(a_check_in, "TR1", booking_reference="SE36DDPT"),
        a_departure(_by_trailer(a_sailed_unit, "TR1", booking_reference="SE96UDDPT")),
        _by_trailer(a_goods_movement, "TR1", gmr_id=gmr_id, declarations=()),
    )


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("gmr_id", ["GMRA00000001", "GMRA00000002", "GMRA00000003", "GMRA00000004"])
def test_records_whose_references_are_alike_gather_about_the_one_between(order: tuple[int, ...], gmr_id: str) -> None:
    """Check-in and departure misspell the reference each otherwise: what both are alike to brings them together."""
    records = _thrice_mistyped(gmr_id)
    (version,) = _standing(tuple(records[place] for place in order))
    assert None not in (version.booking, version.check_in, version.ferry_departure, version.goods_movement)


def test_two_bookings_with_references_alike_are_two() -> None:
    """Numbers of one lorry on one sailing that differ by two letters swapped: each has what the other has."""
    first, second = (a_booking(booking_reference=each) for each in ("BK10LTR", "BK10TLR"))
    check_in = a_check_in(booking_reference="BK10LTR", trailers=("TR9",))
    standing = _standing((first, second, check_in))
    assert {each.booking for each in standing} == {first, second}


NUMBER_TOLD_LATE = (
    a_booking(booking_reference="BK10LTR", vehicle=None, trailers=()),
    a_check_in(booking_reference="BK10LTR"),
    a_departure(a_sailed_unit(booking_reference="BK10TLR"), arrival=ARRIVAL + HOUR, departed_at=ARRIVAL - 30 * MINUTE),
)


@pytest.mark.parametrize("records", list(permutations(NUMBER_TOLD_LATE)))
def test_a_booking_without_a_registration_finds_its_departure_by_the_check_in(records: tuple[Record, ...]) -> None:
    """Under a reference with two letters swapped, once a record states the lorry; it arrives as it sailed."""
    (version,) = _standing(records)
    assert None not in (version.booking, version.check_in, version.ferry_departure)
    assert version.scheduled_arrival == ARRIVAL + HOUR


def _of_two(mass_g: int, reference: str) -> FerryBooking:
    booked: FerryBooking = _by_trailer(a_booking, "TR1", booking_reference=reference, gross_mass_g=mass_g)
    return booked


TWICE_BOOKED = (
    _of_two(3_000_000, "T64RZLKF9"),
    _of_two(18_100_000, "ZWJBBLEBC"),
    a_roro_entry(vehicles=("TR1",), transport_mode="11", ucr=None),
)


@pytest.mark.parametrize("records", list(permutations(TWICE_BOOKED)))
def test_a_declaration_is_on_the_booking_of_its_mass(records: tuple[Record, ...]) -> None:
    """One trailer number in two bookings of a sailing: the goods are on that of their mass, which may come last."""
    (declared,) = [each for each in _standing(records) if each.entry is not None]
    assert declared.booking == TWICE_BOOKED[1]


@pytest.mark.parametrize("records", list(permutations((a_booking(trailers=()), a_roro_entry(ucr=None)))))
def test_the_lorry_is_found_where_the_goods_vehicle_is_mistyped(records: tuple[Record, ...]) -> None:
    """The declaration's means of transport states it rightly, whichever of the two came first."""
    mistyped = tuple(_with_vehicle(each) for each in records)
    (version,) = _standing(mistyped)
    assert None not in (version.entry, version.booking)


def _with_vehicle(record: Record) -> Record:
    if isinstance(record, FerryBooking):
        return record
    return a_roro_entry(ucr=None, vehicles=("AB12CEDD",), conveyance_identity="AB12 CDE")


LEFT_ALONE = (
    a_departure(a_sailed_unit(boarded=False, left_because="shut_out")),
    a_goods_movement(),
    a_roro_entry(),
)


@pytest.mark.parametrize("records", list(permutations(LEFT_ALONE)))
def test_a_lorry_without_a_booking_hears_that_it_was_left_behind(records: tuple[Record, ...]) -> None:
    """The departure came before anything was known of its unit: the goods movement lets it be heard."""
    (version,) = _standing(records)
    assert None not in (version.ferry_departure, version.goods_movement, version.entry)


def test_what_was_heard_of_a_lorry_is_not_heard_again() -> None:
    """Its next goods movement changes nothing of the crossing that it was left behind on."""
    desk = Desk()
    for record in LEFT_ALONE:
        desk.take(record)
    (before,) = desk.standing()
    desk.take(
        a_goods_movement(gmr_id="GMRA00000002", updated_at=ARRIVAL + DAY, departure=ARRIVAL + DAY, declarations=())
    )
    assert desk.last[before.consignment_id] == before


def _bill(reference: str, **given: Any) -> Manifest:
    function = given.pop("function", "9")
    prepared_at = given.pop("prepared_at", ARRIVAL - 48 * HOUR)
    return a_manifest(a_bill(master=reference, **given), function=function, prepared_at=prepared_at)


REPORTED_TWICE = (
    _bill("OCEAN1245"),
    _bill("OCEAN12345", function="5", prepared_at=ARRIVAL - 24 * HOUR),
    a_transport_document(reference="OCEAN12345"),
    a_container_entry(document="OCEAN12345"),
)


@pytest.mark.parametrize("records", list(permutations(REPORTED_TWICE)))
def test_the_report_prepared_last_stands_and_the_slip_before_it_is_the_same(records: tuple[Record, ...]) -> None:
    """One bill reported with a slip and again without: one consignment with the later report."""
    (version,) = _standing(records)
    assert version.consignment_id == BOX
    assert version.manifest == REPORTED_TWICE[1]


def _importing(document: str, mrn: str = MRN, kind: str = "705") -> Record:
    named = (PreviousDocument("355", mrn, "Z"), PreviousDocument(kind, document, "Z"))
    return an_import_declaration(previous_documents=named, exporter=None)


UNLIKE = (
    a_container_entry(document="H9411291374"),
    a_response(mrn=MRN, entry=replace(a_response(mrn=MRN).entry, lrn=a_container_entry().lrn)),
    _bill("H9411291344", gross_mass_g=22_000_000, packages=1800),
    _importing("H9411291344"),
)


@pytest.mark.parametrize("records", list(permutations(UNLIKE)))
def test_an_import_that_names_bill_and_declaration_joins_them(records: tuple[Record, ...]) -> None:
    """Their numbers differ by a digit of a row and are not alike: what names both exactly says that they are one."""
    (version,) = _with_import(records)
    assert None not in (version.entry, version.manifest, version.import_declaration)
    assert version.registered_mrn == MRN


def test_a_declaration_that_has_its_bill_takes_no_other_over() -> None:
    """An import may name a wrong MRN, or a wrong bill: what is whole stays as it is."""
    entry, response, other, importing = UNLIKE
    assert len(_with_import((entry, response, _bill("H9411291374"), other, importing))) == 2


AMENDED_UNNAMED = (
    an_air_entry(),
    replace(
        an_air_entry(),
        items=tuple(replace(each, documents=()) for each in an_air_entry().items),
        lrn=None,
        mrn=MRN,
        amendment=True,
        declared_at=ARRIVAL - HOUR,
        message_id="MSG-2",
    ),
    _importing(an_air_entry().items[0].documents[0].reference, kind="740"),
)


@pytest.mark.parametrize("records", list(permutations(AMENDED_UNNAMED)))
def test_an_import_that_names_an_amendment_and_its_declaration_joins_them(records: tuple[Record, ...]) -> None:
    """The amendment states the MRN alone, the declaration the waybill alone, and customs' answer is lost."""
    (version,) = _with_import(records)
    assert version.entry == AMENDED_UNNAMED[1]
    assert version.import_declaration is not None


MISREAD_BOX = (
    a_container_entry(document="OCEAN12345", containers=("MRTU7169712",)),
    a_response(mrn=MRN, entry=replace(a_response(mrn=MRN).entry, lrn=a_container_entry().lrn)),
    _bill("OCEAN99999", containers=("MTRU7169712",), gross_mass_g=22_000_000, packages=1800),
    _importing("OCEAN99999"),
)


@pytest.mark.parametrize("records", list(permutations(MISREAD_BOX)))
def test_goods_are_in_the_container_that_the_carrier_states(records: tuple[Record, ...]) -> None:
    """A declaration that is joined to a bill by its import leaves the container that it alone names."""
    (version,) = _with_import(records)
    assert [unit.number for unit in version.units] == ["MTRU7169712"]


def test_a_departure_of_another_day_is_another_crossing() -> None:
    """However alike its reference is to a booking's."""
    later = {"departure": ARRIVAL + 5 * DAY, "arrival": ARRIVAL + 5 * DAY + 90 * MINUTE}
    other = a_departure(a_sailed_unit(booking_reference="BK10TLR"), **later)
    assert len(_standing((a_booking(booking_reference="BK10LTR"), other))) == 2
