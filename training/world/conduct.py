"""Conduct: how movements are booked, declared, weighed and sealed, drawn given whether a scheme is behind them.

Every sign occurs among the honest too, and most schemes show few: no single field tells the truth. The rates
(honest, with a scheme) stand in the tables below; they are the project's own choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import HOUR, MINUTE
from aftc.records import Mode
from training.world.consignments import MODES, Traffic
from training.world.draws import Draws
from training.world.parameters import Flags, Floats, Ints
from training.world.schemes import NO_SCHEME, Schemes

__all__ = ["Carriage", "Paperwork", "dirty_units", "draw_carriage", "draw_paperwork"]

# Share that shows each sign: (honest, with a scheme).
_CASH = 0.10  # added to the haulier's habit when a scheme is behind it
_DRIVER_CHANGED = (0.05, 0.13)
_HAULIER_OTHER = (0.04, 0.14)
_VEHICLE_OTHER = (0.02, 0.06)
_RETURN_TRIP = (0.75, 0.58)
_HIDDEN_WEIGHT = (0.04, 0.26)
_SEAL_CHANGED = (0.03, 0.13)
_VAGUE = (0.09, 0.17)
_PACKAGES_DIFFER = (0.03, 0.13)
_MASS_DIFFERS = (0.04, 0.24)
_ODD_PACKAGING = (0.05, 0.16)
_TO_ORDER = (0.06, 0.11)
_CASH_FREIGHT = (0.05, 0.11)
_LATE = (0.03, 0.05)
# Median lead of a booking before departure and of a declaration before arrival, hours: (honest, with a scheme).
_BOOKING_LEAD = (52.0, 36.0)
_FERRY_ENTRY_LEAD = (9.0, 7.5)
_SEA_ENTRY_LEAD = (110.0, 90.0)
_AMENDMENTS = (0.32, 0.6)  # mean number, cut at two
_SEA = MODES.index(Mode.CONTAINER)
_NO_SHOW = 0.015
_NAMES_UCR = 0.78  # share of goods movements that name their declarations
_UPDATES = 0.33  # share of goods movements sent again at check-in


@dataclass(frozen=True, slots=True)
class Carriage:
    """How each unit was carried, columns [units]; booking columns hold for ferry crossings only.

    Attributes:
        booked: Instant of the booking.
        checked_in: Instant of the check-in.
        amendments: Number of amended bookings, 0 to 2.
        booked_mass: Gross grams the booking states; `weighed_mass` what the port weighs.
        no_show: Whether the unit was booked and never travelled.
        names_ucr: Whether the goods movement names its declarations.
        updated: Whether the goods movement is sent again at check-in.
    """

    booked: Ints
    checked_in: Ints
    amendments: Ints
    cash: Flags
    driver_changed: Flags
    haulier_other: Flags
    vehicle_other: Flags
    return_trip: Flags
    booked_mass: Ints
    weighed_mass: Ints
    seal_changed: Flags
    no_show: Flags
    names_ucr: Flags
    updated: Flags


@dataclass(frozen=True, slots=True)
class Paperwork:
    """How each consignment was declared, columns [consignments].

    Attributes:
        declared: Instant of the entry summary declaration.
        entry_packages: Packages as the declaration says; `manifest_packages` as the manifest says.
        entry_mass: Gross grams as the declaration says; `manifest_mass` as the manifest says.
        vague: Whether the goods are described in words that say nothing.
        to_order: Whether the bill is made out to order or to the forwarder.
        payment: Method of payment of the freight (ENS code list 116: A cash, H electronic, D other account).
    """

    declared: Ints
    entry_packages: Ints
    manifest_packages: Ints
    entry_mass: Ints
    manifest_mass: Ints
    vague: Flags
    to_order: Flags
    payment: tuple[str, ...]


def dirty_units(traffic: Traffic, schemes: Schemes) -> Flags:
    """Whether any consignment aboard each unit has a scheme."""
    dirty = np.zeros(len(traffic.units.number), dtype=np.bool_)
    consignments, scheme = traffic.consignments, schemes.threat != NO_SCHEME
    for extra in range(int(consignments.units.max())):
        rows = scheme & (consignments.units > extra)
        dirty[consignments.unit[rows] + extra] = True
    return dirty


def draw_carriage(draws: Draws, traffic: Traffic, schemes: Schemes, cash_habit: Floats) -> Carriage:
    """The conduct of every unit; `cash_habit` [units] is its haulier's chance of paying in cash."""
    rng = draws.of("carriage")
    dirty = dirty_units(traffic, schemes)
    count = len(dirty)
    true_mass = _mass_aboard(traffic)
    lead = np.clip(_lead(rng, dirty, _BOOKING_LEAD, 0.9), 2 * HOUR, 40 * 24 * HOUR)
    heavy = np.where(_shown(rng, dirty, _HIDDEN_WEIGHT), rng.uniform(150_000, 1_500_000, count), 0.0)
    weighed = np.maximum(true_mass * rng.normal(1.0, 0.012, count) + heavy, 0.0)
    checked = traffic.units.departure - rng.integers(40, 115, count) * MINUTE
    return Carriage(
        traffic.units.departure - lead,
        checked,
        np.minimum(rng.poisson(np.where(dirty, _AMENDMENTS[1], _AMENDMENTS[0])), 2),
        rng.random(count) < cash_habit + _CASH * dirty,
        _shown(rng, dirty, _DRIVER_CHANGED),
        _shown(rng, dirty, _HAULIER_OTHER),
        _shown(rng, dirty, _VEHICLE_OTHER),
        _shown(rng, dirty, _RETURN_TRIP),
        _rounded(true_mass * rng.normal(1.0, 0.02, count), 100_000),
        _rounded(weighed, 20_000),
        _shown(rng, dirty, _SEAL_CHANGED),
        rng.random(count) < _NO_SHOW,
        rng.random(count) < _NAMES_UCR,
        rng.random(count) < _UPDATES,
    )


def draw_paperwork(draws: Draws, traffic: Traffic, schemes: Schemes) -> Paperwork:
    """The conduct of every consignment's papers."""
    rng = draws.of("paperwork")
    consignments = traffic.consignments
    dirty = schemes.threat != NO_SCHEME
    count = len(dirty)
    by_ferry, by_sea = _lead(rng, dirty, _FERRY_ENTRY_LEAD, 0.55), _lead(rng, dirty, _SEA_ENTRY_LEAD, 0.5)
    lead = np.where(consignments.mode < _SEA, by_ferry, by_sea)
    late = _shown(rng, dirty, _LATE)
    lead = np.where(late, rng.integers(-180, 90, count) * MINUTE, np.maximum(lead, 2 * HOUR))
    packages = np.where(
        _shown(rng, dirty, _ODD_PACKAGING),
        np.maximum(1, np.rint(consignments.packages * rng.choice((0.6, 0.75, 1.35, 1.6), count))),
        consignments.packages,
    ).astype(np.int64)
    differ = np.where(_shown(rng, dirty, _PACKAGES_DIFFER), rng.choice((-2, -1, 1, 2, 4), count), 0)
    amiss = np.where(_shown(rng, dirty, _MASS_DIFFERS), rng.uniform(0.82, 1.22, count), 1.0)
    cash = _shown(rng, dirty, _CASH_FREIGHT)
    return Paperwork(
        traffic.units.arrival[consignments.unit] - lead // MINUTE * MINUTE,
        packages,
        np.maximum(packages + differ, 1),
        _rounded(consignments.mass * rng.normal(1.0, 0.004, count), 1_000),
        _rounded(consignments.mass * amiss, 10_000),
        _shown(rng, dirty, _VAGUE),
        _shown(rng, dirty, _TO_ORDER),
        tuple(np.where(cash, "A", np.where(rng.random(count) < 0.8, "H", "D")).tolist()),
    )


def _shown(rng: np.random.Generator, dirty: Flags, rates: tuple[float, float]) -> Flags:
    return np.asarray(rng.random(len(dirty)) < np.where(dirty, rates[1], rates[0]))


def _lead(rng: np.random.Generator, dirty: Flags, medians: tuple[float, float], spread: float) -> Ints:
    hours = np.where(dirty, medians[1], medians[0]) * rng.lognormal(0.0, spread, len(dirty))
    return np.asarray((hours * 60).astype(np.int64) * MINUTE)


def _rounded(grams: Floats | Ints, step: int) -> Ints:
    return np.asarray(np.maximum(np.rint(grams / step) * step, 0), dtype=np.int64)


def _mass_aboard(traffic: Traffic) -> Ints:
    """Gross grams of goods in each unit: a consignment in several containers is spread evenly."""
    mass = np.zeros(len(traffic.units.number), dtype=np.int64)
    consignments = traffic.consignments
    for extra in range(int(consignments.units.max())):
        rows = consignments.units > extra
        np.add.at(mass, consignments.unit[rows] + extra, consignments.mass[rows] // consignments.units[rows])
    return mass
