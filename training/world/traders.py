"""Traders and forwarders: who they are, what they trade and how much.

Activity is log-normal, so that a few move much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.records import Party
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.naming import companies
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.risk import Risk, make_risk

__all__ = ["ACTIVITY_SPREAD", "Traders", "make_consignees", "make_consignors", "make_forwarders"]

ACTIVITY_SPREAD = 0.9  # standard deviation of log activity: the busiest tenth moves about 40 %

_CONSIGNMENTS_A_CONSIGNOR, _CONSIGNMENTS_A_CONSIGNEE, _CONSIGNMENTS_A_FORWARDER = 28, 35, 200  # on average
_FEWEST_CONSIGNEES, _FEWEST_FORWARDERS = 40, 8
_RISKY_CONSIGNORS, _RISKY_CONSIGNEES, _RISKY_FORWARDERS = 0.04, 0.11, 0.06  # shares
_CONSIGNORS_STATE_EORI, _CONSIGNEES_STATE_EORI = 0.3, 0.75  # shares whose messages give their number
_BY_SEA = 0.36  # share of consignees whose goods mostly come by sea


@dataclass(frozen=True, slots=True)
class Traders:
    """Consignors, consignees or forwarders.

    Attributes:
        parties: One address each.
        activity: float64 [traders], relative volume.
        commodity: int64 [traders], index of the main commodity.
        by_sea: bool [traders], whether their goods come by sea rather than by road.
        states_eori: bool [traders], whether messages give their EORI number (a habit).
        risk: Their latent risk.
    """

    parties: tuple[Party, ...]
    activity: Floats
    commodity: Ints
    by_sea: Flags
    states_eori: Flags
    risk: Risk


def make_consignors(draws: Draws, parameters: WorldParameters) -> Traders:
    """Traders abroad: each has one country, one main commodity and one way of sending it."""
    rng = draws.of("consignors")
    count = max(2 * len(COMMODITIES), parameters.consignments // _CONSIGNMENTS_A_CONSIGNOR)
    places = [
        (index, by_sea, country)
        for index, commodity in enumerate(COMMODITIES)
        for by_sea, countries in ((True, commodity.sea), (False, commodity.road))
        for country in countries
    ]
    fixed = np.arange(min(count, len(places)))
    drawn = rng.permutation(np.concatenate([fixed, rng.integers(0, len(places), count - len(fixed))]))
    rows = [places[place] for place in drawn.tolist()]
    countries = [country for _, _, country in rows]
    activity = rng.lognormal(0.0, ACTIVITY_SPREAD, count)
    return Traders(
        parties=tuple(companies(rng, countries)),
        activity=activity,
        commodity=np.array([index for index, _, _ in rows], dtype=np.int64),
        by_sea=np.array([by_sea for _, by_sea, _ in rows]),
        states_eori=rng.random(count) < _CONSIGNORS_STATE_EORI,
        risk=make_risk(rng, countries, activity, _RISKY_CONSIGNORS, parameters.days),
    )


def make_consignees(draws: Draws, parameters: WorldParameters) -> Traders:
    """Importers: each has a main commodity and a main way in; risk follows where those goods come from."""
    rng = draws.of("consignees")
    count = max(_FEWEST_CONSIGNEES, parameters.consignments // _CONSIGNMENTS_A_CONSIGNEE)
    by_sea = rng.random(count) < _BY_SEA
    pools = [[i for i, each in enumerate(COMMODITIES) if (each.sea if sea else each.road)] for sea in (False, True)]
    picks = rng.random(count)
    commodity = [pools[int(sea)][int(pick * len(pools[int(sea)]))] for sea, pick in zip(by_sea, picks, strict=True)]
    sources = [
        (COMMODITIES[index].sea if sea else COMMODITIES[index].road)[0]
        for index, sea in zip(commodity, by_sea.tolist(), strict=True)
    ]
    activity = rng.lognormal(0.0, ACTIVITY_SPREAD, count)
    return Traders(
        parties=tuple(companies(rng, ["GB"] * count)),
        activity=activity,
        commodity=np.array(commodity, dtype=np.int64),
        by_sea=by_sea,
        states_eori=rng.random(count) < _CONSIGNEES_STATE_EORI,
        risk=make_risk(rng, sources, activity, _RISKY_CONSIGNEES, parameters.days),
    )


def make_forwarders(draws: Draws, parameters: WorldParameters) -> Traders:
    """Forwarders lodge declarations for others; a few draw risky trade."""
    rng = draws.of("forwarders")
    count = max(_FEWEST_FORWARDERS, parameters.consignments // _CONSIGNMENTS_A_FORWARDER)
    activity = rng.lognormal(0.0, ACTIVITY_SPREAD, count)
    return Traders(
        parties=tuple(companies(rng, ["GB"] * count)),
        activity=activity,
        commodity=np.zeros(count, dtype=np.int64),
        by_sea=np.zeros(count, dtype=np.bool_),
        states_eori=np.ones(count, dtype=np.bool_),
        risk=make_risk(rng, ["GB"] * count, activity, _RISKY_FORWARDERS, parameters.days),
    )
