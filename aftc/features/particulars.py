"""Cargo particulars: what several facts and keys need of one consignment version, looked up once.

Nothing here reads what a selection caused (control times, interventions, report-to locations), nor the clocks and
numbers of messages: only what the streams state of the goods, their parties and their carriage.
"""

from __future__ import annotations

from math import log

import msgspec

from aftc.linking.parties import party_key
from aftc.records import Bill, ConsignmentVersion, GoodsItem, Party
from aftc.reference.airports import airport
from aftc.reference.goods import is_vague

__all__ = ["Particulars", "particulars"]

HEADING_DIGITS = 4
SUBHEADING_DIGITS = 6
LOCODE_LETTERS = 5
THOUSANDTHS = 1000


class Particulars(msgspec.Struct, frozen=True):
    """One version's particulars; None where no stream states them.

    Attributes:
        goods: Its principal goods item: the heaviest, the first among equals.
        bill: Its bill of lading.
        descriptions: What the streams say of the goods: entry, bill, booking, in this order, without gaps; where there
            is no entry also the air waybill.
        vague: Whether the first of them does not identify the goods.
        hs_code: Digits of the goods' classification, at least a heading.
        origin: Country (alpha-2) of origin as the goods item or the bill states it, else of dispatch.
        origin_stated: Whether one of them does.
        dispatch: Country (alpha-2) where carriage began: the itinerary's first, else that of the place of loading.
        entry_mass_g: Gross mass over all goods items, where each states one.
        entry_packages: Packages over all goods items, likewise.
        unit_mass: 1,000 times the natural logarithm of grams per package, of the principal goods item else the bill.
        consignor: Key of the party; so are the other three.
    """

    version: ConsignmentVersion
    goods: GoodsItem | None
    bill: Bill | None
    descriptions: tuple[str, ...]
    vague: bool | None
    hs_code: str | None
    origin: str | None
    origin_stated: bool
    dispatch: str | None
    entry_mass_g: int | None
    entry_packages: int | None
    unit_mass: int | None
    consignor: str | None
    consignee: str | None
    notify: str | None
    declarant: str | None

    @property
    def carried_mass_g(self) -> int | None:
        """The mass as the carrier has it: the bill's, else the air waybill's."""
        carried = self.bill or self.version.waybill
        return carried.gross_mass_g if carried else None

    @property
    def carried_packages(self) -> int | None:
        """The packages as the carrier has them: the bill's, else the pieces of the air waybill."""
        return self.bill.packages if self.bill else self.version.waybill.pieces if self.version.waybill else None

    @property
    def gross_mass_g(self) -> int | None:
        """The declared mass, else the carrier's."""
        return self.carried_mass_g if self.entry_mass_g is None else self.entry_mass_g

    @property
    def packages(self) -> int | None:
        """The declared packages, else the carrier's."""
        return self.carried_packages if self.entry_packages is None else self.entry_packages

    @property
    def unit_value(self) -> int | None:
        """1,000 times the natural logarithm of pence of customs value per gross kilogram: the import's heaviest goods.

        Missing where no value is stated in pounds: a rate of exchange is not stated.
        """
        declaration = self.version.import_declaration
        if declaration is None:
            return None
        goods = max(declaration.items, key=lambda each: (each.gross_mass_g or 0, -each.number))
        stated = (goods.customs_value, goods.statistical_value, goods.price)
        worth = next((each.thousandths for each in stated if each is not None and each.currency == "GBP"), None)
        return round(THOUSANDTHS * log(worth * 100 / goods.gross_mass_g)) if worth and goods.gross_mass_g else None

    @property
    def heading(self) -> str | None:
        """HS heading: four digits."""
        return self.hs_code[:HEADING_DIGITS] if self.hs_code else None

    @property
    def subheading(self) -> str | None:
        """HS subheading: six digits; None where fewer are stated."""
        stated = self.hs_code is not None and len(self.hs_code) >= SUBHEADING_DIGITS
        return self.hs_code[:SUBHEADING_DIGITS] if self.hs_code and stated else None


def particulars(version: ConsignmentVersion) -> Particulars:
    """The particulars of a version."""
    goods = _principal(version)
    bill = version.manifest.bills[0] if version.manifest and version.manifest.bills else None
    dispatch = _dispatch(version, goods, bill)
    origin = (goods.origin_country if goods else None) or (bill.origin_country if bill else None)
    descriptions = _descriptions(version, goods, bill)
    return Particulars(
        version=version,
        goods=goods,
        bill=bill,
        descriptions=descriptions,
        vague=is_vague(descriptions[0]) if descriptions else None,
        hs_code=next((code for code in map(_hs_code, _stated_codes(version, goods, bill)) if code), None),
        origin=origin or dispatch,
        origin_stated=origin is not None,
        dispatch=dispatch,
        entry_mass_g=_sum(version, "gross_mass_g"),
        entry_packages=_sum(version, "packages"),
        unit_mass=next((mass for mass in map(_unit_mass, (goods, bill)) if mass is not None), None),
        consignor=_party(version, goods, bill, "consignor"),
        consignee=_party(version, goods, bill, "consignee"),
        notify=_party(version, goods, bill, "notify"),
        declarant=_declarant(version),
    )


def _principal(version: ConsignmentVersion) -> GoodsItem | None:
    if version.entry is None or not version.entry.items:
        return None
    return max(version.entry.items, key=lambda goods: (goods.gross_mass_g or 0, -goods.number))


def _descriptions(version: ConsignmentVersion, goods: GoodsItem | None, bill: Bill | None) -> tuple[str, ...]:
    stated = (
        goods.description if goods else None,
        bill.description if bill else None,
        version.booking.goods_description if version.booking else None,
        version.waybill.description if version.waybill and not goods else None,
    )
    return tuple(text for text in stated if text)


def _stated_codes(version: ConsignmentVersion, goods: GoodsItem | None, bill: Bill | None) -> tuple[str | None, ...]:
    waybill = version.waybill.hs_codes if version.waybill else ()
    return (goods.hs_code if goods else None, bill.hs_code if bill else None, *waybill[:1])


def _hs_code(code: str | None) -> str | None:
    digits = "".join(filter(str.isdecimal, code)) if code and code.isascii() else ""
    return digits if len(digits) >= HEADING_DIGITS else None


def _dispatch(version: ConsignmentVersion, goods: GoodsItem | None, bill: Bill | None) -> str | None:
    if version.entry is not None and version.entry.itinerary:
        return version.entry.itinerary[0]
    places = (
        goods.place_of_loading if goods else None,
        version.entry.place_of_loading if version.entry else None,
        bill.place_of_loading if bill else None,
        version.manifest.load_port if version.manifest else None,
    )
    named = next((place[:2] for place in places if place and _is_locode(place)), None)
    known = airport(version.waybill.origin) if version.waybill and named is None else None
    return known.country if known else named


def _is_locode(place: str) -> bool:
    return len(place) == LOCODE_LETTERS and place.isascii() and place.isalnum() and place[:2].isalpha()


def _sum(version: ConsignmentVersion, name: str) -> int | None:
    """Sum over the goods items; None where one does not state it, for a part is no total."""
    if version.entry is None or not version.entry.items:
        return None
    stated = [getattr(goods, name) for goods in version.entry.items]
    return None if None in stated else sum(stated)


def _unit_mass(goods: GoodsItem | Bill | None) -> int | None:
    if goods is None or goods.gross_mass_g is None or goods.packages is None:
        return None
    if goods.gross_mass_g <= 0 or goods.packages <= 0:
        return None
    return round(THOUSANDTHS * log(goods.gross_mass_g / goods.packages))


def _party(version: ConsignmentVersion, goods: GoodsItem | None, bill: Bill | None, role: str) -> str | None:
    """Key of a party: as the whole entry names it, else its goods item, else the bill or the waybill."""
    for source in (version.entry, goods, bill, version.waybill):
        party: Party | None = getattr(source, role) if source is not None else None
        key = party_key(party)
        if key is not None:
            return key
    return None


def _declarant(version: ConsignmentVersion) -> str | None:
    """Whoever lodged the entry: the representative, else the declarant."""
    if version.entry is None:
        return None
    return party_key(version.entry.representative) or party_key(version.entry.declarant)
