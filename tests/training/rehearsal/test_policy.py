"""Policies: capacity, lots and the chances that they record."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.rehearsal.policy import choose


@given(
    scores=st.lists(st.sampled_from([0.0, 0.1, 0.5]), min_size=1, max_size=60),
    share=st.floats(0.0, 1.0),
    capacity=st.integers(1, 60),
)
def test_the_model_takes_the_best_of_what_the_lot_leaves(scores: list[float], share: float, capacity: int) -> None:
    """No unit that the model leaves scores above one that it takes; with the lots, capacity is met on average."""
    given_scores, capacity = np.array(scores), min(capacity, len(scores))
    choice = choose(given_scores, capacity, share, np.random.default_rng(1))
    taken = choice.model == 1.0
    assert set(choice.model.tolist()) <= {0.0, 1.0}
    assert not taken.any() or taken.all() or given_scores[taken].min() >= given_scores[~taken].max()
    combined = 1.0 - (1.0 - choice.model) * (1.0 - choice.random)
    assert abs(combined.sum() - capacity) <= 0.5 + 1e-9


def test_greedy_selection_draws_no_lots() -> None:
    """Without a random share exactly the capacity is selected, with chance 1, and all others have none."""
    choice = choose(np.arange(50.0), 5, 0.0, np.random.default_rng(1))
    assert np.flatnonzero(choice.model).tolist() == [45, 46, 47, 48, 49]
    assert not choice.random.any()
    assert not choice.drawn.any()


def test_lots_fall_as_often_as_they_say() -> None:
    """Over 2,000 draws every unit is drawn as often as its recorded chance says (within five errors)."""
    rng = np.random.default_rng(1)
    choices = [choose(np.zeros(40), 10, 0.5, rng) for _ in range(2_000)]
    chance = choices[0].random[0]
    often = np.mean([choice.drawn for choice in choices], axis=0)
    assert (abs(often - chance) < 5 * np.sqrt(chance * (1 - chance) / len(choices))).all()


def test_equal_scores_are_put_in_order_by_lot() -> None:
    """Where nothing is known, greedy selection does not take the same places every week."""
    rng = np.random.default_rng(1)
    assert len({tuple(np.flatnonzero(choose(np.zeros(30), 3, 0.0, rng).model)) for _ in range(20)}) > 10
