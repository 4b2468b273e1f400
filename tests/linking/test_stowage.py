"""Bay plans, container orders and electronic bills of lading find their consignments in whatever order they come."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec.structs import replace

from aftc.clock import DAY, HOUR
from aftc.linking.keys import consignment_id
from aftc.records import ConsignmentVersion, DocumentReference, Mode, Record
from aftc.testing import (
    ARRIVAL,
    a_bay_plan,
    a_bill,
    a_container_entry,
    a_container_order,
    a_manifest,
    a_transport_document,
    a_voyage_container,
)
from tests.linking.test_link import Desk

OTHER = "MSCU1234566"
RECORDS = (a_container_entry(), a_manifest(), a_bay_plan(), a_container_order(), a_transport_document())


def _joined(*records: Record) -> ConsignmentVersion:
    """The only consignment that these records make."""
    desk = Desk()
    for record in records:
        desk.take(record)
    (version,) = desk.standing()
    return version


def _keys(version: ConsignmentVersion, stream: str) -> list[tuple[str, float]]:
    return [(link.key, link.confidence) for link in version.links if link.stream == stream]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_five_streams_join_in_any_order(order: tuple[int, ...]) -> None:
    """One consignment on one movement holds what all of them say, each by an exact key."""
    version = _joined(*(RECORDS[place] for place in order))
    assert version.consignment_id == consignment_id("document", "OCEAN0001")
    assert (version.mode, version.scheduled_arrival) == (Mode.CONTAINER, ARRIVAL + HOUR)
    assert [unit.number for unit in version.units] == ["CSQU3054383"]
    held = (version.entry, version.manifest, version.bay_plan, version.container_order, version.transport_document)
    assert held == RECORDS
    for stream in ("baplie", "coprar"):
        assert _keys(version, stream) == [("stowed container+voyage", 1.0)]
    assert ("transport_document", 1.0) in _keys(version, "dcsa_bl")


def test_containers_that_nobody_declares_are_no_consignments() -> None:
    """A bay plan alone makes no version: most of what is aboard is bound elsewhere."""
    desk = Desk()
    linked = [desk.take(each) for each in (a_bay_plan(), a_container_order())]
    assert [each.versions for each in linked] == [(), ()]


def test_of_two_bay_plans_the_later_prepared_stands() -> None:
    """Whichever comes first, the plan on leaving the last port says where the container stands."""
    later = a_bay_plan(a_voyage_container(position="0090402"), reference="BAYPLAN-2", prepared_at=ARRIVAL - DAY)
    for plans in ((a_bay_plan(), later), (later, a_bay_plan())):
        version = _joined(a_manifest(), *plans)
        assert version.bay_plan == later


def test_a_cancelled_order_no_longer_holds() -> None:
    """An order that is withdrawn leaves what was known before it out as well."""
    cancelled = a_container_order(function="1", prepared_at=ARRIVAL - 300 * HOUR)
    for orders in ((a_container_order(), cancelled), (cancelled, a_container_order())):
        assert _joined(a_manifest(), *orders).container_order is None


def test_another_voyage_of_the_container_is_left_alone() -> None:
    """Neither another number nor the same number half a year before speaks of this voyage."""
    earlier = a_bay_plan(voyage="V101E", departure=ARRIVAL - 180 * DAY, prepared_at=ARRIVAL - 180 * DAY)
    for plan in (a_bay_plan(voyage="V102E"), earlier):
        assert _joined(a_manifest(), plan).bay_plan is None
        assert _joined(plan, a_manifest()).bay_plan is None


def test_a_voyage_by_its_number_where_it_was_loaded() -> None:
    """A plan knows the voyage by two numbers, and either joins."""
    plan = a_bay_plan(voyage="V101W", loading_voyage="v101e")
    assert _joined(a_manifest(), plan).bay_plan == plan


def test_without_a_voyage_port_and_time_join() -> None:
    """Where one states no voyage, the container to that port that arrives next is meant, with less confidence."""
    plan = a_bay_plan(voyage=None)
    for records in ((plan, a_manifest()), (a_manifest(), plan)):
        version = _joined(*records)
        assert version.bay_plan == plan
        assert _keys(version, "baplie") == [("stowed container+port", 0.8)]
    elsewhere = a_bay_plan(a_voyage_container(discharge_port="NLRTM"), voyage=None)
    assert _joined(a_manifest(), elsewhere).bay_plan is None


def test_a_consignment_in_two_containers_holds_both() -> None:
    """The plan is cut down to its containers, and to no others."""
    bill = a_bill(containers=("CSQU3054383", OTHER))
    boxes = (a_voyage_container(), a_voyage_container(number=OTHER, position="0050304"))
    plan = a_bay_plan(*boxes, a_voyage_container(number="MSCU9988776", position="0050306"))
    for records in ((plan, a_manifest(bill)), (a_manifest(bill), plan)):
        version = _joined(*records)
        assert version.bay_plan == replace(plan, containers=boxes)


def test_an_electronic_bill_alone_puts_its_goods_aboard() -> None:
    """Shipped on board long before anybody declares it, the consignment is known with its container."""
    version = _joined(a_transport_document())
    assert (version.mode, [unit.number for unit in version.units]) == (Mode.CONTAINER, ["CSQU3054383"])
    assert version.scheduled_arrival is None
    assert _joined(a_transport_document(voyage=None)).units == ()


def test_instructions_join_nothing() -> None:
    """Without the number of a document there is nothing to join by."""
    assert Desk().take(a_transport_document(reference=None)).versions == ()


def test_a_later_document_replaces_an_earlier_one() -> None:
    """By day of issue, then by state, whatever the order of arrival."""
    draft = a_transport_document(status="DRAFT", issued=None)
    voided = a_transport_document(status="VOIDED")
    for documents in permutations((draft, a_transport_document(), voided)):
        assert _joined(*documents).transport_document == voided


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_master_s_document_is_evidence_for_its_houses(first: int) -> None:
    """Two houses of a manifest, one of them declared: the master's document stands for neither, in any order."""
    houses = a_manifest(a_bill(house="H1"), a_bill(house="H2"))
    entry = a_container_entry(document="H1")
    goods = replace(entry.items[0], documents=(DocumentReference("N714", "H1"), DocumentReference("N705", "OCEAN0001")))
    records: list[Record] = [houses, replace(entry, items=(goods,)), a_transport_document()]
    desk = Desk()
    for record in (*records[first:], *records[:first]):
        desk.take(record)
    standing = {version.consignment_id: version for version in desk.standing()}
    assert set(standing) == {consignment_id("document", "H1"), consignment_id("document", "H2")}
    for version in standing.values():
        assert version.transport_document is None
        assert ("master_document", 1.0) in _keys(version, "dcsa_bl")


def test_a_mistyped_declaration_finds_its_electronic_bill() -> None:
    """A slip in the declared number, the same packages and container: the two become one, as with a manifest's bill."""
    entry = a_container_entry(document="OCEAM0001")
    for records in ((entry, a_transport_document()), (a_transport_document(), entry)):
        version = _joined(*records)
        assert version.transport_document == a_transport_document()
        assert version.entry == entry


def test_a_bill_and_its_electronic_one_are_kept_side_by_side() -> None:
    """They differ in mass, and both say what they say."""
    document = a_transport_document()
    part = replace(document.goods[0].parts[0], gross_mass_g=21_000_000)
    other = replace(document, goods=(replace(document.goods[0], parts=(part,)),))
    version = _joined(a_manifest(), other)
    assert version.manifest is not None
    assert version.manifest.bills[0].gross_mass_g == 22_400_000
    assert version.transport_document is not None
    assert version.transport_document.gross_mass_g == 21_000_000


def test_the_manifest_s_container_stands_whichever_came_first() -> None:
    """A declaration that names another container leaves its goods, and the plan, where the carrier has them."""
    entry = a_container_entry(containers=(OTHER,))
    plan = a_bay_plan(a_voyage_container(), a_voyage_container(number=OTHER, position="0050304"))
    told: tuple[Record, ...] = (entry, a_manifest(), plan)
    for records in permutations(told):
        version = _joined(*records)
        assert [unit.number for unit in version.units] == ["CSQU3054383"]
        assert version.bay_plan == a_bay_plan()
        assert _keys(version, "baplie") == [("stowed container+voyage", 1.0)]
