"""Numbers of air freight and parcels: air waybills, house waybills, unit load devices, postal parcels.

All are synthetic. Numbers that carry a check digit (air waybills modulo seven, postal parcels modulo eleven after
UPU S10) carry a right one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.world.parameters import Ints

__all__ = ["awb_numbers", "house_waybills", "parcel_numbers", "uld_numbers"]

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PARCEL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10
_SERVICES = "ABCDEFGHJK"  # second letters of a parcel's service indicator


def awb_numbers(prefixes: Sequence[str], serials: Ints) -> list[str]:
    """Air waybill numbers of eleven digits: airline prefix, serial number below 10^7, check digit.

    >>> awb_numbers(["809"], np.array([1234567]))
    ['80912345675']
    """
    return [
        f"{prefix}{serial:07d}{check}"
        for prefix, serial, check in zip(prefixes, serials.tolist(), (serials % 7).tolist(), strict=True)
    ]


def house_waybills(forwarders: Ints, codes: Sequence[str]) -> list[str]:
    """House waybill numbers: three letters that each forwarder keeps to, then the code given for it.

    Args:
        forwarders: int64, index of each one's forwarder.
        codes: Distinct codes, at most nine signs each.
    """
    letters = np.array(list(_LETTERS))
    mixed = forwarders * 7919 + 3571  # primes: neighbours look unlike
    places = np.column_stack([mixed % 23, mixed // 23 % 23, mixed // 529 % 23])
    prefixes = np.ascontiguousarray(letters[places]).view("<U3").ravel().tolist()
    return [f"{prefix}{code}" for prefix, code in zip(prefixes, codes, strict=True)]


def uld_numbers(kinds: Sequence[str], serials: Ints, owners: Sequence[str]) -> list[str]:
    """Numbers of unit load devices: three letters for the kind, five digits, the owner's designator.

    >>> uld_numbers(["AKE"], np.array([10427]), ["XV"])
    ['AKE10427XV']
    """
    return [f"{kind}{serial:05d}{owner}" for kind, serial, owner in zip(kinds, serials.tolist(), owners, strict=True)]


def parcel_numbers(codes: Sequence[str], countries: Sequence[str]) -> list[str]:
    """Postal parcel numbers after UPU S10: service indicator, eight digits, check digit, country of origin.

    Args:
        codes: Distinct codes of nine digits.
        countries: ISO 3166 alpha-2.

    >>> parcel_numbers(["047312482"], ["US"])
    ['CA473124829US']
    """
    digits = np.array(codes, dtype="<U9").view("<U1").reshape(-1, 9).astype(np.int64)
    sums = digits[:, 1:] @ np.array(_PARCEL_WEIGHTS)
    checks = 11 - sums % 11
    checks = np.where(checks == 10, 0, np.where(checks == 11, 5, checks))
    services = digits[:, 0].tolist()
    return [
        f"C{_SERVICES[service]}{code[1:]}{check}{country}"
        for service, code, check, country in zip(services, codes, checks.tolist(), countries, strict=True)
    ]
