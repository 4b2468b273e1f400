"""Dangerous goods: numbers of goods that there are, sometimes left out."""

from __future__ import annotations

from training.world.dangerous_goods import UN_NUMBERS, un_number
from training.world.goods import COMMODITIES


def test_numbers_are_of_goods_in_the_table() -> None:
    """Every HS code is a commodity's, every number has four digits, every share is a share."""
    assert set(UN_NUMBERS) <= {each.hs_code for each in COMMODITIES}
    assert all(len(number) == 4 and number.isdecimal() and 0 < share <= 1 for number, share in UN_NUMBERS.values())


def test_even_batteries_are_sometimes_declared_without() -> None:
    """Goods that are always dangerous are declared with their number mostly; harmless ones never."""
    batteries = next(index for index, each in enumerate(COMMODITIES) if each.hs_code == "850760")
    bananas = next(index for index, each in enumerate(COMMODITIES) if each.hs_code == "080390")
    assert un_number(batteries, 0.5) == "3480"
    assert un_number(batteries, 0.99) is None
    assert un_number(bananas, 0.0) is None
