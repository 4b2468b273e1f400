"""Traffic: everything that moves in a world, ferries and container ships side by side.

Units are numbered ferry crossings first, containers after them. A unit may carry several consignments
(groupage), and a sea consignment may fill several containers; its units are then consecutive.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from aftc.records import Mode, UnitKind
from training.world.consignments import MODES, SEA, Consignments, Load, make_consignments
from training.world.crossings import Crossings, make_crossings
from training.world.draws import ALPHANUMERIC, DIGITS, Draws, codes
from training.world.goods import COMMODITIES
from training.world.hauliers import Hauliers
from training.world.lanes import Lanes
from training.world.parameters import Ints, WorldParameters
from training.world.traders import Traders
from training.world.voyages import Boxes, Calls, Carriers, make_boxes, make_calls

__all__ = ["Traffic", "Units", "make_traffic"]

_ACCOMPANIED, _UNACCOMPANIED = MODES.index(Mode.RORO_ACCOMPANIED), MODES.index(Mode.RORO_UNACCOMPANIED)
_SEA_SHARE = 0.34  # of all consignments
_EMPTY_SHARE = 0.035  # of all consignments: lorries without goods
_GROUPAGE = 0.14  # share of crossings and of containers that carry several consignments
_SHARING = (2, 6)  # so many share one, the last excluded
_SEVERAL_BOXES = 0.06  # share of single sea consignments that fill several containers
_BOXES = (2, 4)  # so many, the last excluded


@dataclass(frozen=True, slots=True)
class Units:
    """Columns of the searchable units: kind, number as printed on it, event times, mode (index in `MODES`)."""

    kind: tuple[UnitKind, ...]
    number: tuple[str, ...]
    departure: Ints
    arrival: Ints
    mode: Ints


@dataclass(frozen=True, slots=True)
class Traffic:
    """Everything that moves in a world: crossings, calls, containers, and the units and consignments on them.

    `booking` gives each crossing's booking reference, `seal` the seal that each unit was closed with.
    """

    crossings: Crossings
    calls: Calls
    boxes: Boxes
    units: Units
    consignments: Consignments
    booking: tuple[str, ...]
    seal: tuple[str, ...]

    def reference(self, row: int) -> str:
        """Identity of a consignment as linking will state it: its lowest document, else its booking."""
        return self.consignments.document[row] or self.booking[int(self.consignments.unit[row])]


def make_traffic(
    draws: Draws,
    parameters: WorldParameters,
    lanes: Lanes,
    traders: tuple[Traders, Traders],
    hauliers: Hauliers,
    carriers: Carriers,
) -> Traffic:
    """All movements of a world and what they carry; `traders` are the consignors and the consignees."""
    sea = round(parameters.consignments * _SEA_SHARE)
    empty = round(parameters.consignments * _EMPTY_SHARE)
    sizes = _groups(draws.of("groupage"), parameters.consignments - sea - empty)
    crossings = make_crossings(draws, parameters, lanes, hauliers, len(sizes), empty)
    calls = make_calls(draws, parameters, lanes, carriers, sea)
    boxes, water = _by_sea(draws, lanes, calls, carriers, sea, len(crossings.lane))
    units = _units(crossings, calls, boxes)
    load = _together(_by_road(draws, lanes, crossings, sizes), water, _nothing(crossings))
    return Traffic(
        crossings=crossings,
        calls=calls,
        boxes=boxes,
        units=units,
        consignments=make_consignments(draws, lanes, *traders, load, units.mode[load.unit]),
        booking=tuple(codes(draws.of("bookings"), len(crossings.lane), 9, ALPHANUMERIC)),
        seal=tuple(codes(draws.of("seals"), len(units.number), 7, DIGITS)),
    )


def _groups(rng: np.random.Generator, consignments: int) -> Ints:
    """Sizes of the groups of consignments that share a unit; they sum to the number of consignments."""
    sizes = np.where(rng.random(consignments) < _GROUPAGE, rng.integers(*_SHARING, consignments), 1)
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, consignments))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(ends[last]) - consignments
    return sizes.astype(np.int64)


def _by_road(draws: Draws, lanes: Lanes, crossings: Crossings, sizes: Ints) -> Load:
    """Loads of the laden crossings; what shares one comes by the same route."""
    unit = np.repeat(np.arange(len(sizes)), sizes)
    keys = [str(each) for each in lanes.route.tolist()]
    lane = _aboard(draws.of("groupage lanes"), lanes, keys, crossings.lane[: len(sizes)], unit)
    return Load(lane, unit, np.ones_like(unit), sizes[unit] == 1, np.ones(len(unit), dtype=np.bool_))


def _by_sea(
    draws: Draws, lanes: Lanes, calls: Calls, carriers: Carriers, consignments: int, first_unit: int
) -> tuple[Boxes, Load]:
    """Containers and their loads: many in one, one in one, or one in several; what shares one loads at one port."""
    rng = draws.of("containers")
    sizes = _groups(rng, consignments)
    several = (sizes == 1) & (rng.random(len(sizes)) < _SEVERAL_BOXES)
    filled = np.where(several, rng.integers(*_BOXES, len(sizes)), 1)
    reefer = np.array([COMMODITIES[each].reefer for each in lanes.commodity.tolist()])
    boxes = make_boxes(draws, lanes, calls, carriers, reefer, np.repeat(np.arange(len(sizes)), filled))
    load = np.repeat(np.arange(len(sizes)), sizes)
    first_box = np.cumsum(filled) - filled
    lane = _aboard(draws.of("container lanes"), lanes, list(lanes.load_port), boxes.lane[first_box], load)
    laden = np.ones(len(load), dtype=np.bool_)
    return boxes, Load(lane, first_unit + first_box[load], filled[load], sizes[load] == 1, laden)


def _nothing(crossings: Crossings) -> Load:
    """Empty crossings: each is a consignment of its own, without goods."""
    unit = np.flatnonzero(crossings.empty)
    alone = np.ones(len(unit), dtype=np.bool_)
    return Load(crossings.lane[unit], unit, np.ones_like(unit), alone, ~alone)


def _together(*loads: Load) -> Load:
    return Load(
        lane=np.concatenate([each.lane for each in loads]),
        unit=np.concatenate([each.unit for each in loads]),
        units=np.concatenate([each.units for each in loads]),
        alone=np.concatenate([each.alone for each in loads]),
        laden=np.concatenate([each.laden for each in loads]),
    )


def _aboard(rng: np.random.Generator, lanes: Lanes, keys: list[str], primary: Ints, unit: Ints) -> Ints:
    """Lane of every consignment: the unit's own for the first aboard, another of the same key for the others."""
    pools: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        pools[key].append(index)
    steps = {key: np.cumsum(lanes.weight[pool]) for key, pool in pools.items()}
    lane = primary[unit].copy()
    picks = rng.random(len(unit)).tolist()
    for row in np.flatnonzero(np.diff(unit, prepend=-1) == 0).tolist():
        key = keys[int(lane[row])]
        lane[row] = pools[key][int(np.searchsorted(steps[key], picks[row] * steps[key][-1], side="right"))]
    return lane


def _units(crossings: Crossings, calls: Calls, boxes: Boxes) -> Units:
    ferry_mode = np.where(crossings.unaccompanied, _UNACCOMPANIED, _ACCOMPANIED)
    numbers = [
        trailer if alone else vehicle
        for alone, vehicle, trailer in zip(
            crossings.unaccompanied.tolist(), crossings.vehicle_number, crossings.trailer_number, strict=True
        )
    ]
    kinds = [UnitKind.TRAILER if alone else UnitKind.VEHICLE for alone in crossings.unaccompanied.tolist()]
    return Units(
        kind=(*kinds, *[UnitKind.CONTAINER] * len(boxes.number)),
        number=(*(number or "" for number in numbers), *boxes.number),
        departure=np.concatenate([crossings.departure, calls.departure[boxes.call]]),
        arrival=np.concatenate([crossings.arrival, calls.arrival[boxes.call]]),
        mode=np.concatenate([ferry_mode, np.full(len(boxes.number), SEA)]),
    )
