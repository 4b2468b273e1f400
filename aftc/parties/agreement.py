"""The rule of merges: across different keys, only the trader number or two independent identifiers will do.

The identifiers are the number, the name and the address. A name or a street agrees where its words are the same, but
for one that is abbreviated or has one slip of the hand; numbers of houses have to be equal. An address needs its street
and its postcode or town. Two trader numbers contradict each other, save for one slip; numbers are given in a row, so
another digit among the last three is no slip.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from aftc.parties.statements import Statement

__all__ = ["Identifier", "agreeing", "contradict", "one_slip"]

_LEAST_CUT: Final = 3  # letters that an abbreviation keeps
_LEAST_SLIPPED: Final = 5  # letters of a word in which a slip can be told from another word
_IN_A_ROW: Final = 3  # last signs of a number, in which neighbours differ


class Identifier(StrEnum):
    """What two statements may agree in."""

    NUMBER = "number"
    NAME = "name"
    ADDRESS = "address"
    SLIPPED = "number but for a slip"
    GOODS = "number stated for the same goods"


def agreeing(one: Statement, other: Statement) -> tuple[Identifier, ...]:
    """The identifiers in which two statements agree."""
    found = {
        Identifier.NUMBER: one.number == other.number != "",
        Identifier.NAME: _alike(one.name, other.name),
        Identifier.ADDRESS: _same_address(one, other),
    }
    return tuple(identifier for identifier, agrees in found.items() if agrees)


def contradict(one: str, other: str) -> bool:
    """Whether two trader numbers, where both are stated, are those of two parties."""
    if not one or not other or one == other:
        return False
    if not one_slip(one, other):
        return True
    changed = [place for place, sign in enumerate(one) if sign != other[place]] if len(one) == len(other) else []
    if len(changed) != 1 or changed[0] < len(one) - _IN_A_ROW:
        return False
    return one[changed[0]].isdigit() and other[changed[0]].isdigit()


def one_slip(one: str, other: str) -> bool:
    """Whether two texts differ by one sign: changed, left out, added, or two neighbours swapped.

    >>> one_slip("SANVIDALE", "SANVIDLAE"), one_slip("SANVIDALE", "SANVIDA")
    (True, False)
    """
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, sign in enumerate(one) if sign != other[place]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


def _same_address(one: Statement, other: Statement) -> bool:
    if one.country and other.country and one.country != other.country:
        return False
    if one.postcode and other.postcode and one.postcode != other.postcode:
        return False
    street = _alike(one.street, other.street) or _within(one, other) or _within(other, one)
    return street and (one.postcode == other.postcode != "" or one.town == other.town != "")


def _within(one: Statement, other: Statement) -> bool:
    """Whether the other's street is this one's with the town written behind it."""
    words = {*one.street.split(), *one.town.split()}
    return bool(one.street and one.town and not other.town) and words == set(other.street.split())


def _alike(one: str, other: str) -> bool:
    """Whether two normalised texts have the same words, but for one that is abbreviated or slipped in."""
    if not one or not other:
        return False
    mine, others = set(one.split()), set(other.split())
    left, right = mine - others, others - mine
    if not left and not right:
        return True
    return len(left) == len(right) == 1 and _same_word(*left, *right)


def _same_word(one: str, other: str) -> bool:
    if one.isdigit() or other.isdigit():
        return False
    short, long = sorted((one, other), key=len)
    cut = len(short) >= _LEAST_CUT and long.startswith(short)
    return cut or (len(long) >= _LEAST_SLIPPED and one_slip(one, other))
