"""Papers of one consignment under references that differ, and air waybills above houses, end in one place."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, HOUR
from aftc.history.tables import document_of
from aftc.linking.keys import alike, consignment_id
from aftc.records import (
    AirWaybill,
    ConsignmentVersion,
    DocumentReference,
    EntrySummary,
    Manifest,
    PreviousDocument,
    Record,
)
from aftc.testing import (
    ARRIVAL,
    MRN,
    a_bill,
    a_container_entry,
    a_flight_manifest,
    a_house_waybill,
    a_manifest,
    a_party,
    a_response,
    a_roro_entry,
    a_transport_document,
    an_air_entry,
    an_air_waybill,
    an_import_declaration,
)
from tests.linking.test_flights import CONSOLIDATION, ULD
from tests.linking.test_flights import Desk as AirDesk
from tests.linking.test_imports import Desk as ImportDesk
from tests.linking.test_link import Desk

DECLARED = consignment_id("document", "OCEAN12345")
SLIPPED = "OCEAN1245"  # a digit left out
OTHER_MASS = {"gross_mass_g": 1, "packages": 1}


def _standing(*records: Record) -> list[ConsignmentVersion]:
    desk = Desk()
    for record in records:
        desk.take(record)
    return desk.standing()


def _bill(reference: str, **given: object) -> Manifest:
    return a_manifest(a_bill(master=reference, **given))


@pytest.mark.parametrize("manifest_first", [False, True])
def test_a_mistyped_bill_joins_its_declaration(manifest_first: bool) -> None:
    """In one container, with references alike and as many packages, bill and declaration are one, not quite surely."""
    records: list[Record] = [a_container_entry(document="OCEAN12345"), _bill(SLIPPED)]
    (version,) = _standing(*(reversed(records) if manifest_first else records))
    assert version.consignment_id == DECLARED
    assert None not in (version.entry, version.manifest)
    (link,) = [each for each in version.links if each.key == "alike transport_document"]
    assert (link.value, link.confidence) == (SLIPPED, 0.8)
    assert consignment_id("document", SLIPPED) in version.joined_from


@pytest.mark.parametrize(
    "bill",
    [
        _bill("OCEAN12346"),  # the next number
        _bill("OCEAN99999"),
        _bill(SLIPPED, **OTHER_MASS),
        _bill(SLIPPED, containers=("MSKU1234565",)),
    ],
    ids=["numbers in a row", "unlike", "other goods", "another container"],
)
def test_what_is_no_slip_stays_apart(bill: Manifest) -> None:
    """A number given in a row, an unlike one, other goods and another container are other consignments."""
    assert len(_standing(a_container_entry(document="OCEAN12345"), bill)) == 2


def test_of_two_that_may_be_meant_none_is() -> None:
    """Two bills alike to one declaration leave it alone."""
    both = a_manifest(a_bill(master=SLIPPED), a_bill(master="OCEAN1345"))
    assert len(_standing(a_container_entry(document="OCEAN12345"), both)) == 3


def test_the_bill_of_its_own_outweighs_one_alike() -> None:
    """A manifest that has both bills joins each to its own declaration, whichever stands first in it."""
    both = a_manifest(a_bill(master=SLIPPED), a_bill(master="OCEAN12345"))
    standing = {each.consignment_id: each for each in _standing(a_container_entry(document="OCEAN12345"), both)}
    assert set(standing) == {DECLARED, consignment_id("document", SLIPPED)}
    manifest = standing[DECLARED].manifest
    assert manifest is not None
    assert manifest.bills[0].master == "OCEAN12345"


def test_a_declaration_without_documents_joins_the_bill_that_says_the_same() -> None:
    """Packages and consignee stand in for the document that was left out, in the same container."""
    entry = a_container_entry()
    entry = replace(entry, items=(replace(entry.items[0], documents=()),), consignee=a_bill().consignee)
    assert entry.consignee is not None
    named = a_bill(consignee=replace(entry.consignee, name="Harbour Fruit Imports Ltd"))
    (version,) = _standing(entry, a_manifest(named, a_bill(master="OTHER777", **OTHER_MASS)))[:1]
    assert version.manifest is not None
    assert "packages+mass+consignee" in {each.key for each in version.links}


def test_the_same_bill_again_finds_what_took_it_over() -> None:
    """A manifest sent again with the slip makes no second consignment."""
    bill = _bill(SLIPPED)
    (version,) = _standing(a_container_entry(document="OCEAN12345"), bill, replace(bill, function="5"))
    assert version.manifest is not None
    assert version.manifest.function == "5"


def test_a_declaration_of_its_own_parts_them() -> None:
    """What was taken for a slip stands by itself, with its bill, once it is declared by itself."""
    standing = _standing(
        a_container_entry(document="OCEAN12345"),
        _bill(SLIPPED),
        a_container_entry(document=SLIPPED, lrn="LRN-2", message_id="MSG-2"),
    )
    by_id = {each.consignment_id: each for each in standing}
    assert set(by_id) == {DECLARED, consignment_id("document", SLIPPED)}
    assert by_id[DECLARED].manifest is None
    assert by_id[consignment_id("document", SLIPPED)].manifest is not None


PARTED = consignment_id("document", SLIPPED)
BOTH_DECLARED = (
    a_container_entry(document="OCEAN12345"),
    a_container_entry(document=SLIPPED, lrn="LRN-2", message_id="MSG-2"),
)
REPORTS = (_bill(SLIPPED), replace(_bill(SLIPPED), function="5"))
ELECTRONIC = tuple(a_transport_document(reference=SLIPPED, issued=day) for day in ("2026-03-01", "2026-03-02"))


@pytest.mark.parametrize("papers", [REPORTS, ELECTRONIC], ids=["reports", "electronic bills"])
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_parts_again_has_the_newest_paper_of_its_own(papers: tuple[Record, ...], order: tuple[int, ...]) -> None:
    """A paper under the slip that came while another had taken it over goes with the one that was parted from it."""
    records = (*BOTH_DECLARED, *papers)
    by_id = {each.consignment_id: each for each in _standing(*(records[place] for place in order))}
    assert set(by_id) == {DECLARED, PARTED}
    assert papers[1] in (by_id[PARTED].manifest, by_id[PARTED].transport_document)
    assert (by_id[DECLARED].manifest, by_id[DECLARED].transport_document) == (None, None)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_parts_again_has_the_newest_waybill_of_its_own(order: tuple[int, ...]) -> None:
    """As with bills: the later issue of a house waybill whose declaration was taken for another's stands with it."""
    own = "MWF124567"
    newest = a_house_waybill(own, issued_at=ARRIVAL - HOUR)
    records = (
        an_air_entry("MWF1234567"),
        an_air_entry(own, lrn="LRN-2", message_id="MSG-2"),
        a_house_waybill(own, issued_at=ARRIVAL - 2 * HOUR),
        newest,
    )
    standing = _air(CONSOLIDATION, *(records[place] for place in order))
    assert standing[consignment_id("document", own)].waybill == newest
    assert standing[consignment_id("document", "MWF1234567")].waybill is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("CMR1234567", "CMR1234567", False),
        ("CMR1234567", "CMR124567", True),
        ("CMR1234567", "CMR12344567", True),
        ("CMR1234567", "CMR1243567", True),
        ("CMR1234567", "CMP1234567", True),
        ("CMR1234567", "CMR1934567", True),
        ("CMR1234567", "CMR1234568", False),
        ("CMR1234567", "CMR1234767", False),
        ("CMR1234567", "CMR123456", True),
        ("CMR1234567", "CMR12345", False),
        ("AB12", "AB21", False),
    ],
)
def test_alike_is_one_slip_of_the_hand(one: str, other: str, expected: bool) -> None:
    """One sign left out, put in, changed, or two swapped; not the last digits, which count consignments."""
    assert alike(one, other) is expected
    assert alike(other, one) is expected


def _of_two_items(first: str, second: str, **second_given: object) -> EntrySummary:
    (goods,) = a_roro_entry().items
    items = [replace(goods, number=1, documents=(DocumentReference("N730", first),))]
    items.append(replace(goods, number=2, documents=(DocumentReference("N730", second),), **second_given))
    return a_roro_entry(items=tuple(items))


@pytest.mark.parametrize("right_first", [False, True])
@pytest.mark.parametrize("import_first", [False, True])
def test_a_slip_within_one_declaration_makes_no_second_consignment(right_first: bool, import_first: bool) -> None:
    """Its items are one consignment's, which an import declaration finds under the right reference."""
    entry = _of_two_items(*(("CMR-471100", "CMR-741100") if right_first else ("CMR-741100", "CMR-471100")))
    named = (PreviousDocument("730", "CMR-471100", "Z"),)
    inland = an_import_declaration(previous_documents=named, exporter=None)
    desk = ImportDesk()
    desk.take(*((inland, entry) if import_first else (entry, inland)))
    assert desk.only().import_declaration is not None
    assert desk.only().entry == entry


@pytest.mark.parametrize(
    "entry",
    [
        _of_two_items("CMR-471100", "CMR-471101"),
        _of_two_items("CMR-471100", "CMR-741100", ucr="6GB123456789000-UCR2"),
        _of_two_items("CMR-471100", "CMR-999999"),
    ],
    ids=["numbers in a row", "another UCR", "unlike"],
)
def test_two_consignments_of_one_declaration_stay_two(entry: EntrySummary) -> None:
    """Groupage: a number in a row, an unlike one, and goods under a UCR of their own are other consignments."""
    assert len(_standing(entry)) == 2


def test_a_mistyped_bill_joins_what_has_an_electronic_one() -> None:
    """A declaration with its electronic bill lacks the manifest's, which the container and packages show."""
    electronic = a_transport_document(reference="OCEAN12345")
    (version,) = _standing(a_container_entry(document="OCEAN12345"), electronic, _bill(SLIPPED))
    assert None not in (version.manifest, version.transport_document)


BOTH_PAPERS = (a_container_entry(document="OCEAN12345"), a_transport_document(reference="OCEAN1235"), _bill(SLIPPED))


@pytest.mark.parametrize("records", list(permutations(BOTH_PAPERS)))
def test_two_mistyped_papers_of_different_kinds_join_their_declaration(records: tuple[Record, ...]) -> None:
    """The electronic bill under one slip and the manifest's under another are both its own, in any order."""
    (version,) = _standing(*records)
    assert None not in (version.entry, version.manifest, version.transport_document)


def test_a_report_that_comes_again_with_a_slip_is_the_same_report() -> None:
    """The bill that it no longer lists is the one that it lists mistyped; one that it lists beside it is another."""
    bill, entry = _bill("OCEAN12345"), a_container_entry(document="OCEAN12345")
    again = replace(_bill(SLIPPED), function="5")
    (version,) = _standing(entry, bill, again)
    assert version.manifest is not None
    assert version.manifest.bills[0].master == SLIPPED
    assert len(_standing(entry, bill, replace(again, bills=(*again.bills, *bill.bills)))) == 2


def _air(*records: Record) -> dict[str, ConsignmentVersion]:
    desk = AirDesk()
    for record in records:
        desk.take(record)
    return desk.standing()


def _evidence(version: ConsignmentVersion) -> set[tuple[str, str]]:
    return {(each.stream, each.key) for each in version.links}


@pytest.mark.parametrize("records", list(permutations((CONSOLIDATION, a_house_waybill(), an_air_entry("MWF0002")))))
def test_the_waybill_of_a_consolidation_waits_for_its_houses(records: tuple[Record, ...]) -> None:
    """Whether it comes before or after them, each house has it as evidence."""
    standing = _air(*records)
    assert len(standing) == 2
    assert all(("xfwb", "air_waybill") in _evidence(version) for version in standing.values())


@pytest.mark.parametrize(
    "records", list(permutations((an_air_waybill(), an_air_entry("PX000001"), a_flight_manifest())))
)
def test_a_direct_waybill_is_that_of_the_house_declared_under_it(records: tuple[Record, ...]) -> None:
    """A parcel alone under an air waybill is one consignment, known by its own number, in any order."""
    ((identity, version),) = _air(*records).items()
    assert identity == consignment_id("document", "PX000001")
    assert version.waybill == an_air_waybill()
    assert version.units == (ULD,)
    assert document_of(version) == "PX000001"
    assert ("xfwb", "transport_document") in _evidence(version)


@pytest.mark.parametrize(
    "records", list(permutations((an_air_waybill(), an_air_entry("PX000001"), an_air_entry("PY777777", lrn="LRN-2"))))
)
def test_a_direct_waybill_above_many_is_evidence_alone(records: tuple[Record, ...]) -> None:
    """Two parcels declared under it have it as evidence, and neither as its own."""
    standing = _air(*records)
    assert len(standing) == 2
    for version in standing.values():
        assert version.waybill is None
        assert ("xfwb", "transport_document") in _evidence(version)


def test_a_mistyped_house_waybill_joins_its_declaration() -> None:
    """Under one air waybill, with as many pieces, the house with a slip is the declared one, whichever is first."""
    entry, house = an_air_entry("MWF1234567"), a_house_waybill("MWF124567")
    for records in ((entry, house), (house, entry)):
        (version,) = _air(CONSOLIDATION, *records).values()
        assert isinstance(version.waybill, AirWaybill)
        assert version.entry == entry


MISTYPED_AND_OWN = (
    an_air_entry("MWF1234567"),
    a_house_waybill("MWF124567", issued_at=ARRIVAL - HOUR),
    a_house_waybill("MWF1234567", issued_at=ARRIVAL - 5 * HOUR),
)


@pytest.mark.parametrize("records", list(permutations(MISTYPED_AND_OWN)))
def test_the_waybill_of_its_own_outweighs_a_newer_one_alike(records: tuple[Record, ...]) -> None:
    """Whichever of the two comes first."""
    declared = _air(CONSOLIDATION, *records)[consignment_id("document", "MWF1234567")]
    assert declared.waybill == MISTYPED_AND_OWN[2]


TWO_REPORTS = (
    a_container_entry(document="OCEAN12345"),
    replace(_bill(SLIPPED), reference="REPORT-2", prepared_at=ARRIVAL - HOUR),
    replace(_bill("OCEAN12345"), prepared_at=ARRIVAL - 48 * HOUR),
)


@pytest.mark.parametrize("records", list(permutations(TWO_REPORTS)))
def test_the_report_of_its_own_bill_outweighs_another_of_one_alike(records: tuple[Record, ...]) -> None:
    """Though that was prepared later: it is no report that came again."""
    by_id = {each.consignment_id: each for each in _standing(*records)}
    assert by_id[DECLARED].manifest == TWO_REPORTS[2]


UNNAMED_BY_AIR = replace(an_air_entry(), items=tuple(replace(each, documents=()) for each in an_air_entry().items))


def _the_parcel(**given: object) -> AirWaybill:
    """The house waybill of what `an_air_entry` declares."""
    return a_house_waybill("PX000001", consignor=UNNAMED_BY_AIR.consignor, consignee=UNNAMED_BY_AIR.consignee, **given)


@pytest.mark.parametrize("records", list(permutations((UNNAMED_BY_AIR, _the_parcel()))))
def test_a_parcel_declared_without_a_document_joins_its_waybill(records: tuple[Record, ...]) -> None:
    """Consignor, consignee, packages and mass stand in for the number, in any order."""
    (version,) = _air(*records).values()
    assert None not in (version.entry, version.waybill)
    assert "packages+mass+consignee" in {each.key for each in version.links}


@pytest.mark.parametrize(
    "others",
    [
        (replace(_the_parcel(), consignee=a_party("Somebody Else Ltd")),),
        (_the_parcel(pieces=7),),
        (_the_parcel(issued_at=ARRIVAL - 40 * DAY),),
        (_the_parcel(), replace(_the_parcel(), house="PX770002")),
    ],
    ids=["another consignee", "other packages", "long ago", "two alike"],
)
def test_a_parcel_that_may_be_another_stays_apart(others: tuple[AirWaybill, ...]) -> None:
    """Another consignee, other goods, another time, or two waybills alike: nothing is joined."""
    assert all(each.waybill is None for each in _air(*others, UNNAMED_BY_AIR).values() if each.entry is not None)


def test_a_mistyped_air_waybill_is_found_by_its_goods() -> None:
    """Alike but for a digit put in, from the same consignor to the same consignee."""
    parties = {"consignor": UNNAMED_BY_AIR.consignor, "consignee": UNNAMED_BY_AIR.consignee}
    (version,) = _air(an_air_waybill(master="809-123445675", **parties), an_air_entry()).values()
    assert version.waybill is not None


NAMED_LATER = (
    a_house_waybill("PX000001", pieces=9),
    UNNAMED_BY_AIR,
    a_response(entry=replace(a_response().entry, lrn=UNNAMED_BY_AIR.lrn, mrn=MRN)),
    replace(an_air_entry("PX000001"), lrn=None, mrn=MRN, amendment=True, declared_at=ARRIVAL - 2 * HOUR),
)


@pytest.mark.parametrize("records", list(permutations(NAMED_LATER)))
def test_an_amendment_names_what_was_declared_without_a_document(records: tuple[Record, ...]) -> None:
    """By its MRN, though packages and mass have changed with it."""
    (version,) = _air(*records).values()
    assert (version.registered_mrn, version.waybill is None) == (MRN, False)
