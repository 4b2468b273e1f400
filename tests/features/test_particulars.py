"""Cargo particulars of a version."""

from __future__ import annotations

from math import log
from typing import Any

import pytest
from msgspec.structs import replace

from aftc.features.algebra import Measure
from aftc.features.extract import extract
from aftc.features.particulars import particulars
from aftc.features.testing import a_version
from aftc.records import DeclaredValue, Party
from aftc.testing import a_bill, a_container_entry, a_manifest, a_roro_entry, an_import_declaration

GOODS = a_roro_entry().items[0]


def test_the_heaviest_goods_item_is_the_principal_one() -> None:
    """Of several goods items the heaviest gives code and unit mass; all together give mass and packages."""
    light = replace(GOODS, number=2, hs_code="610910", gross_mass_g=500_000, packages=10)
    stated = particulars(a_version(entry=a_roro_entry(items=(light, GOODS))))
    assert stated.hs_code == "080390"
    assert (stated.entry_mass_g, stated.entry_packages) == (18_500_000, 1010)
    assert stated.unit_mass == round(1000 * log(18_000))


def test_equal_goods_items_go_by_number() -> None:
    """The order of equal goods items in a message means nothing."""
    second = replace(GOODS, number=2, hs_code="610910")
    both = [a_version(entry=a_roro_entry(items=items)) for items in ((GOODS, second), (second, GOODS))]
    assert [particulars(version).hs_code for version in both] == ["080390", "080390"]


def test_a_total_needs_every_part() -> None:
    """A goods item without mass leaves the declared mass unknown; the bill's takes its place."""
    entry = a_container_entry()
    partly = replace(entry, items=(*entry.items, replace(GOODS, number=2, gross_mass_g=None)))
    assert particulars(a_version(entry=partly)).gross_mass_g is None
    stated = particulars(a_version(entry=partly, manifest=a_manifest()))
    assert (stated.entry_mass_g, stated.gross_mass_g) == (None, 22_400_000)


@pytest.mark.parametrize(
    ("given", "code", "heading", "subheading"),
    [
        ("0803901000", "0803901000", "0803", "080390"),
        ("0803", "0803", "0803", None),
        ("08.03 90", "080390", "0803", "080390"),
        ("080", None, None, None),
        ("०८०३", None, None, None),
        (None, None, None, None),
    ],
)
def test_codes_are_digits_from_a_heading_on(
    given: str | None, code: str | None, heading: str | None, subheading: str | None
) -> None:
    """Less than four digits classify nothing."""
    stated = particulars(a_version(entry=a_roro_entry(items=(replace(GOODS, hs_code=given),))))
    assert (stated.hs_code, stated.heading, stated.subheading) == (code, heading, subheading)


def test_dispatch_is_the_itinerary_then_the_place_of_loading() -> None:
    """Only a UN/LOCODE gives a country; a town's name does not."""
    entry = a_container_entry(itinerary=(), place_of_loading="Guayaquil")
    assert particulars(a_version()).dispatch == "ES"
    assert particulars(a_version(entry=entry)).dispatch is None
    assert particulars(a_version(entry=entry, manifest=a_manifest())).dispatch == "EC"
    stated = particulars(a_version(entry=None, manifest=a_manifest(a_bill(origin_country="CO"))))
    assert (stated.origin, stated.dispatch) == ("CO", "EC")


def test_parties_are_the_entrys_then_the_goods_items_then_the_bills() -> None:
    """A party named for the whole declaration goes first."""
    entry = a_roro_entry(consignor=None, items=(replace(GOODS, consignor=Party(eori="FR1")),))
    stated = particulars(a_version(entry=entry, manifest=a_manifest(a_bill(notify=Party(eori="GB9")))))
    assert (stated.consignor, stated.consignee, stated.notify) == ("E|FR1", "E|GB123456789000", "E|GB9")


def test_of_nothing_all_is_unknown() -> None:
    """A movement of which only the unit is known has no particulars."""
    stated = particulars(a_version(entry=None, booking=None, check_in=None, goods_movement=None))
    assert stated.descriptions == ()
    assert (stated.vague, stated.gross_mass_g, stated.packages, stated.unit_mass, stated.origin) == (None,) * 5


@pytest.mark.parametrize(
    ("goods", "expected"),
    [
        ({}, round(1000 * log(90))),
        ({"customs_value": DeclaredValue(1_620_000, "GBP")}, round(1000 * log(9))),
        ({"customs_value": DeclaredValue(1_620_000, "EUR")}, round(1000 * log(90))),
        ({"price": DeclaredValue(16_200_000, "USD")}, None),
        ({"price": DeclaredValue(0, "GBP")}, None),
        ({"price": None}, None),
        ({"gross_mass_g": 0}, None),
        ({"gross_mass_g": None}, None),
    ],
)
def test_a_customs_value_a_kilogram_is_in_pounds_or_missing(goods: dict[str, Any], expected: int | None) -> None:
    """£16,200 for 18 t are 90 pence a kilogram; the customs value stands before the price, other currencies nowhere."""
    version = a_version()
    assert particulars(version).unit_value is None
    declared = replace(version, import_declaration=an_import_declaration(goods=goods))
    assert particulars(declared).unit_value == expected
    measures = extract(declared).owned[0].measures
    squared = (0, 0, 0) if expected is None else (expected, expected * expected, 1)
    assert tuple(measures[Measure.LOG_UNIT_VALUE :]) == squared
