"""Traffic: everything that moves in a week, by ferry, container ship and air.

Units are numbered ferry crossings first, then containers, then the ULDs of air freight, then those of parcels. A unit
may carry several consignments (groupage, consolidations), and a sea consignment may fill several containers; its
units are then consecutive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from aftc.clock import DAY
from aftc.records import Mode, UnitKind
from training.world.cast import Cast
from training.world.consignments import AIR, MODES, PARCEL, SEA, Consignments, Load, make_consignments
from training.world.crossings import Crossings, Yards, make_crossings
from training.world.draws import ALPHANUMERIC, DIGITS, Draws, weighted
from training.world.flights import Flights, Ulds, make_flights
from training.world.goods import COMMODITIES
from training.world.lanes import Lanes, lane_volumes
from training.world.lives import week_days
from training.world.parameters import DAYS_A_WEEK, Floats, Ints
from training.world.traders import WAY_SHARES, Traders, Way
from training.world.voyages import Boxes, Calls, Depot, make_boxes, make_calls

__all__ = ["Memory", "Trade", "Traffic", "Units", "make_traffic", "on_crossing"]

_ACCOMPANIED, _UNACCOMPANIED = MODES.index(Mode.RORO_ACCOMPANIED), MODES.index(Mode.RORO_UNACCOMPANIED)
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
    """Everything that moves in a week: crossings, calls, containers, flights, and the units and consignments on them.

    `booking` gives each crossing's booking reference, `seal` the seal that each unit was closed with.
    """

    crossings: Crossings
    calls: Calls
    boxes: Boxes
    flights: Flights
    ulds: Ulds
    units: Units
    consignments: Consignments
    booking: tuple[str, ...]
    seal: tuple[str, ...]

    @property
    def first_box(self) -> int:
        """Unit number of the first container."""
        return len(self.crossings.lane)

    @property
    def first_uld(self) -> int:
        """Unit number of the first ULD."""
        return self.first_box + len(self.boxes.number)

    def reference(self, row: int) -> str:
        """Identity of a consignment as linking will state it: its lowest document, else its booking."""
        return self.consignments.document[row] or self.booking[int(self.consignments.unit[row])]


@dataclass(frozen=True, slots=True)
class Trade:
    """The lanes and the lives of their ends as they stand in a week: adversaries change them."""

    lanes: Lanes
    consignors: Traders
    consignees: Traders


class Memory:
    """What traffic leaves behind for the next week: vehicles that rest, containers that were here."""

    def __init__(self, cast: Cast) -> None:
        self.yards = Yards(cast.hauliers)
        self.depot = Depot(Draws(cast.parameters.seed))


def make_traffic(draws: Draws, cast: Cast, trade: Trade, week: int, memory: Memory) -> Traffic:
    """All movements of a week and what they carry."""
    parameters = cast.parameters
    day = week * DAYS_A_WEEK + len(week_days(parameters, week)) / 2
    volumes = lane_volumes(parameters, trade.lanes, trade.consignors, trade.consignees, day)
    counts = _counts(cast, week)
    sizes = _groups(draws.of("groupage"), counts[Way.ROAD])
    hauliers = cast.hauliers.activity * cast.hauliers.lives.at(day)
    crossings = make_crossings(
        draws,
        (parameters, trade.lanes, cast.hauliers),
        week,
        (volumes, hauliers),
        memory.yards,
        len(sizes),
        counts[-1],
    )
    calls, boxes, water = _by_sea(
        draws, cast, trade.lanes, week, volumes, counts[Way.SEA], memory.depot, len(crossings.lane)
    )
    first_uld = len(crossings.lane) + len(boxes.number)
    flights, ulds, freight_ulds, aloft = _by_air(draws, cast, trade.lanes, week, volumes, counts, first_uld)
    units = _units(crossings, calls, boxes, flights, ulds, freight_ulds)
    load = _together(_by_road(draws, trade.lanes, volumes, crossings, sizes), water, aloft, _nothing(crossings))
    waybills = ["" if each < first_uld else ulds.waybill[each - first_uld] for each in load.unit.tolist()]
    return Traffic(
        crossings=crossings,
        calls=calls,
        boxes=boxes,
        flights=flights,
        ulds=ulds,
        units=units,
        consignments=make_consignments(
            draws, trade.lanes, trade.consignors, trade.consignees, load, units.mode[load.unit], waybills
        ),
        booking=tuple(draws.codes("bookings", len(crossings.lane), 9, ALPHANUMERIC)),
        seal=tuple(draws.codes("seals", len(units.number), 10, DIGITS)),
    )


def on_crossing(traffic: Traffic, column: Ints) -> Ints:
    """A column of the crossings, looked up for every consignment; -1 for those that come otherwise."""
    unit = traffic.consignments.unit
    ferry = unit < traffic.first_box
    return np.where(ferry, column[np.where(ferry, unit, 0)], -1) if len(column) else np.full(len(unit), -1)


def _counts(cast: Cast, week: int) -> list[int]:
    """Consignments of a week by way, and empty lorries behind them: each total is spread over the days of the run."""
    parameters = cast.parameters
    weight = np.array([week_days(parameters, each).sum() for each in range(parameters.weeks)])
    steps = np.concatenate([[0.0], np.cumsum(weight)]) / weight.sum()
    shares = (*WAY_SHARES, 1.0 - sum(WAY_SHARES))
    ends = [round(parameters.consignments * float(each)) for each in np.cumsum(shares)]
    totals = [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    return [round(total * steps[week + 1]) - round(total * steps[week]) for total in totals]


def _groups(rng: np.random.Generator, consignments: int) -> Ints:
    """Sizes of the groups of consignments that share a unit; they sum to the number of consignments."""
    if not consignments:
        return np.zeros(0, dtype=np.int64)
    sizes = np.where(rng.random(consignments) < _GROUPAGE, rng.integers(*_SHARING, consignments), 1)
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, consignments))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(ends[last]) - consignments
    return sizes.astype(np.int64)


def _by_road(draws: Draws, lanes: Lanes, volumes: Floats, crossings: Crossings, sizes: Ints) -> Load:
    """Loads of the laden crossings; what shares one comes by the same route."""
    unit = np.repeat(np.arange(len(sizes)), sizes)
    lane = _aboard(draws.of("groupage lanes"), volumes, lanes.route.tolist(), crossings.lane[: len(sizes)], unit)
    return Load(lane, unit, np.ones_like(unit), sizes[unit] == 1, np.ones(len(unit), dtype=np.bool_))


def _by_sea(
    draws: Draws,
    cast: Cast,
    lanes: Lanes,
    week: int,
    volumes: Floats,
    consignments: int,
    depot: Depot,
    first_unit: int,
) -> tuple[Calls, Boxes, Load]:
    """Containers and their loads: many in one, one in one, or one in several; what shares one loads at one port."""
    rng = draws.of("containers")
    sizes = _groups(rng, consignments)
    several = (sizes == 1) & (rng.random(len(sizes)) < _SEVERAL_BOXES)
    filled = np.where(several, rng.integers(*_BOXES, len(sizes)), 1)
    reefer = np.array([COMMODITIES[each].reefer for each in lanes.commodity.tolist()])
    by_sea = np.flatnonzero(lanes.way == Way.SEA)
    first = by_sea[weighted(rng, volumes[by_sea], len(sizes))]
    ports = [lanes.load_port[each] for each in first.tolist()]
    calls, call = make_calls(draws, cast.parameters, week, cast.carriers, ports)
    boxes = make_boxes(
        draws, first, reefer, calls, call, cast.carriers, np.repeat(np.arange(len(sizes)), filled), depot
    )
    load = np.repeat(np.arange(len(sizes)), sizes)
    first_box = np.cumsum(filled) - filled
    keys = [port if way == Way.SEA else "" for port, way in zip(lanes.load_port, lanes.way.tolist(), strict=True)]
    lane = _aboard(draws.of("container lanes"), volumes, keys, first, load)
    laden = np.ones(len(load), dtype=np.bool_)
    return calls, boxes, Load(lane, first_unit + first_box[load], filled[load], sizes[load] == 1, laden)


def _by_air(
    draws: Draws, cast: Cast, lanes: Lanes, week: int, volumes: Floats, counts: list[int], first_unit: int
) -> tuple[Flights, Ulds, int, Load]:
    """Air freight and parcels in their ULDs: what shares one comes from one airport."""
    parts = [_aloft(draws, cast, lanes, week, volumes, counts[way], way) for way in (Way.AIR, Way.POST)]
    flights = Flights(*(_joined(parts, 0, name) for name in Flights.__slots__))
    shift = [0, len(parts[0][0].number)]
    ulds = Ulds(
        flight=np.concatenate([part[1].flight + first for part, first in zip(parts, shift, strict=True)]),
        **{name: _joined(parts, 1, name) for name in Ulds.__slots__ if name != "flight"},
    )
    uld = np.concatenate([parts[0][2], parts[1][2] + len(parts[0][1].number)])
    lane = np.concatenate([part[3] for part in parts])
    ones, laden = np.ones(len(lane), dtype=np.int64), np.ones(len(lane), dtype=np.bool_)
    return flights, ulds, len(parts[0][1].number), Load(lane, first_unit + uld, ones, ulds.aboard[uld] == 1, laden)


def _joined(parts, place, name):
    columns = [getattr(part[place], name) for part in parts]
    return tuple(chain(*columns)) if isinstance(columns[0], tuple) else np.concatenate(columns)


def _aloft(
    draws: Draws, cast: Cast, lanes: Lanes, week: int, volumes: Floats, count: int, way: Way
) -> tuple[Flights, Ulds, Ints, Ints]:
    """Flights and devices of a week's freight or parcels, the device and the lane of each consignment."""
    fitting = np.flatnonzero(lanes.way == way)
    lane = fitting[weighted(draws.of(f"{way.name} lanes"), volumes[fitting], count)]
    airports = [lanes.load_port[each] for each in lane.tolist()]
    parameters = cast.parameters
    start, weights = parameters.origin + week * DAYS_A_WEEK * DAY, week_days(parameters, week)
    flights, ulds, uld = make_flights(draws, cast.airlines, start, weights, airports, parcels=way is Way.POST)
    return flights, ulds, uld, lane


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


def _units(crossings: Crossings, calls: Calls, boxes: Boxes, flights: Flights, ulds: Ulds, freight_ulds: int) -> Units:
    ferry_mode = np.where(crossings.unaccompanied, _UNACCOMPANIED, _ACCOMPANIED)
    numbers = [
        trailer if alone else vehicle
        for alone, vehicle, trailer in zip(
            crossings.unaccompanied.tolist(), crossings.vehicle_number, crossings.trailer_number, strict=True
        )
    ]
    kinds = [UnitKind.TRAILER if alone else UnitKind.VEHICLE for alone in crossings.unaccompanied.tolist()]
    kinds += [UnitKind.CONTAINER] * len(boxes.number) + [UnitKind.ULD] * len(ulds.number)
    return Units(
        kind=tuple(kinds),
        number=(*(number or "" for number in numbers), *boxes.number, *ulds.number),
        departure=np.concatenate([crossings.departure, calls.departure[boxes.call], flights.departure[ulds.flight]]),
        arrival=np.concatenate([crossings.arrival, calls.arrival[boxes.call], flights.arrival[ulds.flight]]),
        mode=np.concatenate(
            [
                ferry_mode,
                np.full(len(boxes.number), SEA),
                np.where(np.arange(len(ulds.number)) < freight_ulds, AIR, PARCEL),
            ]
        ),
    )
