"""Latent risk of actors."""

from __future__ import annotations

import numpy as np
import pytest

from training.world.imagined import World
from training.world.risk import Risk, make_risk
from training.world.threats import THREATS


@pytest.mark.parametrize("share", [0.04, 0.1])
def test_a_share_of_actors_is_risky_in_one_threat(share: float) -> None:
    """One actor of every 1/share is risky, among busy and idle alike, and each has one speciality that stands out."""
    rng = np.random.default_rng(1)
    activity = rng.lognormal(size=1_000)
    risk = make_risk(rng, ["GB"] * 1_000, activity, share, 60)
    risky = risk.loading.max(axis=1) > 0
    assert risky.sum() == round(1_000 * share)
    assert 0.3 < risky[activity > np.median(activity)].sum() / risky.sum() < 0.7
    assert ((risk.loading[risky] > 3).sum(axis=1) == 1).all()
    assert risk.loading.shape == (1_000, len(THREATS))


def test_risk_counts_only_while_it_lasts() -> None:
    """A loading is added from the campaign's first day to the day before its last, and nobody adds none."""
    risk = Risk(np.array([[1.0, 2.0]]), np.array([3]), np.array([5]))
    found = risk.at(np.array([0, 0, 0, 0, -1]), np.array([2, 3, 4, 5, 4]))
    assert found.tolist() == [[0, 0], [1, 2], [1, 2], [0, 0], [0, 0]]


def test_risky_actors_carry_schemes(demonstration: World) -> None:
    """Consignments of risky consignees have a scheme at least three times as often as the others."""
    consignments = demonstration.traffic.consignments
    laden = consignments.consignee >= 0
    risky = demonstration.consignees.risk.loading.max(axis=1)[consignments.consignee] > 0
    scheme = demonstration.schemes.threat >= 0
    assert scheme[laden & risky].mean() > 3 * scheme[laden & ~risky].mean()
