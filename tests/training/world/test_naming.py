"""Invented names and numbers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from stdnum import imo, iso6346

from aftc.linking.keys import normal_registration
from training.world.naming import companies, container_numbers, imo_numbers, registrations, spelt


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
