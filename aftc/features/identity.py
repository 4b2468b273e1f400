"""Identity codes: the 64-bit names under which entities and owners keep their history.

They key state and lake and are never model inputs.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

__all__ = ["NO_KEY", "owner_of_consignment", "owner_of_movement", "stable_id"]

NO_KEY = 0  # the entity is unknown; no identity has this code
_SEPARATOR = "\x1f"  # never part of a normalised value, so kind and value cannot run into each other
_CODE_BYTES = 8  # among 10^8 entities of one kind a collision has chance 3 in 10^4


@lru_cache(maxsize=65_536)
def stable_id(kind: str, value: str) -> int:
    """Signed 64-bit code of a value of this kind, the same in every process and never `NO_KEY`.

    >>> stable_id("vehicle", "AB12CDE") == stable_id("trailer", "AB12CDE")
    False
    """
    digest = blake2b(f"{kind}{_SEPARATOR}{value}".encode(), digest_size=_CODE_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def owner_of_consignment(consignment_id: str) -> int:
    """Code of a consignment as the owner of sightings."""
    return stable_id("consignment", consignment_id)


def owner_of_movement(movement_id: str) -> int:
    """Code of a movement (one crossing, voyage or flight of a unit) as the owner of sightings."""
    return stable_id("movement", movement_id)
