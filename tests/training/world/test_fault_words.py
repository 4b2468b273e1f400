"""How words and numbers go wrong: always otherwise than they were, and in ways that people know."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso6346

from aftc.linking.keys import normal_registration
from aftc.linking.parties import party_key
from aftc.records import Party
from aftc.reference import hs
from tests.streams.valid_values import UNHURRIED
from training.world.fault_picks import Picks
from training.world.fault_words import OLDER_CODES, counted, mistyped, respelt, revised, weighed
from training.world.naming import container_numbers

SEEDS = st.integers(0, 2**32 - 1)


def _picks(seed: int) -> Picks:
    return Picks(np.random.default_rng(seed))


def _without_eori(party: Party) -> Party:
    return Party(None, party.name, party.street, party.city, party.postcode, party.country)


@given(text=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=40), seed=SEEDS)
@UNHURRIED
def test_a_typo_identifies_something_else(text: str, seed: int) -> None:
    """A mistyped text differs in its letters and digits, not only in case or separators, and is never empty."""
    slipped = mistyped(text, _picks(seed))
    if any(sign.isalnum() for sign in text):
        assert slipped
        assert [s for s in slipped.upper() if s.isalnum()] != [s for s in text.upper() if s.isalnum()]
    else:
        assert slipped == text


def test_a_mistyped_container_fails_its_check() -> None:
    """Of 4,000 mistyped container numbers at least 95 in 100 fail ISO 6346: the check cannot tell the rest."""
    picks = _picks(1)
    numbers = container_numbers(np.random.default_rng(1), ["MRT", "OSK"] * 2_000)
    failed = sum(not iso6346.is_valid(mistyped(number, picks)) for number in numbers)
    assert failed / len(numbers) > 0.95


def test_registrations_are_never_the_same_after_a_slip() -> None:
    """What linking makes of a mistyped registration is not what it makes of the right one."""
    picks = _picks(2)
    for number in ("AB12 CDE", "ab-123-cd", "1ABC234", "99D12345") * 200:
        assert normal_registration(mistyped(number, picks)) != normal_registration(number)


def test_a_party_is_respelt_in_all_the_usual_ways() -> None:
    """Abbreviations, lost accents, another order and a joined postcode all occur; country and EORI stay."""
    picks = _picks(3)
    party = Party("PL123456789012", "Żółw Transport Łódź Ltd", "12 Harbour Road", "Gdańsk", "AB1 2CD", "PL")
    spellings = {respelt(party, picks) for _ in range(500)}
    assert party not in spellings
    assert {(each.eori, each.country) for each in spellings} == {(party.eori, party.country)}
    names = {each.name for each in spellings}
    assert {"Zolw Transport Lodz Ltd", "Żółw Transp. Łódź Ltd", "Transport Łódź Ltd Żółw"} <= names
    assert {"12 Harbour Rd", "Harbour Road 12", "12 Harbour Road, Gdańsk"} <= {each.street for each in spellings}
    assert "AB12CD" in {each.postcode for each in spellings}
    french = Party(None, "Societe Velmont SARL", country="FR")
    assert "Société Velmont SARL" in {respelt(french, picks).name for _ in range(200)}
    assert {party_key(_without_eori(each)) for each in spellings} == {"N|LODZ TRANSPORT ZOLW|PL|AB12CD"}


def test_an_empty_party_cannot_be_respelt() -> None:
    """A party that is its EORI alone stays as it is."""
    assert respelt(Party("GB1"), _picks(4)) == Party("GB1")


@given(grams=st.integers(1, 99_999_999), seed=SEEDS)
def test_masses_slip_by_the_factors_of_units(grams: int, seed: int) -> None:
    """A mass in another unit is a thousand times, a thousandth or 2.20462 times what it was."""
    assert weighed(grams, _picks(seed)) in (grams * 1_000, grams // 1_000, grams * 220_462 // 100_000)


@given(packages=st.integers(1, 99_999), seed=SEEDS)
def test_packages_are_counted_as_pieces_or_pallets(packages: int, seed: int) -> None:
    """A number of packages becomes a multiple of it, or the fortieth part rounded up."""
    found = counted(packages, _picks(seed))
    assert 1 <= found <= 99_999
    assert found % packages == 0 or found == -(-packages // 40)


def test_older_codes_are_gone_and_their_successors_there() -> None:
    """Each older subheading is not in the nomenclature, its successor is."""
    for code, older in OLDER_CODES.items():
        assert hs.is_subheading(code), code
        assert not hs.is_subheading(older), older


def test_codes_of_other_editions_have_four_six_or_eight_digits() -> None:
    """A revised code is the heading, the older subheading, or the code with two more digits; never as it was."""
    picks = _picks(5)
    assert {revised("080390", picks) for _ in range(200)} == {
        "0803", "080300", "08039000", "08039010", "08039090", "08039099",
    }  # fmt: skip
    assert {len(revised("610910", picks)) for _ in range(200)} == {4, 8}
