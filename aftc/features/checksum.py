"""CRC-32 over words, in compiled code: the value that `zlib.crc32` gives for their little-endian bytes.

Compiled code of other files may call it, though the compiler's cache would not notice a change: its values are fixed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["check", "put_checks"]

Integers: TypeAlias = NDArray[np.int64]

_POLYNOMIAL: Final = 0xEDB88320  # as in zlib, reflected
_LOW: Final = 0xFFFFFFFF
_AT_ONCE: Final = 8  # bytes


def _crc_tables() -> Integers:
    """int64[8, 256]: CRC of a byte followed by 0 to 7 zero bytes, so that eight bytes take one step."""
    tables = np.zeros((_AT_ONCE, 256), np.int64)
    tables[0] = np.arange(256)
    for _ in range(8):
        tables[0] = np.where(tables[0] & 1, (tables[0] >> 1) ^ _POLYNOMIAL, tables[0] >> 1)
    for zeros in range(1, _AT_ONCE):
        tables[zeros] = (tables[zeros - 1] >> 8) ^ tables[0][tables[zeros - 1] & 255]
    return tables


_CRC: Final = _crc_tables()


@njit(cache=True, nogil=True)
def check(words: Integers, begin: int, end: int, seed: int) -> int:
    """CRC-32 of the words from `begin` up to `end`, begun with another.

    Args:
        words: [*].
        begin: The first of them.
        end: The one after the last.
        seed: CRC-32 of what goes before; 0 where nothing does.
    """
    crc = seed ^ _LOW
    for place in range(begin, end):
        word = words[place]
        low = (word & _LOW) ^ crc
        high = (word >> 32) & _LOW
        crc = (
            _CRC[7, low & 255]
            ^ _CRC[6, (low >> 8) & 255]
            ^ _CRC[5, (low >> 16) & 255]
            ^ _CRC[4, low >> 24]
            ^ _CRC[3, high & 255]
            ^ _CRC[2, (high >> 8) & 255]
            ^ _CRC[1, (high >> 16) & 255]
            ^ _CRC[0, high >> 24]
        )
    return crc ^ _LOW


@njit(cache=True, nogil=True)
def put_checks(words: Integers, ends: Integers, keys: Integers) -> None:
    """Write its check at the end of each record: CRC-32 of its words, begun with that of its key.

    Args:
        words: Records, one after the other.
        ends: [n]: where each one ends.
        keys: [n]: the key of each.
    """
    begin = 0
    for record in range(ends.size):
        end = ends[record]
        words[end - 1] = check(words, begin, end - 1, check(keys, record, record + 1, 0))
        begin = end
