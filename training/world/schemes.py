"""Schemes: which consignments are dirty, in which way, with what known probability.

A scheme is a threat that a network prepares aboard a consignment. Its chance grows with the hands that touch the
consignment, the goods and their origin, the route, and a pair never seen. Given the scheme, each threat is a
Bernoulli draw with a known p: the oracle. What the messages show is drawn later and given the scheme alone, so no
honest model can rank better than p in expectation.

The market is steady: each week as much is wanted as ever, so hands that are left carry more when others are gone,
within bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.world.goods import COMMODITIES
from training.world.networks import STRENGTH, USE
from training.world.parameters import Flags, Floats, Ints
from training.world.threats import BESIDE, LURES, SHARES, THREATS

__all__ = ["NO_SCHEME", "SCHEMES_A_FIND", "Schemes", "draw_schemes", "goods_loading"]

NO_SCHEME = -1
_BACKGROUND = 0.08  # share of the prevalence that is found without any scheme behind it
_STRENGTH = (0.7, 0.9)  # chance that a scheme's consignment really carries its threat, uniform
SCHEMES_A_FIND = 2.0 / sum(_STRENGTH)  # schemes for each consignment that carries its threat: the rest went wrong
_NEW_PAIR_LOADING = 0.7
_PRESSURE = 2.5  # how far the market may push the odds of a hand above or below the usual ones
_ROUNDS = 40  # of the calibration


@dataclass(frozen=True, slots=True)
class Schemes:
    """Truth of every consignment.

    Attributes:
        threat: int64 [consignments], index in `THREATS` of the scheme, or `NO_SCHEME`.
        hand: int64 [consignments], the hand behind the scheme, -1 where there is none.
        p: float64 [consignments, threats], the chance of each threat under the generating draw.
        y: bool [consignments, threats], what is aboard.
    """

    threat: Ints
    hand: Ints
    p: Floats
    y: Flags

    @property
    def p_any(self) -> Floats:
        """Chance of any threat: 1 - prod(1 - p)."""
        return np.asarray(1.0 - np.prod(1.0 - self.p, axis=1))

    @property
    def y_any(self) -> Flags:
        """Whether any threat is aboard."""
        return np.asarray(self.y.any(axis=1))


def goods_loading(commodity: Ints, origin: Ints, countries: list[str]) -> Floats:
    """Log odds [consignments, threats] that goods from an origin add; none for an empty movement (commodity -1)."""
    table = np.zeros((len(COMMODITIES) + 1, len(countries), len(THREATS)))
    for place, each in enumerate(COMMODITIES):
        for column, country in enumerate(countries):
            table[place, column] = _lured(each.hs_code, country)
    return np.asarray(table[commodity, origin])


def _lured(hs_code: str, origin: str) -> list[float]:
    return [
        sum(
            lure.loading
            for lure in LURES
            if lure.threat == threat and hs_code.startswith(lure.hs_prefix) and origin in lure.origins
        )
        for threat in THREATS
    ]


def draw_schemes(rng: np.random.Generator, prevalence: float, loading: Floats, hands: Ints, new_pair: Flags) -> Schemes:
    """Scheme, oracle and truth of every consignment, near the prevalence asked for.

    Args:
        rng: Generator of this concern.
        prevalence: Share of consignments that is to carry any threat.
        loading: float64 [consignments, threats], summed log odds of hands, goods and route.
        hands: int64 [consignments, threats], the strongest hand of each threat, -1 where there is none.
        new_pair: bool [consignments].
    """
    count = len(loading)
    background = _BACKGROUND * prevalence * np.array([SHARES[threat] for threat in THREATS])
    strength = rng.uniform(*_STRENGTH, count)
    given = _chances(background, strength)
    odds = np.exp(loading + _NEW_PAIR_LOADING * new_pair[:, None])
    chance = _calibrated(odds, prevalence)
    steps = np.cumsum(chance, axis=1)
    pick = rng.random(count)
    threat = np.where(pick < steps[:, -1], (pick[:, None] >= steps).sum(axis=1), NO_SCHEME)
    own, rows = np.maximum(threat, 0), np.arange(count)
    p = np.where((threat == NO_SCHEME)[:, None], background, given[rows, own])
    hand = np.where(threat == NO_SCHEME, -1, hands[rows, own])
    return Schemes(threat, hand, p, rng.random(p.shape) < p)


def _chances(background: Floats, strength: Floats) -> Floats:
    """Chances [consignments, scheme, threat]: its own threat by strength, some beside it, the rest as ever."""
    given = np.tile(background, (len(strength), len(THREATS), 1))
    for index in range(len(THREATS)):
        given[:, index, index] = strength
    for first, second, chance in BESIDE:
        given[:, THREATS.index(first), THREATS.index(second)] = chance
    return given


def _calibrated(odds: Floats, prevalence: float) -> Floats:
    """Chance of each scheme [consignments, threats], so that shares come out as wanted as far as hands allow.

    The odds of a threat are scaled until its mean chance has the wanted share, but not beyond what the market can
    press; then all are scaled alike until their sum is what is wanted.
    """
    usual = USE / (1.0 - USE) * np.exp(-STRENGTH)
    total = prevalence * (1.0 - _BACKGROUND) * SCHEMES_A_FIND
    wanted = total * np.array([SHARES[threat] for threat in THREATS])
    scale = np.full(len(THREATS), usual)
    for _ in range(_ROUNDS):
        scale = np.clip(scale * wanted / _chance(odds, scale).mean(axis=0), usual / _PRESSURE, usual * _PRESSURE)
    chance = _chance(odds, scale)
    for _ in range(_ROUNDS):
        scale *= total / chance.sum(axis=1).mean()
        chance = _chance(odds, scale)
    return chance


def _chance(odds: Floats, scale: Floats) -> Floats:
    scaled = odds * scale
    return np.asarray(scaled / (1.0 + scaled.sum(axis=1, keepdims=True)))
