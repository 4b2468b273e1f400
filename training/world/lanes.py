"""Lanes: the standing trades of consignees, each with its consignor, goods, way in, haulier and forwarder.

Habits live here: a consignment is mostly one more run of a lane, so that pairs repeat, and a new pair means
something without proving anything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from aftc.reference.ports import FERRY_ROUTES, PORTS
from training.world.draws import Draws, weighted
from training.world.hauliers import Hauliers
from training.world.parameters import Flags, Floats, Ints
from training.world.traders import Traders

__all__ = ["LOAD_PORTS", "ROUTES", "SEA_PORTS", "TRANSHIPMENTS", "Lanes", "make_lanes"]

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
_UNACCOMPANIED_SHARE = {
    "101": 0.12,
    "102": 0.2,
    "103": 0.12,
    "104": 0.6,
    "105": 0.75,
    "106": 0.75,
    "107": 0.8,
    "108": 0.4,
    "109": 0.35,
    "110": 0.6,
}
_SPREAD = 0.8  # standard deviation of the log volume of a lane
_MAIN_TRADE = 0.5  # chance that a lane carries its consignee's main commodity
_MAIN_WAY = 0.88  # chance that it comes the consignee's usual way


@dataclass(frozen=True, slots=True)
class Lanes:
    """Columns of the lanes, all of one length; -1 where a column does not apply.

    Attributes:
        weight: Relative volume.
        by_sea: Whether by container ship, else by ferry.
        unaccompanied: Whether the trailer crosses alone (ferry lanes).
        route: Index in `ROUTES` (ferry lanes).
        haulier: Index of the usual haulier (ferry lanes).
        load_port: Index in `load_ports` (sea lanes).
        transhipment: Index in PORTS' order of a usual port of transhipment, or -1.
    """

    weight: Floats
    consignee: Ints
    consignor: Ints
    commodity: Ints
    forwarder: Ints
    by_sea: Flags
    unaccompanied: Flags
    route: Ints
    haulier: Ints
    load_port: tuple[str, ...]
    transhipment: tuple[str, ...]


def make_lanes(
    draws: Draws, consignees: Traders, consignors: Traders, forwarders: Traders, hauliers: Hauliers
) -> Lanes:
    """One to several lanes for every consignee."""
    rng = draws.of("lanes")
    counts = 1 + rng.poisson(2.0, len(consignees.parties))
    owner = np.repeat(np.arange(len(counts)), counts)
    total = len(owner)
    by_sea = consignees.by_sea[owner] ^ (rng.random(total) > _MAIN_WAY)
    consignor = _suppliers(rng, consignees, consignors, owner, by_sea)
    countries = [consignors.parties[each].country or "" for each in consignor.tolist()]
    route = np.array([_route(country, pick) for country, pick in zip(countries, rng.random(total), strict=True)])
    unaccompanied_share = np.array([_UNACCOMPANIED_SHARE[each.route_id] for each in ROUTES])
    load = [
        _one_of(LOAD_PORTS.get(country, ("",)), pick)
        for country, pick in zip(countries, rng.random(total), strict=True)
    ]
    passes = rng.random(total)
    return Lanes(
        weight=consignees.activity[owner]
        * rng.lognormal(0.0, _SPREAD, total)
        * np.sqrt(consignors.activity[consignor]),
        consignee=owner,
        consignor=consignor,
        commodity=consignors.commodity[consignor],
        forwarder=weighted(rng, forwarders.activity, total),
        by_sea=by_sea,
        unaccompanied=~by_sea & (rng.random(total) < unaccompanied_share[np.maximum(route, 0)]),
        route=np.where(by_sea, -1, route),
        haulier=np.where(by_sea, -1, weighted(rng, hauliers.activity, total)),
        load_port=tuple(port if sea else "" for port, sea in zip(load, by_sea.tolist(), strict=True)),
        transhipment=tuple(
            _one_of(TRANSHIPMENTS.get(country, ("",)), pick / 0.35) if sea and pick < 0.35 else ""
            for country, sea, pick in zip(countries, by_sea.tolist(), passes.tolist(), strict=True)
        ),
    )


def _suppliers(rng: np.random.Generator, consignees: Traders, consignors: Traders, owner: Ints, by_sea: Flags) -> Ints:
    """A consignor for every lane: one of those that send the wanted goods the wanted way."""
    sellers: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for index, (sea, commodity) in enumerate(
        zip(consignors.by_sea.tolist(), consignors.commodity.tolist(), strict=True)
    ):
        sellers[sea, commodity].append(index)
    traded = {sea: [key for key in sellers if key[0] == sea] for sea in (False, True)}
    main = rng.random(len(owner)) < _MAIN_TRADE
    picks = rng.random((len(owner), 2)).tolist()
    found = []
    for each, sea, usual, (first, second) in zip(owner.tolist(), by_sea.tolist(), main.tolist(), picks, strict=True):
        key = (sea, int(consignees.commodity[each]))
        if not usual or key not in sellers:
            key = traded[sea][int(first * len(traded[sea]))]
        found.append(sellers[key][int(second * len(sellers[key]))])
    return np.array(found, dtype=np.int64)


def _route(country: str, pick: float) -> int:
    wanted = _one_of(_ROUTES_FROM.get(country, ("101",)), pick)
    return next(index for index, route in enumerate(ROUTES) if route.route_id == wanted)


def _one_of(choices: tuple[str, ...], pick: float) -> str:
    return choices[int(pick * len(choices))]
