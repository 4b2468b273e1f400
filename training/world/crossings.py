"""Ro-ro crossings: which vehicle, trailer and driver crosses on which sailing, with which lanes aboard.

Sailings follow a timetable in local time. A haulier sends a vehicle that is free again; where none is, it hires
one, whose registration nobody has seen before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from aftc.clock import HOUR, MINUTE, Instant, from_local
from aftc.reference.ports import PORTS, FerryRoute
from training.world.draws import Draws, weighted
from training.world.hauliers import Fleet, Hauliers
from training.world.lanes import ROUTES, Lanes
from training.world.naming import registrations
from training.world.parameters import Flags, Ints, WorldParameters

__all__ = ["Crossings", "arrival_days", "make_crossings"]

_REST = 20 * HOUR  # a vehicle is not sent again within this of its last arrival
_SHORT_CROSSING = 150  # minutes; such routes sail every 90 minutes, longer ones morning and night
_WEEKDAY = (1.15, 1.15, 1.1, 1.1, 1.0, 0.75, 0.6)  # Monday first: relative volume
_SPOT_HAULIER = 0.12
_RIGID = 0.15
_USUAL_DRIVER = 0.8
_HIRED = -1
_NONE = -2


@dataclass(frozen=True, slots=True)
class Crossings:
    """Columns of the ro-ro units, one row a crossing, in no order of time.

    `departure` and `arrival` are the sailing's instants. `vehicle`, `trailer` and `driver` are indices in the
    fleets, -1 where one is hired, -2 where there is none; the numbers beside them are None where there is none.
    """

    lane: Ints
    haulier: Ints
    route: Ints
    unaccompanied: Flags
    empty: Flags
    departure: Ints
    arrival: Ints
    vehicle: Ints
    trailer: Ints
    driver: Ints
    vehicle_number: tuple[str | None, ...]
    trailer_number: tuple[str | None, ...]


def arrival_days(rng: np.random.Generator, parameters: WorldParameters, count: int) -> Ints:
    """Days of arrival, counted from the first, after the rhythm of the week."""
    first = parameters.start.weekday()
    weights = np.array([_WEEKDAY[(first + day) % 7] for day in range(parameters.days)])
    return weighted(rng, weights, count)


def make_crossings(
    draws: Draws, parameters: WorldParameters, lanes: Lanes, hauliers: Hauliers, laden: int, empty: int
) -> Crossings:
    """The crossings of a world: `laden` with goods and `empty` without."""
    rng = draws.of("crossings")
    count = laden + empty
    ferry = np.flatnonzero(~lanes.by_sea)
    lane = ferry[weighted(rng, lanes.weight[ferry], count)]
    haulier = np.where(rng.random(count) < _SPOT_HAULIER, weighted(rng, hauliers.activity, count), lanes.haulier[lane])
    route = lanes.route[lane]
    without_goods = np.arange(count) >= laden
    unaccompanied = lanes.unaccompanied[lane] & ~without_goods
    departure = _departures(rng, parameters, route, arrival_days(rng, parameters, count))
    minutes = np.array([each.minutes for each in ROUTES])
    arrival = departure + minutes[route] * MINUTE
    vehicle, trailer, driver = _assign(rng, hauliers, haulier, departure, arrival, unaccompanied)
    countries = [hauliers.parties[each].country or "GB" for each in haulier.tolist()]
    hired = registrations(rng, countries, {*hauliers.vehicles.numbers, *hauliers.trailers.numbers})
    return Crossings(
        lane=lane,
        haulier=haulier,
        route=route,
        unaccompanied=unaccompanied,
        empty=without_goods,
        departure=departure,
        arrival=arrival,
        vehicle=vehicle,
        trailer=trailer,
        driver=driver,
        vehicle_number=_numbers(vehicle, ~unaccompanied, hauliers.vehicles, hired),
        trailer_number=_numbers(trailer, trailer != _NONE, hauliers.trailers, [number[::-1] for number in hired]),
    )


def _departures(rng: np.random.Generator, parameters: WorldParameters, route: Ints, days: Ints) -> Ints:
    picks = rng.random(len(route))
    midnight = datetime.combine(parameters.start, datetime.min.time())
    found = np.empty(len(route), dtype=np.int64)
    for row, (index, day, pick) in enumerate(zip(route.tolist(), days.tolist(), picks.tolist(), strict=True)):
        found[row] = _sailing(ROUTES[index], midnight + timedelta(days=day), pick)
    return found


def _sailing(route: FerryRoute, midnight: datetime, pick: float) -> Instant:
    """A sailing of a day: the timetable is in the local time of the port of departure."""
    offset = int(route.route_id) % 6 * 10
    if route.minutes <= _SHORT_CROSSING:
        minutes = 30 + offset + 90 * int(pick * 15)
    else:
        minutes = (510 if pick < 0.35 else 1200) + offset - min(route.minutes, 480)
    return from_local(midnight + timedelta(minutes=minutes), PORTS[route.departure].zone)[0]


def _assign(
    rng: np.random.Generator, hauliers: Hauliers, haulier: Ints, departure: Ints, arrival: Ints, unaccompanied: Flags
) -> tuple[Ints, Ints, Ints]:
    """Vehicle, trailer and driver of every crossing, given out in order of departure."""
    vehicles, trailers, drivers = _Yard(hauliers.vehicles), _Yard(hauliers.trailers), _Yard(hauliers.drivers)
    found = np.full((len(haulier), 3), _NONE, dtype=np.int64)
    picks = rng.random((len(haulier), 5)).tolist()
    for row in np.argsort(departure, kind="stable").tolist():
        owner, start, end, pick = int(haulier[row]), int(departure[row]), int(arrival[row]), picks[row]
        if unaccompanied[row] or pick[0] > _RIGID:
            found[row, 1] = trailers.send(owner, start, end, pick[1])
        if not unaccompanied[row]:
            found[row, 0] = vehicles.send(owner, start, end, pick[2])
            usual = int(found[row, 0] - hauliers.vehicles.first[owner]) if found[row, 0] >= 0 else None
            found[row, 2] = drivers.send(owner, start, end, pick[3], usual if pick[4] < _USUAL_DRIVER else None)
    return found[:, 0], found[:, 1], found[:, 2]


class _Yard:
    """What a fleet has at home: when each of its numbers is free again."""

    def __init__(self, fleet: Fleet) -> None:
        self._first = fleet.first.tolist()
        self._free = [0] * len(fleet.numbers)

    def send(self, owner: int, start: Instant, end: Instant, pick: float, wanted: int | None = None) -> int:
        """The wanted one if it is free, else one of the free ones, else -1: hired."""
        first = self._first[owner]
        if wanted is not None and self._free[first + wanted] <= start:
            chosen = first + wanted
        else:
            free = [each for each in range(first, self._first[owner + 1]) if self._free[each] <= start]
            if not free:
                return _HIRED
            chosen = free[int(pick * len(free))]
        self._free[chosen] = end + _REST
        return int(chosen)


def _numbers(index: Ints, present: Flags, fleet: Fleet, hired: list[str]) -> tuple[str | None, ...]:
    return tuple(
        None if not there else fleet.numbers[each] if each >= 0 else rented
        for each, there, rented in zip(index.tolist(), present.tolist(), hired, strict=True)
    )
