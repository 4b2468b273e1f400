"""Running sums by key."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.rehearsal.tallies import Tallies
from training.world.parameters import Floats

BATCHES = st.lists(st.lists(st.tuples(st.integers(-2, 6), st.integers(0, 5), st.integers(0, 5))), max_size=6)


@given(batches=BATCHES, asked=st.lists(st.integers(-3, 8)), factor=st.sampled_from([0.0, 0.5, 1.0]))
def test_sums_are_those_of_plain_counting(
    batches: list[list[tuple[int, int, int]]], asked: list[int], factor: float
) -> None:
    """After any additions, each followed by fading of the second sum, every key has what a dictionary gives it."""
    tallies = Tallies(2)
    plain: defaultdict[int, Floats] = defaultdict(lambda: np.zeros(2))
    for batch in batches:
        rows = np.array(batch, dtype=np.int64).reshape(-1, 3)
        tallies.add(rows[:, 0], rows[:, 1:].astype(np.float64))
        tallies.fade(np.array([1.0, factor]))
        for key, first, second in batch:
            plain[key] += (first, second)
        for sums in plain.values():
            sums *= (1.0, factor)
    expected = [plain[key] if key in plain else np.zeros(2) for key in asked]
    assert np.array_equal(tallies.of(np.array(asked, dtype=np.int64)), np.array(expected).reshape(-1, 2))
