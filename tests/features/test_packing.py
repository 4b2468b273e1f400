"""Integers in few bytes: whatever is written is read again."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.features.packing import MOST_BYTES, pack_integers, unpack_integers

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
