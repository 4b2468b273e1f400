"""Ro-ro crossings: which vehicle, trailer and driver crosses on which sailing, with which lanes aboard.

Sailings follow a timetable in local time. A haulier sends a vehicle that is free again; where none is, it hires
one, whose registration nobody has seen before. What rests is remembered from week to week.
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
from training.world.lives import arrival_days, successors
from training.world.naming import registrations
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.traders import Way

__all__ = ["BETWEEN_SAILINGS", "RIGID", "SHORT_CROSSING", "Crossings", "Haulage", "Yards", "make_crossings"]

_REST = 20 * HOUR  # a vehicle is not sent again within this of its last arrival
SHORT_CROSSING = 150  # minutes; such routes sail at equal intervals, longer ones morning and night
BETWEEN_SAILINGS = 90  # minutes
_SPOT_HAULIER = 0.12  # share of crossings by another haulier than the lane's
RIGID = 0.15  # share of accompanied crossings without a trailer
_USUAL_DRIVER = 0.8  # share of crossings for which the vehicle's usual driver is asked first
_HIRED = -1
_NONE = -2


@dataclass(frozen=True, slots=True)
class Haulage:
    """Whose goods and who carries them in a week: lanes and hauliers, each with its relative volume."""

    lanes: Lanes
    lane_volumes: Floats
    hauliers: Hauliers
    haulier_volumes: Floats


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


class Yards:
    """What the fleets have at home, remembered from week to week."""

    def __init__(self, hauliers: Hauliers) -> None:
        self.vehicles, self.trailers, self.drivers = map(
            _Yard, (hauliers.vehicles, hauliers.trailers, hauliers.drivers)
        )


def make_crossings(
    draws: Draws,
    parameters: WorldParameters,
    week: int,
    haulage: Haulage,
    yards: Yards,
    laden: int,
    empty: int,
) -> Crossings:
    """The crossings of a week: `laden` with goods and `empty` without.

    Args:
        draws: Of the week.
        parameters: Of the world.
        week: Its number.
        haulage: Lanes and hauliers of that week.
        yards: What is at home; changed.
        laden: Crossings with goods.
        empty: Crossings without.
    """
    lanes, hauliers = haulage.lanes, haulage.hauliers
    rng = draws.of("crossings")
    count = laden + empty
    ferry = np.flatnonzero(lanes.way == Way.ROAD)
    lane = ferry[weighted(rng, haulage.lane_volumes[ferry], count)]
    spot = rng.random(count) < _SPOT_HAULIER
    usual = successors(haulage.haulier_volumes)[lanes.haulier[lane]]
    haulier = np.where(spot, weighted(rng, haulage.haulier_volumes, count), usual)
    route = lanes.route[lane]
    without_goods = np.arange(count) >= laden
    unaccompanied = lanes.unaccompanied[lane] & ~without_goods
    departure = _departures(rng, parameters, route, arrival_days(rng, parameters, week, count))
    minutes = np.array([each.minutes for each in ROUTES])
    arrival = departure + minutes[route] * MINUTE
    vehicle, trailer, driver = _assign(rng, hauliers, yards, haulier, departure, arrival, unaccompanied)
    countries = [hauliers.parties[each].country or "GB" for each in haulier.tolist()]
    hired = registrations(rng, countries, set())
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
    sailings: dict[tuple[int, int, int], Instant] = {}
    found = np.empty(len(route), dtype=np.int64)
    for row, (index, day, pick) in enumerate(zip(route.tolist(), days.tolist(), picks.tolist(), strict=True)):
        minutes = _minutes(ROUTES[index], pick)
        key = (index, day, minutes)
        if key not in sailings:
            local = midnight + timedelta(days=day, minutes=minutes)
            sailings[key] = from_local(local, PORTS[ROUTES[index].departure].zone)[0]
        found[row] = sailings[key]
    return found


def _minutes(route: FerryRoute, pick: float) -> int:
    """Minutes after midnight of one of a day's sailings: the timetable is in the local time of departure."""
    offset = int(route.route_id) % 6 * 10
    if route.minutes <= SHORT_CROSSING:
        return 30 + offset + BETWEEN_SAILINGS * int(pick * 15)
    return (510 if pick < 0.35 else 1200) + offset - min(route.minutes, 480)


def _assign(
    rng: np.random.Generator,
    hauliers: Hauliers,
    yards: Yards,
    haulier: Ints,
    departure: Ints,
    arrival: Ints,
    unaccompanied: Flags,
) -> tuple[Ints, Ints, Ints]:
    """Vehicle, trailer and driver of every crossing, given out in order of departure."""
    found = np.full((len(haulier), 3), _NONE, dtype=np.int64)
    picks = rng.random((len(haulier), 5)).tolist()
    for row in np.argsort(departure, kind="stable").tolist():
        owner, start, end, pick = int(haulier[row]), int(departure[row]), int(arrival[row]), picks[row]
        if unaccompanied[row] or pick[0] > RIGID:
            found[row, 1] = yards.trailers.send(owner, start, end, pick[1])
        if not unaccompanied[row]:
            found[row, 0] = yards.vehicles.send(owner, start, end, pick[2])
            usual = int(found[row, 0] - hauliers.vehicles.first[owner]) if found[row, 0] >= 0 else None
            found[row, 2] = yards.drivers.send(owner, start, end, pick[3], usual if pick[4] < _USUAL_DRIVER else None)
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
