"""Traffic: everything that moves in a week, by ferry, container ship and air.

Units are numbered ferry crossings first, then containers, then the ULDs of air freight, then those of parcels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from aftc.records import Mode, UnitKind
from training.world.cast import Cast
from training.world.consignments import AIR, MODES, PARCEL, SEA, Consignments, make_consignments
from training.world.crossings import Crossings, Haulage, Yards, make_crossings
from training.world.draws import ALPHANUMERIC, DIGITS, Draws
from training.world.flights import Flights, Ulds
from training.world.lanes import Lanes, lane_volumes
from training.world.lives import successors, week_days
from training.world.loading import Aloft, Demand, Seaborne, by_air, by_road, by_sea, groups, together, without_goods
from training.world.parameters import DAYS_A_WEEK, Ints, WorldParameters
from training.world.traders import WAY_SHARES, Traders, Way
from training.world.voyages import Boxes, Calls, Depot

__all__ = ["Memory", "Trade", "Traffic", "Units", "make_traffic", "on_crossing"]

_ACCOMPANIED, _UNACCOMPANIED = MODES.index(Mode.RORO_ACCOMPANIED), MODES.index(Mode.RORO_UNACCOMPANIED)


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
    parameters, hauliers = cast.parameters, cast.hauliers
    day = week * DAYS_A_WEEK + len(week_days(parameters, week)) / 2
    selling = trade.consignors.lives.at(day) > 0
    forwarder = successors(cast.forwarders.lives.at(day))
    lanes = replace(trade.lanes, forwarder=np.where(trade.lanes.forwarder < 0, -1, forwarder[trade.lanes.forwarder]))
    volumes = lane_volumes(parameters, lanes, trade.consignors, trade.consignees, day)
    demand = Demand(draws, cast, week, lanes, volumes)
    counts = _counts(parameters, week)
    sizes = groups(draws.of("groupage"), counts[Way.ROAD])
    haulage = Haulage(lanes, volumes, hauliers, hauliers.activity * hauliers.lives.at(day))
    crossings = make_crossings(draws, parameters, week, haulage, memory.yards, len(sizes), counts[-1])
    sea = by_sea(demand, counts[Way.SEA], memory.depot, len(crossings.lane))
    first_uld = len(crossings.lane) + len(sea.boxes.number)
    air = by_air(demand, counts[Way.AIR], counts[Way.POST], first_uld)
    units = _units(crossings, sea, air)
    load = together(by_road(demand, crossings, sizes), sea.load, air.load, without_goods(crossings))
    waybills = ["" if each < first_uld else air.ulds.waybill[each - first_uld] for each in load.unit.tolist()]
    return Traffic(
        crossings=crossings,
        calls=sea.calls,
        boxes=sea.boxes,
        flights=air.flights,
        ulds=air.ulds,
        units=units,
        consignments=make_consignments(
            draws, lanes, trade.consignors, trade.consignees, selling, load, units.mode[load.unit], waybills
        ),
        booking=tuple(draws.codes("bookings", len(crossings.lane), 9, ALPHANUMERIC)),
        seal=tuple(draws.codes("seals", len(units.number), 10, DIGITS)),
    )


def on_crossing(traffic: Traffic, column: Ints) -> Ints:
    """A column of the crossings, looked up for every consignment; -1 for those that come otherwise."""
    unit = traffic.consignments.unit
    ferry = unit < traffic.first_box
    return np.where(ferry, column[np.where(ferry, unit, 0)], -1) if len(column) else np.full(len(unit), -1)


def _counts(parameters: WorldParameters, week: int) -> list[int]:
    """Consignments of a week by way, and empty lorries behind them: each total is spread over the days of the run."""
    weight = np.array([week_days(parameters, each).sum() for each in range(parameters.weeks)])
    steps = np.concatenate([[0.0], np.cumsum(weight)]) / weight.sum()
    shares = (*WAY_SHARES, 1.0 - sum(WAY_SHARES))
    ends = [round(parameters.consignments * float(each)) for each in np.cumsum(shares)]
    totals = [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    return [round(total * steps[week + 1]) - round(total * steps[week]) for total in totals]


def _units(crossings: Crossings, sea: Seaborne, air: Aloft) -> Units:
    """Crossings, containers, devices of air freight and of parcels, in this order."""
    alone = crossings.unaccompanied.tolist()
    registrations = zip(alone, crossings.vehicle_number, crossings.trailer_number, strict=True)
    numbers = [(trailer if unaccompanied else vehicle) or "" for unaccompanied, vehicle, trailer in registrations]
    boxes, ulds = len(sea.boxes.number), len(air.ulds.number)
    kinds = [UnitKind.TRAILER if each else UnitKind.VEHICLE for each in alone]
    kinds += [UnitKind.CONTAINER] * boxes + [UnitKind.ULD] * ulds
    call, flight = sea.boxes.call, air.ulds.flight
    return Units(
        kind=tuple(kinds),
        number=(*numbers, *sea.boxes.number, *air.ulds.number),
        departure=np.concatenate([crossings.departure, sea.calls.departure[call], air.flights.departure[flight]]),
        arrival=np.concatenate([crossings.arrival, sea.calls.arrival[call], air.flights.arrival[flight]]),
        mode=np.concatenate(
            [
                np.where(crossings.unaccompanied, _UNACCOMPANIED, _ACCOMPANIED),
                np.full(boxes, SEA),
                np.where(np.arange(ulds) < air.freight, AIR, PARCEL),
            ]
        ),
    )
