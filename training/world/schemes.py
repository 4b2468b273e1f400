"""Schemes: which consignments are dirty, in which way, with what known probability.

A scheme is a threat that an organiser prepares aboard a consignment. Its chance grows with the latent risk of
the actors, the goods and their origin, the route, and a pair never seen. Given the scheme, each threat is a
Bernoulli draw with a known p: the oracle. What the messages show is drawn later and given the scheme alone, so
no honest model can rank better than p in expectation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.records import Threat
from training.world.goods import COMMODITIES
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.threats import BESIDE, LURES, SHARES, THREATS

__all__ = ["NO_SCHEME", "Schemes", "draw_schemes", "goods_loading"]

NO_SCHEME = -1
_BACKGROUND = 0.08  # share of the prevalence that is found without any scheme behind it
_STRENGTH = (0.55, 0.75)  # chance that a scheme's consignment really carries its threat, uniform
_NEW_PAIR_LOADING = 0.7
_FIRST_SCALE = 0.01  # where the calibration starts
_ROUNDS = 60  # of the calibration; the scale moves less than a millionth well before


@dataclass(frozen=True, slots=True)
class Schemes:
    """Truth of every consignment.

    Attributes:
        threat: int64 [consignments], index in `THREATS` of the scheme, or `NO_SCHEME`.
        p: float64 [consignments, threats], the chance of each threat under the generating draw.
        y: bool [consignments, threats], what is aboard.
    """

    threat: Ints
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


def goods_loading(commodity: Ints, origins: list[str]) -> Floats:
    """Log odds [consignments, threats] that goods from an origin add; none for an empty movement."""
    known: dict[tuple[int, str], list[float]] = {}
    rows = []
    for index, origin in zip(commodity.tolist(), origins, strict=True):
        if (index, origin) not in known:
            known[index, origin] = _lured(COMMODITIES[index].hs_code, origin) if index >= 0 else [0.0] * len(THREATS)
        rows.append(known[index, origin])
    return np.array(rows)


def _lured(hs_code: str, origin: str) -> list[float]:
    return [
        sum(
            lure.loading
            for lure in LURES
            if lure.threat == threat and hs_code.startswith(lure.hs_prefix) and origin in lure.origins
        )
        for threat in THREATS
    ]


def draw_schemes(rng: np.random.Generator, parameters: WorldParameters, loading: Floats, new_pair: Flags) -> Schemes:
    """Scheme, oracle and truth of every consignment, calibrated to the prevalence asked for.

    Args:
        rng: Generator of this concern.
        parameters: The world's parameters.
        loading: float64 [consignments, threats], summed log odds of actors, goods and route.
        new_pair: bool [consignments].
    """
    count = len(loading)
    background = _background(parameters.prevalence)
    strength = rng.uniform(*_STRENGTH, count)
    given = _chances(background, strength)
    odds = np.exp(loading + _NEW_PAIR_LOADING * new_pair[:, None])
    chance = _calibrated(odds, given, background, parameters.prevalence)
    steps = np.cumsum(chance, axis=1)
    pick = rng.random(count)
    threat = np.where(pick < steps[:, -1], (pick[:, None] >= steps).sum(axis=1), NO_SCHEME)
    p = np.where((threat == NO_SCHEME)[:, None], background, given[np.arange(count), np.maximum(threat, 0)])
    return Schemes(threat, p, rng.random(p.shape) < p)


def _background(prevalence: float) -> Floats:
    return _BACKGROUND * prevalence * np.array([SHARES[threat] for threat in THREATS])


def _chances(background: Floats, strength: Floats) -> Floats:
    """Chances [consignments, scheme, threat]: its own threat by strength, some beside it, the rest as ever."""
    given = np.tile(background, (len(strength), len(THREATS), 1))
    for index in range(len(THREATS)):
        given[:, index, index] = strength
    for first, second, chance in BESIDE:
        given[:, _index(first), _index(second)] = chance
    return given


def _index(threat: Threat) -> int:
    return THREATS.index(threat)


def _calibrated(odds: Floats, given: Floats, background: Floats, prevalence: float) -> Floats:
    """Chance of each scheme [consignments, threats], so that shares and prevalence come out as asked for.

    The odds of a threat are scaled until its mean chance has the wanted share; the total follows from the mean
    of p over the chances, which is linear in them.
    """
    any_given = 1.0 - np.prod(1.0 - given, axis=2)
    any_background = 1.0 - float(np.prod(1.0 - background))
    wanted = np.array([SHARES[threat] for threat in THREATS])
    scale = np.full(len(THREATS), _FIRST_SCALE)
    chance = _chance(odds, scale)
    for _ in range(_ROUNDS):
        lift = float((chance * (any_given - any_background)).sum() / chance.sum())
        scale *= wanted * (prevalence - any_background) / lift / chance.mean(axis=0)
        chance = _chance(odds, scale)
    return chance


def _chance(odds: Floats, scale: Floats) -> Floats:
    scaled = odds * scale
    return np.asarray(scaled / (1.0 + scaled.sum(axis=1, keepdims=True)))
