"""The watch list: actors that selectors look for, because they were found or because a partner agency named them."""

from __future__ import annotations

import numpy as np

from training.world.cast import Cast
from training.world.draws import Draws
from training.world.parameters import Flags, Ints
from training.world.traffic import Traffic, on_crossing

__all__ = ["WatchList"]

_PUT_ON = 0.04  # chance that an actor aboard what was found is put on the list
_WRONGLY = 0.0001  # chance that a partner agency names an actor without cause, each week it moves
_WEEKS = 6  # how long an entry is valid


class WatchList:
    """Entries with their last valid week, by kind of actor."""

    def __init__(self, cast: Cast) -> None:
        self._until = [
            np.full(count + 1, -1)  # the last one stands for nobody
            for count in (
                len(cast.consignors.parties),
                len(cast.consignees.parties),
                len(cast.hauliers.vehicles.numbers),
            )
        ]

    def matches(self, traffic: Traffic, week: int) -> Flags:
        """Bool [consignments]: whether an actor aboard is listed in that week."""
        listed = [until[actor] >= week for until, actor in zip(self._until, _actors(traffic), strict=True)]
        return np.asarray(np.logical_or.reduce(listed))

    def learn(self, draws: Draws, traffic: Traffic, found: Flags, week: int) -> None:
        """Put actors on the list: some of those that were found, and few others."""
        rng = draws.of("watch list")
        for until, actor in zip(self._until, _actors(traffic), strict=True):
            chance = np.where(found, _PUT_ON, _WRONGLY)
            named = (rng.random(len(actor)) < chance) & (actor >= 0)
            until[actor[named]] = week + _WEEKS


def _actors(traffic: Traffic) -> tuple[Ints, Ints, Ints]:
    consignments = traffic.consignments
    vehicle = np.maximum(on_crossing(traffic, traffic.crossings.vehicle), -1)
    return consignments.consignor, consignments.consignee, vehicle
