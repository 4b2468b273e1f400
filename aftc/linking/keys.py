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


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode()
    return b32encode(blake2b(joined, digest_size=_ID_BYTES).digest()).decode()


def consignment_id(kind: Literal["document", "lrn", "movement"], reference: str) -> str:
    """Id of the consignment that a normal reference of this kind identifies."""
    return "C" + _digest("consignment", kind, reference)


def movement_id(kind: Literal["booking", "gmr", "entry", "check_in", "voyage", "flight"], reference: str) -> str:
    """Id of the movement first seen through a reference of this kind."""
    return "M" + _digest("movement", kind, reference)
