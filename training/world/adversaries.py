"""Adversaries: networks that learn from what was found, and only from that.

A network hears of a find in its own consignment within the week. It may then put a new identity in the place of the
one that was found, take another broker, another route, other goods, and hide its signs better. It never knows what
was looked at and let go, nor why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.world.cast import Cast
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.lanes import ROUTES
from training.world.networks import Kind, hubs_of
from training.world.parameters import DAYS_A_WEEK, Floats, Ints, Regime
from training.world.threats import THREATS
from training.world.traders import Traders, Way, origins_of
from training.world.traffic import Trade, Traffic, on_crossing

__all__ = ["Adversaries", "Touch"]

_NOBODY = -1
_REACTS = {  # chance that a network reacts to one of its consignments being found
    Regime.STABLE: 0.06,
    Regime.GRADUAL: 0.2,
    Regime.ABRUPT: 0.15,
    Regime.MIGRATING: 0.3,
    Regime.COLLAPSE: 0.04,
}
_LEARNS = 0.15  # of the signs that are left, a reaction hides so much
_OTHER_BROKER, _OTHER_ROUTE, _OTHER_GOODS = 0.5, 0.3, 0.3  # chances, at each reaction, for the hand's lanes


@dataclass(frozen=True, slots=True)
class Touch:
    """How hands touch the consignments of a week.

    Attributes:
        loading: float64 [consignments, threats], summed log odds of the hands.
        hand: int64 [consignments, threats], the strongest hand of each threat, -1 where there is none.
    """

    loading: Floats
    hand: Ints


class Adversaries:
    """The hands as they stand, and the trade they work through; both change as finds come in."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        hands = cast.hands
        self.hands = replace(hands, actor=hands.actor.copy(), polish=hands.polish.copy())
        self.trade = _own_trade(cast)
        self._hub = hubs_of(cast.lanes)[1]
        self._sizes = (  # of actors, by `Kind`
            len(cast.consignors.parties),
            len(cast.consignees.parties),
            *(len(each.numbers) for each in (cast.hauliers.vehicles, cast.hauliers.trailers, cast.hauliers.drivers)),
            (int(self._hub.max(initial=0)) + 1) * len(cast.carriers.parties),
        )

    def touch(self, draws: Draws, traffic: Traffic, day: float) -> Touch:
        """What hands add to the consignments of a week whose middle is this day, those that they are given to carry."""
        rng = draws.of("given to carry")
        hands, consignments = self.hands, traffic.consignments
        count = len(consignments.unit)
        loading = np.zeros((count, len(THREATS)))
        best, strongest = np.full((count, len(THREATS)), _NOBODY), np.zeros((count, len(THREATS)))
        share = np.where(day < hands.quiet, 1.0, hands.left)
        active = (hands.begins <= day) & (day < hands.ends)
        for kind, actor in zip(Kind, self._actors(traffic), strict=True):
            mine = np.flatnonzero(active & (hands.kind == kind))
            by_actor = np.full(self._sizes[kind] + 1, _NOBODY)  # the last one stands for nobody
            by_actor[hands.actor[mine]] = mine
            held = by_actor[actor]
            rows = np.flatnonzero(held >= 0)
            rows = rows[rng.random(len(rows)) < share[held[rows]]]
            hand = held[rows]
            threat, strength = hands.threat[hand], hands.strength[hand]
            loading[rows, threat] += strength
            stronger = strength > strongest[rows, threat]
            rows, threat = rows[stronger], threat[stronger]
            best[rows, threat], strongest[rows, threat] = hand[stronger], strength[stronger]
        return Touch(loading, best)

    def _actors(self, traffic: Traffic) -> list[Ints]:
        """For each `Kind` the actor of every consignment, -1 where there is none."""
        consignments, crossings = traffic.consignments, traffic.crossings
        return [
            consignments.consignor,
            consignments.consignee,
            *(
                np.maximum(on_crossing(traffic, each), _NOBODY)
                for each in (crossings.vehicle, crossings.trailer, crossings.driver)
            ),
            self._terminals(traffic),
        ]

    def _terminals(self, traffic: Traffic) -> Ints:
        """Hub and line of every consignment in a container, else -1."""
        unit = traffic.consignments.unit
        boxed = (unit >= traffic.first_box) & (unit < traffic.first_uld)
        if not boxed.any():
            return np.full(len(unit), _NOBODY)
        call = traffic.boxes.call[np.where(boxed, unit - traffic.first_box, 0)]
        line = self._cast.carriers.operator[traffic.calls.vessel[call]]
        hub = self._hub[traffic.consignments.lane]
        return np.where(boxed & (hub >= 0), hub * len(self._cast.carriers.parties) + line, _NOBODY)

    def learn(self, draws: Draws, found: Ints, week: int) -> None:
        """React to finds.

        Args:
            draws: Of the week.
            found: int64, the hand behind each consignment in which something was found and recorded.
            week: Its number.
        """
        rng = draws.of("reactions")
        for hand in np.sort(found[found >= 0]).tolist():
            if rng.random() < _REACTS[self._cast.parameters.regime]:
                self._react(rng, hand, (week + 1) * DAYS_A_WEEK)

    def _react(self, rng: np.random.Generator, hand: int, day: int) -> None:
        hands = self.hands
        hands.polish[hand] += (1.0 - hands.polish[hand]) * _LEARNS
        kind = Kind(int(hands.kind[hand]))
        if kind in (Kind.CONSIGNOR, Kind.CONSIGNEE):
            self._replace_trader(rng, hand, kind, day)
        elif kind is not Kind.TERMINAL:
            self._replace_in_fleet(rng, hand, kind)

    def _replace_trader(self, rng: np.random.Generator, hand: int, kind: Kind, day: int) -> None:
        """A spare identity takes over the lanes of the one that was found, which is given up."""
        lanes = self.trade.lanes
        traders = self.trade.consignors if kind is Kind.CONSIGNOR else self.trade.consignees
        column = lanes.consignor if kind is Kind.CONSIGNOR else lanes.consignee
        old = int(self.hands.actor[hand])
        root = int(traders.spare_of[old]) if traders.spare_of[old] >= 0 else old
        spares = np.flatnonzero((traders.spare_of == root) & (traders.lives.born > day))
        mine = np.flatnonzero(column == old)
        if spares.size:
            new = int(spares[0])
            traders.lives.born[new], traders.lives.died[new] = day, traders.lives.died[old]
            traders.lives.died[old] = day
            column[mine] = new
            self.hands.actor[hand] = new
        for lane in mine.tolist():
            self._vary(rng, lane)

    def _vary(self, rng: np.random.Generator, lane: int) -> None:
        """Another broker, another route, other goods for a lane."""
        lanes = self.trade.lanes
        picks = rng.random(6)
        if picks[0] < _OTHER_BROKER and lanes.forwarder[lane] >= 0:
            lanes.forwarder[lane] = int(picks[1] * len(self._cast.forwarders.parties))
        if picks[2] < _OTHER_ROUTE and lanes.way[lane] == Way.ROAD:
            lanes.route[lane] = int(picks[3] * len(ROUTES))
        if picks[4] < _OTHER_GOODS:
            country = self.trade.consignors.parties[int(lanes.consignor[lane])].country or ""
            way = Way(int(lanes.way[lane]))
            fitting = [index for index, each in enumerate(COMMODITIES) if country in origins_of(each, way)]
            if fitting:
                lanes.commodity[lane] = fitting[int(picks[5] * len(fitting))]

    def _replace_in_fleet(self, rng: np.random.Generator, hand: int, kind: Kind) -> None:
        """Another driver is recruited, another vehicle or trailer prepared: the same haulier's where it has one."""
        hauliers = self._cast.hauliers
        fleet = (hauliers.vehicles, hauliers.trailers, hauliers.drivers)[kind - Kind.VEHICLE]
        taken = set(self.hands.actor[self.hands.kind == kind].tolist())
        owner = int(np.searchsorted(fleet.first, self.hands.actor[hand], side="right")) - 1
        near = [each for each in range(int(fleet.first[owner]), int(fleet.first[owner + 1])) if each not in taken]
        pick = rng.random()
        chosen = near[int(pick * len(near))] if near else int(pick * len(fleet.numbers))
        if chosen not in taken:
            self.hands.actor[hand] = chosen


def _own_trade(cast: Cast) -> Trade:
    """The cast's lanes and lives in copies that may change."""
    lanes = cast.lanes
    return Trade(
        lanes=replace(
            lanes,
            consignor=lanes.consignor.copy(),
            consignee=lanes.consignee.copy(),
            commodity=lanes.commodity.copy(),
            forwarder=lanes.forwarder.copy(),
            route=lanes.route.copy(),
        ),
        consignors=_own_lives(cast.consignors),
        consignees=_own_lives(cast.consignees),
    )


def _own_lives(traders: Traders) -> Traders:
    lives = traders.lives
    return replace(traders, lives=replace(lives, born=lives.born.copy(), died=lives.died.copy()))
