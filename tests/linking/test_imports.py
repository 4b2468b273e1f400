"""Import declarations join the consignments that they name, in any order, with what customs tells of them."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, HOUR
from aftc.config import Settings
from aftc.linking import Linked, link
from aftc.linking.imports import IMPORT_REJECTED
from aftc.linking.keys import consignment_id
from aftc.overlay import MemoryState
from aftc.records import (
    ConsignmentVersion,
    DeclarationReference,
    EntrySummary,
    ImportDeclaration,
    Mode,
    Party,
    PreviousDocument,
    Record,
)
from aftc.testing import (
    ARRIVAL,
    IMPORT_MRN,
    MRN,
    a_bill,
    a_booking,
    a_container_entry,
    a_goods_movement,
    a_manifest,
    a_notification,
    a_response,
    a_roro_entry,
    an_import_declaration,
)

STREAMS = {
    "EntrySummary": "ens",
    "EntryResponse": "ens_response",
    "FerryBooking": "ferry_booking",
    "GoodsMovement": "gmr",
    "Manifest": "cuscar",
    "ImportDeclaration": "cds_import",
    "DeclarationNotification": "cds_notification",
}
LORRY = consignment_id("document", "CMR-4711")


class Desk:
    """Links one message an hour and keeps the last version of each consignment."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.sequence = 0
        self.known_at = ARRIVAL - 2 * DAY
        self.last: dict[str, ConsignmentVersion] = {}

    def take(self, *records: Record) -> Linked:
        """Each record in a message of its own; what the last one changed."""
        for record in records:
            self.sequence += 1
            self.known_at += HOUR
            linked = link(
                self.state,
                (record,),
                stream=STREAMS[type(record).__name__],
                sequence=self.sequence,
                known_at=self.known_at,
                settings=Settings(),
            )
            self.last.update({version.consignment_id: version for version in linked.versions})
        return linked

    def only(self) -> ConsignmentVersion:
        """The one consignment that no other has taken over."""
        (version,) = [version for version in self.last.values() if version.joined_into is None]
        return version


def _under(*documents: PreviousDocument, **given: Any) -> Any:
    return an_import_declaration(previous_documents=documents, **given)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_entry_import_receipt_and_booking_join_in_any_order(order: tuple[int, ...]) -> None:
    """By its UCR the import declaration ends on its lorry's consignment with its MRN, whatever came first."""
    desk = Desk()
    messages = (a_roro_entry(), an_import_declaration(), a_notification(), a_booking())
    desk.take(*(messages[place] for place in order))
    version = desk.only()
    assert version.consignment_id == LORRY
    assert None not in (version.entry, version.booking, version.import_declaration)
    assert (version.import_mrn, version.import_rejected) == (IMPORT_MRN, False)
    assert "import names ucr" in {each.key for each in version.links}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_entry_summary_named_by_its_mrn_is_joined_once_that_is_told(order: tuple[int, ...]) -> None:
    """A previous document 355 names the MRN that customs gives the entry summary, before or after it is known."""
    messages = (a_roro_entry(ucr=None), a_response(), _under(PreviousDocument("355", MRN, "Z", 1)))
    desk = Desk()
    desk.take(*(messages[place] for place in order))
    version = desk.only()
    assert version.consignment_id == LORRY
    assert version.import_declaration is not None
    assert [each.value for each in version.links if each.key == "import names mrn"] == [MRN]


@pytest.mark.parametrize("first", [True, False])
def test_a_bill_is_named_as_a_previous_document(first: bool) -> None:
    """By sea the transport document is the key: the declaration waits under it or finds the consignment."""
    declaration = _under(PreviousDocument("705", "OCEAN 0001"), containers=("CSQU3054383",), transport_mode="1")
    others = (a_container_entry(), a_manifest(bills=(a_bill(),)))
    desk = Desk()
    desk.take(*((declaration, *others) if first else (*others, declaration)))
    version = desk.last[consignment_id("document", "OCEAN0001")]
    assert version.import_declaration is not None
    assert version.entry is not None


@pytest.mark.parametrize(("packages", "joined"), [(1800, True), (1799, False)])
def test_the_only_such_consignment_in_its_container_is_meant(packages: int, joined: bool) -> None:
    """A declaration without a reference joins by container where packages and mass are the same, less surely."""
    goods = {"packages": packages, "gross_mass_g": 22_000_000}
    desk = Desk()
    desk.take(a_container_entry(), _under(containers=("CSQU 305438-3",), transport_mode="1", goods=goods))
    version = desk.last[consignment_id("document", "OCEAN0001")]
    assert (version.import_declaration is not None) is joined
    found = [each.confidence for each in version.links if each.key == "import names unit"]
    assert found == ([0.8] if joined else [])


def test_a_goods_movement_names_the_import_declaration() -> None:
    """A movement that names the import's MRN takes its consignment aboard, before or after the MRN is told."""
    movement = a_goods_movement(
        vehicle="ZZ99 ZZZ", trailers=(), declarations=(DeclarationReference("customs", IMPORT_MRN, None),)
    )
    for messages in ((a_notification(), movement), (movement, a_notification())):
        desk = Desk()
        desk.take(a_roro_entry(vehicles=(), conveyance_identity=None), an_import_declaration(), *messages)
        version = desk.only()
        assert version.goods_movement is not None
        assert version.consignment_id == LORRY


def test_a_declaration_that_names_nothing_known_stands_alone_until_its_entry_comes() -> None:
    """It is a consignment of its own, with its control; the entry's consignment takes both over."""
    desk = Desk()
    desk.take(an_import_declaration(), a_notification("05"))
    alone = desk.only()
    assert alone.entry is None
    assert alone.mode is Mode.RORO_UNACCOMPANIED
    assert alone.control_at == desk.known_at
    held = desk.known_at
    desk.take(a_roro_entry())
    version = desk.only()
    assert version.consignment_id == LORRY
    assert version.joined_from == (alone.consignment_id,)
    assert version.control_at == held


def test_a_control_bounds_the_decision_and_says_nothing_else() -> None:
    """Examination and documents wanted give the known-at of the message, for all aboard; the first one stands."""
    for function in ("05", "06"):
        desk = Desk()
        desk.take(a_roro_entry(), a_booking(), an_import_declaration(), a_notification())
        before = desk.only()
        assert before.control_at is None
        desk.take(a_notification(function))
        version = desk.only()
        assert version.control_at == desk.known_at
        desk.take(a_notification(function, notification_id="TOLD-2"))
        assert desk.only().control_at == version.control_at
        same = replace(version, version=before.version, known_at=before.known_at, sequence=before.sequence)
        assert replace(same, control_at=None, links=before.links) == before


def test_what_ends_a_declaration_teaches_nothing() -> None:
    """Release, clearance and whatever else may follow from an examination make no version."""
    desk = Desk()
    desk.take(a_roro_entry(), an_import_declaration())
    for function in ("08", "09", "10", "16"):
        assert desk.take(a_notification(function)).versions == ()


def test_a_rejection_stands_until_another_declaration_or_a_registration() -> None:
    """Rejected is a flag; a declaration under a new LRN replaces it, and what is registered is not rejected."""
    desk = Desk()
    desk.take(a_roro_entry(), an_import_declaration(), a_notification("03", mrn=None))
    assert desk.only().import_rejected
    assert desk.only().flags == (IMPORT_REJECTED,)
    desk.take(an_import_declaration(lrn="IMPORT-2"))
    assert (desk.only().import_rejected, desk.only().flags) == (False, ())
    desk.take(a_notification(lrn="IMPORT-2"), a_notification("03", lrn="IMPORT-2", mrn=None))
    assert (desk.only().import_rejected, desk.only().import_mrn) == (False, IMPORT_MRN)


def test_the_newest_declaration_stands_and_an_older_acceptance_does_not_replace_it() -> None:
    """A supplementary declaration replaces what it supplements; one accepted before it only leaves a flag."""
    simplified = PreviousDocument("SDE", IMPORT_MRN, "Y")
    supplement = _under(simplified, lrn="IMPORT-2", kind="IMY", accepted_at=ARRIVAL)
    desk = Desk()
    desk.take(a_roro_entry(), an_import_declaration(kind="IMC"), a_notification(), supplement)
    assert desk.only().import_declaration == supplement
    desk.take(_under(simplified, lrn="IMPORT-3", kind="IMY", accepted_at=ARRIVAL - DAY))
    assert desk.only().import_declaration == supplement
    assert desk.only().flags == ("an older import declaration came after a newer one",)


def _groupage() -> EntrySummary:
    entry = a_roro_entry(ucr=None)
    (first,) = entry.items
    other = replace(first, number=2, documents=(replace(first.documents[0], reference="CMR-4712"),))
    return replace(entry, items=(first, other), total_items=2)


@pytest.mark.parametrize("last", [True, False])
def test_an_entry_summary_of_several_consignments_is_told_apart_by_its_goods_item(last: bool) -> None:
    """Its MRN alone names no one of them; with the number of the goods item it does."""
    told = (_groupage(), a_response())
    vague, exact = _under(PreviousDocument("355", MRN, "Z")), _under(PreviousDocument("355", MRN, "Z", 2), lrn="I-2")
    desk = Desk()
    desk.take(*((*told, vague, exact) if last else (vague, exact, *told)))
    assert desk.last[LORRY].import_declaration is None
    assert desk.last[consignment_id("document", "CMR-4712")].import_declaration == exact
    assert len([each for each in desk.last.values() if each.joined_into is None]) == 3


def test_one_lrn_of_two_declarants_is_told_of_neither() -> None:
    """A notification names no declarant, so an LRN that two used within thirty days waits for nobody."""
    desk = Desk()
    other = an_import_declaration(ducr="6GB999999999000-X", declarant=Party(eori="GB999999999000"))
    desk.take(a_roro_entry(), an_import_declaration(), other)
    assert desk.take(a_notification()).versions == ()


def test_numbers_with_lost_characters_name_nothing() -> None:
    """A UCR or bill with characters lost on the way joins no other, and a name of many is none either."""
    desk, other = Desk(), {"packages": 7}
    lost = "6GB12345\ufffd-UCR1"
    desk.take(a_roro_entry(ucr=lost), an_import_declaration(ducr=lost, goods=other))
    assert len([each for each in desk.last.values() if each.joined_into is None]) == 2
    desk.take(_under(PreviousDocument("730", "CMR-\ufffd"), lrn="IMPORT-9", goods=other))
    assert len([each for each in desk.last.values() if each.joined_into is None]) == 3


def _nameless(**given: Any) -> ImportDeclaration:
    """An import declaration of the lorry's goods that names no document."""
    entry = a_roro_entry()
    goods = replace(
        an_import_declaration().items[0],
        packages=sum(each.packages or 0 for each in entry.items),
        gross_mass_g=sum(each.gross_mass_g or 0 for each in entry.items),
        previous_documents=(),
    )
    sender = entry.consignor or entry.items[0].consignor
    return an_import_declaration(
        **{"exporter": sender, "items": (goods,), "previous_documents": (), "ucr": None, **given}
    )


@pytest.mark.parametrize("first", [0, 1])
def test_an_import_that_names_nothing_is_known_by_exporter_packages_and_mass(first: int) -> None:
    """Where one consignment alone has them, whichever paper comes first."""
    papers: list[Record] = [a_roro_entry(), _nameless()]
    desk = Desk()
    desk.take(papers[first], papers[1 - first])
    version = desk.only()
    assert version.entry is not None
    assert version.import_declaration is not None


def test_exporter_packages_and_mass_of_two_consignments_name_none() -> None:
    """Two alike, or another exporter: the declaration stays alone."""
    other = a_roro_entry(lrn="OTHER-1", items=tuple(replace(g, documents=()) for g in a_roro_entry().items))
    desk = Desk()
    desk.take(a_roro_entry(), other, _nameless())
    assert sum(each.import_declaration is not None and each.entry is None for each in desk.last.values()) == 1
    desk = Desk()
    desk.take(a_roro_entry(), _nameless(exporter=Party(eori="FR99999999999")))
    assert sum(each.import_declaration is not None and each.entry is None for each in desk.last.values()) == 1
