"""Records one after the other in one array of bytes: how compiled code takes and gives those of many keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from struct import Struct
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Integers", "Octets", "joined", "names_of", "pieces"]

Integers: TypeAlias = NDArray[np.int64]
Octets: TypeAlias = NDArray[np.uint8]

_NAME = Struct("8s")


def names_of(keys: Integers) -> list[bytes]:
    """Keys or owners as the state's tables are keyed."""
    return [name for (name,) in _NAME.iter_unpack(keys.tobytes())]


def joined(records: Sequence[bytes | None]) -> tuple[Octets, Integers]:
    """Bytes of some records, one after the other, and the length of each: -1 of one that is not there."""
    lengths = [-1 if raw is None else len(raw) for raw in records]
    return np.frombuffer(bytearray().join(filter(None, records)), np.uint8), np.array(lengths, np.int64)


def pieces(raw: Octets, ends: Integers) -> list[bytes]:
    """Bytes of records that stand one after the other.

    Args:
        raw: The bytes.
        ends: [n + 1]: where the first begins, and where each ends.
    """
    whole = raw.tobytes()
    return [whole[begin:end] for begin, end in pairwise(ends.tolist())]
