"""Conduct: how movements are booked, declared, weighed and sealed, drawn given whether a scheme is behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import DAY, HOUR, MINUTE
from training.world.consignments import AIR, PARCEL, SEA
from training.world.draws import Draws
from training.world.parameters import Flags, Floats, Ints
from training.world.signs import CLEAN, Marks, Sign, Signs
from training.world.traffic import Traffic

__all__ = ["LOW_VALUE", "Carriage", "Paperwork", "draw_carriage", "draw_paperwork", "unit_marks"]

_BOOKED_BETWEEN = (2 * HOUR, 40 * DAY)
_CHECK_IN_MINUTES = (40, 115)  # before departure
_LATE_MINUTES = (-180, 90)  # before arrival
_MOST_AMENDMENTS = 2
_HIDDEN_G = (150_000, 1_500_000)  # grams that nobody declared
_WEIGHING_ERROR, _BOOKING_ERROR, _DECLARED_ERROR = 0.012, 0.02, 0.004  # standard deviations of stated over true mass
_REPACKED = (0.6, 0.75, 1.35, 1.6)  # packages over the usual number
_MISCOUNTED = (-2, -1, 1, 2, 4)
_MASS_AMISS = (0.82, 1.22)  # manifest's over declared mass
_MISPRICED = (0.45, 0.6, 1.7, 2.2)  # declared over true value
LOW_VALUE = 13_500  # pence: parcels up to so much enter with fewer formalities
_ELECTRONIC = 0.8  # share of freight not paid in cash that is paid electronically
_NO_SHOW = 0.015  # share of units that are booked and never travel
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
    trailer_other: Flags
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
        value: Pence as declared to customs.
        commodity: Index of the goods as declared.
        vague: Whether the goods are described in words that say nothing.
        container_other: Whether the declaration names another container than the manifest.
        elsewhere: Whether the goods are sent from another country than that of origin.
        amended: Whether the declaration is amended before arrival.
        to_order: Whether the bill is made out to order or to the forwarder.
        payment: Method of payment of the freight (ENS code list 116: A cash, H electronic, D other account).
    """

    declared: Ints
    entry_packages: Ints
    manifest_packages: Ints
    entry_mass: Ints
    manifest_mass: Ints
    value: Ints
    commodity: Ints
    vague: Flags
    container_other: Flags
    elsewhere: Flags
    amended: Flags
    to_order: Flags
    payment: tuple[str, ...]


def unit_marks(traffic: Traffic, marks: Marks) -> Marks:
    """What the conduct of every unit follows from: the last scheme aboard it, whatever else there is."""
    method = np.full(len(traffic.units.number), CLEAN)
    polish = np.zeros(len(method))
    consignments = traffic.consignments
    for extra in range(int(consignments.units.max(initial=1))):
        rows = (marks.method != CLEAN) & (consignments.units > extra)
        method[consignments.unit[rows] + extra] = marks.method[rows]
        polish[consignments.unit[rows] + extra] = marks.polish[rows]
    return Marks(method, polish)


def draw_carriage(draws: Draws, traffic: Traffic, dirty: Marks, cash_habit: Floats) -> Carriage:
    """The conduct of every unit, given what it follows from; `cash_habit` [units] is its haulier's chance of cash."""
    rng = draws.of("carriage")
    count = len(dirty.method)
    true_mass = _mass_aboard(traffic)
    lead = np.clip(_lead(rng, dirty, Signs.BOOKING_LEAD, 0.9), *_BOOKED_BETWEEN)
    hidden = np.where(_shown(rng, dirty, Signs.HIDDEN_WEIGHT), rng.uniform(*_HIDDEN_G, count), 0.0)
    weighed = np.maximum(true_mass * rng.normal(1.0, _WEIGHING_ERROR, count) + hidden, 0.0)
    return Carriage(
        booked=traffic.units.departure - lead,
        checked_in=traffic.units.departure - rng.integers(*_CHECK_IN_MINUTES, count) * MINUTE,
        amendments=np.minimum(rng.poisson(Signs.AMENDMENTS.rates(dirty)), _MOST_AMENDMENTS),
        cash=rng.random(count) < cash_habit + Signs.CASH.rates(dirty),
        driver_changed=_shown(rng, dirty, Signs.DRIVER_CHANGED),
        haulier_other=_shown(rng, dirty, Signs.HAULIER_OTHER),
        vehicle_other=_shown(rng, dirty, Signs.VEHICLE_OTHER),
        trailer_other=_shown(rng, dirty, Signs.TRAILER_OTHER),
        return_trip=_shown(rng, dirty, Signs.RETURN_TRIP),
        booked_mass=_rounded(true_mass * rng.normal(1.0, _BOOKING_ERROR, count), 100_000),
        weighed_mass=_rounded(weighed, 20_000),
        seal_changed=_shown(rng, dirty, Signs.SEAL_CHANGED),
        no_show=rng.random(count) < _NO_SHOW,
        names_ucr=rng.random(count) < _NAMES_UCR,
        updated=rng.random(count) < _UPDATES,
    )


def draw_paperwork(draws: Draws, traffic: Traffic, dirty: Marks) -> Paperwork:
    """The conduct of every consignment's papers, given what it follows from."""
    rng = draws.of("paperwork")
    consignments = traffic.consignments
    count = len(dirty.method)
    odd = _shown(rng, dirty, Signs.ODD_PACKAGING)
    repacked = np.maximum(1, np.rint(consignments.packages * rng.choice(_REPACKED, count))).astype(np.int64)
    packages = np.where(odd & (consignments.packages > 1), repacked, consignments.packages)
    miscounted = np.where(_shown(rng, dirty, Signs.PACKAGES_DIFFER), rng.choice(_MISCOUNTED, count), 0)
    amiss = np.where(_shown(rng, dirty, Signs.MASS_DIFFERS), rng.uniform(*_MASS_AMISS, count), 1.0)
    otherwise = np.where(rng.random(count) < _ELECTRONIC, "H", "D")
    step = np.where(consignments.mode == PARCEL, 10, 1_000)
    return Paperwork(
        declared=traffic.units.arrival[consignments.unit] - _entry_lead(rng, traffic, dirty),
        entry_packages=packages,
        manifest_packages=np.maximum(packages + miscounted, 1),
        entry_mass=_rounded(consignments.mass * rng.normal(1.0, _DECLARED_ERROR, count), step),
        manifest_mass=_rounded(consignments.mass * amiss, 10_000),
        value=_declared_value(rng, traffic, dirty),
        commodity=_declared_goods(rng, traffic, dirty),
        vague=_shown(rng, dirty, Signs.VAGUE),
        container_other=_shown(rng, dirty, Signs.CONTAINER_OTHER),
        elsewhere=_shown(rng, dirty, Signs.ELSEWHERE),
        amended=_shown(rng, dirty, Signs.ENTRY_AMENDED),
        to_order=_shown(rng, dirty, Signs.TO_ORDER),
        payment=tuple(np.where(_shown(rng, dirty, Signs.CASH_FREIGHT), "A", otherwise).tolist()),
    )


def _declared_value(rng: np.random.Generator, traffic: Traffic, dirty: Marks) -> Ints:
    """Customs value as declared: true but for those that understate, overstate, or stay just below a threshold."""
    consignments = traffic.consignments
    odd = _shown(rng, dirty, Signs.ODD_PRICE)
    factor = np.where(odd, rng.choice(_MISPRICED, len(odd)), 1.0)
    declared = np.rint(consignments.value * factor).astype(np.int64)
    below = odd & (consignments.mode == PARCEL)
    return np.where(below, LOW_VALUE - rng.integers(50, 2_000, len(odd)), declared)


def _declared_goods(rng: np.random.Generator, traffic: Traffic, dirty: Marks) -> Ints:
    """Goods as declared: those there are, but for the few declared as something else that comes the same way."""
    commodity = traffic.consignments.commodity
    otherwise = _shown(rng, dirty, Signs.OTHER_GOODS) & (commodity >= 0)
    others = rng.permutation(np.flatnonzero(commodity >= 0))
    places = others[rng.integers(0, max(len(others), 1), len(commodity))] if len(others) else commodity
    return np.where(otherwise, commodity[places], commodity)


def _entry_lead(rng: np.random.Generator, traffic: Traffic, dirty: Marks) -> Ints:
    """Time from declaration to arrival; at least two hours but for those that come late."""
    mode = traffic.consignments.mode
    leads = np.where(
        mode == SEA, _lead(rng, dirty, Signs.SEA_ENTRY_LEAD, 0.5), _lead(rng, dirty, Signs.FERRY_ENTRY_LEAD, 0.55)
    )
    leads = np.where(mode >= AIR, _lead(rng, dirty, Signs.AIR_ENTRY_LEAD, 0.4), leads)
    late = rng.integers(*_LATE_MINUTES, len(mode)) * MINUTE
    return np.where(_shown(rng, dirty, Signs.LATE), late, np.maximum(leads, 2 * HOUR))


def _shown(rng: np.random.Generator, dirty: Marks, sign: Sign) -> Flags:
    return np.asarray(rng.random(len(dirty.method)) < sign.rates(dirty))


def _lead(rng: np.random.Generator, dirty: Marks, median: Sign, spread: float) -> Ints:
    """Whole minutes, log-normal around the median hours."""
    hours = median.rates(dirty) * rng.lognormal(0.0, spread, len(dirty.method))
    return np.asarray((hours * 60).astype(np.int64) * MINUTE)


def _rounded(grams: Floats | Ints, step: int | Ints) -> Ints:
    return np.asarray(np.maximum(np.rint(grams / step) * step, 0), dtype=np.int64)


def _mass_aboard(traffic: Traffic) -> Ints:
    """Gross grams of goods in each unit: a consignment in several containers is spread evenly."""
    mass = np.zeros(len(traffic.units.number), dtype=np.int64)
    consignments = traffic.consignments
    for extra in range(int(consignments.units.max(initial=1))):
        rows = consignments.units > extra
        np.add.at(mass, consignments.unit[rows] + extra, consignments.mass[rows] // consignments.units[rows])
    return mass
