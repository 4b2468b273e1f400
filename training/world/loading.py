"""Loading: which consignments share a crossing, a container or a device in the air, and whose lanes they run.

A unit may carry several consignments (groupage, consolidations), and a sea consignment may fill several containers;
its units are then consecutive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aftc.clock import DAY
from training.world.cast import Cast
from training.world.consignments import Load
from training.world.crossings import Crossings
from training.world.draws import Draws, weighted
from training.world.flights import Flights, Ulds, make_flights
from training.world.goods import COMMODITIES
from training.world.lanes import Lanes
from training.world.lives import week_days
from training.world.parameters import DAYS_A_WEEK, Floats, Ints
from training.world.traders import Way
from training.world.voyages import Boxes, Calls, Depot, make_boxes, make_calls

__all__ = ["Aloft", "Demand", "Seaborne", "by_air", "by_road", "by_sea", "groups", "together", "without_goods"]

_GROUPAGE = 0.14  # share of crossings and of containers that carry several consignments
_SHARING = (2, 6)  # so many share one, the last excluded
_SEVERAL_BOXES = 0.06  # share of single sea consignments that fill several containers
_BOXES = (2, 4)  # so many, the last excluded


@dataclass(frozen=True, slots=True)
class Demand:
    """What wants to move in a week: lanes with their relative volumes."""

    draws: Draws
    cast: Cast
    week: int
    lanes: Lanes
    volumes: Floats


@dataclass(frozen=True, slots=True)
class Seaborne:
    """What comes by sea."""

    calls: Calls
    boxes: Boxes
    load: Load


@dataclass(frozen=True, slots=True)
class Aloft:
    """What comes by air; the first `freight` of the devices hold air freight, the others parcels."""

    flights: Flights
    ulds: Ulds
    freight: int
    load: Load


def groups(rng: np.random.Generator, consignments: int) -> Ints:
    """Sizes of the groups of consignments that share a unit; they sum to the number of consignments."""
    if not consignments:
        return np.zeros(0, dtype=np.int64)
    sizes = np.where(rng.random(consignments) < _GROUPAGE, rng.integers(*_SHARING, consignments), 1)
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, consignments))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(ends[last]) - consignments
    return sizes.astype(np.int64)


def by_road(demand: Demand, crossings: Crossings, sizes: Ints) -> Load:
    """Loads of the laden crossings; what shares one comes by the same route."""
    unit = np.repeat(np.arange(len(sizes)), sizes)
    rng = demand.draws.of("groupage lanes")
    lane = _aboard(rng, demand.volumes, demand.lanes.route.tolist(), crossings.lane[: len(sizes)], unit)
    return Load(lane, unit, np.ones_like(unit), sizes[unit] == 1, np.ones(len(unit), dtype=np.bool_))


def without_goods(crossings: Crossings) -> Load:
    """Empty crossings: each is a consignment of its own."""
    unit = np.flatnonzero(crossings.empty)
    alone = np.ones(len(unit), dtype=np.bool_)
    return Load(crossings.lane[unit], unit, np.ones_like(unit), alone, ~alone)


def by_sea(demand: Demand, consignments: int, depot: Depot, first_unit: int) -> Seaborne:
    """Containers and their loads: many in one, one in one, or one in several; what shares one loads at one port.

    Args:
        demand: What wants to move.
        consignments: Number of those that come by sea.
        depot: Containers that were here; changed.
        first_unit: Number of the first container among the units.
    """
    draws, lanes, cast = demand.draws, demand.lanes, demand.cast
    rng = draws.of("containers")
    sizes = groups(rng, consignments)
    several = (sizes == 1) & (rng.random(len(sizes)) < _SEVERAL_BOXES)
    filled = np.where(several, rng.integers(*_BOXES, len(sizes)), 1)
    reefer = np.array([COMMODITIES[each].reefer for each in lanes.commodity.tolist()])
    fitting = np.flatnonzero(lanes.way == Way.SEA)
    first = fitting[weighted(rng, demand.volumes[fitting], len(sizes))]
    ports = [lanes.load_port[each] for each in first.tolist()]
    calls, call = make_calls(draws, cast.parameters, demand.week, cast.carriers, ports)
    load_of_box = np.repeat(np.arange(len(sizes)), filled)
    boxes = make_boxes(draws, first, reefer, calls, call, cast.carriers, load_of_box, depot)
    load = np.repeat(np.arange(len(sizes)), sizes)
    first_box = np.cumsum(filled) - filled
    keys = [port if way == Way.SEA else "" for port, way in zip(lanes.load_port, lanes.way.tolist(), strict=True)]
    lane = _aboard(draws.of("container lanes"), demand.volumes, keys, first, load)
    laden = np.ones(len(load), dtype=np.bool_)
    return Seaborne(calls, boxes, Load(lane, first_unit + first_box[load], filled[load], sizes[load] == 1, laden))


def by_air(demand: Demand, freight: int, parcels: int, first_unit: int) -> Aloft:
    """So many consignments of air freight and so many parcels in their devices: what shares one is of one airport."""
    flown, loaded, device, lane = _flown(demand, freight, Way.AIR)
    couriers, parcelled, place, parcel_lane = _flown(demand, parcels, Way.POST)
    count = len(loaded.number)
    flights = Flights(
        airline=np.concatenate([flown.airline, couriers.airline]),
        number=flown.number + couriers.number,
        load_airport=flown.load_airport + couriers.load_airport,
        arrival_airport=flown.arrival_airport + couriers.arrival_airport,
        departure=np.concatenate([flown.departure, couriers.departure]),
        arrival=np.concatenate([flown.arrival, couriers.arrival]),
    )
    ulds = Ulds(
        flight=np.concatenate([loaded.flight, parcelled.flight + len(flown.number)]),
        number=loaded.number + parcelled.number,
        waybill=loaded.waybill + parcelled.waybill,
        aboard=np.concatenate([loaded.aboard, parcelled.aboard]),
    )
    uld = np.concatenate([device, place + count])
    laden = np.ones(len(uld), dtype=np.bool_)
    lanes = np.concatenate([lane, parcel_lane])
    return Aloft(flights, ulds, count, Load(lanes, first_unit + uld, np.ones_like(uld), ulds.aboard[uld] == 1, laden))


def _flown(demand: Demand, count: int, way: Way) -> tuple[Flights, Ulds, Ints, Ints]:
    """Flights and devices of a week's freight or parcels, the device and the lane of each consignment."""
    lanes, parameters = demand.lanes, demand.cast.parameters
    fitting = np.flatnonzero(lanes.way == way)
    lane = fitting[weighted(demand.draws.of(f"{way.name} lanes"), demand.volumes[fitting], count)]
    airports = [lanes.load_port[each] for each in lane.tolist()]
    start = parameters.origin + demand.week * DAYS_A_WEEK * DAY
    flights, ulds, uld = make_flights(
        demand.draws,
        demand.cast.airlines,
        start,
        week_days(parameters, demand.week),
        airports,
        parcels=way is Way.POST,
    )
    return flights, ulds, uld, lane


def together(*loads: Load) -> Load:
    """All loads in one."""
    return Load(
        lane=np.concatenate([each.lane for each in loads]),
        unit=np.concatenate([each.unit for each in loads]),
        units=np.concatenate([each.units for each in loads]),
        alone=np.concatenate([each.alone for each in loads]),
        laden=np.concatenate([each.laden for each in loads]),
    )


def _aboard(rng: np.random.Generator, volumes: Floats, keys: Sequence[str | int], primary: Ints, unit: Ints) -> Ints:
    """Lane of every consignment: the unit's own for the first aboard, another of the same key for the others."""
    pools: dict[str | int, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        pools[key].append(index)
    steps = {key: np.cumsum(volumes[pool]) for key, pool in pools.items()}
    lane = primary[unit].copy()
    picks = rng.random(len(unit)).tolist()
    for row in np.flatnonzero(np.diff(unit, prepend=-1) == 0).tolist():
        key = keys[int(lane[row])]
        lane[row] = pools[key][int(np.searchsorted(steps[key], picks[row] * steps[key][-1], side="right"))]
    return lane
