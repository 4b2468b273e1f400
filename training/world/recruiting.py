"""Recruiting: which actors and places the networks of a world take for their hands.

Hands are chosen until their usual traffic is as much as the threat needs, such as deal with the countries of the
threat first; actors that move too little to be worth it, or too much to go unnoticed, are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.world.crossings import RIGID
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.hauliers import Hauliers
from training.world.lanes import Lanes
from training.world.networks import METHODS, STRENGTH, USE, Hands, Kind, hubs_of
from training.world.parameters import DAYS_A_WEEK, Flags, Floats, Ints, WorldParameters
from training.world.schemes import SCHEMES_A_FIND
from training.world.threats import MEANS, SHARES, THREATS, Method, origin_picture
from training.world.traders import WAY_SHARES, Traders, Way
from training.world.waves import Wave, waves

__all__ = ["Ring", "choose_hands"]

_SPREAD = 0.5  # standard deviation of a hand's log odds
_STEADY = 0.7  # share of hands that last the run; the others have a campaign that begins and ends
_CAMPAIGN_DAYS = 40  # shortest
_RING = 3  # hands of a network, on average
_RUNS_A_MONTH = (7.0, 45.0)  # usual consignments of a hand, at least and at most
_NEAR = 0.15  # how far the traffic of the hands may miss what is needed
_DAYS_A_MONTH = 30
_CARRIES_THE_REST = Method.CONCEALED_LOAD  # what the hands of other methods cannot
_CHEMICALS = ("28", "29", "3824", "3907", "8207", "8479", "8480")  # HS codes under which precursors and presses travel
# What hands a method needs, with the share of its traffic that each kind gives.
_KINDS: dict[Method, tuple[tuple[Kind, float], ...]] = {
    Method.CONCEALED_LOAD: ((Kind.CONSIGNOR, 0.45), (Kind.CONSIGNEE, 0.55)),
    Method.FRONT_COMPANY: ((Kind.CONSIGNOR, 0.45), (Kind.CONSIGNEE, 0.55)),
    Method.RECRUITED_DRIVER: ((Kind.DRIVER, 0.6), (Kind.VEHICLE, 0.4)),
    Method.BUILT_IN: ((Kind.TRAILER, 1.0),),
    Method.RIP_ON: ((Kind.TERMINAL, 1.0),),
    Method.PARCEL_SWARM: ((Kind.CONSIGNOR, 1.0),),
    Method.PRECURSOR: ((Kind.CONSIGNOR, 1.0),),
}


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom hands are chosen among; `lines` is the number of shipping lines."""

    consignors: Traders
    consignees: Traders
    hauliers: Hauliers
    lanes: Lanes
    lines: int


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Actors of a kind: usual consignments over the run, the country that each deals with, and who is taken."""

    volume: Floats
    country: list[str]
    taken: Flags


@dataclass(frozen=True, slots=True)
class _Recruit:
    """An actor taken, for what, from when to when, and when it goes quiet."""

    kind: Kind
    actor: int
    threat: int
    method: Method
    begins: int
    ends: int
    quiet: int
    wave: Wave


def choose_hands(draws: Draws, parameters: WorldParameters, ring: Ring) -> Hands:
    """All hands of a run, wave by wave as its regime has them."""
    rng = draws.of("hands")
    pool = _Pool(rng, parameters, ring)
    recruits = [recruit for wave in waves(parameters) for recruit in pool.wave(wave)]
    threat = _column([each.threat for each in recruits])
    begins = _column([each.begins for each in recruits])
    return Hands(
        kind=_column([each.kind for each in recruits]),
        actor=_column([each.actor for each in recruits]),
        network=_networks(rng, threat, begins),
        threat=threat,
        method=_column([METHODS.index(each.method) for each in recruits]),
        strength=STRENGTH + rng.normal(0.0, _SPREAD, len(recruits)),
        begins=begins,
        ends=_column([each.ends for each in recruits]),
        quiet=_column([each.quiet for each in recruits]),
        left=np.array([each.wave.left for each in recruits], dtype=np.float64),
        polish=np.array([each.wave.polish for each in recruits], dtype=np.float64),
    )


def _column(numbers: list[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)


def _networks(rng: np.random.Generator, threat: Ints, begins: Ints) -> Ints:
    """A number for each hand: hands of one threat that begin near each other work together."""
    order = np.lexsort((rng.random(len(threat)), begins // DAYS_A_WEEK, threat))
    joins = rng.random(len(threat)) < 1.0 - 1.0 / _RING
    starts = ~joins | (np.diff(threat[order], prepend=-1) != 0)
    network = np.empty(len(threat), dtype=np.int64)
    network[order] = np.cumsum(starts) - 1
    return np.asarray(rng.permutation(len(threat))[network])


class _Pool:
    """Who can be taken, and who is."""

    def __init__(self, rng: np.random.Generator, parameters: WorldParameters, ring: Ring) -> None:
        self._rng, self._parameters, self._ring = rng, parameters, ring
        self._candidates = {
            kind: _Candidates(volume, country, np.zeros(len(volume), dtype=np.bool_))
            for kind, volume, country in zip(Kind, _volumes(parameters, ring), _countries(ring), strict=True)
        }

    def wave(self, wave: Wave) -> list[_Recruit]:
        """The hands of a wave, threat by threat; what one method cannot carry is left to the next."""
        parameters = self._parameters
        wanted = parameters.consignments * parameters.prevalence * SCHEMES_A_FIND * wave.slack / USE
        recruits: list[_Recruit] = []
        for index, threat in enumerate(THREATS):
            means = {method: share * wave.methods.get(method, 1.0) for method, share in MEANS[threat].items()}
            total = sum(means.values())
            unmet = 0.0
            for method, share in sorted(means.items(), key=lambda each: (each[0] is _CARRIES_THE_REST, each[1])):
                if share == 0.0:
                    continue
                quota = unmet + wanted * wave.threats.get(threat, 1.0) * SHARES[threat] * share / total
                chosen = self._chosen(index, method, quota, wave)
                held = float(sum(self._candidates[kind].volume[actor] for kind, actor in chosen))
                unmet = max(0.0, quota - held)
                recruits += [
                    _Recruit(kind, actor, index, method, *self._campaign(wave), wave) for kind, actor in chosen
                ]
        return recruits

    def _campaign(self, wave: Wave) -> tuple[int, int, int]:
        """First day, the day after the last, and the day from which the hand is quiet."""
        rng, days = self._rng, self._parameters.days
        first, last, quiet = (spell.draw(rng, days) for spell in (wave.begins, wave.ends, wave.quiet))
        if rng.random() < _STEADY:
            return first, last, quiet
        begins = int(rng.integers(first - days, max(first + 1, min(last, days))))
        ends = begins + int(rng.integers(_CAMPAIGN_DAYS, _CAMPAIGN_DAYS + 2 * days))
        return max(first, begins), min(last, ends), quiet

    def _chosen(self, threat: int, method: Method, quota: float, wave: Wave) -> list[tuple[Kind, int]]:
        """Actors whose traffic together is about the quota; none where one alone would be far too much."""
        found: list[tuple[Kind, int]] = []
        for kind, share in ((Kind.CONSIGNOR, 1.0),) if wave.abroad else _KINDS[method]:
            weights = self._weights(kind, threat, method, wave)
            usable = np.flatnonzero(weights > 0)
            order = usable[np.argsort(self._rng.exponential(1.0, len(usable)) / weights[usable], kind="stable")]
            found += [(kind, actor) for actor in self._taken(kind, order, quota * share)]
        return found

    def _taken(self, kind: Kind, order: Ints, need: float) -> list[int]:
        """Actors in this order, but for those who would bring far more than is needed, until it is met."""
        candidates = self._candidates[kind]
        found: list[int] = []
        held = 0.0
        for actor in order.tolist():
            volume = candidates.volume[actor]
            if held + volume > need * (1 + _NEAR) and held > 0:
                continue
            if held >= need * (1 - _NEAR) or volume > 3 * need:
                break
            held += volume
            candidates.taken[actor] = True
            found.append(actor)
        return found

    def _weights(self, kind: Kind, threat: int, method: Method, wave: Wave) -> Floats:
        """How readily a network takes each actor: by country, and none that is taken, spare, too small or unfit."""
        candidates = self._candidates[kind]
        pictures = {country: origin_picture(country)[threat] for country in set(candidates.country)}
        weights = np.array([1.0 if wave.indifferent else pictures[country] for country in candidates.country])
        least, most = (runs * self._parameters.days / _DAYS_A_MONTH for runs in _RUNS_A_MONTH)
        weights[candidates.taken | (candidates.volume < least) | (candidates.volume > most)] = 0.0
        if kind in (Kind.CONSIGNOR, Kind.CONSIGNEE):
            weights[~self._fits((self._ring.consignors, self._ring.consignees)[kind], method, wave)] = 0.0
        return weights

    def _fits(self, traders: Traders, method: Method, wave: Wave) -> Flags:
        """Which traders suit a method: who lives throughout and comes the right way, or who deals in chemicals."""
        fits = (traders.spare_of < 0) & np.isin(traders.way, wave.ways)
        if method is Method.PRECURSOR:
            chemical = np.array([each.hs_code.startswith(_CHEMICALS) for each in COMMODITIES])
            return np.asarray(fits & chemical[traders.commodity])
        fits &= (traders.lives.born <= 0) & (traders.lives.died > self._parameters.days)
        return np.asarray(fits & ((traders.way == Way.POST) == (method is Method.PARCEL_SWARM)))


def _volumes(parameters: WorldParameters, ring: Ring) -> list[Floats]:
    """Usual consignments of every actor over the run, by kind: those of a fleet or of a hub are spread evenly."""
    lanes, hauliers = ring.lanes, ring.hauliers
    by_way = np.bincount(lanes.way, weights=lanes.weight, minlength=len(Way))
    volume = lanes.weight / by_way[lanes.way] * np.array(WAY_SHARES)[lanes.way] * parameters.consignments
    driven = ~lanes.unaccompanied
    drawn = lanes.unaccompanied + driven * (1 - RIGID)
    hauls = [_summed(lanes.haulier, volume * share, len(hauliers.parties)) for share in (driven, drawn, driven)]
    fleets = (hauliers.vehicles, hauliers.trailers, hauliers.drivers)
    hubs, hub = hubs_of(lanes)
    called = _summed(hub, volume, len(hubs))
    return [
        _summed(lanes.consignor, volume, len(ring.consignors.parties)),
        _summed(lanes.consignee, volume, len(ring.consignees.parties)),
        *((each / np.maximum(np.diff(fleet.first), 1))[fleet.owner] for each, fleet in zip(hauls, fleets, strict=True)),
        np.repeat(called, ring.lines) / ring.lines,
    ]


def _summed(actor: Ints, volume: Floats, count: int) -> Floats:
    """float64 [count], what each actor moves of these volumes; -1 stands for nobody."""
    return np.asarray(np.bincount(actor + 1, weights=volume, minlength=count + 1)[1:], dtype=np.float64)


def _countries(ring: Ring) -> list[list[str]]:
    """The country that every actor deals with, by kind: a trader's own or its goods', a haulier's, a port's."""
    hauliers = ring.hauliers
    fleets = (hauliers.vehicles, hauliers.trailers, hauliers.drivers)
    return [
        [party.country or "" for party in ring.consignors.parties],
        _sources(ring),
        *([hauliers.parties[owner].country or "" for owner in fleet.owner.tolist()] for fleet in fleets),
        [name[:2] for name in hubs_of(ring.lanes)[0] for _ in range(ring.lines)],
    ]


def _sources(ring: Ring) -> list[str]:
    """Where each consignee's goods mostly come from: the country of its largest lane."""
    lanes = ring.lanes
    found = [""] * len(ring.consignees.parties)
    for lane in np.argsort(lanes.weight, kind="stable").tolist():
        found[lanes.consignee[lane]] = ring.consignors.parties[lanes.consignor[lane]].country or ""
    return found
