"""Invented names and numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from stdnum import imo, iso6346

from aftc.linking.keys import normal_registration
from training.world.goods import COMMODITIES
from training.world.name_parts import LEGAL_FORMS, POSTCODES
from training.world.naming import (
    airline_companies,
    companies,
    container_numbers,
    imo_numbers,
    patterned,
    registrations,
    spelt,
    vessel_names,
)


def test_check_digits_agree_with_another_implementation() -> None:
    """Containers and ships pass python-stdnum's checks."""
    rng = np.random.default_rng(1)
    assert all(iso6346.is_valid(number) for number in container_numbers(rng, ["MRT", "OSK"] * 200))
    assert all(imo.is_valid(number) for number in imo_numbers(rng, 200))


def test_registrations_are_distinct_across_calls() -> None:
    """A registration taken by vehicles is not given to trailers."""
    rng, taken = np.random.default_rng(1), {"AB12CDE"}
    found = registrations(rng, ["GB", "FR"] * 100, taken) + registrations(rng, ["GB"] * 100, taken)
    assert len(set(found)) == 300
    assert len(taken) == 301


@given(pick=st.integers(0, 10_000), lower=st.booleans())
def test_typing_never_changes_the_registration(pick: int, lower: bool) -> None:
    """However a registration is typed, its normal form is the same."""
    assert normal_registration(spelt("AB12CDE", pick, lower=lower)) == "AB12CDE"


def test_companies_have_distinct_numbers_of_their_country() -> None:
    """Every company has an EORI number of its own that begins with its country."""
    parties = companies(np.random.default_rng(1), ["GB", "CO", "TR"] * 50)
    numbers = [party.eori or "" for party in parties]
    assert len(set(numbers)) == 150
    assert all(number.startswith(party.country or "?") for number, party in zip(numbers, parties, strict=True))


def test_few_companies_share_a_name() -> None:
    """Of ten thousand companies 98 in a hundred have a name of their own; they stand in many places."""
    parties = companies(np.random.default_rng(1), ["GB"] * 10_000)
    assert len({party.name for party in parties}) > 9_800
    assert len({party.city for party in parties}) > 5_000


def test_every_origin_has_forms_of_company_and_postcode() -> None:
    """Countries that send goods have a legal form and a postcode; British postcodes are of no real place."""
    origins = {country for each in COMMODITIES for country in each.sea + each.road + each.air + each.post}
    assert origins <= set(LEGAL_FORMS)
    assert set(LEGAL_FORMS) == set(POSTCODES)
    assert POSTCODES["GB"].startswith("X")


def test_hauliers_and_airlines_are_named_after_their_trade() -> None:
    """Their names say what they do."""
    rng = np.random.default_rng(1)
    airlines = airline_companies(rng, ["GB", "DE", "TR"] * 10)
    assert all(any(word in (party.name or "") for word in ("Air", "Aviation")) for party in airlines)
    assert not any("Foods" in (party.name or "") for party in companies(rng, ["GB"] * 100, hauliers=True))


@given(patterns=st.lists(st.sampled_from(["LLDD DLL", "DDDDD", "LT-DDDDD", "XLDD DLL"]), max_size=30))
def test_patterns_are_followed_in_place(patterns: list[str]) -> None:
    """Letters for L, digits for D, all else as it stands, in the order of the patterns."""
    for pattern, text in zip(patterns, patterned(np.random.default_rng(1), patterns), strict=True):
        assert len(text) == len(pattern)
        for form, sign in zip(pattern, text, strict=True):
            assert sign.isalpha() if form == "L" else sign.isdigit() if form == "D" else sign == form


def test_vessels_are_named_in_capitals() -> None:
    """Nearly all vessels of a large fleet have names of their own."""
    names = vessel_names(np.random.default_rng(1), 500)
    assert all(name.isupper() for name in names)
    assert len(set(names)) > 490
