"""Whom a record names: every party in it, with its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from aftc.records.declarations import Party

__all__ = ["ROLES", "parties_named"]

ROLES: Final = (
    "consignor", "consignee", "notify", "carrier", "declarant", "representative", "forwarder", "booker", "haulier",
    "exporter", "importer", "buyer", "seller", "endorsee", "holder",
)  # fmt: skip
_PARTS: Final = ("items", "bills", "houses")  # of declarations, of manifests, of transit declarations


def parties_named(record: Any) -> Iterator[tuple[str, Party]]:
    """The parties that a record of any stream names, each with its place: a role, behind the part that names it.

    >>> from aftc.testing import a_bill, a_goods_movement, a_manifest
    >>> [place for place, _ in parties_named(a_manifest(bills=(a_bill(notify=None),)))]
    ['carrier', 'bills.0.consignor', 'bills.0.consignee']
    >>> list(parties_named(a_goods_movement(haulier_eori="GB7")))[0][1].eori
    'GB7'
    """
    number = getattr(record, "haulier_eori", None)
    if number:
        yield "haulier", Party(eori=number)
    stated = getattr(record, "entry", None) or record  # customs' answers repeat the declaration's
    yield from _named(stated, "")
    for part in _PARTS:
        for place, each in enumerate(getattr(stated, part, None) or ()):
            yield from _named(each, f"{part}.{place}.")


def _named(stated: Any, before: str) -> Iterator[tuple[str, Party]]:
    kind: Any = type(stated)
    for role in _roles_of(kind):
        party = getattr(stated, role)
        if isinstance(party, Party):  # bay plans, orders and electronic bills have a carrier's code
            yield before + role, party


@lru_cache(maxsize=64)
def _roles_of(kind: type[object]) -> tuple[str, ...]:
    """The roles that a type of record has: slots are attributes of the type."""
    return tuple([role for role in ROLES if hasattr(kind, role)])
