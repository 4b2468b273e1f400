"""Check digits, against other people's implementations and against the ways in which people mistype numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import imo, iso6346

from aftc.reference.check_digits import (
    WRONG,
    air_waybill_fault,
    container_digit,
    container_fault,
    imo_fault,
    mrn_fault,
)

STEMS = st.from_regex("[A-Z]{3}[UJZ][0-9]{6}", fullmatch=True)
DIGITS = st.from_regex("[0-9]{6}", fullmatch=True)


@given(stem=STEMS, digit=st.integers(0, 9))
def test_containers_agree_with_another_implementation(stem: str, digit: int) -> None:
    """python-stdnum accepts the same numbers."""
    assert (container_fault(f"{stem}{digit}") is None) == iso6346.is_valid(f"{stem}{digit}")


@given(stem=DIGITS, digit=st.integers(0, 9))
def test_ships_agree_with_another_implementation(stem: str, digit: int) -> None:
    """python-stdnum accepts the same numbers."""
    assert (imo_fault(f"IMO {stem}{digit}") is None) == imo.is_valid(f"{stem}{digit}")


@given(stem=STEMS, place=st.integers(4, 9), digit=st.sampled_from("0123456789"))
def test_a_mistyped_digit_is_noticed(stem: str, place: int, digit: str) -> None:
    """One wrong digit of the serial number changes the check digit, but where the remainder ten is written as zero."""
    mistyped = stem[:place] + digit + stem[place + 1 :]
    assert stem == mistyped or container_digit(stem) != container_digit(mistyped) or container_digit(stem) == 0


@given(number=st.from_regex("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}", fullmatch=True))
def test_one_digit_in_ten_completes_an_mrn(number: str) -> None:
    """Of the ten numbers with one beginning exactly one is right, however it is written."""
    right = [digit for digit in range(10) if mrn_fault(f"{number}{digit}") is None]
    assert right == [container_digit(number)]
    assert mrn_fault(f"{number[:2]} {number[2:4].lower()}-{number[4:]}{right[0]}") is None


@pytest.mark.parametrize("number", ["", "CSQU", "ABCX3054383", "CSQU30543831", "ÄBCU3054383", "CSQU305438٣"])
def test_what_is_no_container_number(number: str) -> None:
    """Too short, too long, of another category, with letters or digits of other scripts."""
    assert container_fault(number) == "not of the form of a container number"


def test_air_waybills() -> None:
    """The serial number modulo seven; a remainder never exceeds six."""
    assert [digit for digit in range(10) if air_waybill_fault(f"125-1234567{digit}") is None] == [5]
    assert air_waybill_fault("125-12345676") == WRONG
    assert air_waybill_fault("125-1234567") == "not of the form of an air waybill number"
