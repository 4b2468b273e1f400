"""Numbers of air freight and parcels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.world.waybills import awb_numbers, house_waybills, parcel_numbers, uld_numbers


@given(serials=st.lists(st.integers(0, 9_999_999), min_size=1, max_size=20))
def test_air_waybills_check_modulo_seven(serials: list[int]) -> None:
    """Eleven digits, the last the rest of the serial number by seven."""
    for number, serial in zip(awb_numbers(["809"] * len(serials), np.array(serials)), serials, strict=True):
        assert (len(number), number[:3]) == (11, "809")
        assert (int(number[3:10]), int(number[10])) == (serial, serial % 7)


def test_house_waybills_begin_with_their_forwarder() -> None:
    """A forwarder keeps its letters, neighbours have others, and the code given follows."""
    found = house_waybills(np.array([3, 4, 3]), ["111111111", "222222222", "333333333"])
    assert found[0][:3] == found[2][:3] != found[1][:3]
    assert [each[3:] for each in found] == ["111111111", "222222222", "333333333"]


def test_devices_are_numbered_by_kind_serial_and_owner() -> None:
    """Three letters, five digits, two letters."""
    assert uld_numbers(["AKE", "PMC"], np.array([10000, 99999]), ["XV", "QJ"]) == ["AKE10000XV", "PMC99999QJ"]


def test_parcels_check_modulo_eleven() -> None:
    """The published example of UPU S10 has its check digit; ten becomes nought and eleven five."""
    assert parcel_numbers(["047312482"], ["US"])[0][2:] == "473124829US"
    codes = [f"{number:09d}" for number in range(0, 1000, 7)]
    found = parcel_numbers(codes, ["CN"] * len(codes))
    assert len(set(found)) == len(codes)
    for number in found:
        total = sum(int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        assert int(number[10]) == {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
