"""Integers in few bytes: whatever is written is read again."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.features.packing import MOST_BYTES, pack_integers, pack_rows, unpack_integers, unpack_rows

INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-200, 200)


@settings(deadline=None)
@given(st.lists(INTEGERS, max_size=20))
def test_integers_are_read_as_written(values: list[int]) -> None:
    """All of 64 bits, in at most ten bytes each; one byte from -64 to 63."""
    octets = np.empty(MOST_BYTES * len(values), np.uint8)
    length = pack_integers(np.array(values, np.int64), octets)
    read = np.empty(len(values), np.int64)
    assert unpack_integers(octets[:length], read) == length
    assert read.tolist() == values
    if all(-64 <= value < 64 for value in values):
        assert length == len(values)


@settings(deadline=None)
@given(st.lists(st.tuples(INTEGERS, INTEGERS, st.lists(st.tuples(st.integers(0, 255), INTEGERS), max_size=4))))
def test_rows_are_read_as_written(rows: list[tuple[int, int, list[tuple[int, int]]]]) -> None:
    """Sequence, day and amounts of any rows, in any order, steps beyond 64 bits among them."""
    sequence, day = (np.array([row[place] for row in rows], np.int64) for place in (0, 1))
    counts = np.array([len(row[2]) for row in rows], np.int64)
    measure = np.array([measure for row in rows for measure, _ in row[2]], np.uint8)
    amount = np.array([amount for row in rows for _, amount in row[2]], np.int64)
    octets = np.empty(3 * MOST_BYTES * len(rows) + (1 + MOST_BYTES) * len(amount), np.uint8)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)))
    length = pack_rows(np.arange(len(rows)), sequence, day, offsets, measure, amount, octets)
    sequences, days, lengths = np.empty_like(sequence), np.empty_like(day), np.empty_like(counts)
    measures, amounts = np.empty_like(measure), np.empty_like(amount)
    assert unpack_rows(octets[:length], sequences, days, lengths, measures, amounts) == length
    for found, expected in ((sequences, sequence), (days, day), (lengths, counts)):
        assert np.array_equal(found, expected)
    assert np.array_equal(measures, measure)
    assert np.array_equal(amounts, amount)
