"""Random draws by concern."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.world.draws import DIGITS, Draws, codes, weighted


def test_a_concern_draws_the_same_whatever_else_is_drawn() -> None:
    """A concern's draws depend on the seed and its name alone."""
    first = Draws(5)
    first.of("another").random(100)
    assert first.of("lanes").random(3).tolist() == Draws(5).of("lanes").random(3).tolist()
    assert first.of("lanes").random(3).tolist() != Draws(6).of("lanes").random(3).tolist()
    assert first.of("lanes").random(3).tolist() != first.of("loads").random(3).tolist()


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
