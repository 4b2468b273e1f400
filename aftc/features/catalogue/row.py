"""Features of the consignment as its own messages state it.

Countries enter only as where goods come from or were dispatched; never as anyone's nationality. They can stand for
protected characteristics all the same, so cards list them as proxies to be tested.
"""

from __future__ import annotations

from typing import Final

from aftc.features.algebra import Codes, Fact, Quantity
from aftc.features.feature import Feature, ReasonGroup
from aftc.features.particulars import Particulars
from aftc.linking.parties import party_key
from aftc.records import Mode, UnitKind
from aftc.reference.countries import COUNTRIES, code_of

__all__ = ["FEATURES", "GROSS_MASS", "PACKAGES", "UNIT_MASS", "UNIT_VALUE"]

# The order gives the codes: new modes are added at the end.
_MODES: Final = (
    Mode.CONTAINER,
    Mode.RORO_ACCOMPANIED,
    Mode.RORO_UNACCOMPANIED,
    Mode.AIR,
    Mode.PARCEL,
    Mode.OTHER,
)
_MODE_WORDS: Final = ("a container", "accompanied ro-ro", "unaccompanied ro-ro", "air", "parcel", "other means")
_CHAPTERS: Final = 100  # HS chapters are two digits; the code is the chapter's number


def _chapter(stated: Particulars) -> int | None:
    return int(stated.hs_code[:2]) if stated.hs_code else None


def _containers(stated: Particulars) -> int:
    return sum(unit.kind is UnitKind.CONTAINER for unit in stated.version.units)


def _laden(stated: Particulars) -> bool | None:
    for crossing in (stated.version.check_in, stated.version.booking):
        if crossing is not None and crossing.laden is not None:
            return crossing.laden
    return None


def _dangerous(stated: Particulars) -> bool | None:
    entry = stated.version.entry
    return any(goods.dangerous_goods_code for goods in entry.items) if entry and entry.items else None


def _origin_elsewhere(stated: Particulars) -> bool | None:
    return stated.origin != stated.dispatch if stated.origin_stated and stated.dispatch is not None else None


def _freight_share(stated: Particulars) -> int | None:
    declaration = stated.version.import_declaration
    if declaration is None or declaration.freight is None or declaration.invoice is None:
        return None
    freight, invoice = declaration.freight, declaration.invoice
    if freight.currency != invoice.currency or freight.thousandths is None or not invoice.thousandths:
        return None
    return 100 * freight.thousandths // invoice.thousandths


def _to_order(stated: Particulars) -> bool | None:
    if stated.bill is None:
        return None
    consignee = stated.bill.consignee
    if consignee is None or party_key(consignee) is None:
        return True
    return consignee.name is not None and consignee.name.upper().startswith(("TO ORDER", "TO THE ORDER", "ORDER OF"))


MODE = Fact(
    "mode",
    lambda stated: _MODES.index(stated.version.mode),
    Quantity.CODE,
    0,
    len(_MODES) - 1,
    Codes("mode", _MODE_WORDS),
)
GROSS_MASS = Fact("gross_mass_g", lambda stated: stated.gross_mass_g, Quantity.GRAMS, 0, 10**12)
PACKAGES = Fact("packages", lambda stated: stated.packages, Quantity.COUNT, 0, 10**9)
UNIT_MASS = Fact("log_unit_mass", lambda stated: stated.unit_mass, Quantity.LOG_GRAMS, -30_000, 30_000)
UNIT_VALUE = Fact("log_unit_value", lambda stated: stated.unit_value, Quantity.LOG_PENCE, -30_000, 30_000)
GOODS_ITEMS = Fact(
    "goods_items",
    lambda stated: len(stated.version.entry.items) if stated.version.entry else None,
    Quantity.COUNT,
    0,
    999,
)
CONTAINERS = Fact("containers", _containers, Quantity.COUNT, 0, 999)
ITINERARY = Fact(
    "itinerary_countries",
    lambda stated: len(set(stated.version.entry.itinerary)) if stated.version.entry else None,
    Quantity.COUNT,
    0,
    99,
)
LADEN = Fact("laden", _laden, Quantity.FLAG, 0, 1)
CASH = Fact(
    "paid_in_cash", lambda stated: stated.version.booking.cash if stated.version.booking else None, Quantity.FLAG, 0, 1
)
RETURN_TRIP = Fact(
    "return_trip",
    lambda stated: stated.version.booking.return_trip if stated.version.booking else None,
    Quantity.FLAG,
    0,
    1,
)
HS_CHAPTER = Fact(
    "hs_chapter",
    _chapter,
    Quantity.CODE,
    0,
    _CHAPTERS - 1,
    Codes("hs_chapter", tuple(f"HS chapter {chapter:02d}" for chapter in range(_CHAPTERS))),
)
DISPATCH_COUNTRY = Fact(
    "dispatch_country",
    lambda stated: code_of(stated.dispatch),
    Quantity.CODE,
    0,
    len(COUNTRIES),
    Codes("country", (None, *COUNTRIES)),
)
FREIGHT_SHARE = Fact("freight_of_invoice", _freight_share, Quantity.PERCENT, 0, 10_000)
DANGEROUS_GOODS = Fact("dangerous_goods", _dangerous, Quantity.FLAG, 0, 1)
ORIGIN_ELSEWHERE = Fact("origin_elsewhere", _origin_elsewhere, Quantity.FLAG, 0, 1)
TRANSHIPMENT = Fact(
    "transhipment", lambda stated: stated.bill.transhipment is not None if stated.bill else None, Quantity.FLAG, 0, 1
)
FREIGHT_COLLECT = Fact(
    "freight_collect",
    lambda stated: stated.bill.freight == "C" if stated.bill and stated.bill.freight else None,
    Quantity.FLAG,
    0,
    1,
)
TO_ORDER = Fact("consignee_to_order", _to_order, Quantity.FLAG, 0, 1)

_NO_ENTRY = "No entry summary declaration is known"
_NO_BOOKING = "No ferry booking is known"
_NO_BILL = "No bill of lading is known"

FEATURES: Final = (
    Feature(
        form=MODE,
        group=ReasonGroup.ROUTE,
        officer="Arrives by {value}",
        missing="How it arrives is not known",
        auditor="Mode of transport: ways of concealment and of control differ between modes.",
    ),
    Feature(
        form=GROSS_MASS,
        group=ReasonGroup.WEIGHT,
        officer="Declared gross mass {value}",
        missing="No gross mass is declared",
        auditor="Gross mass as declared, else as on the bill: small loads hide in large ones, light ones are sampled.",
    ),
    Feature(
        form=PACKAGES,
        group=ReasonGroup.WEIGHT,
        officer="Declared packages: {value}",
        missing="No number of packages is declared",
        auditor="Packages as declared, else as on the bill.",
    ),
    Feature(
        form=UNIT_MASS,
        group=ReasonGroup.WEIGHT,
        officer="{value} a package",
        missing="Mass or number of packages is not declared",
        auditor="Logarithm of gross mass per package of the principal goods: the raw value behind the norms.",
    ),
    Feature(
        form=UNIT_VALUE,
        group=ReasonGroup.GOODS,
        officer="Declared customs value {value} a kilogram",
        missing="No customs value in pounds is declared",
        auditor="Logarithm of customs value per gross kilogram of the import declaration's principal goods: "
        "the raw value behind the norm.",
    ),
    Feature(
        form=GOODS_ITEMS,
        group=ReasonGroup.GOODS,
        officer="Goods items on the declaration: {value}",
        missing=_NO_ENTRY,
        auditor="Number of goods items: groupage mixes senders and makes single ones hard to see.",
    ),
    Feature(
        form=CONTAINERS,
        group=ReasonGroup.EQUIPMENT,
        officer="Containers: {value}",
        missing="The units are not known",
        auditor="Number of containers of the consignment.",
    ),
    Feature(
        form=ITINERARY,
        group=ReasonGroup.ROUTE,
        officer="Countries on the itinerary: {value}",
        missing=_NO_ENTRY,
        auditor="Different countries on the declared itinerary: routing through third countries hides origin.",
    ),
    Feature(
        form=LADEN,
        group=ReasonGroup.EQUIPMENT,
        officer="Travels laden",
        otherwise="Travels empty",
        missing="Whether it is laden is not known",
        auditor="Laden or empty as checked in, else as booked: empty units on paid crossings are a known method.",
    ),
    Feature(
        form=CASH,
        group=ReasonGroup.BOOKING,
        officer="The crossing was paid in cash",
        otherwise="The crossing was not paid in cash",
        missing=_NO_BOOKING,
        auditor="Cash payment of the crossing leaves no account behind.",
        monotone=1,
    ),
    Feature(
        form=RETURN_TRIP,
        group=ReasonGroup.BOOKING,
        officer="Booked as a return trip",
        otherwise="Booked one way",
        missing=_NO_BOOKING,
        auditor="Whether the crossing is part of a return booking.",
    ),
    Feature(
        form=HS_CHAPTER,
        group=ReasonGroup.GOODS,
        officer="Goods of {value}",
        missing="No commodity code is known",
        auditor="HS chapter of the principal goods.",
    ),
    Feature(
        form=DISPATCH_COUNTRY,
        group=ReasonGroup.ROUTE,
        officer="Dispatched from {value}",
        missing="The country of dispatch is not known",
        auditor="Country where carriage of the goods began. A proxy to be tested for disparity.",
    ),
    Feature(
        form=DANGEROUS_GOODS,
        group=ReasonGroup.GOODS,
        officer="Dangerous goods are declared",
        otherwise="No dangerous goods are declared",
        missing=_NO_ENTRY,
        auditor="A dangerous goods code on any goods item: such loads are opened less readily.",
    ),
    Feature(
        form=ORIGIN_ELSEWHERE,
        group=ReasonGroup.ROUTE,
        officer="The goods originate elsewhere than where they were dispatched",
        otherwise="The goods originate where they were dispatched",
        missing="Origin or dispatch is not known",
        auditor="Country of origin on the goods item, else the bill, against the country of dispatch.",
    ),
    Feature(
        form=TRANSHIPMENT,
        group=ReasonGroup.ROUTE,
        officer="Transhipped on the way",
        otherwise="Not transhipped",
        missing=_NO_BILL,
        auditor="A port of transhipment on the bill: containers are opened there.",
    ),
    Feature(
        form=FREIGHT_COLLECT,
        group=ReasonGroup.PARTIES,
        officer="Freight is paid by the consignee",
        otherwise="Freight is prepaid",
        missing="Who pays the freight is not known",
        auditor="Who pays the freight, as the bill states.",
    ),
    Feature(
        form=FREIGHT_SHARE,
        group=ReasonGroup.PARTIES,
        officer="Carriage is said to cost {value} of what is invoiced",
        missing="No import declaration states both in one currency",
        auditor="Freight against the invoiced total of the import declaration: nobody pays more for carriage than "
        "the goods are worth.",
    ),
    Feature(
        form=TO_ORDER,
        group=ReasonGroup.PARTIES,
        officer="Consigned to order: no consignee is named",
        otherwise="A consignee is named",
        missing=_NO_BILL,
        auditor="A bill to order keeps the receiver open until arrival.",
    ),
)
