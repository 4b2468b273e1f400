"""Waves: how a regime's hands follow each other."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.records import Threat
from training.world.cast import make_cast
from training.world.parameters import Regime, WorldParameters
from training.world.threats import MEANS, THREATS
from training.world.waves import Spell, waves


def test_a_spell_is_drawn_between_its_ends() -> None:
    """A quarter to a half of a run of 200 days is day 50 to day 100, all of them possible."""
    rng = np.random.default_rng(1)
    days = {Spell(0.25, 0.5).draw(rng, 200) for _ in range(5_000)}
    assert days == set(range(50, 101))


@pytest.mark.parametrize("regime", Regime)
def test_hands_are_active_throughout(regime: Regime) -> None:
    """On every day of a run some hands of most threats are active, whatever the regime."""
    hands = make_cast(WorldParameters(seed=1, days=100, consignments=20_000, prevalence=0.12, regime=regime)).hands
    for day in range(100):
        active = (hands.begins <= day) & (day < hands.ends)
        assert len(set(hands.threat[active].tolist())) >= len(THREATS) - 2


def test_factors_are_on_methods_that_a_threat_uses() -> None:
    """No wave asks for a share of a method that no threat uses, and each leaves every threat a way to travel."""
    for regime in Regime:
        for wave in waves(WorldParameters(regime=regime)):
            assert set(wave.methods) <= {method for means in MEANS.values() for method in means}
            for means in MEANS.values():
                assert sum(share * wave.methods.get(method, 1.0) for method, share in means.items()) > 0


def test_only_changing_regimes_have_several_waves() -> None:
    """A stable world has one wave that lasts; every other regime has hands that begin within the run."""
    for regime in Regime:
        begins = make_cast(WorldParameters(days=100, consignments=10_000, prevalence=0.1, regime=regime)).hands.begins
        assert (len(waves(WorldParameters(regime=regime))) > 1) == (regime is not Regime.STABLE)
        assert (begins > 0).sum() > 0


@pytest.mark.parametrize("regime", [Regime.GRADUAL, Regime.ABRUPT])
def test_hands_of_a_changing_world_turn_to_other_threats(regime: Regime) -> None:
    """From first days to last, opioids' share of the hands grows by half or more, cannabis's falls by a quarter."""
    parameters = WorldParameters(seed=1, days=100, consignments=100_000, prevalence=0.12, regime=regime)
    hands = make_cast(parameters).hands
    early, late = (
        np.bincount(hands.threat[(hands.begins <= day) & (day < hands.ends)], minlength=len(THREATS)) for day in (5, 95)
    )
    share = (late / late.sum()) / (early / early.sum())
    assert share[THREATS.index(Threat.OPIOIDS_NPS)] > 1.5
    assert share[THREATS.index(Threat.CANNABIS)] < 0.75
