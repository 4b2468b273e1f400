"""Networks: who is recruited, for what, and when."""

from __future__ import annotations

import numpy as np

from aftc.records import Threat
from training.world.adversaries import Adversaries
from training.world.cast import Cast, make_cast
from training.world.goods import COMMODITIES
from training.world.lanes import TRANSHIPMENTS
from training.world.networks import METHODS, Kind, hubs_of
from training.world.parameters import Ints, Regime, WorldParameters
from training.world.simulation import Week
from training.world.threats import MEANS, THREATS, Method
from training.world.traders import Way


def _of(cast: Cast, method: Method, kind: Kind) -> Ints:
    """Actors that are hands of a kind by a method."""
    hands = cast.hands
    return np.asarray(hands.actor[(hands.method == METHODS.index(method)) & (hands.kind == kind)])


def test_hands_suit_their_method(large_cast: Cast) -> None:
    """Each method has the kinds of hands that it needs, and traders that come the right way with the right goods."""
    hands, consignors = large_cast.hands, large_cast.consignors
    kinds = {
        method: {Kind(kind) for kind in hands.kind[hands.method == place].tolist()}
        for place, method in enumerate(METHODS)
    }
    assert kinds[Method.CONCEALED_LOAD] == kinds[Method.FRONT_COMPANY] == {Kind.CONSIGNOR, Kind.CONSIGNEE}
    assert kinds[Method.RECRUITED_DRIVER] == {Kind.DRIVER, Kind.VEHICLE}
    assert kinds[Method.BUILT_IN] == {Kind.TRAILER}
    assert kinds[Method.RIP_ON] == {Kind.TERMINAL}
    assert kinds[Method.PARCEL_SWARM] == kinds[Method.PRECURSOR] == {Kind.CONSIGNOR}
    assert (consignors.way[_of(large_cast, Method.PARCEL_SWARM, Kind.CONSIGNOR)] == Way.POST).all()
    assert (consignors.way[_of(large_cast, Method.CONCEALED_LOAD, Kind.CONSIGNOR)] != Way.POST).all()
    codes = {
        COMMODITIES[consignors.commodity[each]].hs_code for each in _of(large_cast, Method.PRECURSOR, Kind.CONSIGNOR)
    }
    assert all(code[:2] in ("28", "29", "38", "39", "82", "84") for code in codes)


def test_threats_travel_by_their_methods_alone(large_cast: Cast) -> None:
    """No hand carries a threat by a method that the threat does not use."""
    hands = large_cast.hands
    for threat, method in zip(hands.threat.tolist(), hands.method.tolist(), strict=True):
        assert METHODS[method] in MEANS[THREATS[threat]]


def test_nobody_works_for_two(large_cast: Cast) -> None:
    """No actor is the hand of two networks, and hands of a network carry the same threat."""
    hands = large_cast.hands
    pairs = list(zip(hands.kind.tolist(), hands.actor.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs) > 50
    threats: dict[int, set[int]] = {}
    for network, threat in zip(hands.network.tolist(), hands.threat.tolist(), strict=True):
        threats.setdefault(network, set()).add(threat)
    assert all(len(each) == 1 for each in threats.values())
    assert len(pairs) / 5 < len(threats) < len(pairs) / 1.5


def test_networks_take_those_of_their_source_countries_first() -> None:
    """Of four worlds' consignors who hide cocaine, twice as many as of all consignors are in its source countries."""
    sources = {"CO", "PE", "EC", "BR", "CR", "DO", "GH"}
    mine, everyone = [], []
    for seed in range(4):
        cast = make_cast(WorldParameters(seed=seed, days=60, consignments=40_000, prevalence=0.12))
        countries = np.array([party.country for party in cast.consignors.parties])
        hides = (cast.hands.kind == Kind.CONSIGNOR) & (cast.hands.threat == THREATS.index(Threat.COCAINE))
        mine += countries[cast.hands.actor[hides]].tolist()
        everyone += countries.tolist()
    assert len(mine) > 30
    assert np.isin(mine, list(sources)).mean() > 2 * np.isin(everyone, list(sources)).mean()


def test_more_is_wanted_more_are_recruited() -> None:
    """Four times the prevalence has about four times the hands, and a world of a stable regime needs fewest."""
    few, many = (
        len(make_cast(WorldParameters(seed=2, days=60, consignments=20_000, prevalence=share)).hands.kind)
        for share in (0.03, 0.12)
    )
    assert 2.5 < many / few < 6
    migrating = make_cast(WorldParameters(seed=2, days=60, consignments=20_000, regime=Regime.MIGRATING))
    assert len(migrating.hands.kind) > few


def test_what_hands_touch_is_mostly_dirty(large_cast: Cast, large_weeks: list[Week]) -> None:
    """In the first week, before anything was found, three in four consignments of an active hand have a scheme."""
    arrivals = large_weeks[0].arrivals
    touched = (Adversaries(large_cast).touch(arrivals.traffic, 3.5).hand >= 0).any(axis=1)
    scheme = arrivals.schemes.threat >= 0
    assert touched.sum() > 50
    assert scheme[touched].mean() > 0.75
    assert scheme[~touched].mean() < 0.03


def test_terminals_are_where_containers_can_be_opened(large_cast: Cast) -> None:
    """Every sea lane has the terminal of its transhipment, else of its port of loading; no other lane has one."""
    lanes = large_cast.lanes
    names, hub = hubs_of(lanes)
    assert ((hub >= 0) == (lanes.way == Way.SEA)).all()
    rows = np.flatnonzero(hub >= 0)
    assert [names[place] for place in hub[rows]] == [lanes.transhipment[row] or lanes.load_port[row] for row in rows]
    known = {port for ports in TRANSHIPMENTS.values() for port in ports}
    assert set(names) & known
