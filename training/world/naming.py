"""Invented names and numbers: companies, addresses, EORI numbers, registrations, containers, vessels.

All are synthetic. Numbers that carry a check digit (ISO 6346 containers, IMO ship numbers) carry a right one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aftc.records import Party
from training.world.draws import DIGITS, codes
from training.world.name_parts import (
    AVIATION,
    ENDS,
    HAULAGE,
    LEGAL_FORMS,
    LOCAL_TRADES,
    MIDDLES,
    POSTCODES,
    REGISTRATIONS,
    SHIPS,
    STARTS,
    STREETS,
    TRADES,
    WAYS,
)

__all__ = [
    "airline_companies",
    "companies",
    "container_numbers",
    "imo_numbers",
    "iso6346_digit",
    "patterned",
    "registrations",
    "spelt",
    "vessel_names",
]

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
# ISO 6346: letters count from 10, leaving out the multiples of eleven.
_ISO_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (value for value in range(10, 39) if value % 11), strict=True))


def companies(rng: np.random.Generator, countries: Sequence[str], *, hauliers: bool = False) -> list[Party]:
    """One invented company per country given, with address and EORI number (or its like)."""
    return _companies(rng, countries, HAULAGE if hauliers else TRADES)


def airline_companies(rng: np.random.Generator, countries: Sequence[str]) -> list[Party]:
    """One invented airline per country given."""
    return _companies(rng, countries, AVIATION)


def _companies(rng: np.random.Generator, countries: Sequence[str], trades: Sequence[str]) -> list[Party]:
    count = len(countries)
    picks = rng.integers(0, 2**31, (count, 3)).tolist()
    stems, others, places = _stems(rng, count), _stems(rng, count), _stems(rng, count)
    numbers = codes(rng, count, 12, DIGITS)
    postcodes = patterned(rng, [POSTCODES[country] for country in countries])
    rows = zip(countries, picks, stems, others, places, numbers, postcodes, strict=True)
    return [
        Party(
            country + number,
            f"{_name(country, first, stem, other, place, trades)} {LEGAL_FORMS[country]}",
            f"{second % 240 + 1} {STREETS[second // 240 % len(STREETS)]} {WAYS[third % len(WAYS)]}",
            place,
            postcode,
            country,
        )
        for country, (first, second, third), stem, other, place, number, postcode in rows
    ]


def _name(country: str, pick: int, stem: str, other: str, place: str, trades: Sequence[str]) -> str:
    """One of the forms that names of companies take; five in eight are a stem and a trade."""
    trade, form = trades[pick // 8 % len(trades)], pick % 8
    if form == 0:
        return f"{stem} & {other} {trade}"
    if form == 1:
        return f"{stem[:1]}{other[:1]}{place[:1]}{stem[-1:].upper()} {trade}"
    if form == 2 and trades is TRADES and country in LOCAL_TRADES:
        local = LOCAL_TRADES[country]
        return f"{local[pick // 8 % len(local)]} {stem}"
    return f"{stem} {trade}"


def _stems(rng: np.random.Generator, count: int) -> list[str]:
    """Invented words of two or three syllables, some seventy thousand of them."""
    picks = rng.integers(0, (len(STARTS), len(MIDDLES), len(ENDS)), (count, 3)).tolist()
    return [STARTS[start] + MIDDLES[middle] + ENDS[end] for start, middle, end in picks]


def patterned(rng: np.random.Generator, patterns: Sequence[str]) -> list[str]:
    """One random text per pattern: L stands for a letter, D for a digit, anything else for itself."""
    found = np.empty(len(patterns), dtype=f"<U{max(map(len, patterns), default=1)}")
    each = np.array(patterns, dtype=np.str_)
    letters, digits = np.array(list(_LETTERS)), np.array(list(DIGITS))
    for pattern in sorted(set(patterns)):
        rows = np.flatnonzero(each == pattern)
        block = np.empty((len(rows), len(pattern)), dtype="<U1")
        for place, form in enumerate(pattern):
            signs = letters if form == "L" else digits if form == "D" else np.array([form])
            block[:, place] = signs[rng.integers(0, len(signs), len(rows))]
        found[rows] = block.view(f"<U{len(pattern)}").ravel()
    return list(found.tolist())


def registrations(rng: np.random.Generator, countries: Sequence[str], taken: set[str]) -> list[str]:
    """One distinct registration per country given, without separators; `taken` grows by them."""
    found = [""] * len(countries)
    missing = list(range(len(countries)))
    while missing:
        drawn = patterned(rng, [REGISTRATIONS[countries[row]] for row in missing])
        again = []
        for row, number in zip(missing, drawn, strict=True):
            if number in taken:
                again.append(row)
            else:
                taken.add(number)
                found[row] = number
        missing = again
    return found


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


def container_numbers(rng: np.random.Generator, owners: Sequence[str]) -> list[str]:
    """One distinct ISO 6346 container number per owner code given (three letters)."""
    serials = codes(rng, len(owners), 6, DIGITS)
    return [
        f"{owner}U{serial}{iso6346_digit(owner + 'U' + serial)}" for owner, serial in zip(owners, serials, strict=True)
    ]


def iso6346_digit(stem: str) -> int:
    """Check digit of a container number, and of whatever else takes this one."""
    total = sum((_ISO_VALUES[sign] if sign.isalpha() else int(sign)) << place for place, sign in enumerate(stem))
    return total % 11 % 10


def imo_numbers(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct IMO ship numbers: seven digits, the last a check digit."""
    stems = ["9" + code for code in codes(rng, count, 5, DIGITS)]
    return [stem + str(sum(int(digit) * (7 - place) for place, digit in enumerate(stem)) % 10) for stem in stems]


def vessel_names(rng: np.random.Generator, count: int) -> list[str]:
    """Invented vessel names in capitals, as manifests carry them."""
    picks = rng.integers(0, len(SHIPS), count).tolist()
    return [f"{stem} {SHIPS[pick]}".upper() for stem, pick in zip(_stems(rng, count), picks, strict=True)]
