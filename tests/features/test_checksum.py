"""The compiled checksum against zlib's."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aftc.features.checksum import check

words = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(words, max_size=9), st.lists(words, max_size=3), st.integers(0, 2**32 - 1))
def test_it_is_the_crc_of_zlib(inside: list[int], around: list[int], seed: int) -> None:
    """Of any number of words, odd or even, begun with any other, whatever stands beside them."""
    every = np.array([*around, *inside, *around], np.int64)
    begin, end = len(around), len(around) + len(inside)
    assert check(every, begin, end, seed) == crc32(every[begin:end].tobytes(), seed)
