"""Import declarations and notifications that raise one doubt each, with its flag, and sound ones."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aftc.records import DeclarationNotification, DeclaredValue, ImportDeclaration, Party, PreviousDocument, Record
from aftc.testing import ARRIVAL, a_notification, a_party, an_import_declaration

__all__ = ["DOUBTFUL_IMPORTS", "SOUND_IMPORTS", "import_stream"]

MRN, WRONG_MRN = "26GB0000000000A1B5", "26GB0000000000A1B4"
SEA = {"transport_mode": "1", "containerised": True}


def import_stream(record: Record) -> str | None:
    """The stream of an import declaration or notification, None of any other record."""
    if isinstance(record, ImportDeclaration):
        return "cds_import"
    return "cds_notification" if isinstance(record, DeclarationNotification) else None


def _under(kind: str, reference: str) -> ImportDeclaration:
    return an_import_declaration(previous_documents=(PreviousDocument(kind, reference),))


def _item(**goods: Any) -> ImportDeclaration:
    return an_import_declaration(goods=goods)


def _two() -> ImportDeclaration:
    declaration = an_import_declaration(total_items=2, total_packages=2000)
    return replace(declaration, items=declaration.items * 2)


DOUBTFUL_IMPORTS: list[tuple[Record, str]] = [
    (an_import_declaration(total_items=2), "total_items: not the number of goods items: '2 stated, 1 counted'"),
    (
        an_import_declaration(total_packages=2),
        "total_packages: not the sum over the goods items: '2 stated, 1000 over the goods items'",
    ),
    (_two(), "items: with the same number twice"),
    (an_import_declaration(transport_mode="0"), "transport_mode: not a known code: '0'"),
    (an_import_declaration(exporter=a_party(country="QQ")), "exporter/country: not an assigned country: 'QQ'"),
    (_item(hs_code="99000000"), "items[1]/hs_code: not in the Harmonized System: '99000000'"),
    (
        an_import_declaration(importer=Party(eori="GB12345678900")),
        "importer/eori: not of the form of an EORI number: 'GB12345678900'",
    ),
    (_item(price=DeclaredValue(1, "XXX")), "items[1]/price/currency: not an assigned currency: 'XXX'"),
    (
        an_import_declaration(containers=("CONTAINER 1",), **SEA),
        "containers: not of the form of a container number: 'CONTAINER 1'",
    ),
    (an_import_declaration(containers=("CSQU3054384",), **SEA), "containers: wrong check digit: 'CSQU3054384'"),
    (
        an_import_declaration(conveyance_identity="12345", conveyance_identity_kind="10"),
        "conveyance_identity: not an IMO number: '12345'",
    ),
    (_under("355", "GB26"), "previous_documents: not of the form of an MRN: 'GB26'"),
    (_under("355", WRONG_MRN), f"previous_documents: wrong check digit: '{WRONG_MRN}'"),
    (_under("DCR", "UCR 1"), "previous_documents: not of the form of a UCR: 'UCR 1'"),
    (_under("740", "125-12345674"), "previous_documents: not an air waybill number: '125-12345674'"),
    (_item(gross_mass_g=0), "items[1]/gross_mass_g: zero"),
    (_item(net_mass_g=18_000_001), "items[1]/net_mass_g: more than the gross mass: '18000001 g of 18000000 g'"),
    (
        an_import_declaration(containers=("CSQU3054383",), goods={"gross_mass_g": 36_000_001}, **SEA),
        "items[1]/gross_mass_g: heavier than containers carry: '36000001 g in 1 containers'",
    ),
    (_item(description=None, hs_code=None), "items[1]/description: missing"),
    (_item(price=None), "items[1]/price: missing"),
    (an_import_declaration(importer=None), "importer: missing"),
    (a_notification(mrn="GB26"), "mrn: not of the form of an MRN: 'GB26'"),
    (a_notification(mrn=WRONG_MRN), f"mrn: wrong check digit: '{WRONG_MRN}'"),
    (a_notification("01", accepted_at=ARRIVAL), "issued_at: before the acceptance"),
]

SOUND_IMPORTS: list[Record] = [
    an_import_declaration(),
    an_import_declaration(containers=("CSQU3054383",), **SEA),
    _under("355", MRN),
    a_notification(),
    a_notification("05"),
]
