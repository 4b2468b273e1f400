"""Finds: quantities and words by threat, method and way in."""

from __future__ import annotations

from statistics import median

import numpy as np

from aftc.records import Threat
from training.world.consignments import MODES, PARCEL
from training.world.finds import concealment, grams, substance
from training.world.networks import METHODS
from training.world.signs import CLEAN
from training.world.threats import MEANS, THREATS, Method

_TONNES = 20_000_000


def test_loads_hold_more_than_parcels_and_air_freight() -> None:
    """For every threat and method, a lorry's usual find is larger than one by air, and a parcel's smaller than both."""
    deviates = np.random.default_rng(1).normal(size=201).tolist()
    for threat in THREATS:
        usual = [median(grams(threat, 0, mode, _TONNES, each) for each in deviates) for mode in (0, 3, PARCEL)]
        assert usual[0] > usual[1] > usual[2] > 0
    assert [mode.value for mode in MODES][3:] == ["air", "parcel"]


def test_quantities_have_three_digits_and_fit() -> None:
    """A find is written with at most three digits that count, and weighs less than the goods it is among."""
    for deviate in (-3.0, 0.0, 0.7, 3.0):
        found = grams(Threat.CANNABIS, 0, 0, 50_000, deviate)
        assert found < 50_000
        assert int(str(found).rstrip("0")) < 1000


def test_every_method_has_its_words() -> None:
    """Each threat by each of its methods, and by nobody's, is described; precursors are named as such."""
    for threat in THREATS:
        for method in (*MEANS[threat], None):
            index = CLEAN if method is None else METHODS.index(method)
            assert substance(threat, index, 0.999)
            assert concealment(index, 0.999)
    assert "precursor" in substance(Threat.OPIOIDS_NPS, METHODS.index(Method.PRECURSOR), 0.0)
