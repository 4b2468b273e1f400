"""What a model may see of a world at each decision point, as columns: the report's own short cut past the messages.

Three families, so that each one's worth can be measured: what one paper says, where two streams disagree, and what
the same actors did before, as known at scheduled arrival. Identity codes are never columns themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import MINUTE, SECOND
from training.world.goods import COMMODITIES

from training.world.parameters import Flags, Floats, Ints

__all__ = ["CATEGORICAL", "RISING", "Observed", "earlier", "observe"]

CATEGORICAL = (0, 1, 2, 3)  # mode, commodity, origin and route among the raw columns
RISING = (0, 0, 1, 1)  # monotone directions of one key's history: sightings, examinations, finds, find rate

_PRIOR_RATE, _PRIOR_WEIGHT = 0.1, 5.0  # a find rate starts from this, as if from so many examinations


@dataclass(frozen=True, slots=True)
class Observed:
    """Columns [consignments, features] by family; NaN where a mode has no such field."""

    raw: Floats
    mismatches: Floats
    history: Floats


def observe(world: World) -> Observed:
    """The three families of every consignment."""
    return Observed(_raw(world), _mismatches(world), _history(world))


def _unit_values(world: World, column: Floats | Ints | Flags) -> Floats:
    """A column of the units as ferry crossings state it, for every consignment; NaN by sea."""
    unit = world.traffic.consignments.unit
    return np.where(unit < len(world.traffic.crossings.lane), np.asarray(column, dtype=np.float64)[unit], np.nan)


def _raw(world: World) -> Floats:
    consignments, units, carriage, paperwork = (
        world.traffic.consignments,
        world.traffic.units,
        world.carriage,
        world.paperwork,
    )
    countries = sorted(set(world.origins))
    arrival, unit = units.arrival[consignments.unit], consignments.unit
    aboard = np.bincount(unit, minlength=len(units.number))
    hours = 60.0 * MINUTE
    return np.column_stack(
        [
            consignments.mode,
            consignments.commodity,
            [countries.index(origin) for origin in world.origins],
            on_crossing(world.traffic, world.traffic.crossings.route),
            paperwork.entry_packages,
            paperwork.entry_mass,
            paperwork.entry_mass / np.maximum(paperwork.entry_packages, 1) / _usual_package(consignments.commodity),
            (arrival - paperwork.declared) / hours,
            paperwork.vague,
            paperwork.to_order,
            np.array(paperwork.payment) == "A",
            aboard[unit],
            consignments.units,
            arrival // (60 * MINUTE) % 24,
            _unit_values(world, (units.departure - carriage.booked) / hours),
            _unit_values(world, carriage.cash),
            _unit_values(world, carriage.amendments),
            _unit_values(world, carriage.return_trip),
            _unit_values(world, carriage.booked_mass),
            _unit_values(world, carriage.driver_changed),
        ]
    ).astype(np.float64)


def _usual_package(commodity: Ints) -> Floats:
    grams = np.array([each.package_kg * 1000 for each in COMMODITIES] + [1.0])
    return grams[commodity]


def _mismatches(world: World) -> Floats:
    consignments, carriage, paperwork = world.traffic.consignments, world.carriage, world.paperwork
    sea = consignments.unit >= len(world.traffic.crossings.lane)
    return np.column_stack(
        [
            np.where(sea, paperwork.manifest_mass / np.maximum(paperwork.entry_mass, 1), np.nan),
            np.where(sea, paperwork.manifest_packages - paperwork.entry_packages, np.nan),
            _unit_values(world, carriage.weighed_mass / np.maximum(carriage.booked_mass, 1)),
            carriage.seal_changed[consignments.unit],
            _unit_values(world, carriage.haulier_other),
            _unit_values(world, carriage.vehicle_other),
        ]
    ).astype(np.float64)


def _history(world: World) -> Floats:
    """Earlier sightings, examinations and finds of each actor, and of consignor and consignee together."""
    traffic = world.traffic
    consignments, crossings = traffic.consignments, traffic.crossings
    pair = consignments.consignor * len(world.consignees.parties) + consignments.consignee
    goods = consignments.commodity * len(world.consignors.parties) + np.unique(world.origins, return_inverse=True)[1]
    keys = (
        consignments.consignor,
        consignments.consignee,
        np.where(consignments.consignor >= 0, pair, -1),
        consignments.forwarder,
        np.where(consignments.commodity >= 0, goods, -1),
        *(
            on_crossing(traffic, each)
            for each in (crossings.haulier, crossings.vehicle, crossings.trailer, crossings.driver)
        ),
        on_crossing(traffic, crossings.route),
    )
    return np.column_stack([_before(world, key) for key in keys])


def _before(world: World, key: Ints) -> Floats:
    """Sightings, examinations, finds and find rate of the same key, known before each decision point."""
    consignments, examinations = world.traffic.consignments, world.examinations
    at = world.traffic.units.arrival[consignments.unit]
    known = examinations.recorded[consignments.unit]
    examined = examinations.examined[consignments.unit] & (key >= 0)
    found = examinations.found.any(axis=1) & (key >= 0)
    sightings = earlier(key, at, key, at)
    searches = earlier(key, at, key[examined], known[examined])
    finds = earlier(key, at, key[found], known[found])
    rate = (finds + _PRIOR_RATE * _PRIOR_WEIGHT) / (searches + _PRIOR_WEIGHT)
    columns = np.column_stack([sightings, searches, finds, rate])
    columns[key < 0] = np.nan
    return columns


def earlier(key: Ints, at: Ints, event_key: Ints, event_at: Ints) -> Floats:
    """Number of events of the same key strictly before each time."""
    base = min(int(at.min()), int(event_at.min()) if len(event_at) else int(at.min()))
    span = 1 << 34  # seconds: longer than any world
    events = np.sort((event_key + 1) * span + (event_at - base) // SECOND)
    until = np.searchsorted(events, (key + 1) * span + (at - base) // SECOND)
    return np.asarray(until - np.searchsorted(events, (key + 1) * span), dtype=np.float64)
