"""Numbers with a check digit: containers (ISO 6346), ships (IMO), movements (MRN), air waybills (IATA).

Beside them three that have but a form: trader numbers (EORI), declaration UCRs, and places (UN/LOCODE).

Each function says in a few words what is wrong with a number, or None. Spaces, hyphens and case do not count.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aftc.reference.countries import code_of

__all__ = [
    "WRONG",
    "air_waybill_fault",
    "container_digit",
    "container_fault",
    "eori_fault",
    "imo_fault",
    "locode_fault",
    "mrn_fault",
    "ucr_fault",
]

WRONG = "wrong check digit"
HIGH_SEAS = "XZ"  # the country of UN/LOCODEs of installations in international waters

_CONTAINER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
_IMO = re.compile(r"(?:IMO)?([0-9]{7})")
_MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")
_AIR_WAYBILL = re.compile(r"[0-9]{11}")
_EORI = re.compile(r"(?:GB|XI)(?:[0-9]{12}|[0-9]{15})|(?!GB|XI)[A-Z]{2}[A-Z0-9]{1,15}")
_UCR = re.compile(r"[0-9][A-Z]{2}[A-Z0-9]{1,15}-[A-Z0-9()/-]{1,19}")
_LOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
_BETWEEN, _SPACES = re.compile(r"[\s-]+"), re.compile(r"\s+")

# ISO 6346: letters count from 10, leaving out the multiples of eleven.
_VALUES = {str(digit): digit for digit in range(10)} | dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (value for value in range(10, 39) if value % 11), strict=True)
)


def _plain(number: str) -> str:
    return _BETWEEN.sub("", number).upper()


def container_digit(stem: str) -> int:
    """Check digit after ISO 6346 of digits and capital letters: sum of value times 2 to the place, modulo 11, then 10.

    >>> container_digit("CSQU305438")
    3
    """
    return sum(_VALUES[sign] << place for place, sign in enumerate(stem)) % 11 % 10


@lru_cache(maxsize=65_536)
def container_fault(number: str) -> str | None:
    """What is wrong with a container number.

    >>> container_fault("CSQU 305438-3"), container_fault("CSQU3054384"), container_fault("TRAILER 1")
    (None, 'wrong check digit', 'not of the form of a container number')
    """
    plain = _plain(number)
    if not _CONTAINER.fullmatch(plain):
        return "not of the form of a container number"
    return None if container_digit(plain[:-1]) == int(plain[-1]) else WRONG


def imo_fault(number: str) -> str | None:
    """What is wrong with an IMO ship number: seven digits, the last that of the sum of the others times 7 down to 2.

    >>> imo_fault("IMO 9074729"), imo_fault("9074728"), imo_fault("907472")
    (None, 'wrong check digit', 'not of the form of an IMO number')
    """
    found = _IMO.fullmatch(_plain(number))
    if found is None:
        return "not of the form of an IMO number"
    digits = [int(each) for each in found[1]]
    total = sum(digit * weight for digit, weight in zip(digits[:6], range(7, 1, -1), strict=True))
    return None if total % 10 == digits[6] else WRONG


@lru_cache(maxsize=65_536)
def mrn_fault(number: str) -> str | None:
    """What is wrong with a movement reference number: year, country, thirteen signs, check digit after ISO 6346.

    >>> mrn_fault("26GB0000000000A1B5"), mrn_fault("26GB0000000000A1B4"), mrn_fault("GB26")
    (None, 'wrong check digit', 'not of the form of an MRN')
    """
    plain = _plain(number)
    if not _MRN.fullmatch(plain):
        return "not of the form of an MRN"
    return None if container_digit(plain[:-1]) == int(plain[-1]) else WRONG


def air_waybill_fault(number: str) -> str | None:
    """What is wrong with an air waybill number: prefix of three digits, seven of serial number, their remainder by 7.

    >>> air_waybill_fault("125-12345675"), air_waybill_fault("12512345674"), air_waybill_fault("HAWB 1")
    (None, 'wrong check digit', 'not of the form of an air waybill number')
    """
    plain = _plain(number)
    if not _AIR_WAYBILL.fullmatch(plain):
        return "not of the form of an air waybill number"
    return None if int(plain[3:10]) % 7 == int(plain[10]) else WRONG


def eori_fault(number: str) -> str | None:
    """What is wrong with a trader number: a country and up to fifteen signs; of the UK twelve digits, or fifteen.

    >>> eori_fault("GB123456789000"), eori_fault("FR1A2"), eori_fault("GB12345678900")
    (None, None, 'not of the form of an EORI number')
    """
    return None if _EORI.fullmatch(_plain(number)) else "not of the form of an EORI number"


def ucr_fault(reference: str) -> str | None:
    """What is wrong with a declaration UCR: a digit of the year, a trader number, a dash, the trader's own reference.

    >>> ucr_fault("6GB123456789000-A1"), ucr_fault("GB123456789000 A1")
    (None, 'not of the form of a UCR')
    """
    return None if _UCR.fullmatch(_SPACES.sub("", reference.upper())) else "not of the form of a UCR"


def locode_fault(code: str) -> str | None:
    """What is wrong with a place's code: of a country two letters, of the place three letters or digits from 2 to 9.

    >>> locode_fault("GBDVR"), locode_fault("GB DVR"), locode_fault("QQDVR")
    (None, 'not of the form of a UN/LOCODE', 'not of the form of a UN/LOCODE')
    """
    sound = _LOCODE.fullmatch(code) is not None and (code_of(code[:2]) is not None or code[:2] == HIGH_SEAS)
    return None if sound else "not of the form of a UN/LOCODE"
