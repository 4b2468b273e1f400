"""Waves: how the hands of a regime follow each other over the run.

A wave is a set of hands chosen alike. A stable regime has one; a gradual one slides from one to another of other
threats and methods; an abrupt one changes in the middle; a migrating one moves from one way of transport to the
next; in a collapse the hands go quiet together and leave a little of what they did, while others begin elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from aftc.records import Threat
from training.world.parameters import Regime, WorldParameters
from training.world.threats import Method
from training.world.traders import Way

__all__ = ["Spell", "Wave", "waves"]


@dataclass(frozen=True, slots=True)
class Spell:
    """A moment of the run, drawn evenly between two parts of it."""

    first: float
    last: float

    def draw(self, rng: np.random.Generator, days: int) -> int:
        """A day."""
        return round(days * (self.first + (self.last - self.first) * rng.random()))


_ALWAYS, _FOREVER = Spell(-1.0, -1.0), Spell(3.0, 3.0)


@dataclass(frozen=True, slots=True)
class Wave:
    """A set of hands.

    Attributes:
        begins: When its hands begin; `ends` when they end.
        threats: Factors on the shares of threats; one where not named.
        methods: Factors on the shares of methods.
        ways: By which ways its consignors and consignees trade.
        abroad: Whether all its hands are consignors.
        quiet: When its hands go quiet; `left` is the share of their consignments that they are given to carry then.
        polish: How well its hands hide the signs, 0 to 1.
        indifferent: Whether countries play no part in the choice of hands.
        slack: Hands for each that is active at a time: campaigns end, traders die, drivers rest.
    """

    begins: Spell = _ALWAYS
    ends: Spell = _FOREVER
    threats: Mapping[Threat, float] = field(default_factory=dict)
    methods: Mapping[Method, float] = field(default_factory=dict)
    ways: tuple[Way, ...] = tuple(Way)
    abroad: bool = False
    quiet: Spell = _FOREVER
    left: float = 1.0
    polish: float = 0.0
    indifferent: bool = False
    slack: float = 1.05


_OTHER_THREATS = {
    Threat.COCAINE: 1.6,
    Threat.OPIOIDS_NPS: 2.5,
    Threat.CANNABIS: 0.5,
    Threat.TOBACCO_EXCISE: 0.5,
    Threat.HEROIN: 0.8,
}
_OTHER_METHODS = {Method.PARCEL_SWARM: 2.0, Method.FRONT_COMPANY: 2.0, Method.CONCEALED_LOAD: 0.4}
_ROAD = {Method.RIP_ON: 0.0, Method.PARCEL_SWARM: 0.1, Method.PRECURSOR: 0.3, Method.BUILT_IN: 0.3}
_TRADE = {Method.RECRUITED_DRIVER: 0.1, Method.BUILT_IN: 0.1, Method.PARCEL_SWARM: 0.2, Method.RIP_ON: 3.0}
_PARCELS = {Method.PARCEL_SWARM: 6.0, Method.PRECURSOR: 3.0, Method.RECRUITED_DRIVER: 0.2, Method.RIP_ON: 0.2}
_TRAILERS = {Method.BUILT_IN: 5.0, Method.RECRUITED_DRIVER: 0.3, Method.PARCEL_SWARM: 0.2, Method.RIP_ON: 0.3}
_QUIET = {
    Method.RECRUITED_DRIVER: 0.0,
    Method.BUILT_IN: 0.0,
    Method.PARCEL_SWARM: 0.0,
}
_NOT_BY_SEA = {Method.RIP_ON: 0.0}
_SEARCHED = (Way.ROAD, Way.AIR, Way.POST)


def waves(parameters: WorldParameters) -> tuple[Wave, ...]:
    """The waves of a world's regime."""
    return _WAVES[parameters.regime]


_WAVES: dict[Regime, tuple[Wave, ...]] = {
    Regime.STABLE: (Wave(),),
    Regime.GRADUAL: (
        Wave(ends=Spell(0.1, 1.1)),
        Wave(begins=Spell(0.0, 1.0), threats=_OTHER_THREATS, methods=_OTHER_METHODS),
    ),
    Regime.ABRUPT: (
        Wave(ends=Spell(0.5, 0.5)),
        Wave(begins=Spell(0.5, 0.5), threats=_OTHER_THREATS, methods=_OTHER_METHODS, polish=0.5),
    ),
    Regime.MIGRATING: (
        Wave(ends=Spell(0.2, 0.35), methods=_ROAD),
        Wave(begins=Spell(0.2, 0.35), ends=Spell(0.45, 0.6), methods=_TRADE),
        Wave(begins=Spell(0.45, 0.6), ends=Spell(0.7, 0.85), methods=_PARCELS),
        Wave(begins=Spell(0.7, 0.85), methods=_TRAILERS),
    ),
    Regime.COLLAPSE: (
        Wave(quiet=Spell(0.38, 0.42), left=0.15, methods=_NOT_BY_SEA, ways=_SEARCHED, abroad=True, slack=1.15),
        Wave(
            begins=Spell(0.38, 0.42),
            methods=_QUIET,
            ways=(Way.SEA,),
            abroad=True,
            indifferent=True,
            polish=1.0,
            slack=1.15,
        ),
    ),
}
