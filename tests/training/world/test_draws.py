"""Random draws by concern and week."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.world.draws import ALPHANUMERIC, DIGITS, Draws, codes, permuted, weighted


def test_a_concern_draws_the_same_whatever_else_is_drawn() -> None:
    """A concern's draws depend on the seed, its name and the week alone."""
    first = Draws(5, 2)
    first.of("another").random(100)
    drawn = first.of("lanes").random(3).tolist()
    assert drawn == Draws(5, 2).of("lanes").random(3).tolist()
    for other in (Draws(6, 2).of("lanes"), Draws(5, 3).of("lanes"), Draws(5).of("lanes"), first.of("loads")):
        assert drawn != other.random(3).tolist()


def test_codes_of_a_concern_are_distinct_over_all_weeks() -> None:
    """A hundred weeks of 500 codes of nine digits hold 50,000 different ones, those of another concern other ones."""
    found = [code for week in range(100) for code in Draws(5, week).codes("bills", 500, 9, DIGITS)]
    assert len(set(found)) == 50_000
    assert all(len(code) == 9 and code.isdigit() for code in found)
    assert found[:500] != Draws(5, 0).codes("seals", 500, 9, DIGITS)


def test_codes_carry_no_order() -> None:
    """Codes and the order in which they were asked for are unrelated, within a week and between weeks."""
    found = [code for week in range(4) for code in Draws(5, week).codes("bills", 5_000, 12, ALPHANUMERIC)]
    ranks = np.argsort(np.argsort(found))
    assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) < 4 / np.sqrt(len(ranks))


def test_long_codes_are_distinct_and_vary_in_every_sign() -> None:
    """Signs before those that are permuted are drawn too: of a thousand codes, each place has nearly all digits."""
    found = Draws(5, 0).codes("long", 1_000, 20, DIGITS)
    assert len(set(found)) == 1_000
    assert all(len({code[place] for code in found}) == 10 for place in range(20))


@given(size=st.integers(1, 3_000), key=st.integers(0, 2**62))
def test_permuted_is_a_permutation(size: int, key: int) -> None:
    """Every number below the size has a place of its own below the size."""
    places = permuted(np.arange(size), size, key)
    assert sorted(places.tolist()) == list(range(size))


@given(count=st.integers(0, 900), seed=st.integers(0, 100))
def test_codes_are_distinct_and_of_their_length(count: int, seed: int) -> None:
    """As many distinct codes as asked for, even where they use up nearly all there are."""
    found = codes(np.random.default_rng(seed), count, 3, DIGITS)
    assert len(set(found)) == len(found) == count
    assert all(len(code) == 3 and code.isdigit() for code in found)


def test_weighted_draws_follow_the_weights() -> None:
    """Of 30,000 draws with weights 1, 0 and 2 a third falls on the first, none on the second (within 2 points)."""
    drawn = weighted(np.random.default_rng(1), np.array([1.0, 0.0, 2.0]), 30_000)
    shares = np.bincount(drawn, minlength=3) / 30_000
    assert abs(shares[0] - 1 / 3) < 0.02
    assert shares[1] == 0
