"""Parties: one key per party, exact by EORI, else by normalised name, country and postcode."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from aftc.records import Party

__all__ = ["party_key"]

_NOT_WORD = re.compile(r"[^A-Z0-9 ]+")
_SPACES = re.compile(r"\s+")
_COMPANY_FORMS = ("LTD", "LIMITED", "LLC", "LLP", "PLC", "INC", "CORP", "CO", "COMPANY", "PTY", "PVT", "GMBH", "AG")
_EUROPEAN_FORMS = ("BV", "NV", "SA", "SAS", "SARL", "SRL", "SL", "SPA", "AS", "AB", "OY", "APS", "DOO")
_LEGAL_FORMS = frozenset((*_COMPANY_FORMS, *_EUROPEAN_FORMS))


@lru_cache(maxsize=65_536)
def _normal_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = _SPACES.split(_NOT_WORD.sub(" ", plain).strip())
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)


def party_key(party: Party | None) -> str | None:
    """Key under which a party's history is kept, or None where nothing identifies it.

    >>> party_key(Party(name="Müller Früchte GmbH", country="DE", postcode="20457"))
    'N|MULLER FRUCHTE|DE|20457'
    """
    if party is None:
        return None
    if party.eori:
        return "E|" + _NOT_WORD.sub("", party.eori.upper()).replace(" ", "")
    if not party.name:
        return None
    postcode = (party.postcode or "").upper().replace(" ", "")
    return f"N|{_normal_name(party.name)}|{(party.country or '').upper()}|{postcode}"
