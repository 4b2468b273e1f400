"""Networks and their hands: who carries threats, by which method, from when to when.

A hand is an actor or a place that a network controls: a corrupt consignor, a front company, a driver, a trailer with
a false floor, a terminal where someone opens containers. Nobody sees it; it shows only in what happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from training.world.lanes import Lanes
from training.world.parameters import Floats, Ints
from training.world.threats import Method
from training.world.traders import Way

__all__ = ["METHODS", "STRENGTH", "USE", "Hands", "Kind", "hubs_of"]

METHODS = tuple(Method)
STRENGTH = 12.0  # log odds that a hand adds to its threat; between hands it varies with deviation 0.5
USE = 0.97  # share dirty of what hands are given to carry, in the market that they are chosen for


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
        strength: Log odds added while active, to those of its consignments that it is given to carry.
        begins: First day; `ends` the day after the last, counted from the world's first.
        quiet: Day from which it is given but the share `left` of its consignments to carry; before it is given all.
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
    quiet: Ints
    left: Floats
    polish: Floats


def hubs_of(lanes: Lanes) -> tuple[tuple[str, ...], Ints]:
    """Terminals by name, and int64 [lanes] the one where each sea lane's containers could be opened, else -1."""
    names = [after or port for port, after in zip(lanes.load_port, lanes.transhipment, strict=True)]
    by_sea = (lanes.way == Way.SEA).tolist()
    known = sorted({name for name, sea in zip(names, by_sea, strict=True) if sea})
    place = {name: index for index, name in enumerate(known)}
    return tuple(known), np.array([place[name] if sea else -1 for name, sea in zip(names, by_sea, strict=True)])
