"""Networks and their hands: who carries threats, by which method, from when to when.

A hand is an actor or a place that a network controls: a corrupt consignor, a front company, a driver, a trailer with
a false floor, a terminal where someone opens containers. Nobody sees it; it shows only in what happens. Hands are
chosen until their usual traffic is as much as the threat needs, small actors and such as deal with the countries of
the threat first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from training.world.crossings import RIGID
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.hauliers import Hauliers
from training.world.lanes import Lanes
from training.world.parameters import DAYS_A_WEEK, Floats, Ints, WorldParameters
from training.world.threats import MEANS, SHARES, THREATS, Method, origin_picture
from training.world.traders import WAY_SHARES, Traders, Way
from training.world.waves import Wave, waves

__all__ = ["METHODS", "STRENGTH", "USE", "Hands", "Kind", "Ring", "choose_hands", "hubs_of"]

METHODS = tuple(Method)
STRENGTH = 12.0  # log odds that a hand adds to its threat; between hands it varies with deviation 0.5
USE = 0.97  # share of a hand's consignments that are dirty, in the market that the hands are chosen for
SCHEMES_A_FIND = 1.3  # schemes for each consignment that carries a threat: the others are trial runs or went wrong
_SPREAD = 0.5
_IDLE = 1.15  # hands for each that is active at a time: campaigns end, traders die, drivers rest
_STEADY = 0.7  # share of hands that last the run; the others have a campaign that begins and ends
_CAMPAIGN_DAYS = 40  # shortest
_RING = 3  # hands of a network, on average
_RUNS_A_MONTH = (7.0, 45.0)  # usual consignments of a hand, at least and at most
_NEAR = 0.15  # how far the traffic of the hands may miss what is needed
_DAYS_A_MONTH = 30
_LAST = (Method.CONCEALED_LOAD,)
_CHEMICALS = ("28", "29", "3824", "3907", "8207", "8479", "8480")  # HS codes under which precursors and presses travel


class Kind(IntEnum):
    """What a hand is."""

    CONSIGNOR = 0
    CONSIGNEE = 1
    VEHICLE = 2
    TRAILER = 3
    DRIVER = 4
    TERMINAL = 5  # a place where containers are loaded or transhipped, and the line that calls there


@dataclass(frozen=True, slots=True)
class Hands:
    """Columns of the hands.

    Attributes:
        kind: `Kind`; `actor` its index among those of the kind.
        network: Number of the network, in no order.
        threat: Index in `THREATS`; `method` index in `METHODS`.
        strength: Log odds added while active.
        begins: First day; `ends` the day after the last, counted from the world's first.
        polish: 0 to 1, how well it hides the signs of what it does.
    """

    kind: Ints
    actor: Ints
    network: Ints
    threat: Ints
    method: Ints
    strength: Floats
    begins: Ints
    ends: Ints
    polish: Floats


@dataclass(frozen=True, slots=True)
class Ring:
    """What hands are chosen among.

    Attributes:
        lines: Number of shipping lines.
    """

    consignors: Traders
    consignees: Traders
    hauliers: Hauliers
    lanes: Lanes
    lines: int


def hubs_of(lanes: Lanes) -> tuple[tuple[str, ...], Ints]:
    """Terminals by name, and int64 [lanes] the one where each sea lane's containers could be opened, else -1."""
    names = [after or port for port, after in zip(lanes.load_port, lanes.transhipment, strict=True)]
    known = sorted({name for name, way in zip(names, lanes.way.tolist(), strict=True) if way == Way.SEA})
    place = {name: index for index, name in enumerate(known)}
    by_sea = (lanes.way == Way.SEA).tolist()
    return tuple(known), np.array([place[name] if sea else -1 for name, sea in zip(names, by_sea, strict=True)])


def choose_hands(draws: Draws, parameters: WorldParameters, ring: Ring) -> Hands:
    """All hands of a run, wave by wave as its regime has them."""
    rng = draws.of("hands")
    pool = _Pool(rng, parameters, ring)
    rows = [row for wave in waves(parameters) for row in pool.wave(wave)]
    columns = [np.array(column) for column in zip(*rows, strict=True)] if rows else [np.zeros(0)] * 8
    kind, actor, threat, method, begins, ends, polish, use = columns
    count = len(rows)
    return Hands(
        kind=kind.astype(np.int64),
        actor=actor.astype(np.int64),
        network=_networks(rng, threat.astype(np.int64), begins.astype(np.int64)),
        threat=threat.astype(np.int64),
        method=method.astype(np.int64),
        strength=STRENGTH + _logit(use) - _logit(USE) + rng.normal(0.0, _SPREAD, count),
        begins=begins.astype(np.int64),
        ends=ends.astype(np.int64),
        polish=polish.astype(np.float64),
    )


def _logit(share: Floats | float) -> Floats:
    return np.asarray(np.log(share) - np.log1p(-np.asarray(share)))


def _networks(rng: np.random.Generator, threat: Ints, begins: Ints) -> Ints:
    """A number for each hand: hands of one threat that begin near each other work together."""
    order = np.lexsort((rng.random(len(threat)), begins // DAYS_A_WEEK, threat))
    joins = rng.random(len(threat)) < 1.0 - 1.0 / _RING
    starts = ~joins | (np.diff(threat[order], prepend=-1) != 0)
    network = np.empty(len(threat), dtype=np.int64)
    network[order] = np.cumsum(starts) - 1
    return np.asarray(rng.permutation(len(threat))[network])


class _Pool:
    """Actors with their usual traffic over the run, and who of them is taken."""

    def __init__(self, rng: np.random.Generator, parameters: WorldParameters, ring: Ring) -> None:
        self._rng, self._parameters, self._ring = rng, parameters, ring
        lanes = ring.lanes
        by_way = np.bincount(lanes.way, weights=lanes.weight, minlength=len(Way))
        volume = lanes.weight / by_way[lanes.way] * np.array(WAY_SHARES)[lanes.way] * parameters.consignments
        hauls = [
            np.bincount(
                np.maximum(lanes.haulier, 0),
                weights=volume * (lanes.haulier >= 0) * share,
                minlength=len(ring.hauliers.parties),
            )
            for share in (
                ~lanes.unaccompanied,
                lanes.unaccompanied + ~lanes.unaccompanied * (1 - RIGID),
                ~lanes.unaccompanied,
            )
        ]
        self._lane_volume = volume
        hubs, hub = hubs_of(lanes)
        called = np.bincount(np.maximum(hub, 0), weights=volume * (hub >= 0), minlength=len(hubs))
        fleets = (ring.hauliers.vehicles, ring.hauliers.trailers, ring.hauliers.drivers)
        self._volumes = [
            np.bincount(lanes.consignor, weights=volume, minlength=len(ring.consignors.parties)),
            np.bincount(lanes.consignee, weights=volume, minlength=len(ring.consignees.parties)),
            *(
                (each / np.maximum(np.diff(fleet.first), 1))[fleet.owner]
                for each, fleet in zip(hauls, fleets, strict=True)
            ),
            np.repeat(called, ring.lines) / ring.lines,
        ]
        self._countries = [
            [party.country or "" for party in ring.consignors.parties],
            self._sources(),
            *([ring.hauliers.parties[owner].country or "" for owner in each.owner.tolist()] for each in fleets),
            [name[:2] for name in hubs for _ in range(ring.lines)],
        ]
        self._taken = [np.zeros(len(each), dtype=np.bool_) for each in self._volumes]

    def _sources(self) -> list[str]:
        """Where each consignee's goods mostly come from: the country of its largest lane."""
        lanes, ring = self._ring.lanes, self._ring
        found = [""] * len(ring.consignees.parties)
        for lane in np.argsort(lanes.weight, kind="stable").tolist():
            found[lanes.consignee[lane]] = ring.consignors.parties[lanes.consignor[lane]].country or ""
        return found

    def wave(self, wave: Wave) -> list[tuple[float, ...]]:
        """Rows of hands: kind, actor, threat, method, begins, ends, polish, use."""
        parameters = self._parameters
        wanted = parameters.consignments * parameters.prevalence * SCHEMES_A_FIND * wave.amount / wave.use * _IDLE
        rows: list[tuple[float, ...]] = []
        for index, threat in enumerate(THREATS):
            means = {method: share * wave.methods.get(method, 1.0) for method, share in MEANS[threat].items()}
            total = sum(means.values())
            unmet = 0.0  # what one method cannot carry is left to the next; loads come last
            for method, share in sorted(means.items(), key=lambda each: (each[0] in _LAST, each[1])):
                if total == 0.0 or share == 0.0:
                    continue
                quota = unmet + wanted * wave.threats.get(threat, 1.0) * SHARES[threat] * share / total
                chosen, held = self._chosen(index, method, quota, wave)
                unmet = max(0.0, quota - held)
                for kind, actor in chosen:
                    begins, ends = self._campaign(wave)
                    rows.append((kind, actor, index, METHODS.index(method), begins, ends, wave.polish, wave.use))
        return rows

    def _campaign(self, wave: Wave) -> tuple[int, int]:
        """First day and the day after the last."""
        rng, days = self._rng, self._parameters.days
        first, last = wave.begins.draw(rng, days), wave.ends.draw(rng, days)
        if rng.random() < _STEADY:
            return first, last
        begins = int(rng.integers(first - days, max(first + 1, min(last, days))))
        return max(first, begins), min(last, begins + int(rng.integers(_CAMPAIGN_DAYS, _CAMPAIGN_DAYS + 2 * days)))

    def _chosen(self, threat: int, method: Method, quota: float, wave: Wave) -> tuple[list[tuple[int, int]], float]:
        """Actors whose traffic together is about the quota, and that traffic; none where one would be far too much."""
        found: list[tuple[int, int]] = []
        carried = 0.0
        kinds = ((Kind.CONSIGNOR, 1.0),) if wave.abroad else self._kinds(method)
        for kind, share in kinds:
            weights = self._weights(kind, threat, method, wave)
            usable = np.flatnonzero(weights > 0)
            order = usable[np.argsort(self._rng.exponential(1.0, len(usable)) / weights[usable], kind="stable")]
            held, need = 0.0, quota * share
            volumes = self._volumes[kind]
            for actor in order.tolist():
                if held + volumes[actor] > need * (1 + _NEAR) and held > 0:
                    continue
                if held >= need * (1 - _NEAR) or volumes[actor] > 3 * need:
                    break
                held += volumes[actor]
                carried += volumes[actor]
                self._taken[kind][actor] = True
                found.append((int(kind), actor))
        return found, carried

    @staticmethod
    def _kinds(method: Method) -> tuple[tuple[Kind, float], ...]:
        """What hands a method needs, with the share of its traffic that each kind gives."""
        if method is Method.RECRUITED_DRIVER:
            return (Kind.DRIVER, 0.6), (Kind.VEHICLE, 0.4)
        if method is Method.BUILT_IN:
            return ((Kind.TRAILER, 1.0),)
        if method is Method.RIP_ON:
            return ((Kind.TERMINAL, 1.0),)
        if method in (Method.PARCEL_SWARM, Method.PRECURSOR):
            return ((Kind.CONSIGNOR, 1.0),)
        return (Kind.CONSIGNOR, 0.45), (Kind.CONSIGNEE, 0.55)

    def _weights(self, kind: Kind, threat: int, method: Method, wave: Wave) -> Floats:
        """How readily a network takes each actor: by country, and none that is taken, spare, too small or unfit."""
        pictures = {country: origin_picture(country)[threat] for country in set(self._countries[kind])}
        weights = np.array([pictures[country] for country in self._countries[kind]])
        if wave.indifferent:
            weights[:] = 1.0
        volume = self._volumes[kind]
        least, most = (runs * self._parameters.days / _DAYS_A_MONTH for runs in _RUNS_A_MONTH)
        weights[self._taken[kind] | (volume < least * wave.busyness) | (volume > most * wave.busyness)] = 0.0
        if kind in (Kind.CONSIGNOR, Kind.CONSIGNEE):
            traders = (self._ring.consignors, self._ring.consignees)[kind]
            fits = (traders.spare_of < 0) & (traders.lives.born <= 0) & (traders.lives.died > self._parameters.days)
            fits &= (traders.way == Way.POST) == (method is Method.PARCEL_SWARM)
            fits &= np.isin(traders.way, wave.ways)
            if method is Method.PRECURSOR:
                fits = (traders.spare_of < 0) & self._chemical()[traders.commodity] & np.isin(traders.way, wave.ways)
            weights[~fits] = 0.0
        return weights

    @staticmethod
    def _chemical() -> Ints:
        return np.array([each.hs_code.startswith(_CHEMICALS) for each in COMMODITIES])
