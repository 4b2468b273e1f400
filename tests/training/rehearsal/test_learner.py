"""The rehearsal's model."""

from __future__ import annotations

import numpy as np

from training.rehearsal.learner import Columns, Form, Labelled, learnt, scored


def _rows(count: int) -> Labelled:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(count, 3))
    return Labelled(vectors, vectors[:, 0] + rng.normal(size=count) > 1.0, np.ones(count))


def test_nothing_is_learnt_from_rows_that_are_all_alike() -> None:
    """Without a find, or without anything clear, there is no model and every score is 0."""
    rows = _rows(50)
    for found in (np.zeros(50, dtype=np.bool_), np.ones(50, dtype=np.bool_)):
        model = learnt(Labelled(rows.vectors, found, rows.weight), Columns((), (0, 0, 0)), Form(rounds=5))
        assert model is None
        assert not scored(model, rows.vectors).any()


def test_learning_is_repeatable_and_monotone() -> None:
    """The same rows give the same scores, and a column declared rising never lowers a score."""
    rows, columns = _rows(500), Columns((), (1, 0, 0))
    first, second = (scored(learnt(rows, columns, Form(rounds=30)), rows.vectors) for _ in range(2))
    assert np.array_equal(first, second)
    raised = scored(learnt(rows, columns, Form(rounds=30)), rows.vectors + np.array([0.5, 0.0, 0.0]))
    assert (raised >= first).all()
    assert (raised > first).any()
