"""Doubts about declarations in rows of tables. What would make a wrong label is no doubt: the reader refuses it."""

from __future__ import annotations

from aftc.records import EntrySummary, Examination
from aftc.streams.quality.check import (
    CURRENCY,
    NO_CURRENCY,
    Check,
    Doubts,
    earlier,
    in_no_nomenclature,
    unassigned,
    uncurrent,
)

__all__ = ["ROWS"]

STREAM = "table_row"
PARTIES = ("consignor", "consignee", "notify", "carrier", "declarant", "representative")


def _late(record: EntrySummary | Examination) -> Doubts:
    if isinstance(record, EntrySummary) and earlier(record.expected_arrival, record.declared_at):
        yield "expected_arrival", None


def _countries(record: EntrySummary | Examination) -> Doubts:
    if isinstance(record, EntrySummary):
        named = [("itinerary", each) for each in record.itinerary]
        named += [("items/origin_country", goods.origin_country) for goods in record.items if goods.origin_country]
        yield from unassigned(named, [(role, getattr(record, role)) for role in PARTIES])


def _values(record: EntrySummary | Examination) -> Doubts:
    if isinstance(record, EntrySummary):
        yield from uncurrent(("items/customs_value", goods.customs_value) for goods in record.items)


def _codes(record: EntrySummary | Examination) -> Doubts:
    if isinstance(record, EntrySummary):
        yield from in_no_nomenclature(("items/hs_code", goods.hs_code) for goods in record.items)


def _weightless(record: EntrySummary | Examination) -> Doubts:
    if isinstance(record, EntrySummary):
        yield from (("items/gross_mass_g", None) for goods in record.items if goods.gross_mass_g == 0)


ROWS = (
    Check(STREAM, "before the declaration", "the declaration is dated after the arrival", _late),
    Check(STREAM, "not an assigned country", "of dispatch, origin or a party, not in ISO 3166-1", _countries),
    Check(STREAM, NO_CURRENCY, CURRENCY, _values),
    Check(STREAM, "not in the Harmonized System", "the first six digits of a commodity code, or all it has", _codes),
    Check(STREAM, "zero", "the mass", _weightless),
)
