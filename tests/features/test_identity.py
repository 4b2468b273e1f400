"""Identity codes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aftc.features.identity import NO_KEY, owner_of_consignment, owner_of_movement, stable_id


@given(st.text(), st.text())
def test_codes_fit_the_state_and_are_never_the_missing_one(kind: str, value: str) -> None:
    """A code is a signed 64-bit integer other than 0, and the same each time."""
    code = stable_id(kind, value)
    assert code != NO_KEY
    assert -(2**63) <= code < 2**63
    assert code == stable_id(kind, value)


def test_codes_never_change() -> None:
    """Codes are in every stored row, so they are pinned."""
    assert stable_id("vehicle", "AB12CDE") == -8558865154568791187


def test_a_consignment_and_a_movement_of_one_id_are_two_owners() -> None:
    """The kind is part of the code."""
    assert owner_of_consignment("X1") != owner_of_movement("X1")
