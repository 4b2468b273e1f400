"""Invented names and numbers: companies, addresses, EORI numbers, registrations, containers, vessels.

All are synthetic. Numbers that carry a check digit (ISO 6346 containers, IMO ship numbers) carry a right one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aftc.records import Party
from training.world.draws import DIGITS, codes

__all__ = ["companies", "container_number", "imo_numbers", "registrations", "spelt", "vessel_names"]

_STARTS = (
    "Vel", "Mar", "Ost", "Kal", "Ter", "Bri", "Nor", "Sil", "Cam", "Dor", "Fen", "Gal",
    "Hol", "Jun", "Lor", "Pel", "Quin", "Ras", "Sten", "Tav", "Ul", "Ver", "Wes", "Yar",
    "Zan",
)  # fmt: skip
_ENDS = (
    "tano", "berg", "ville", "dale", "rona", "mark", "stad", "lino", "vex", "dora", "mere", "holt",
    "gate", "ska", "nova", "tuna", "rak", "lund", "seco", "mira",
)  # fmt: skip
_TRADES = (
    "Trading", "Foods", "Logistics", "Imports", "Supply", "Commerce",
    "Industries", "Produce", "Textiles", "Group", "Partners", "Products",
)  # fmt: skip
_HAULAGE = (
    "Transport", "Haulage", "Spedition", "Freight", "Cargo", "Trans", "Road", "Truckline",
)  # fmt: skip
_LEGAL = {
    "GB": "Ltd", "IE": "Ltd", "FR": "SARL", "BE": "BV", "NL": "BV", "DE": "GmbH", "ES": "SL", "PL": "Sp z oo",
    "RO": "SRL", "LT": "UAB", "TR": "AS", "MA": "SARL", "CO": "SAS", "EC": "SA", "PE": "SAC", "BR": "Ltda",
    "CR": "SA", "DO": "SRL", "GH": "Ltd", "CN": "Co Ltd", "HK": "Ltd", "IN": "Pvt Ltd", "PK": "Pvt Ltd",
    "VN": "JSC", "TH": "Co Ltd", "US": "Inc", "ZA": "Pty Ltd", "AE": "LLC",
}  # fmt: skip
_STREETS = (
    "Harbour", "Mill", "Station", "Canal", "Orchard", "Foundry",
    "Market", "Quay", "Bridge", "Tannery", "Chapel", "Depot",
)  # fmt: skip
_REGISTRATION = {
    "GB": "LLDDLLL", "IE": "DDDLDDDD", "FR": "LLDDDLL", "BE": "DLLLDDD", "NL": "DDLLLD", "DE": "LLLDDDD",
    "ES": "DDDDLLL", "PL": "LLDDDDD", "RO": "LDDDLLL", "LT": "LLLDDD", "TR": "DDLLDDDD", "MA": "DDDDDLDD",
}  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHIPS = (
    "Tern", "Heron", "Gannet", "Plover", "Avocet", "Curlew",
    "Osprey", "Petrel", "Merlin", "Dunlin", "Kestrel", "Siskin",
    "Fulmar", "Egret",
)  # fmt: skip
# ISO 6346: letters count from 10, leaving out the multiples of eleven.
_ISO_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (value for value in range(10, 39) if value % 11), strict=True))


def companies(rng: np.random.Generator, countries: Sequence[str], *, hauliers: bool = False) -> list[Party]:
    """One invented company per country given, with address and EORI number (or its like)."""
    count = len(countries)
    trades = _HAULAGE if hauliers else _TRADES
    picks = rng.integers(0, 2**31, (count, 7))
    numbers = codes(rng, count, 12, DIGITS)
    postcodes = codes(rng, count, 6, _LETTERS + DIGITS)
    found = []
    for country, pick, number, postcode in zip(countries, picks.tolist(), numbers, postcodes, strict=True):
        place = _STARTS[pick[0] % len(_STARTS)] + _ENDS[pick[1] % len(_ENDS)]
        stem = _STARTS[pick[2] % len(_STARTS)] + _ENDS[pick[3] % len(_ENDS)]
        name = f"{stem} {trades[pick[4] % len(trades)]} {number[:2]} {_LEGAL[country]}"
        street = f"{pick[5] % 240 + 1} {_STREETS[pick[6] % len(_STREETS)]} Road"
        found.append(Party(f"{country}{number}", name, street, place, f"{postcode[:3]} {postcode[3:]}", country))
    return found


def registrations(rng: np.random.Generator, countries: Sequence[str], taken: set[str]) -> list[str]:
    """One distinct registration per country given, without separators; `taken` grows by them."""
    found = []
    for country in countries:
        number = _registration(rng, _REGISTRATION[country])
        while number in taken:
            number = _registration(rng, _REGISTRATION[country])
        taken.add(number)
        found.append(number)
    return found


def _registration(rng: np.random.Generator, pattern: str) -> str:
    picks = rng.integers(0, 230, len(pattern)).tolist()
    return "".join(
        (_LETTERS if form == "L" else DIGITS)[pick % (23 if form == "L" else 10)]
        for form, pick in zip(pattern, picks, strict=True)
    )


def spelt(registration: str, pick: int, *, lower: bool) -> str:
    """A registration as someone types it: as it is, with a space or a dash, or in lower case where allowed."""
    middle = 2 + pick % 2
    forms = (
        registration,
        f"{registration[:middle]} {registration[middle:]}",
        f"{registration[:middle]}-{registration[middle:]}",
    )
    text = forms[(pick // 2) % len(forms)]
    return text.lower() if lower else text


def container_number(owner: str, serial: int) -> str:
    """ISO 6346 number of an owner's container (three letters, serial below a million)."""
    stem = f"{owner}U{serial:06d}"
    return f"{stem}{_iso6346(stem)}"


def _iso6346(stem: str) -> int:
    total = sum((_ISO_VALUES[sign] if sign.isalpha() else int(sign)) << place for place, sign in enumerate(stem))
    return total % 11 % 10


def imo_numbers(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct IMO ship numbers: seven digits, the last a check digit."""
    stems = ["9" + code for code in codes(rng, count, 5, DIGITS)]
    return [stem + str(sum(int(digit) * (7 - place) for place, digit in enumerate(stem)) % 10) for stem in stems]


def vessel_names(rng: np.random.Generator, count: int) -> list[str]:
    """Invented vessel names in capitals, as manifests carry them."""
    picks = rng.integers(0, 2**31, (count, 2)).tolist()
    return [
        f"{_STARTS[a % len(_STARTS)]}{_ENDS[b % len(_ENDS)]} {_SHIPS[(a + b) % len(_SHIPS)]}".upper() for a, b in picks
    ]
