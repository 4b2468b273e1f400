"""The compiled checksum against zlib's."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aftc.features.checksum import check, check_of_key


@given(st.binary(max_size=70), st.binary(max_size=3), st.integers(0, 2**32 - 1))
def test_it_is_the_crc_of_zlib(inside: bytes, around: bytes, seed: int) -> None:
    """Of any number of bytes, begun with any other, whatever stands beside them."""
    every = np.frombuffer(bytearray(around + inside + around), np.uint8)
    assert check(every, len(around), len(around) + len(inside), seed) == crc32(inside, seed)


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_key_counts_as_its_eight_bytes(key: int) -> None:
    """As the state's tables are keyed."""
    assert check_of_key(key) == crc32(key.to_bytes(8, "little", signed=True))
