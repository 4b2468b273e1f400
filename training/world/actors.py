"""Traders, forwarders and hauliers: who they are, how much they move, and the risk they carry.

Activity is log-normal, so that a few actors move much. A minority carries risk: a loading on the log odds of
each threat while their campaign lasts. Nobody else knows the loading; it shows only in what happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aftc.records import Party
from training.world.draws import ALPHANUMERIC, Draws, codes, weighted
from training.world.goods import COMMODITIES
from training.world.naming import companies, registrations
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.threats import THREATS, origin_picture

__all__ = [
    "Fleet",
    "Hauliers",
    "Risk",
    "Traders",
    "make_consignees",
    "make_consignors",
    "make_forwarders",
    "make_hauliers",
]

_ACTIVITY_SPREAD = 0.9  # standard deviation of log activity: the busiest tenth moves about 40 %
_HAULIER_COUNTRIES = {
    "GB": 0.22,
    "IE": 0.08,
    "FR": 0.08,
    "BE": 0.07,
    "NL": 0.14,
    "DE": 0.09,
    "ES": 0.07,
    "PL": 0.12,
    "RO": 0.06,
    "LT": 0.03,
    "TR": 0.04,
}
_CONSIGNMENTS_A_CONSIGNEE = 35
_CONSIGNMENTS_A_CONSIGNOR = 28
_CONSIGNMENTS_A_FORWARDER = 200
_CONSIGNMENTS_A_HAULIER = 130
_CONSIGNMENTS_A_VEHICLE = 30
_SPECIALITY = 6.5  # log odds a risky actor adds to the threat it deals in
_STEADY = 0.6  # share of risky actors that always are; the others have a campaign that begins and ends
_SIDELINE = 0.3  # and to every other threat


@dataclass(frozen=True, slots=True)
class Risk:
    """Latent risk of a kind of actor.

    Attributes:
        loading: float64 [actors, threats], log odds added while active; zero for the honest.
        active_from: int64 [actors], first day of the campaign, counted from the world's first day.
        active_to: int64 [actors], day after its last.
    """

    loading: Floats
    active_from: Ints
    active_to: Ints

    def at(self, actors: Ints, days: Ints) -> Floats:
        """Loadings [consignments, threats] of actors on days; actor -1 (nobody) adds nothing."""
        active = (actors >= 0) & (days >= self.active_from[actors]) & (days < self.active_to[actors])
        return np.where(active[:, None], self.loading[actors], 0.0)


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


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles, trailers or drivers: `numbers` in order of haulier, `first` [hauliers + 1] where each one's begin."""

    numbers: tuple[str, ...]
    first: Ints
    risk: Risk


@dataclass(frozen=True, slots=True)
class Hauliers:
    """Hauliers with what they run; `cash` is each one's habit of paying bookings in cash (a probability)."""

    parties: tuple[Party, ...]
    activity: Floats
    cash: Floats
    risk: Risk
    vehicles: Fleet
    trailers: Fleet
    drivers: Fleet


def make_risk(rng: np.random.Generator, countries: Sequence[str], activity: Floats, share: float, days: int) -> Risk:
    """Risk for actors dealing with countries: a share of them is risky, each with one speciality.

    One of every 1/share actors of like activity is risky, so that worlds differ little in how much risk moves.
    """
    count = len(countries)
    risky = _one_in_each(rng, activity, round(1 / share))
    pictures = np.array([origin_picture(country) for country in countries])
    steps = np.cumsum(pictures, axis=1)
    speciality = (rng.random(count)[:, None] * steps[:, -1:] > steps).sum(axis=1)
    loading = np.full((count, len(THREATS)), _SIDELINE)
    loading[np.arange(count), speciality] = _SPECIALITY + rng.normal(0.0, 0.5, count)
    loading[~risky] = 0.0
    begins, lasts = rng.integers(-2 * days, days + 1, count), rng.integers(days // 2, 2 * days + 1, count)
    steady = rng.random(count) < _STEADY
    return Risk(loading, np.where(steady, -days, begins), np.where(steady, 2 * days, begins + lasts))


def _one_in_each(rng: np.random.Generator, activity: Floats, size: int) -> Flags:
    """One actor drawn from each block of `size` that follow each other in activity."""
    order = np.argsort(activity, kind="stable")
    starts = np.arange(0, len(order), size)
    drawn = starts + rng.integers(0, np.minimum(size, len(order) - starts))
    chosen = np.zeros(len(order), dtype=np.bool_)
    chosen[order[drawn]] = True
    return chosen


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
    activity = rng.lognormal(0.0, _ACTIVITY_SPREAD, count)
    return Traders(
        parties=tuple(companies(rng, countries)),
        activity=activity,
        commodity=np.array([index for index, _, _ in rows], dtype=np.int64),
        by_sea=np.array([by_sea for _, by_sea, _ in rows]),
        states_eori=rng.random(count) < 0.3,
        risk=make_risk(rng, countries, activity, 0.04, parameters.days),
    )


def make_consignees(draws: Draws, parameters: WorldParameters) -> Traders:
    """Importers: each has a main commodity and a main way in; risk follows where those goods come from."""
    rng = draws.of("consignees")
    count = max(40, parameters.consignments // _CONSIGNMENTS_A_CONSIGNEE)
    by_sea = rng.random(count) < 0.36
    pools = [[i for i, each in enumerate(COMMODITIES) if (each.sea if sea else each.road)] for sea in (False, True)]
    picks = rng.random(count)
    commodity = [pools[int(sea)][int(pick * len(pools[int(sea)]))] for sea, pick in zip(by_sea, picks, strict=True)]
    sources = [
        (COMMODITIES[index].sea if sea else COMMODITIES[index].road)[0]
        for index, sea in zip(commodity, by_sea.tolist(), strict=True)
    ]
    activity = rng.lognormal(0.0, _ACTIVITY_SPREAD, count)
    return Traders(
        parties=tuple(companies(rng, ["GB"] * count)),
        activity=activity,
        commodity=np.array(commodity, dtype=np.int64),
        by_sea=by_sea,
        states_eori=rng.random(count) < 0.75,
        risk=make_risk(rng, sources, activity, 0.11, parameters.days),
    )


def make_forwarders(draws: Draws, parameters: WorldParameters) -> Traders:
    """Forwarders lodge declarations for others; a few draw risky trade."""
    rng = draws.of("forwarders")
    count = max(8, parameters.consignments // _CONSIGNMENTS_A_FORWARDER)
    activity = rng.lognormal(0.0, _ACTIVITY_SPREAD, count)
    return Traders(
        parties=tuple(companies(rng, ["GB"] * count)),
        activity=activity,
        commodity=np.zeros(count, dtype=np.int64),
        by_sea=np.zeros(count, dtype=np.bool_),
        states_eori=np.ones(count, dtype=np.bool_),
        risk=make_risk(rng, ["GB"] * count, activity, 0.06, parameters.days),
    )


def make_hauliers(draws: Draws, parameters: WorldParameters) -> Hauliers:
    """Hauliers with vehicles, trailers and drivers in proportion to their activity."""
    rng = draws.of("hauliers")
    count = max(12, parameters.consignments // _CONSIGNMENTS_A_HAULIER)
    shares = np.array(list(_HAULIER_COUNTRIES.values()))
    countries = [list(_HAULIER_COUNTRIES)[pick] for pick in weighted(rng, shares, count).tolist()]
    activity = rng.lognormal(0.0, _ACTIVITY_SPREAD, count)
    vehicles = 1 + np.floor(activity / activity.sum() * parameters.consignments / _CONSIGNMENTS_A_VEHICLE).astype(
        np.int64
    )
    owners = np.repeat(np.arange(count), vehicles)
    trailer_owners = np.repeat(np.arange(count), vehicles + vehicles // 2)
    driver_owners = np.repeat(np.arange(count), vehicles + vehicles // 4)
    taken: set[str] = set()
    return Hauliers(
        parties=tuple(companies(rng, countries, hauliers=True)),
        activity=activity,
        cash=np.where(rng.random(count) < 0.15, 0.4, 0.03),
        risk=make_risk(rng, countries, activity, 0.09, parameters.days),
        vehicles=_fleet(
            rng,
            registrations(rng, [countries[owner] for owner in owners], taken),
            owners,
            countries,
            0.07,
            parameters.days,
        ),
        trailers=_fleet(
            rng,
            registrations(rng, [countries[owner] for owner in trailer_owners], taken),
            trailer_owners,
            countries,
            0.05,
            parameters.days,
        ),
        drivers=_fleet(
            rng, codes(rng, len(driver_owners), 10, ALPHANUMERIC), driver_owners, countries, 0.07, parameters.days
        ),
    )


def _fleet(
    rng: np.random.Generator, numbers: Sequence[str], owners: Ints, countries: Sequence[str], share: float, days: int
) -> Fleet:
    first = np.searchsorted(owners, np.arange(len(countries) + 1))
    return Fleet(
        tuple(numbers),
        first.astype(np.int64),
        make_risk(rng, [countries[owner] for owner in owners], rng.random(len(owners)), share, days),
    )
