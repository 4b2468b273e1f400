"""Windows in batch against the naive oracle and against SQL, on random streams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aftc.errors import HistoryError
from aftc.features import batch, sql
from aftc.features.algebra import KeyKind, Measure
from aftc.features.batch import Decisions
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.testing import apply_step, decisions_of, naive_window_sums, random_history
from aftc.overlay import MemoryState

Stream = tuple[NDArray[np.int64], Decisions]
GAPS = (0, 0, 1, 27, 28, 90, 364, 365, 366, 729, 730)  # days between messages, around every window's edge


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """Sightings of few keys by few owners, and decisions at some of their messages."""
    days = np.cumsum(draw(st.lists(st.sampled_from(GAPS), min_size=1, max_size=8))).tolist()
    amount = st.integers(-3, 3)
    rows = []
    for sequence, day in enumerate(days, start=1):
        for _ in range(draw(st.integers(0, 3))):
            key, owner = draw(st.integers(1, 3)), draw(st.integers(11, 13))
            rows.append(
                [key, owner, sequence, day, *draw(st.lists(amount, min_size=len(Measure), max_size=len(Measure)))]
            )
    made = draw(st.lists(st.integers(1, len(days)), min_size=1, max_size=4))
    owners = [draw(st.lists(st.integers(11, 14), max_size=3)) for _ in made]
    slots = [draw(st.lists(st.integers(0, 4), min_size=len(KeyKind), max_size=len(KeyKind))) for _ in made]
    decisions = Decisions(
        slots=np.array(slots, np.int64),
        owner_offsets=np.cumsum([0, *map(len, owners)], dtype=np.int64),
        owners=np.array([owner for each in owners for owner in each], np.int64),
        day=np.array([days[sequence - 1] for sequence in made], np.int64),
        sequence=np.array(made, np.int64),
    )
    return np.array(rows, np.int64).reshape(-1, 4 + len(Measure)), decisions


@settings(deadline=None, max_examples=60)
@given(streams())
def test_the_kernel_equals_the_naive_oracle(stream: Stream) -> None:
    """Every integer is equal, with keys missing, owners named twice, sums negative and days at every edge."""
    sightings, decisions = stream
    expected = naive_window_sums(SCHEMA, sightings, decisions)
    assert np.array_equal(batch.window_sums(SCHEMA, sightings, decisions), expected)


@settings(deadline=None, max_examples=8)
@given(streams())
def test_sql_equals_the_naive_oracle(stream: Stream) -> None:
    """The oracle for whole worlds is itself held against the obvious one."""
    sightings, decisions = stream
    expected = naive_window_sums(SCHEMA, sightings, decisions)
    assert np.array_equal(sql.window_sums(SCHEMA, sightings, decisions), expected)


@pytest.fixture(scope="module")
def world() -> Stream:
    """A random history of several hundred messages: sightings and all its versions as decisions."""
    state, rows = MemoryState(), []
    extracts: list[tuple[int, Extract]] = []
    for step in random_history(7, messages=400):
        made, sightings = apply_step(state, step)
        rows.append(sightings)
        extracts.extend((step.sequence, each) for each in made)
    return np.concatenate(rows), decisions_of(extracts)


def test_sql_equals_the_kernel_on_a_world(world: Stream) -> None:
    """0 of some 24,000 integers differ."""
    sightings, decisions = world
    sums = batch.window_sums(SCHEMA, sightings, decisions)
    assert sums.size > 20_000
    assert np.count_nonzero(sums) > sums.size // 4
    assert np.array_equal(sql.window_sums(SCHEMA, sightings, decisions), sums)


def test_the_order_of_rows_and_decisions_means_nothing(world: Stream) -> None:
    """Stored rows and decisions may come in any order."""
    sightings, decisions = world
    sums = batch.window_sums(SCHEMA, sightings, decisions)
    order = np.random.default_rng(1).permutation(len(decisions.day))
    lengths = np.diff(decisions.owner_offsets)[order]
    owners = [decisions.owners[decisions.owner_offsets[at] : decisions.owner_offsets[at + 1]] for at in order]
    shuffled = Decisions(
        slots=decisions.slots[order],
        owner_offsets=np.cumsum([0, *lengths], dtype=np.int64),
        owners=np.concatenate(owners),
        day=decisions.day[order],
        sequence=decisions.sequence[order],
    )
    rows = np.random.default_rng(2).permutation(sightings)
    assert np.array_equal(batch.window_sums(SCHEMA, rows, shuffled), sums[order])


def test_no_sightings_and_no_decisions_are_no_trouble(world: Stream) -> None:
    """An empty lake gives zeros; no decisions give no rows."""
    sightings, decisions = world
    assert not batch.window_sums(SCHEMA, sightings[:0], decisions).any()
    assert not sql.window_sums(SCHEMA, sightings[:0], decisions).any()
    none = decisions_of([])
    assert batch.window_sums(SCHEMA, sightings, none).shape == (0, len(SCHEMA.windows))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda decisions: replace(decisions, slots=decisions.slots[:, :-1]),
        lambda decisions: replace(decisions, sequence=decisions.sequence[:-1]),
        lambda decisions: replace(decisions, owner_offsets=decisions.owner_offsets[:-1]),
        lambda decisions: replace(decisions, day=decisions.day - 1),
        lambda decisions: replace(decisions, day=decisions.day[::-1].copy()),
    ],
    ids=["slots", "sequences", "owners", "a day early", "days reversed"],
)
def test_decisions_that_cannot_be_are_refused(world: Stream, spoil: Callable[[Decisions], Decisions]) -> None:
    """A decision of another shape, or with another day than its message's, is no decision."""
    sightings, decisions = world
    with pytest.raises(HistoryError):
        batch.window_sums(SCHEMA, sightings, spoil(decisions))
    with pytest.raises(HistoryError):
        batch.window_sums(SCHEMA, sightings[:, :-1], decisions)
