"""Movement reference numbers (MRN): what customs calls a declaration, the same whichever message names it.

Two digits of the year, the country, thirteen letters and digits that follow from the declarant's own reference without
showing it, and a check digit after ISO 6346 over the other seventeen signs.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from aftc.clock import DAY, Instant, to_datetime
from training.world.draws import ALPHANUMERIC
from training.world.naming import iso6346_digit

__all__ = ["import_reference", "movement_reference"]

_SIGNS = 13


def movement_reference(declared: Instant, lrn: str) -> str:
    """Of an entry summary declaration: the third of its thirteen signs is an I.

    >>> movement_reference(0, "7K30FJ2X94BD")
    '70GB7NI751GQHF1DF5'
    """
    signs = _signs(lrn)
    return _numbered(declared, f"{signs[:2]}I{signs[3:]}")


def import_reference(declared: Instant, document: str) -> str:
    """Of the import declaration of what travels under a document."""
    return _numbered(declared, _signs(f"import {document}"))


def _numbered(declared: Instant, signs: str) -> str:
    stem = f"{_year(declared // DAY)}GB{signs}"
    return f"{stem}{iso6346_digit(stem)}"


def _signs(reference: str) -> str:
    number = int.from_bytes(blake2b(reference.encode(), digest_size=_SIGNS).digest(), "big")
    signs = []
    for _ in range(_SIGNS):
        number, place = divmod(number, len(ALPHANUMERIC))
        signs.append(ALPHANUMERIC[place])
    return "".join(signs)


@lru_cache(maxsize=1_024)
def _year(day: int) -> str:
    return f"{to_datetime(day * DAY):%y}"
