"""CRC-32 in compiled code: the values that `zlib.crc32` gives.

Compiled code of other files may call it, though the compiler's cache would not notice a change: its values are fixed.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["check", "check_of_key"]

Octets: TypeAlias = NDArray[np.uint8]

_POLYNOMIAL: Final = 0xEDB88320  # as in zlib, reflected
_LOW: Final = 0xFFFFFFFF
_AT_ONCE: Final = 16  # bytes


def _crc_tables() -> NDArray[np.uint32]:
    """uint32[16, 256]: CRC of a byte followed by 0 to 15 zero bytes, so that sixteen bytes take one step."""
    tables = np.zeros((_AT_ONCE, 256), np.uint32)
    tables[0] = np.arange(256)
    for _ in range(8):
        tables[0] = np.where(tables[0] & 1, (tables[0] >> 1) ^ _POLYNOMIAL, tables[0] >> 1)
    for zeros in range(1, _AT_ONCE):
        tables[zeros] = (tables[zeros - 1] >> 8) ^ tables[0][tables[zeros - 1] & 255]
    return tables


_CRC: Final = _crc_tables()


@njit(cache=True, nogil=True)
def check(raw: Octets, begin: int, end: int, seed: int) -> int:
    """CRC-32 of the bytes from `begin` up to `end`, begun with another.

    Args:
        raw: [*].
        begin: The first of them.
        end: The one after the last.
        seed: CRC-32 of what goes before; 0 where nothing does.
    """
    crc, at = np.uint32(seed ^ _LOW), begin
    while at + _AT_ONCE <= end:  # no step of the sixteen waits for another's
        crc = (
            _CRC[15, raw[at] ^ (crc & 255)]
            ^ _CRC[14, raw[at + 1] ^ ((crc >> 8) & 255)]
            ^ _CRC[13, raw[at + 2] ^ ((crc >> 16) & 255)]
            ^ _CRC[12, raw[at + 3] ^ ((crc >> 24) & 255)]
            ^ _CRC[11, raw[at + 4]]
            ^ _CRC[10, raw[at + 5]]
            ^ _CRC[9, raw[at + 6]]
            ^ _CRC[8, raw[at + 7]]
            ^ _CRC[7, raw[at + 8]]
            ^ _CRC[6, raw[at + 9]]
            ^ _CRC[5, raw[at + 10]]
            ^ _CRC[4, raw[at + 11]]
            ^ _CRC[3, raw[at + 12]]
            ^ _CRC[2, raw[at + 13]]
            ^ _CRC[1, raw[at + 14]]
            ^ _CRC[0, raw[at + 15]]
        )
        at += _AT_ONCE
    while at < end:
        crc = _CRC[0, (crc ^ raw[at]) & 255] ^ (crc >> 8)
        at += 1
    return int(np.int64(crc)) ^ _LOW


@njit(cache=True, nogil=True)
def check_of_key(key: int) -> int:
    """CRC-32 of a key's eight bytes, with which the check of its record begins."""
    crc = np.uint32(_LOW)
    for place in range(8):
        crc = _CRC[0, (crc ^ (key >> (8 * place))) & 255] ^ (crc >> 8)
    return int(np.int64(crc)) ^ _LOW
