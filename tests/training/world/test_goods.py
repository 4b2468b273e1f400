"""Commodities: rows that make sense together."""

from __future__ import annotations

from collections import Counter

import pytest

from aftc.reference import hs
from aftc.reference.goods import is_vague
from training.world.goods import COMMODITIES, VAGUE_WORDS, Commodity
from training.world.goods_table import BY_AIR, BY_POST


def test_codes_are_of_the_nomenclature_and_distinct() -> None:
    """Every commodity has a subheading of its own; the tables by air and by parcel name no other."""
    codes = [each.hs_code for each in COMMODITIES]
    assert [code for code in codes if not hs.is_subheading(code)] == []
    assert Counter(codes).most_common(1)[0][1] == 1
    assert {*BY_AIR, *BY_POST} <= set(codes)


def test_words_identify_goods_and_vague_words_do_not() -> None:
    """The reference list calls every vague word vague, and no other."""
    assert [words for each in COMMODITIES for words in each.words if is_vague(words)] == []
    assert all(is_vague(words) for words in VAGUE_WORDS)


@pytest.mark.parametrize("commodity", COMMODITIES, ids=lambda each: each.hs_code)
def test_quantities_fit_the_ways_in(commodity: Commodity) -> None:
    """What comes some way has a quantity for it: a full load below 25 tonnes, 30 kg to 2.5 t by air, light parcels."""
    by_water = bool(commodity.sea or commodity.road)
    assert by_water or commodity.air or commodity.post
    assert (commodity.packages > 0) == by_water
    assert commodity.packages * commodity.package_kg <= 25_000
    assert (commodity.air_packages > 0) == bool(commodity.air)
    assert not commodity.air or 30 <= commodity.air_packages * commodity.package_kg <= 2_500
    lightest, heaviest = commodity.parcel_kg
    assert (0 < lightest < heaviest <= 20) if commodity.post else (lightest, heaviest) == (0, 0)


@pytest.mark.parametrize("commodity", COMMODITIES, ids=lambda each: each.hs_code)
def test_values_and_seasons_are_in_range(commodity: Commodity) -> None:
    """Values are positive; a season has a month where it has a strength."""
    peak, strength = commodity.season
    assert 0.3 < commodity.value_gbp_kg < 1_000
    assert 0 <= strength < 1
    assert (1 <= peak <= 12) if strength else peak == 0
