"""Schemes: the oracle and the truth drawn from it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from aftc.records import Threat
from training.world import WorldParameters
from training.world.imagined import World, imagine
from training.world.schemes import NO_SCHEME
from training.world.threats import SHARES, THREATS


@pytest.mark.parametrize("prevalence", [0.01, 0.04, 0.12, 0.22])
def test_prevalence_is_as_asked_for(prevalence: float) -> None:
    """Mean oracle and mean truth lie within four standard errors of the prevalence."""
    world = imagine(WorldParameters(seed=2, consignments=4_000, prevalence=prevalence))
    error = 4 * np.sqrt(prevalence / 4_000)
    assert abs(world.schemes.p_any.mean() - prevalence) < error
    assert abs(world.schemes.y_any.mean() - prevalence) < error


def test_truth_follows_the_oracle(demonstration: World) -> None:
    """Within each tenth of the oracle's scale the share that is dirty is the mean oracle, within four errors."""
    p, y = demonstration.schemes.p_any, demonstration.schemes.y_any
    for low in np.arange(0.0, 1.0, 0.1):
        rows = (p >= low) & (p < low + 0.1)
        if rows.sum() > 30:
            error = 4 * np.sqrt(p[rows].mean() * (1 - p[rows].mean()) / rows.sum())
            assert abs(y[rows].mean() - p[rows].mean()) < error


def test_any_is_the_union(demonstration: World) -> None:
    """The chance of any threat is 1 - prod(1 - p); any is aboard exactly where a threat is."""
    schemes = demonstration.schemes
    naive = [1.0 - float(np.prod([1.0 - chance for chance in row])) for row in schemes.p[:200]]
    assert schemes.p_any[:200] == pytest.approx(naive, abs=1e-12)
    assert (schemes.y_any == (schemes.y.sum(axis=1) > 0)).all()


def test_threats_have_their_shares(demonstration: World) -> None:
    """Among schemes each threat has its share within 2.5 points, and cannabis is the most frequent."""
    threat = demonstration.schemes.threat
    counts = np.bincount(threat[threat != NO_SCHEME], minlength=len(THREATS))
    assert np.abs(counts / counts.sum() - [SHARES[each] for each in THREATS]).max() < 0.025
    assert THREATS[int(counts.argmax())] is Threat.CANNABIS


def test_the_oracle_knows_much_and_not_all(demonstration: World) -> None:
    """At prevalence .12 the oracle's average precision lies between .5 and .8."""
    assert 0.5 < average_precision_score(demonstration.schemes.y_any, demonstration.schemes.p_any) < 0.8


def test_cocaine_comes_from_its_sources(demonstration: World) -> None:
    """Cocaine is at least twice as frequent in goods from Colombia, Ecuador and Peru as in all goods."""
    cocaine = demonstration.schemes.y[:, THREATS.index(Threat.COCAINE)]
    sourced = np.isin(demonstration.origins, ("CO", "EC", "PE"))
    assert cocaine[sourced].mean() > 2 * cocaine.mean()
