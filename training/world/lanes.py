"""Lanes: the standing trades of consignees, each with its consignor, goods, way in, haulier and forwarder.

Habits live here: a consignment is mostly one more run of a lane, so that pairs repeat, and a new pair means
something without proving anything. A lane lives while both its ends do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from aftc.reference.ports import FERRY_ROUTES, PORTS
from training.world.draws import Draws, weighted
from training.world.flights import AIR_PORTS, PARCEL_PORTS
from training.world.hauliers import Hauliers
from training.world.lives import season
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.traders import Traders, Way

__all__ = ["LOAD_PORTS", "ROUTES", "SEA_PORTS", "TRANSHIPMENTS", "Lanes", "lane_volumes", "load_port", "make_lanes"]

ROUTES = tuple(FERRY_ROUTES.values())
SEA_PORTS = tuple(PORTS[code] for code in ("GBFXT", "GBLGP", "GBSOU", "GBLIV"))
LOAD_PORTS: dict[str, tuple[str, ...]] = {
    "CO": ("COCTG", "COTRB"), "EC": ("ECGYE",), "PE": ("PECLL",), "BR": ("BRSSZ",), "CR": ("CRMOB",),
    "DO": ("DOCAU",), "GH": ("GHTEM",), "CN": ("CNSHA", "CNNGB", "CNYTN"), "HK": ("HKHKG",), "IN": ("INNSA",),
    "PK": ("PKKHI",), "VN": ("VNSGN",), "TH": ("THLCH",), "US": ("USNYC",), "ZA": ("ZADUR",), "AE": ("AEJEA",),
    "TR": ("TRMER",),
}  # fmt: skip
TRANSHIPMENTS: dict[str, tuple[str, ...]] = {
    "CO": ("DOCAU", "BEANR", "NLRTM"), "PE": ("DOCAU", "NLRTM"), "EC": ("DOCAU", "BEANR"), "BR": ("ESALG", "MAPTM"),
    "GH": ("ESALG", "ESVLC"), "TR": ("ESVLC",), "IN": ("AEJEA",), "PK": ("AEJEA",), "US": ("BEANR",),
}  # fmt: skip
_ROUTES_FROM: dict[str, tuple[str, ...]] = {
    "FR": ("101", "103", "108"), "BE": ("106", "102"), "NL": ("104", "105", "107"), "DE": ("104", "102", "107"),
    "ES": ("101", "108"), "IE": ("109", "110"), "PL": ("101", "102", "104"), "RO": ("101", "103"),
    "LT": ("105", "107"), "TR": ("101", "106"), "MA": ("103", "108"),
}  # fmt: skip
_ROUTE_PLACES = {
    country: tuple(list(FERRY_ROUTES).index(each) for each in routes) for country, routes in _ROUTES_FROM.items()
}
_UNACCOMPANIED_SHARE = {  # by ferry route
    "101": 0.12, "102": 0.2, "103": 0.12, "104": 0.6, "105": 0.75, "106": 0.75, "107": 0.8, "108": 0.4, "109": 0.35,
    "110": 0.6,
}  # fmt: skip
_SPREAD = 0.8  # standard deviation of the log volume of a lane
_MAIN_TRADE = 0.5  # chance that a lane carries its consignee's main commodity
_MAIN_WAY = 0.88  # chance that it comes the consignee's usual way, else any but by post
_MORE_LANES, _MORE_PARCEL_LANES = 2.0, 0.4  # mean number of lanes of a consignee beyond the first
_TRANSHIPPED = 0.35  # share of sea lanes that pass a port of transhipment, where their country has one

_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class Lanes:
    """Columns of the lanes, all of one length; -1 or empty text where a column does not apply.

    Attributes:
        weight: Relative volume in usual times.
        way: `Way` by which the goods come.
        unaccompanied: Whether the trailer crosses alone (by ferry).
        route: Index in `ROUTES` (by ferry).
        haulier: Index of the usual haulier (by ferry).
        forwarder: Index of the forwarder who declares; -1 for parcels, which the courier declares.
        load_port: UN/LOCODE where the voyage or flight begins.
        transhipment: UN/LOCODE of the usual port of transhipment (by sea).
    """

    weight: Floats
    consignee: Ints
    consignor: Ints
    commodity: Ints
    forwarder: Ints
    way: Ints
    unaccompanied: Flags
    route: Ints
    haulier: Ints
    load_port: tuple[str, ...]
    transhipment: tuple[str, ...]


def make_lanes(
    draws: Draws, consignees: Traders, consignors: Traders, forwarders: Traders, hauliers: Hauliers
) -> Lanes:
    """One to several lanes for every consignee, spare identities aside."""
    rng = draws.of("lanes")
    owner, way = _wants(rng, consignees)
    total = len(owner)
    consignor = _suppliers(rng, consignees, consignors, owner, way)
    countries = [consignors.parties[each].country or "" for each in consignor.tolist()]
    route = np.array([_route(country, pick) for country, pick in zip(countries, rng.random(total), strict=True)])
    unaccompanied_share = np.array([_UNACCOMPANIED_SHARE[each.route_id] for each in ROUTES])
    loads = zip(countries, way.tolist(), rng.random(total).tolist(), strict=True)
    passes = zip(countries, way.tolist(), rng.random(total).tolist(), strict=True)
    by_ferry = way == Way.ROAD
    return Lanes(
        weight=consignees.activity[owner]
        * rng.lognormal(0.0, _SPREAD, total)
        * np.sqrt(consignors.activity[consignor]),
        consignee=owner,
        consignor=consignor,
        commodity=consignors.commodity[consignor],
        forwarder=np.where(way == Way.POST, -1, weighted(rng, forwarders.activity, total)),
        way=way,
        unaccompanied=by_ferry & (rng.random(total) < unaccompanied_share[np.maximum(route, 0)]),
        route=np.where(by_ferry, route, -1),
        haulier=np.where(by_ferry, weighted(rng, hauliers.activity, total), -1),
        load_port=tuple(load_port(country, by, pick) for country, by, pick in loads),
        transhipment=tuple(_transhipment(country, by, pick) for country, by, pick in passes),
    )


def lane_volumes(
    parameters: WorldParameters, lanes: Lanes, consignors: Traders, consignees: Traders, day: float
) -> Floats:
    """Relative volume of every lane on a day: what its ends' lives and the season of its goods make of its weight."""
    alive = consignors.lives.at(day)[lanes.consignor] * consignees.lives.at(day)[lanes.consignee]
    return np.asarray(lanes.weight * alive * season(parameters, day)[lanes.commodity])


def load_port(country: str, way: int, pick: float) -> str:
    """Where a voyage or flight from a country begins; empty for the ferry."""
    if way == Way.ROAD:
        return ""
    return _one_of({Way.SEA: LOAD_PORTS, Way.AIR: AIR_PORTS, Way.POST: PARCEL_PORTS}[Way(way)][country], pick)


def _wants(rng: np.random.Generator, consignees: Traders) -> tuple[Ints, Ints]:
    """Consignee and way of every lane: mostly the consignee's usual way, and who has parcels has nothing else."""
    by_post = consignees.way == Way.POST
    more = rng.poisson(np.where(by_post, _MORE_PARCEL_LANES, _MORE_LANES))
    counts = np.where(consignees.spare_of >= 0, 0, 1 + more)
    owner = np.repeat(np.arange(len(counts)), counts)
    total = len(owner)
    way = np.where(rng.random(total) < _MAIN_WAY, consignees.way[owner], rng.integers(0, Way.POST, total))
    return owner, np.where(by_post[owner], Way.POST, way)


def _transhipment(country: str, way: int, pick: float) -> str:
    """Where a voyage from a country is transhipped; empty for most, and by every other way."""
    if way != Way.SEA or pick >= _TRANSHIPPED:
        return ""
    return _one_of(TRANSHIPMENTS.get(country, ("",)), pick / _TRANSHIPPED)


def _suppliers(rng: np.random.Generator, consignees: Traders, consignors: Traders, owner: Ints, way: Ints) -> Ints:
    """A consignor for every lane: one of those that send the wanted goods the wanted way."""
    sellers: dict[tuple[int, int], list[int]] = defaultdict(list)
    columns = (consignors.way.tolist(), consignors.commodity.tolist(), consignors.spare_of.tolist())
    for index, (by, commodity, spare) in enumerate(zip(*columns, strict=True)):
        if spare < 0:
            sellers[by, commodity].append(index)
    anyone = [[index for key, each in sellers.items() if key[0] == by for index in each] for by in Way]
    main = rng.random(len(owner)) < _MAIN_TRADE
    picks = rng.random(len(owner)).tolist()
    found = []
    for each, by, usual, pick in zip(owner.tolist(), way.tolist(), main.tolist(), picks, strict=True):
        pool = sellers.get((by, int(consignees.commodity[each]))) if usual else None
        pool = pool or anyone[by]
        found.append(pool[int(pick * len(pool))])
    return np.array(found, dtype=np.int64)


def _route(country: str, pick: float) -> int:
    return _one_of(_ROUTE_PLACES.get(country, (0,)), pick)


def _one_of(choices: tuple[_Choice, ...], pick: float) -> _Choice:
    return choices[int(pick * len(choices))]
