"""Traders and forwarders: who they are, what they trade, which way and how much.

Activity is log-normal, so that a few move much. Behind the traders stand spare identities that nobody has seen: the
fronts that adversaries put in place of those that were found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from aftc.records import Party
from training.world.draws import Draws, weighted
from training.world.goods import COMMODITIES, Commodity
from training.world.lives import NEVER, Lives, crowd, make_lives
from training.world.naming import companies
from training.world.parameters import Flags, Floats, Ints, WorldParameters

__all__ = [
    "ACTIVITY_SPREAD",
    "WAY_SHARES",
    "Traders",
    "Way",
    "make_consignees",
    "make_consignors",
    "make_forwarders",
    "origins_of",
    "with_spares",
]

ACTIVITY_SPREAD = 0.9  # standard deviation of log activity: the busiest tenth moves about 40 %

_CONSIGNMENTS_A_CONSIGNOR, _CONSIGNMENTS_A_CONSIGNEE, _CONSIGNMENTS_A_FORWARDER = 11, 15, 100  # a month, on average
_PARCELS_A_CONSIGNEE, _PARCELS_A_CONSIGNOR = 2, 15  # a month, on average
_FEWEST_CONSIGNORS, _FEWEST_CONSIGNEES, _FEWEST_FORWARDERS = 10, 40, 8
_PRICE_LEVEL = 0.25  # standard deviation of log price level
_POPULAR = 2  # goods and origins by rank: the share of the nth falls with n + 2, so that many sell the same
_CONSIGNORS_STATE_EORI, _CONSIGNEES_STATE_EORI = 0.3, 0.75  # shares whose messages give their number
_HOUSEHOLDS = 0.7  # share of parcel consignees that are private


class Way(IntEnum):
    """How goods come: by ferry, by container ship, as air freight, as parcels of a courier."""

    ROAD = 0
    SEA = 1
    AIR = 2
    POST = 3


WAY_SHARES = (0.53, 0.25, 0.09, 0.10)  # of all consignments; the rest are empty lorries


@dataclass(frozen=True, slots=True)
class Traders:
    """Consignors, consignees or forwarders.

    Attributes:
        parties: One address each.
        activity: float64 [traders], relative volume.
        commodity: int64 [traders], index of the main commodity.
        way: int64 [traders], `Way` by which their goods mostly come.
        price: float64 [traders], log of their price level over that of all who trade the same goods.
        states_eori: bool [traders], whether messages give their EORI number (a habit).
        lives: When each lives; a spare identity is not born until it is used.
        spare_of: int64 [traders], whose place this identity may take; -1 for all others.
    """

    parties: tuple[Party, ...]
    activity: Floats
    commodity: Ints
    way: Ints
    price: Floats
    states_eori: Flags
    lives: Lives
    spare_of: Ints


def origins_of(commodity: Commodity, way: Way) -> tuple[str, ...]:
    """Countries that send a commodity a way."""
    return (commodity.road, commodity.sea, commodity.air, commodity.post)[way]


def make_consignors(draws: Draws, parameters: WorldParameters) -> Traders:
    """Traders abroad: each has one country, one main commodity and one way of sending it."""
    rng = draws.of("consignors")
    places = {
        way: [(index, country) for index, commodity in enumerate(COMMODITIES) for country in origins_of(commodity, way)]
        for way in Way
    }
    rows: list[tuple[int, str, int]] = []
    for way in Way:
        each = _PARCELS_A_CONSIGNOR if way is Way.POST else _CONSIGNMENTS_A_CONSIGNOR
        needed = max(_FEWEST_CONSIGNORS, round(parameters.monthly * WAY_SHARES[way] / each))
        popular = rng.permutation(1.0 / (_POPULAR + np.arange(len(places[way]))))
        drawn = weighted(rng, popular, crowd(needed, parameters.days))
        rows.extend((*places[way][place], int(way)) for place in drawn.tolist())
    order = rng.permutation(len(rows)).tolist()
    rows = [rows[place] for place in order]
    return Traders(
        parties=tuple(companies(rng, [country for _, country, _ in rows])),
        activity=rng.lognormal(0.0, ACTIVITY_SPREAD, len(rows)),
        commodity=np.array([index for index, _, _ in rows], dtype=np.int64),
        way=np.array([way for _, _, way in rows], dtype=np.int64),
        price=rng.normal(0.0, _PRICE_LEVEL, len(rows)),
        states_eori=rng.random(len(rows)) < _CONSIGNORS_STATE_EORI,
        lives=make_lives(rng, len(rows), parameters.days),
        spare_of=np.full(len(rows), -1),
    )


def make_consignees(draws: Draws, parameters: WorldParameters, consignors: Traders) -> Traders:
    """Importers and private addresses: each has a main way in, and a main commodity that somebody sends that way."""
    rng = draws.of("consignees")
    shares = np.array(WAY_SHARES) * parameters.monthly
    shares[: Way.POST] /= _CONSIGNMENTS_A_CONSIGNEE
    shares[Way.POST] /= _PARCELS_A_CONSIGNEE
    counts = [crowd(max(_FEWEST_CONSIGNEES // 4, round(share)), parameters.days) for share in shares.tolist()]
    way = rng.permutation(np.repeat(np.arange(len(Way)), counts))
    count = len(way)
    pools = [consignors.commodity[consignors.way == by].tolist() for by in Way]
    picks = rng.random(count).tolist()
    commodity = [pools[by][int(pick * len(pools[by]))] for by, pick in zip(way.tolist(), picks, strict=True)]
    private = (way == Way.POST) & (rng.random(count) < _HOUSEHOLDS)
    parties = companies(rng, ["GB"] * count)
    return Traders(
        parties=tuple(parties),
        activity=rng.lognormal(0.0, ACTIVITY_SPREAD, count),
        commodity=np.array(commodity, dtype=np.int64),
        way=way,
        price=np.zeros(count),
        states_eori=~private & (rng.random(count) < _CONSIGNEES_STATE_EORI),
        lives=make_lives(rng, count, parameters.days),
        spare_of=np.full(count, -1),
    )


def make_forwarders(draws: Draws, parameters: WorldParameters) -> Traders:
    """Forwarders lodge declarations for others."""
    rng = draws.of("forwarders")
    needed = max(_FEWEST_FORWARDERS, round(parameters.monthly / _CONSIGNMENTS_A_FORWARDER))
    count = crowd(needed, parameters.days)
    return Traders(
        parties=tuple(companies(rng, ["GB"] * count)),
        activity=rng.lognormal(0.0, ACTIVITY_SPREAD, count),
        commodity=np.zeros(count, dtype=np.int64),
        way=np.zeros(count, dtype=np.int64),
        price=np.zeros(count),
        states_eori=np.ones(count, dtype=np.bool_),
        lives=make_lives(rng, count, parameters.days),
        spare_of=np.full(count, -1),
    )


def with_spares(rng: np.random.Generator, traders: Traders, owners: Ints, each: int) -> Traders:
    """The traders, and behind them spare identities like these owners: same country, goods and way."""
    like = np.repeat(owners, each)
    count = len(like)
    countries = [traders.parties[owner].country or "GB" for owner in like.tolist()]
    lives = traders.lives
    return replace(
        traders,
        parties=(*traders.parties, *companies(rng, countries)),
        activity=np.concatenate([traders.activity, traders.activity[like]]),
        commodity=np.concatenate([traders.commodity, traders.commodity[like]]),
        way=np.concatenate([traders.way, traders.way[like]]),
        price=np.concatenate([traders.price, rng.choice(traders.price, count)]),
        states_eori=np.concatenate([traders.states_eori, rng.random(count) < traders.states_eori.mean()]),
        lives=Lives(
            born=np.concatenate([lives.born, np.full(count, NEVER)]),
            died=np.concatenate([lives.died, np.full(count, 2 * NEVER)]),
            growth=np.concatenate([lives.growth, np.zeros(count)]),
        ),
        spare_of=np.concatenate([traders.spare_of, like]),
    )
