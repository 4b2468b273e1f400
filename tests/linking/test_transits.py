"""Transit declarations: each house consignment to its consignment, before or after the entry summary."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aftc.clock import HOUR
from aftc.linking.keys import consignment_id
from aftc.records import (
    ConsignmentVersion,
    DocumentReference,
    PreviousDocument,
    TransitDeclaration,
)
from aftc.testing import MRN, a_booking, a_response, a_roro_entry, a_transit, a_transit_house
from tests.linking.test_link import Desk

CMR = consignment_id("document", "CMR-4711")
UNDOCUMENTED = a_transit_house(transport_documents=())
OTHER_GOODS = {"number": 2, "packages": 7, "gross_mass_g": 70_000}
OTHER = a_transit_house(
    goods=OTHER_GOODS, gross_mass_g=70_000, transport_documents=(DocumentReference("N730", "CMR-4712"),)
)
BY_UCR = a_transit(replace(UNDOCUMENTED, ucr="6GB123456789000-UCR1", items=OTHER.items))
BY_MRN = a_transit(replace(OTHER, transport_documents=(), previous_documents=(PreviousDocument("N355", MRN),)))


def _goods(desk: Desk) -> ConsignmentVersion:
    return next(each for each in desk.standing() if each.consignment_id == CMR)


@pytest.mark.parametrize(
    ("transit", "key"),
    [
        (a_transit(), "transit names transport_document"),
        (BY_UCR, "transit names ucr"),
        (BY_MRN, "transit names mrn"),
        (a_transit(UNDOCUMENTED), "transit names equipment"),
    ],
)
def test_a_declaration_joins_what_it_names(transit: TransitDeclaration, key: str) -> None:
    """By transport document, UCR, the entry summary's MRN, else by goods in its vehicle: one consignment holds both."""
    desk = Desk()
    for record in (a_roro_entry(), a_response(), a_booking(), transit):
        desk.take(record)
    (version,) = desk.standing()
    assert version.transit == transit
    (link,) = [each for each in version.links if each.stream == "ncts_transit"]
    assert link.key == key
    assert link.confidence == (0.8 if "equipment" in key else 1.0)


@pytest.mark.parametrize("transit", [a_transit(), BY_UCR, BY_MRN, a_transit(UNDOCUMENTED)])
def test_the_entry_summary_may_come_after_it(transit: TransitDeclaration) -> None:
    """What came first begins no consignment and waits; the entry summary finds it under whatever both name."""
    desk = Desk()
    desk.take(transit)
    assert desk.standing() == []
    for record in (a_booking(), a_roro_entry(), a_response()):
        desk.take(record)
    (version,) = desk.standing()
    assert version.consignment_id == CMR
    assert version.transit == transit
    assert version.booking is not None
    assert [each.sequence for each in version.links if each.stream == "ncts_transit"] == [1]  # whose evidence it is


def test_each_house_consignment_joins_its_own() -> None:
    """Two house consignments of one declaration attach each to its consignment, cut to it, flags too."""
    desk = Desk()
    desk.take(a_roro_entry())
    flags = ("CC015C/x: y", "houses[2]/items[1]/hs_code: not in the Harmonized System: '990000'")
    declaration = a_transit(a_transit_house(), OTHER, flags=flags)
    desk.take(declaration)
    (item,) = a_roro_entry().items
    documents = (DocumentReference("N730", "CMR-4712"),)
    desk.take(a_roro_entry(lrn="LRN-2", message_id="M-2", items=(replace(item, documents=documents),)))
    first = _goods(desk)
    second = desk.last[consignment_id("document", "CMR-4712")]
    assert first.transit == replace(declaration, houses=declaration.houses[:1], flags=flags[:1])
    assert second.transit == replace(declaration, houses=declaration.houses[1:])


def test_a_key_that_names_two_joins_neither() -> None:
    """Where two consignments have the UCR, and the goods are no one's, the declaration waits."""
    desk = Desk()
    desk.take(a_roro_entry())
    (item,) = a_roro_entry().items
    documents = (DocumentReference("N730", "CMR-9"),)
    desk.take(a_roro_entry(lrn="LRN-9", message_id="M-9", items=(replace(item, documents=documents),)))
    desk.take(BY_UCR)
    assert [each.transit for each in desk.standing()] == [None, None]


def test_several_documents_of_one_house_name_none() -> None:
    """A house consignment of two consignment notes is not guessed to be either."""
    documents = (DocumentReference("N730", "CMR-4711"), DocumentReference("N730", "CMR-4712"))
    house = replace(OTHER, transport_documents=documents)
    desk = Desk()
    desk.take(a_roro_entry())
    desk.take(a_transit(house))
    assert _goods(desk).transit is None


def test_the_declaration_prepared_last_stands() -> None:
    """A corrected declaration replaces the first; the first, come late, changes nothing but the evidence."""
    first = a_transit()
    later = a_transit(lrn="TRANSIT-2", declared_at=(first.declared_at or 0) + HOUR)
    for order in ((first, later), (later, first)):
        desk = Desk()
        desk.take(a_roro_entry())
        for record in order:
            desk.take(record)
        assert _goods(desk).transit == later
