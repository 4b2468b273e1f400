"""Transit declarations that raise one doubt each, with its flag, and sound ones."""

from __future__ import annotations

from typing import Any

from aftc.records import (
    DocumentReference,
    Party,
    PreviousDocument,
    Record,
    TransitDeclaration,
    TransitEquipment,
)
from aftc.testing import a_transit, a_transit_house

__all__ = ["DOUBTFUL_TRANSITS", "SOUND_TRANSITS"]

MRN, WRONG_MRN = "26GB0000000000A1B5", "26GB0000000000A1B4"


def _item(**goods: Any) -> TransitDeclaration:
    return a_transit(a_transit_house(goods=goods))


def _boxed(number: str) -> TransitDeclaration:
    return a_transit(equipment=(TransitEquipment(number),))


def _after(reference: str) -> TransitDeclaration:
    return a_transit(a_transit_house(previous_documents=(PreviousDocument("N355", reference),)))


DOUBTFUL_TRANSITS: list[tuple[Record, str]] = [
    (a_transit(lrn="{{LRN}}"), "lrn: not of the form of an LRN: '{{LRN}}'"),
    (a_transit(a_transit_house(), a_transit_house()), "items: with the same number twice: '1'"),
    (
        a_transit(gross_mass_g=18_001_001),
        "gross_mass_g: not the sum over the house consignments: '18001001 stated, 18000000 together'",
    ),
    (
        _item(gross_mass_g=17_998_999),
        "houses[1]/gross_mass_g: not the sum over the goods items: '18000000 stated, 17998999 together'",
    ),
    (a_transit(kind="gJ"), "kind: not a known code: 'gJ'"),
    (a_transit(border_mode="9"), "border_mode: not a known code: '9'"),
    (a_transit(departure_office="DOVER"), "departure_office: not of the form of a customs office: 'DOVER'"),
    (a_transit(transit_offices=("XB3KMA8M",)), "transit_offices: not in an assigned country: 'XB3KMA8M'"),
    (a_transit(destination_country="QQ"), "destination_country: not an assigned country: 'QQ'"),
    (_item(hs_code="990000"), "houses[1]/items[1]/hs_code: not in the Harmonized System: '990000'"),
    (a_transit(holder=Party(eori="GB12345678900")), "holder/eori: not of the form of an EORI number: 'GB12345678900'"),
    (_boxed("CONTAINER 1"), "equipment: not of the form of a container number: 'CONTAINER 1'"),
    (_boxed("CSQU3054384"), "equipment: wrong check digit: 'CSQU3054384'"),
    (_after("GB26"), "houses[1]/previous_documents: not of the form of an MRN: 'GB26'"),
    (_after(WRONG_MRN), f"houses[1]/previous_documents: wrong check digit: '{WRONG_MRN}'"),
    (
        a_transit(transport_documents=(DocumentReference("N740", "12512345674"),)),
        "transport_documents: not an air waybill number: '12512345674'",
    ),
    (_item(un_number="13"), "houses[1]/items[1]/un_number: not a UN number: '13'"),
    (
        a_transit(a_transit_house(gross_mass_g=None, goods={"gross_mass_g": 0}), gross_mass_g=None),
        "houses[1]/items[1]/gross_mass_g: zero",
    ),
    (
        _item(net_mass_g=18_000_001),
        "houses[1]/items[1]/net_mass_g: more than the gross mass: '18000001 g of 18000000 g'",
    ),
    (_item(description=None, hs_code=None), "houses[1]/items[1]/description: missing"),
    (a_transit(holder=None), "holder: missing"),
]

SOUND_TRANSITS: list[Record] = [a_transit(), _boxed("CSQU3054383"), _after(MRN)]
