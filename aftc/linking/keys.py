"""Normal forms of references and the ids derived from them.

Ids are functions of what identifies, so the same consignment has the same id in every replay and for every caller.
"""

from __future__ import annotations

import re
from base64 import b32encode
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

__all__ = [
    "ID_LENGTH",
    "PLACEHOLDERS",
    "alike",
    "consignment_id",
    "movement_id",
    "normal_reference",
    "normal_registration",
    "normal_waybill",
]

_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]+")
_DASHED_WAYBILL = re.compile(r"[0-9]{3}-[0-9]{8}")
# What people write where they know no number: two of them are not the same thing.
_UNKNOWN = ("TBA", "TBC", "TBN", "TBD", "UNKNOWN", "UNKN", "NA", "NONE", "NIL", "NULL", "NOTKNOWN", "NOTAVAILABLE")
PLACEHOLDERS = frozenset((*_UNKNOWN, "X", "XX", "XXX", "XXXX", "0", "00", "000", "0000"))
COUNTED = 3  # last digits, by which a sender's numbers in a row differ
SHORTEST = 6  # signs of a reference that a slip leaves recognisable
ID_LENGTH = 17  # characters of an id: what it is of, and the code
_ID_BYTES = 10  # 80 bits: sixteen base-32 characters, no padding; a collision among 10^9 ids has chance below 10^-6


@lru_cache(maxsize=65_536)
def normal_registration(text: str) -> str:
    """Registration or container number without spaces, dashes and case; empty where the text names none.

    >>> normal_registration("ab12 cde"), normal_registration("T.B.A.")
    ('AB12CDE', '')
    """
    normal = _NOT_ALPHANUMERIC.sub("", text.upper())
    return "" if normal in PLACEHOLDERS else normal


@lru_cache(maxsize=65_536)
def normal_reference(text: str) -> str:
    """Document reference, MRN or UCR without spaces and case; punctuation stays, it can distinguish."""
    return "".join(text.upper().split())


def normal_waybill(text: str) -> str:
    """Air waybill number as eleven digits, whether a dash follows the airline's prefix or not.

    >>> normal_waybill("888-1111 1111"), normal_waybill("SEL-22222222")
    ('88811111111', 'SEL-22222222')
    """
    normal = normal_reference(text)
    return normal[:3] + normal[4:] if _DASHED_WAYBILL.fullmatch(normal) else normal


def alike(one: str, other: str) -> bool:
    """Whether two references differ by one slip of the hand: a sign left out, put in or changed, or two swapped.

    >>> alike("H0472037385", "H047203785"), alike("HW0770348407", "HW0770348404"), alike("PX12", "PX21")
    (True, False, False)
    """
    if min(len(one), len(other)) < SHORTEST or one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, rest_other = one[start:], other[start:]
    if not rest or not rest_other:
        return len(rest + rest_other) == 1
    in_a_row = len(rest) <= COUNTED and rest[0].isdigit() and rest_other[0].isdigit()
    changed = rest[1:] == rest_other[1:] and not in_a_row
    return (
        changed
        or rest[1:] == rest_other
        or rest == rest_other[1:]
        or (rest[:2] == rest_other[:2][::-1] and rest[2:] == rest_other[2:])
    )


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode()
    return b32encode(blake2b(joined, digest_size=_ID_BYTES).digest()).decode()


def consignment_id(kind: Literal["document", "lrn", "movement"], reference: str) -> str:
    """Id of the consignment that a normal reference of this kind identifies."""
    return "C" + _digest("consignment", kind, reference)


def movement_id(kind: Literal["booking", "gmr", "entry", "check_in", "voyage", "flight"], reference: str) -> str:
    """Id of the movement first seen through a reference of this kind."""
    return "M" + _digest("movement", kind, reference)
