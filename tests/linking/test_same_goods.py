"""Import declarations whose names lead nowhere find the consignment of their goods, unless a name contradicts."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from aftc.linking.keys import consignment_id
from aftc.records import ImportDeclaration, PreviousDocument, Record
from aftc.testing import (
    MRN,
    a_booking,
    a_container_entry,
    a_flight_manifest,
    a_response,
    a_roro_entry,
    an_air_waybill,
    an_import_declaration,
)
from tests.linking.test_flights import Desk as AirDesk
from tests.linking.test_imports import LORRY, Desk

SLIPPED_MRN = MRN[:6] + MRN[7] + MRN[6] + MRN[8:]
OTHER_MRN = "26GBAAAAAAAAAAAA01"
LORRY_NAMED = {"conveyance_identity": "AB12CDE", "conveyance_identity_kind": "30"}


def _naming(kind: str, reference: str, **given: Any) -> ImportDeclaration:
    return an_import_declaration(**{"previous_documents": (PreviousDocument(kind, reference, "Z"),), **given})


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("declaration", [_naming("355", SLIPPED_MRN), _naming("730", "CRM-4711")])
def test_a_mistyped_number_is_made_up_for_by_the_goods(declaration: ImportDeclaration, order: tuple[int, ...]) -> None:
    """Exporter, packages and mass are those of one consignment alone, and what is named is but a slip away."""
    papers: list[Record] = [a_roro_entry(ucr=None), a_response(), declaration]
    desk = Desk()
    desk.take(*(papers[place] for place in order))
    version = desk.only()
    assert version.consignment_id == LORRY
    assert None not in (version.entry, version.import_declaration)


@pytest.mark.parametrize("named", [("355", OTHER_MRN), ("730", "CMR-0815"), ("DCR", "6GB999999999000-OTHER")])
def test_what_is_named_otherwise_is_another_consignment(named: tuple[str, str]) -> None:
    """Another number of an entry summary, consignment note or UCR contradicts, however alike the goods."""
    desk = Desk()
    desk.take(a_roro_entry(), a_response(), _naming(*named))
    assert len([each for each in desk.last.values() if each.joined_into is None]) == 2


@pytest.mark.parametrize("first", [0, 1])
def test_the_goods_of_a_lorry_are_known_without_their_exporter(first: int) -> None:
    """Packages and mass in the lorry that both papers name, whichever comes first, where the exporter is respelt."""
    declaration = _naming("355", SLIPPED_MRN, exporter=None, **LORRY_NAMED)
    papers: list[Record] = [a_roro_entry(ucr=None, conveyance_identity="AB12 CDE"), declaration]
    desk = Desk()
    desk.take(papers[first], papers[1 - first])
    assert "import names unit" in {each.key for each in desk.only().links}


@pytest.mark.parametrize("first", [0, 1])
def test_a_container_named_before_its_declaration_comes(first: int) -> None:
    """A declaration that waits is found by its container."""
    goods = {"packages": 1800, "gross_mass_g": 22_000_000}
    declaration = _naming("705", "OCEAN0010", containers=("CSQU3054383",), transport_mode="1", goods=goods)
    papers: list[Record] = [a_container_entry(document="OCEAN0100"), declaration]
    desk = Desk()
    desk.take(papers[first], papers[1 - first])
    assert desk.only().import_declaration is not None


def test_a_name_outweighs_goods() -> None:
    """What goods alone had joined goes, with its MRN, to the consignment that it names, once that is there."""
    alike = replace(a_roro_entry(document="CMR-1", ucr=None, lrn="LRN-2", message_id="MSG-2"), consignee=None)
    desk = Desk()
    desk.take(alike, _naming("355", MRN))
    assert desk.only().import_declaration is not None
    desk.take(a_roro_entry(ucr=None), a_response())
    assert desk.last[LORRY].import_declaration is not None
    assert desk.last[consignment_id("document", "CMR-1")].import_declaration is None


def test_a_lorry_known_by_its_booking_has_what_was_declared_inland() -> None:
    """Where the entry summary never came, the import declaration goes aboard the empty crossing of its lorry."""
    desk = Desk()
    desk.take(a_booking(), _naming("730", "CMR-9", **LORRY_NAMED))
    version = desk.only()
    assert None not in (version.booking, version.import_declaration)
    assert "registration+route" in {each.key for each in version.links}


def test_a_lorry_that_has_something_aboard_brings_what_else_names_it() -> None:
    """Goods of which nobody else has spoken come on the crossing of their lorry, beside those that were declared."""
    desk = Desk()
    declaration = _naming("730", "CMR-9", exporter=None, goods={"packages": 7}, **LORRY_NAMED)
    desk.take(a_booking(), a_roro_entry(), declaration)
    standing = [each for each in desk.last.values() if each.joined_into is None]
    assert [each.booking is None for each in standing] == [False, False]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_waybill_tells_the_goods_of_what_was_never_declared(order: tuple[int, ...]) -> None:
    """Its consignor, pieces and mass, and the flight's arrival, stand in for the entry summary that did not come."""
    desk, waybill = AirDesk(), an_air_waybill()
    goods = {"packages": waybill.pieces, "gross_mass_g": waybill.gross_mass_g}
    inland = _naming("355", OTHER_MRN, exporter=waybill.consignor, goods=goods, transport_mode="4")
    for place in order:
        desk.take((waybill, a_flight_manifest(), inland)[place])
    (version,) = desk.standing().values()
    assert None not in (version.waybill, version.import_declaration)
