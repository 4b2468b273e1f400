"""Schemes: the oracle and the truth drawn from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import average_precision_score

from aftc.records import Threat
from training.world.cast import make_cast
from training.world.consignments import NOBODY
from training.world.goods import COMMODITIES
from training.world.parameters import Floats, Regime, WorldParameters
from training.world.schemes import NO_SCHEME, draw_schemes, goods_loading
from training.world.simulation import Week, weeks
from training.world.threats import LURES, SHARES, THREATS


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("prevalence", [0.02, 0.12, 0.22])
def test_prevalence_is_as_asked_for(prevalence: float, regime: Regime) -> None:
    """Mean oracle and mean truth lie within a tenth and four binomial errors of the prevalence in every regime."""
    schemes = [
        week.arrivals.schemes for week in weeks(make_cast(WorldParameters(2, 42, 4_000, prevalence, regime=regime)))
    ]
    error = 4 * np.sqrt(prevalence * (1 - prevalence) / 4_000)
    assert abs(np.concatenate([each.p_any for each in schemes]).mean() - prevalence) < 0.1 * prevalence
    assert abs(np.concatenate([each.y_any for each in schemes]).mean() - prevalence) < 0.1 * prevalence + error


def _calibrated(p: Floats, y: npt.NDArray[np.bool_]) -> bool:
    """Whether in each tenth of the consignments, in order of p, y occurs as often as p says, within four errors."""
    for rows in np.array_split(np.argsort(p, kind="stable"), 10):
        error = 4 * np.sqrt((p[rows] * (1 - p[rows])).sum()) + 3  # the tail of small counts is long
        if abs(y[rows].sum() - p[rows].sum()) > error:
            return False
    return True


def test_truth_is_drawn_from_the_oracle(large_weeks: list[Week]) -> None:
    """By tenths of its own p, each threat and any of them are aboard as often as p says."""
    p = np.concatenate([week.arrivals.schemes.p for week in large_weeks])
    y = np.concatenate([week.arrivals.schemes.y for week in large_weeks])
    for place in range(len(THREATS)):
        assert _calibrated(p[:, place], y[:, place])
    p_any, y_any = 1 - np.prod(1 - p, axis=1), np.asarray(y.any(axis=1))
    assert _calibrated(p_any, y_any)
    assert not _calibrated(p_any * 0.9, y_any)  # the test would tell a tenth


def test_the_oracle_of_every_regime_is_calibrated(regime_truths: dict[Regime, dict[str, npt.NDArray[Any]]]) -> None:
    """Whatever adversaries do, any threat is aboard as often as the oracle says, by tenths of it."""
    for truth in regime_truths.values():
        assert _calibrated(truth["p_any"], truth["y_any"])


def test_any_is_the_union(large_weeks: list[Week]) -> None:
    """The chance of any threat is 1 - prod(1 - p); any is aboard exactly where a threat is."""
    schemes = large_weeks[0].arrivals.schemes
    naive = [1.0 - float(np.prod([1.0 - chance for chance in row])) for row in schemes.p[:200]]
    assert schemes.p_any[:200] == pytest.approx(naive, abs=1e-12)
    assert (schemes.y_any == (schemes.y.sum(axis=1) > 0)).all()


def test_threats_have_their_shares(large_weeks: list[Week]) -> None:
    """Among schemes each threat has its share within ten points, as far as hands allow; cannabis is most frequent."""
    threat = np.concatenate([week.arrivals.schemes.threat for week in large_weeks])
    counts = np.bincount(threat[threat != NO_SCHEME], minlength=len(THREATS))
    assert np.abs(counts / counts.sum() - [SHARES[each] for each in THREATS]).max() < 0.1
    assert THREATS[int(counts.argmax())] is Threat.CANNABIS


def test_the_oracle_knows_much_and_not_all(large_weeks: list[Week]) -> None:
    """At prevalence .12 the oracle's average precision lies between .6 and .9."""
    y = np.concatenate([week.arrivals.schemes.y_any for week in large_weeks])
    p = np.concatenate([week.arrivals.schemes.p_any for week in large_weeks])
    assert 0.6 < average_precision_score(y, p) < 0.9


def test_schemes_are_hands_with_few_exceptions(large_weeks: list[Week]) -> None:
    """Nine schemes in ten and more have a hand behind them, which has that threat; no hand, no network."""
    schemes = [week.arrivals.schemes for week in large_weeks]
    hand, threat = (np.concatenate([getattr(each, name) for each in schemes]) for name in ("hand", "threat"))
    assert (hand[threat != NO_SCHEME] >= 0).mean() > 0.9
    assert not (hand[threat == NO_SCHEME] >= 0).any()
    network = np.concatenate([week.arrivals.network for week in large_weeks])
    assert ((network >= 0) == (hand >= 0)).all()


def test_everything_has_a_little_chance(large_weeks: list[Week]) -> None:
    """Without a scheme every threat still has a small chance, the same for all; with one it is never certain."""
    schemes = large_weeks[0].arrivals.schemes
    clean = schemes.p[schemes.threat == NO_SCHEME]
    assert (clean > 0).all()
    assert (clean == clean[0]).all()
    assert clean[0].sum() < 0.12 / 5
    own = schemes.p[np.arange(len(schemes.threat)), schemes.threat][schemes.threat != NO_SCHEME]
    assert own.min() > 0.5
    assert own.max() < 0.95


def test_lures_add_to_their_threat_alone() -> None:
    """Goods from an origin add what the table of lures says, summed; an empty movement adds nothing."""
    countries = ["CO", "ES", "GB"]
    for place, commodity in enumerate(COMMODITIES):
        for column, country in enumerate(countries):
            found = goods_loading(np.array([place]), np.array([column]), countries)[0]
            for threat, added in zip(THREATS, found.tolist(), strict=True):
                fitting = [
                    lure.loading
                    for lure in LURES
                    if lure.threat is threat
                    and country in lure.origins
                    and commodity.hs_code.startswith(lure.hs_prefix)
                ]
                assert added == pytest.approx(sum(fitting))
    assert not goods_loading(np.array([NOBODY]), np.array([0]), countries).any()


def test_what_is_loaded_more_is_dirty_more() -> None:
    """Of consignments alike but for their loading, three more log odds of a threat make it far more frequent."""
    loading = np.zeros((20_000, len(THREATS)))
    loading[:10_000, 0] = 3.0
    nobody = np.full(loading.shape, -1)
    none = np.zeros(len(loading), dtype=np.bool_)
    schemes = draw_schemes(np.random.default_rng(1), 0.05, loading, nobody, none)
    assert schemes.y_any.mean() == pytest.approx(0.05, abs=0.006)
    drawn = schemes.threat == 0
    assert drawn[:10_000].sum() > 10 * drawn[10_000:].sum() > 0
    assert (schemes.hand == -1).all()
