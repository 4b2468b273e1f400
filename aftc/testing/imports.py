"""Import declarations and what customs tells of them."""

from __future__ import annotations

from typing import Any

from aftc.clock import HOUR
from aftc.records import (
    DeclarationNotification,
    DeclaredValue,
    GoodsLocation,
    ImportDeclaration,
    ImportItem,
    Party,
    PreviousDocument,
)
from aftc.testing.declarations import ARRIVAL, a_party

__all__ = ["IMPORT_MRN", "a_notification", "an_import_declaration"]

IMPORT_MRN = "26GBC53WQ81FK07RT0"


def an_import_declaration(**given: Any) -> ImportDeclaration:
    """The declaration before arrival of what `a_roro_entry` carries, by its UCR; `goods` are given to its one item."""
    goods = {
        "number": 1,
        "description": "FRESH BANANAS IN CARTONS",
        "hs_code": "08039010",
        "taric": "00",
        "gross_mass_g": 18_000_000,
        "net_mass_g": 17_100_000,
        "packages": 1000,
        "package_kind": "CT",
        "procedure": "4000",
        "more_procedures": ("000",),
        "origin_country": "EC",
        "price": DeclaredValue(16_200_000, "GBP"),
        "valuation_method": "1",
        "preference": "100",
        **given.pop("goods", {}),
    }
    ucr = PreviousDocument("DCR", given.pop("ducr", "6GB123456789000-UCR1"), "Z")
    defaults: dict[str, Any] = {
        "lrn": "IMPORT-1",
        "kind": "IMD",
        "accepted_at": None,
        "declarant": Party(eori="GB555555555000"),
        "representative": None,
        "representation": "2",
        "exporter": a_party("Naranjas del Turia SL", city="Valencia", postcode="46001", country="ES"),
        "importer": Party(eori="GB123456789000"),
        "buyer": None,
        "seller": None,
        "transport_mode": "6",
        "conveyance_nationality": "FR",
        "conveyance_identity": None,
        "conveyance_identity_kind": None,
        "containerised": False,
        "goods_location": GoodsLocation("DOVDOVDOV", "A", "U", "GB"),
        "place_of_loading": None,
        "supervising_office": None,
        "dispatch_country": "ES",
        "destination_country": "GB",
        "ucr": None,
        "delivery_terms": "CIF",
        "delivery_place": "GBDVR",
        "invoice": None,
        "freight": None,
        "total_items": 1,
        "total_packages": 1000,
        "containers": (),
        "previous_documents": (ucr,),
        "items": (ImportItem(**goods),),
    }
    return ImportDeclaration(**{**defaults, **given})


def a_notification(function: str = "02", **given: Any) -> DeclarationNotification:
    """What customs tells of `an_import_declaration`: received, seven hours before arrival."""
    defaults: dict[str, Any] = {
        "notification_id": "TOLD-1",
        "issued_at": ARRIVAL - 7 * HOUR,
        "lrn": "IMPORT-1",
        "mrn": IMPORT_MRN,
        "version": 1,
    }
    return DeclarationNotification(function, **{**defaults, **given})
