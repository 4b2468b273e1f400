"""Flights: consignments find their units by air waybill, in whatever order their messages come."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, HOUR
from aftc.config import Settings
from aftc.history.tables import document_of
from aftc.linking import Linked, link
from aftc.linking.keys import consignment_id
from aftc.overlay import MemoryState
from aftc.records import (
    AirWaybill,
    ConsignmentVersion,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    Examination,
    FlightManifest,
    ImportDeclaration,
    LoadedUnit,
    LoadedWaybill,
    Mode,
    Record,
    Unit,
    UnitKind,
)
from aftc.testing import (
    ARRIVAL,
    MRN,
    a_flight_manifest,
    a_house_waybill,
    a_response,
    a_roro_entry,
    an_air_entry,
    an_air_waybill,
    an_examination,
    an_intervention,
)

DIRECT = consignment_id("document", "80912345675")
HOUSES = tuple(consignment_id("document", house) for house in ("MWF0001", "MWF0002"))
CONSOLIDATION = an_air_waybill(consolidation=True)
ULD = Unit(UnitKind.ULD, "AKE10427XV")


class Desk:
    """Links records one message at a time, an hour apart, and keeps the last version of each consignment."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.sequence = 0
        self.last: dict[str, ConsignmentVersion] = {}

    def take(self, record: Record) -> Linked:
        """One message with this record."""
        self.sequence += 1
        linked = link(
            self.state,
            (record,),
            stream=_stream(record),
            sequence=self.sequence,
            known_at=ARRIVAL - 2 * DAY + self.sequence * HOUR,
            settings=Settings(),
        )
        self.last.update({version.consignment_id: version for version in linked.versions})
        return linked

    def standing(self) -> dict[str, ConsignmentVersion]:
        """The consignments that no other has taken over."""
        return {key: version for key, version in self.last.items() if version.joined_into is None}


def _stream(record: Record) -> str:
    if isinstance(record, AirWaybill):
        return "xfzb" if record.house else "xfwb"
    streams = {EntrySummary: "ens", EntryResponse: "ens_response", EntryIntervention: "ens_intervention"}
    return {**streams, FlightManifest: "xffm", Examination: "outcome", ImportDeclaration: "cds_import"}[type(record)]


def _desk(*records: Record) -> Desk:
    desk = Desk()
    for record in records:
        desk.take(record)
    return desk


def _loaded(number: str, *waybills: str, share: str | None = "T") -> LoadedUnit:
    return LoadedUnit(number, None, tuple(LoadedWaybill(each, 1, 1, None, None, None, share) for each in waybills))


@pytest.mark.parametrize("records", list(permutations((an_air_entry(), an_air_waybill(), a_flight_manifest()))))
def test_a_direct_consignment_joins_in_any_order(records: tuple[Record, ...]) -> None:
    """Declaration, waybill and manifest make one consignment in the air, on the unit, with the carrier's arrival."""
    (version,) = _desk(*records).standing().values()
    assert version.consignment_id == DIRECT
    assert (version.mode, version.units, len(version.movements)) == (Mode.AIR, (ULD,), 1)
    assert version.scheduled_arrival == ARRIVAL
    assert (version.entry, version.waybill) == (an_air_entry(), an_air_waybill())
    assert version.flight == a_flight_manifest()
    assert document_of(version) == "80912345675"
    assert {link.key for link in version.links} == {"transport_document", "air_waybill", "flight+unit"}


@pytest.mark.parametrize(
    "records",
    list(
        permutations(
            (an_air_entry("MWF0001"), a_house_waybill("MWF0002"), CONSOLIDATION, a_flight_manifest()),
        )
    ),
)
def test_one_air_waybill_with_many_houses(records: tuple[Record, ...]) -> None:
    """Each house is a consignment of its own aboard the unit of the air waybill above it; that one is none."""
    standing = _desk(*records).standing()
    assert set(standing) == set(HOUSES)
    assert {version.units for version in standing.values()} == {(ULD,)}
    assert len({version.movements for version in standing.values()}) == 1
    assert [standing[each].waybill is None for each in HOUSES] == [True, False]


def test_the_air_waybill_of_a_consolidation_is_evidence_for_its_houses() -> None:
    """It makes a version of each house below it, and nothing before there is one."""
    desk = _desk(CONSOLIDATION)
    assert desk.last == {}
    desk.take(a_house_waybill())
    (version,) = desk.take(CONSOLIDATION).versions
    assert version.consignment_id == HOUSES[0]
    assert ("xfwb", "air_waybill", "80912345675") in {(link.stream, link.key, link.value) for link in version.links}


def test_a_unit_whose_waybills_nobody_knows_stands_for_itself() -> None:
    """A manifest alone makes one consignment a unit, which the first house takes over."""
    desk = _desk(a_flight_manifest())
    (alone,) = desk.standing().values()
    assert (alone.mode, alone.units, alone.entry) == (Mode.AIR, (ULD,), None)
    desk.take(a_house_waybill())
    assert set(desk.standing()) == {HOUSES[0]}
    assert desk.last[alone.consignment_id].joined_into == HOUSES[0]
    assert alone.consignment_id in desk.last[HOUSES[0]].joined_from


def test_a_parcel_is_told_by_its_declaration() -> None:
    """Special circumstance A makes a parcel of an air consignment, on its unit too."""
    (version,) = _desk(a_flight_manifest(), an_air_entry(special_circumstance="A")).standing().values()
    assert (version.mode, version.units) == (Mode.PARCEL, (ULD,))


def test_before_its_declaration_a_parcel_is_told_by_its_waybill() -> None:
    """Handling code XPS makes a parcel until a declaration says what it is."""
    desk = _desk(an_air_waybill(special_handling=("XPS",)))
    assert desk.last[DIRECT].mode is Mode.PARCEL
    desk.take(a_flight_manifest())
    assert desk.last[DIRECT].mode is Mode.PARCEL
    desk.take(an_air_entry())
    assert desk.last[DIRECT].mode is Mode.AIR


MISTYPED = (
    an_air_entry("PMWF0001"),
    an_air_waybill(),
    a_response(),
    an_air_entry("MWF0001", lrn=None, mrn=MRN, amendment=True, declared_at=ARRIVAL - HOUR, message_id="MSG-2"),
)


@pytest.mark.parametrize("records", list(permutations(MISTYPED)))
def test_a_house_mistyped_and_amended_has_its_direct_waybill(records: tuple[Record, ...]) -> None:
    """Until customs tells the MRN, declaration and amendment look like two houses; a waybill of two is neither's."""
    (version,) = _desk(*records).standing().values()
    assert (version.entry, version.waybill) == (MISTYPED[3], an_air_waybill())


@pytest.mark.parametrize(
    "records", list(permutations((an_air_entry(), a_response(), an_air_waybill(), a_flight_manifest())))
)
def test_customs_answers_a_declaration_by_air_in_any_order(records: tuple[Record, ...]) -> None:
    """The registration and the air waybill stand side by side: both are evidence, and the unit is joined."""
    (version,) = _desk(*records).standing().values()
    assert (version.consignment_id, version.registered_mrn, version.units) == (DIRECT, MRN, (ULD,))
    assert {link.key for link in version.links} == {
        "transport_document",
        "registered lrn",
        "air_waybill",
        "flight+unit",
    }


def test_an_intervention_bounds_all_in_the_unit() -> None:
    """Goods that are held hold what flies in the same ULD, from when the notice came."""
    desk = _desk(an_air_entry("MWF0001"), a_house_waybill("MWF0002"), a_flight_manifest(), an_intervention())
    assert {desk.last[each].control_at for each in HOUSES} == {ARRIVAL - 2 * DAY + 4 * HOUR}


def test_a_newer_manifest_moves_consignments_to_another_unit() -> None:
    """The consignment leaves the first unit for the one that the airline names now, as a new version."""
    later = a_flight_manifest(_loaded("PMC20001XV", "80912345675"), issued_at=ARRIVAL - 20 * HOUR)
    desk = _desk(an_air_waybill(), a_flight_manifest())
    first = desk.last[DIRECT]
    desk.take(later)
    (version,) = desk.standing().values()
    assert version.version == first.version + 1
    assert version.units == (Unit(UnitKind.ULD, "PMC20001XV"),)
    assert first.movements[0] in version.joined_from


def test_an_older_manifest_and_a_repeated_one_change_nothing() -> None:
    """What was issued before the last word makes no version; the same again makes one that says the same."""
    desk = _desk(an_air_waybill(), a_flight_manifest())
    before = desk.last[DIRECT]
    older = a_flight_manifest(_loaded("PMC20001XV", "80912345675"), issued_at=ARRIVAL - 30 * HOUR)
    assert desk.take(older).versions == ()
    desk.take(a_flight_manifest())
    after = desk.last[DIRECT]
    assert replace(after, version=0, known_at=0, sequence=0) == replace(before, version=0, known_at=0, sequence=0)


def test_what_is_taken_off_a_flight_is_on_no_unit() -> None:
    """A newer manifest without the air waybill, and the withdrawal of a manifest, leave it on the ground."""
    for last in (
        a_flight_manifest(_loaded("PMC20001XV", "80900000000"), issued_at=ARRIVAL),
        a_flight_manifest(purpose="Deletion", issued_at=ARRIVAL),
    ):
        desk = _desk(an_air_entry(), a_flight_manifest(), last)
        version = desk.last[DIRECT]
        assert (version.units, version.flight, version.scheduled_arrival) == ((), None, ARRIVAL + HOUR // 2)


def test_parts_fly_in_several_units_and_on_several_flights() -> None:
    """An air waybill in two units is on both; parts on two flights are on both, all of it only on the last."""
    both = a_flight_manifest(_loaded("AKE10427XV", "809-12345675"), _loaded("AKE10428XV", "809-12345675"))
    assert len(_desk(an_air_waybill(), both).last[DIRECT].units) == 2
    for share, units in (("P", 2), ("T", 1), (None, 1)):
        flights = [
            a_flight_manifest(_loaded(number, "80912345675", share=share), flight=flight)
            for number, flight in (("AKE10427XV", "XV123"), ("AKE10428XV", "XV125"))
        ]
        assert len(_desk(an_air_waybill(), *flights).last[DIRECT].units) == units


def test_what_is_loaded_loose_has_its_flight_alone() -> None:
    """Bulk cargo shares one unit, known by the flight, its day and the airport."""
    loose = LoadedUnit(None, None, _loaded("", "80912345675").waybills)
    (version,) = _desk(an_air_waybill(), a_flight_manifest(loose)).standing().values()
    assert version.units == (Unit(UnitKind.ULD, "?XV1232026-02-02LHR"),)
    assert version.scheduled_arrival == ARRIVAL


def test_an_outcome_that_names_a_unit_reaches_what_is_aboard() -> None:
    """An examination of a ULD resolves to its movement, and to a consignment named with a dash in its waybill."""
    desk = _desk(an_air_waybill(), a_flight_manifest())
    outcome = an_examination(unit=ULD, consignments=(), finds=(), arrival=ARRIVAL, recorded_at=ARRIVAL + 5 * HOUR)
    (resolved,) = desk.take(outcome).outcomes
    assert (resolved.movements, resolved.named) == (desk.last[DIRECT].movements, (DIRECT,))
    (resolved,) = desk.take(replace(outcome, examination_id="X2", consignments=("809-12345675",))).outcomes
    assert resolved.named == (DIRECT,)


def test_an_older_waybill_does_not_replace_a_newer_one() -> None:
    """It is noted on the version, and the newer one stands."""
    newer, older = an_air_waybill(pieces=7), an_air_waybill(issued_at=ARRIVAL - 3 * DAY)
    version = _desk(newer, older).last[DIRECT]
    assert version.waybill == newer
    assert version.flags == ("an older waybill came after a newer one",)


def test_air_waybills_on_the_road_stay_on_their_crossing() -> None:
    """A lorry's declaration that names an air waybill is not put on a flight."""
    goods = replace(a_roro_entry().items[0], documents=an_air_entry().items[0].documents)
    trucked = a_roro_entry(items=(goods,))
    version = _desk(trucked, a_flight_manifest()).last[DIRECT]
    assert version.mode is Mode.RORO_ACCOMPANIED
