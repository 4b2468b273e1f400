"""Reference data: countries, nomenclature, vague goods."""

from __future__ import annotations

import hashlib

import iso4217
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.reference import countries, currencies, goods, hs


def test_country_codes_are_stable() -> None:
    """Models know countries by these integers: the first 251 never change, whatever is appended."""
    first = " ".join(countries.COUNTRIES[:251])
    assert (
        hashlib.sha256(first.encode()).hexdigest() == "6ca6aa8c8ca104901c27ddb004ff24cc45d5eaf33fa1f574c440f854cabb77b5"
    )
    assert len(set(countries.COUNTRIES)) == len(countries.COUNTRIES)
    assert (countries.code_of("AD"), countries.code_of("ZW"), countries.code_of("XI")) == (1, 249, 250)


def test_every_country_has_its_code_and_back() -> None:
    """Codes run from 1 without gaps; what is not assigned has none."""
    assert [countries.country_of(code) for code in range(1, len(countries.COUNTRIES) + 1)] == list(countries.COUNTRIES)
    for country in (None, "", "gb", "EN", "GBR"):
        assert countries.code_of(country) is None
    for code in (0, -1, len(countries.COUNTRIES) + 1):
        assert countries.country_of(code) is None


def test_the_nomenclature_is_whole() -> None:
    """97 chapters, 1,229 headings and 5,613 subheadings, each subheading under a heading under a chapter."""
    every = [f"{number:0{digits}d}" for digits in (2, 4, 6) for number in range(10**digits)]
    assert sum(map(hs.is_chapter, every)) == 97
    assert sum(map(hs.is_heading, every)) == 1_229
    subheadings = [code for code in every if hs.is_subheading(code)]
    assert len(subheadings) == 5_613
    assert all(hs.is_heading(code[:4]) and hs.is_chapter(code[:2]) for code in subheadings)
    assert all(hs.description(code) for code in subheadings)


@pytest.mark.parametrize(
    ("code", "narrowest"),
    [
        ("0803901100", "080390"),
        ("08039", "0803"),
        ("080399", "0803"),
        ("0899", "08"),
        ("7799", None),
        ("", None),
        ("BANANA", None),
        ("TOTAL", None),
    ],
)
def test_the_narrowest_known_code(code: str, narrowest: str | None) -> None:
    """A declared code is cut to the longest beginning that the system has."""
    assert hs.narrowest(code) == narrowest


def test_codes_are_told_apart_by_their_digits() -> None:
    """A heading is no chapter and no subheading."""
    assert hs.is_heading("0803")
    assert not hs.is_chapter("0803")
    assert not hs.is_subheading("0803")
    assert hs.description("7700") is None


@pytest.mark.parametrize(
    "description",
    [
        "",
        "12345",
        "GENERAL CARGO",
        "General cargo, 12 pallets",
        "SPARE PARTS",
        "Said to contain household goods",
        "FAK",
        "20 PALLETS S.T.C. CONSOLIDATED CARGO",
        "Personal effects",
        "various merchandise / sundries",
    ],
)
def test_vague_descriptions(description: str) -> None:
    """Classes, packagings, counts and clauses of bills identify nothing."""
    assert goods.is_vague(description)


@pytest.mark.parametrize(
    "description",
    [
        "Frozen prawns",
        "FRESH BANANAS IN CARTONS",
        "Parts for tractors",
        "Machine screws, steel",
        "household candles",
        "20 PALLETS S.T.C. CUT FLOWERS",
    ],
)
def test_plain_descriptions(description: str) -> None:
    """One word that names goods is enough."""
    assert not goods.is_vague(description)


@given(description=st.text(max_size=50))
def test_any_text_is_vague_or_not(description: str) -> None:
    """Case, punctuation and digits make no difference."""
    assert goods.is_vague(description) == goods.is_vague(f"  {description} 123 !! ")


def test_the_lists_of_this_version() -> None:
    """A changed list changes features: it needs another version, and this digest with it."""
    lists = " ".join([*sorted(goods.VAGUE_TERMS), "|", *sorted(goods.STOP_WORDS)])
    assert (goods.VAGUE_TERMS_VERSION, hashlib.sha256(lists.encode()).hexdigest()) == (
        1,
        "ed6eb61d8fb3ce30ed5d212762c8bb0a9d97e604ca1592fa090cff1622f6ccfe",
    )


def test_currencies_are_those_in_use() -> None:
    """The table is the maintenance agency's list, without the codes for testing and for no currency."""
    assert {each.code for each in iso4217.Currency} - {"XTS", "XXX"} == currencies.CURRENCIES
