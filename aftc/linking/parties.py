"""Parties: one key per party, exact by trader number, else by normalised name and address.

Two messages that write a party's name and address otherwise have the same key where the difference says nothing:
accents and scripts, capitals, punctuation, legal forms, the order of words, usual abbreviations. A slip of the hand is
another key; what brings keys together is a merge (`docs/parties.md`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from aftc.records import Party

__all__ = ["names_nobody", "normal_address", "normal_name", "normal_number", "normal_postcode", "party_key"]

_NOT_WORD: Final = re.compile(r"[^A-Z0-9]+")
_LETTER_BY_LETTER: Final = re.compile(r"\b([A-Z])/(?=[A-Z]\b)")  # A/S
_GB_VAT_BASED: Final = re.compile(r"GB[0-9]{9}")
_NOBODY: Final = ("TO ORDER", "TO THE ORDER", "ORDER OF")
# As words stand once dots and apostrophes are gone: "S.A.R.L." is SARL, "Sp. z o.o." is SP Z OO.
_LEGAL_FORMS: Final = frozenset(
    (
        *("LTD", "LIMITED", "LLC", "LLP", "LP", "PLC", "INC", "INCORPORATED", "CORP", "CORPORATION", "CO", "COMPANY"),
        *("PTY", "PTE", "PVT", "PRIVATE", "CIC", "SDN", "BHD", "FZE", "FZCO", "FZ"),
        *("GMBH", "MBH", "AG", "KG", "OHG", "GBR", "UG", "SE", "BV", "NV", "BVBA", "VOF", "AS", "ASA", "AB", "APS"),
        *("SA", "SAS", "SASU", "SARL", "EURL", "SNC", "SRL", "SL", "SLU", "SPA", "SAC", "LTDA", "EIRL", "CV"),
        *("OY", "OYJ", "OU", "SIA", "UAB", "DOO", "DD", "SRO", "KFT", "ZRT", "BT", "EOOD", "OOD", "AD", "TAS", "STI"),
        *("SP", "Z", "OO", "ZOO", "SPZOO", "JSC", "PJSC", "OAO", "ZAO", "OOO"),
    )
)
_SAID_LONG: Final = {
    "TRDG": "TRADING", "TRD": "TRADING", "INTL": "INTERNATIONAL", "INT": "INTERNATIONAL", "IND": "INDUSTRIES",
    "INDS": "INDUSTRIES", "LOG": "LOGISTICS", "TRANSP": "TRANSPORT", "TRANS": "TRANSPORT", "IMP": "IMPORT",
    "EXP": "EXPORT", "MFG": "MANUFACTURING", "BROS": "BROTHERS", "DIST": "DISTRIBUTION", "SVCS": "SERVICES",
    "TECH": "TECHNOLOGY", "ETS": "ETABLISSEMENTS", "STE": "SOCIETE", "GEBR": "GEBRUDER", "HLDGS": "HOLDINGS",
    "GRP": "GROUP", "PROD": "PRODUCTS", "ENT": "ENTERPRISES", "ASSOC": "ASSOCIATES",
}  # fmt: skip
_WAYS: Final = {
    "RD": "ROAD", "ST": "STREET", "STR": "STREET", "AVE": "AVENUE", "AV": "AVENUE", "LN": "LANE", "PK": "PARK",
    "BLVD": "BOULEVARD", "SQ": "SQUARE", "DR": "DRIVE", "CT": "COURT", "PL": "PLACE", "HSE": "HOUSE", "EST": "ESTATE",
    "IND": "INDUSTRIAL", "BLDG": "BUILDING", "FLR": "FLOOR", "CTR": "CENTRE", "CENTER": "CENTRE",
}  # fmt: skip
_JOINED: Final = frozenset(("AND", "THE", "OF"))


def _words(text: str) -> list[str]:
    """Words in capital Latin letters: dots and apostrophes bind, all other signs part."""
    plain = (text if text.isascii() else anyascii(text)).upper().replace(".", "").replace("'", "")
    plain = _LETTER_BY_LETTER.sub(r"\1", plain)
    for spelt, short in (("AE", "A"), ("OE", "O"), ("UE", "U")):  # umlauts written out
        plain = plain.replace(spelt, short)
    return _NOT_WORD.sub(" ", plain).split()


@lru_cache(maxsize=65_536)
def normal_name(name: str) -> str:
    """A name without what says nothing: its words in alphabetical order, each once, in full, no legal form.

    >>> normal_name("Müller-Früchte Intl. GmbH") == normal_name("FRUECHTE MUELLER INTERNATIONAL")
    True
    """
    words = _words(name)
    kept = [_SAID_LONG.get(word, word) for word in words if word not in _LEGAL_FORMS and word not in _JOINED]
    return " ".join(sorted(set(kept or words)))


@lru_cache(maxsize=65_536)
def normal_address(street: str) -> str:
    """A street with its number, or a town: words in alphabetical order, in full.

    >>> normal_address("12, Quay Rd.")
    '12 QUAY ROAD'
    """
    return " ".join(sorted({_WAYS.get(word, word) for word in _words(street)}))


@lru_cache(maxsize=65_536)
def normal_postcode(postcode: str) -> str:
    """Letters and digits of a postcode."""
    return _NOT_WORD.sub("", postcode.upper())


@lru_cache(maxsize=65_536)
def normal_number(eori: str) -> str:
    """A trader number's letters and digits; a British one made of a VAT number with its zeros.

    >>> normal_number("gb 123 456 789")
    'GB123456789000'
    """
    number = _NOT_WORD.sub("", eori.upper())
    return f"{number}000" if _GB_VAT_BASED.fullmatch(number) else number


def names_nobody(party: Party) -> bool:
    """Whether the name says that goods are to order: nobody is named."""
    return party.name is not None and party.name.upper().lstrip().startswith(_NOBODY)


def party_key(party: Party | None) -> str | None:
    """Key under which a party's history is kept, or None where nothing identifies it.

    The address in a key is the postcode, else the town.

    >>> party_key(Party(name="Müller Früchte GmbH", country="DE", postcode="20457"))
    'N|FRUCHTE MULLER|DE|20457'
    """
    if party is None:
        return None
    if party.eori and (number := normal_number(party.eori)):
        return f"E|{number}"
    name = normal_name(party.name) if party.name and not names_nobody(party) else ""
    if not name:
        return None
    address = normal_postcode(party.postcode or "") or normal_address(party.city or "")
    return f"N|{name}|{(party.country or '').upper()}|{address}"
