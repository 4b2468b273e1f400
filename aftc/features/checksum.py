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
_AT_ONCE: Final = 16  # bytes


def _crc_tables() -> Integers:
    """int64[16, 256]: CRC of a byte followed by 0 to 15 zero bytes, so that sixteen bytes take one step."""
    tables = np.zeros((_AT_ONCE, 256), np.int64)
    tables[0] = np.arange(256)
    for _ in range(8):
        tables[0] = np.where(tables[0] & 1, (tables[0] >> 1) ^ _POLYNOMIAL, tables[0] >> 1)
    for zeros in range(1, _AT_ONCE):
        tables[zeros] = (tables[zeros - 1] >> 8) ^ tables[0][tables[zeros - 1] & 255]
    return tables


_CRC: Final = _crc_tables()


@njit(cache=True, nogil=True)
def _step(low: int, high: int, zeros: int) -> int:
    """CRC of eight bytes with `zeros` zero bytes after them; no step waits for another's."""
    crc: int = (
        _CRC[zeros + 7, low & 255]
        ^ _CRC[zeros + 6, (low >> 8) & 255]
        ^ _CRC[zeros + 5, (low >> 16) & 255]
        ^ _CRC[zeros + 4, (low >> 24) & 255]
        ^ _CRC[zeros + 3, high & 255]
        ^ _CRC[zeros + 2, (high >> 8) & 255]
        ^ _CRC[zeros + 1, (high >> 16) & 255]
        ^ _CRC[zeros, (high >> 24) & 255]
    )
    return crc


@njit(cache=True, nogil=True)
def check(words: Integers, begin: int, end: int, seed: int) -> int:
    """CRC-32 of the words from `begin` up to `end`, begun with another.

    Args:
        words: [*].
        begin: The first of them.
        end: The one after the last.
        seed: CRC-32 of what goes before; 0 where nothing does.
    """
    crc, place = seed ^ _LOW, begin
    while place + 1 < end:
        first, second = words[place], words[place + 1]
        crc = _step(first ^ crc, first >> 32, 8) ^ _step(second, second >> 32, 0)
        place += 2
    if place < end:
        crc = _step(words[place] ^ crc, words[place] >> 32, 0)
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
