"""Flights: airlines with their timetable, a week's departures, and the unit load devices aboard them.

Combination carriers bring air freight at all hours of the day; integrators (express couriers) fly parcels by night
from their own gateways. Flights repeat daily: a landing has its place in local time at the British airport, so that
summer time moves it. What shares a unit load device comes under one master air waybill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from aftc.clock import DAY, MINUTE, from_local, to_datetime
from aftc.records import Party
from aftc.reference.ports import PORTS, distance_km
from training.world.draws import Draws, permuted, weighted
from training.world.naming import airline_companies
from training.world.parameters import Flags, Floats, Ints
from training.world.waybills import awb_numbers, uld_numbers

__all__ = [
    "AIR_PORTS",
    "PARCEL_PORTS",
    "Airlines",
    "Flights",
    "Timetable",
    "Ulds",
    "make_airlines",
    "make_flights",
]

# Airports that load what a country sends; the parcels of small origins gather at an integrator's hub.
AIR_PORTS: dict[str, tuple[str, ...]] = {
    "AE": ("AEDXB",), "BE": ("BELGG",), "BR": ("BRGRU",), "CN": ("CNPVG", "CNCAN"), "CO": ("COBOG",), "DE": ("DECGN",),
    "DO": ("DOSDQ",), "EC": ("ECUIO",), "ES": ("ESMAD",), "FR": ("FRCDG",), "GH": ("GHACC",), "HK": ("HKHKG",),
    "IN": ("INDEL", "INBOM"), "JM": ("JMKIN",), "KE": ("KENBO",), "MA": ("MACMN",), "NG": ("NGLOS",), "NL": ("NLAMS",),
    "PE": ("PELIM",), "PK": ("PKLHE",), "TH": ("THBKK",), "TR": ("TRIST",), "US": ("USJFK", "USLAX"),
    "VN": ("VNHAN",), "ZA": ("ZAJNB",),
}  # fmt: skip
PARCEL_PORTS: dict[str, tuple[str, ...]] = {
    "AE": ("AEDXB",), "BE": ("BELGG",), "BR": ("USJFK",), "CN": ("CNPVG", "CNCAN"), "CO": ("USJFK",), "DE": ("DECGN",),
    "ES": ("ESMAD", "BELGG"), "FR": ("FRCDG",), "HK": ("HKHKG",), "IN": ("INDEL", "INBOM"), "LT": ("DECGN",),
    "MA": ("ESMAD",), "NL": ("NLAMS", "BELGG"), "PK": ("AEDXB",), "PL": ("DECGN",), "TH": ("HKHKG",),
    "TR": ("TRIST", "DECGN"), "US": ("USJFK", "USLAX"),
}  # fmt: skip

_CARRIERS = (  # country, designator, prefix of its air waybills, whether an integrator; all invented
    ("GB", "XV", "809", False), ("AE", "QJ", "857", False), ("TR", "YZ", "903", False), ("HK", "VW", "926", False),
    ("CO", "ZX", "942", False), ("DE", "XF", "965", True), ("US", "XN", "971", True),
)  # fmt: skip
_BY_DAY, _BY_NIGHT = ("GBLHR", "GBMAN", "GBSTN", "GBEMA"), ("GBEMA", "GBSTN")
_DAY_SHARES = (0.68, 0.17, 0.1, 0.05)  # of combination carriers' services by airport, in the order of _BY_DAY
_SERVICES_A_DAY = (2, 5)  # of combination carriers from one airport, the last excluded
_DAY_LANDINGS, _NIGHT_LANDINGS = (310, 1370), (90, 310)  # minutes after midnight; both leave the UTC day as it is
_SPEED_KM_H, _TAXI_MINUTES = 850, 40

_HOUSES = (0.42, 0.2, 0.14, 0.1, 0.08, 0.06)  # chances that one to six consignments share a device
_PARCELS = (12, 41)  # so many parcels share one, the last excluded
_DEVICES, _EXPRESS_DEVICES = ("AKE", "PMC", "PAG", "AKH"), ("AMJ", "AAY", "AKE", "AAD")
_POOL = 4  # a round of an airline's devices over those that it sends in a week
_ROUNDS = 4  # devices are used in rounds, one a week: none returns within three weeks
_SERIALS = 90_000  # of a kind of device, from 10000
_WAYBILLS = 10_000_000  # serial numbers of an airline
_WAYBILLS_A_WEEK = _WAYBILLS // 128  # weeks go round after more than two years


@dataclass(frozen=True, slots=True)
class Timetable:
    """Columns of the daily services.

    Attributes:
        airline: Index of the airline.
        number: Flight number with its designator.
        load_airport: UN/LOCODE, as is `arrival_airport`.
        landing: Minutes after midnight, local time of the British airport.
        minutes: Block time.
    """

    airline: Ints
    number: tuple[str, ...]
    load_airport: tuple[str, ...]
    arrival_airport: tuple[str, ...]
    landing: Ints
    minutes: Ints


@dataclass(frozen=True, slots=True)
class Airlines:
    """Invented airlines: combination carriers, then integrators.

    Attributes:
        parties: One address each.
        designator: Two letters, which begin the flight numbers and end the numbers of devices.
        awb_prefix: Three digits, which begin the air waybill numbers.
        integrator: Whether it flies parcels.
        number_key: Which permutation gives the numbers of its devices and air waybills.
        timetable: The daily services of all of them.
    """

    parties: tuple[Party, ...]
    designator: tuple[str, ...]
    awb_prefix: tuple[str, ...]
    integrator: Flags
    number_key: Ints
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class Flights:
    """Columns of the flights of a week that carry anything: airline index, number, airports (UN/LOCODE), instants."""

    airline: Ints
    number: tuple[str, ...]
    load_airport: tuple[str, ...]
    arrival_airport: tuple[str, ...]
    departure: Ints
    arrival: Ints


@dataclass(frozen=True, slots=True)
class Ulds:
    """Columns of the unit load devices.

    Attributes:
        flight: Index of the flight.
        number: Kind, five digits and owner.
        waybill: Master air waybill over all aboard, eleven digits; distinct over all weeks.
        aboard: Number of consignments.
    """

    flight: Ints
    number: tuple[str, ...]
    waybill: tuple[str, ...]
    aboard: Ints


def make_airlines(draws: Draws) -> Airlines:
    """The airlines and a timetable with services from every airport of the tables."""
    rng = draws.of("airlines")
    integrator = np.array([each[3] for each in _CARRIERS])
    return Airlines(
        parties=tuple(airline_companies(rng, [each[0] for each in _CARRIERS])),
        designator=tuple(each[1] for each in _CARRIERS),
        awb_prefix=tuple(each[2] for each in _CARRIERS),
        integrator=integrator,
        number_key=rng.integers(0, 2**63, len(_CARRIERS)),
        timetable=_timetable(rng, integrator),
    )


def _timetable(rng: np.random.Generator, integrator: Flags) -> Timetable:
    """Two to four services by day from every airport, one by night of each integrator from every gateway."""
    gateways = sorted({code for codes in PARCEL_PORTS.values() for code in codes})
    airports = sorted({code for codes in AIR_PORTS.values() for code in codes})
    carriers, couriers = np.flatnonzero(~integrator), np.flatnonzero(integrator)
    by_day = np.repeat(np.arange(len(airports)), rng.integers(*_SERVICES_A_DAY, len(airports)))
    days, nights = len(by_day), len(gateways) * len(couriers)
    load = [airports[each] for each in by_day.tolist()] + [each for each in gateways for _ in couriers]
    landed = weighted(rng, np.array(_DAY_SHARES), days).tolist()
    arrival = [_BY_DAY[each] for each in landed] + [_BY_NIGHT[each % len(_BY_NIGHT)] for each in range(nights)]
    airline = np.concatenate([rng.choice(carriers, days), np.tile(couriers, len(gateways))])
    numbers = rng.permutation(np.arange(100, 1000))[: days + nights].tolist()
    landing = np.concatenate([rng.integers(*_DAY_LANDINGS, days), rng.integers(*_NIGHT_LANDINGS, nights)]) // 5 * 5
    km = [distance_km(PORTS[one], PORTS[other]) for one, other in zip(load, arrival, strict=True)]
    return Timetable(
        airline=airline,
        number=tuple(f"{_CARRIERS[each][1]}{number}" for each, number in zip(airline.tolist(), numbers, strict=True)),
        load_airport=tuple(load),
        arrival_airport=tuple(arrival),
        landing=landing,
        minutes=np.array([round((each / _SPEED_KM_H * 60 + _TAXI_MINUTES) / 5) * 5 for each in km], dtype=np.int64),
    )


def make_flights(
    draws: Draws, airlines: Airlines, start: int, weights: Floats, load_airports: Sequence[str], *, parcels: bool
) -> tuple[Flights, Ulds, Ints]:
    """A week's flights and devices for its air freight or for its parcels.

    Every flight lands on one of the week's days, by UTC as by British time.

    Args:
        draws: Source of the week's draws.
        airlines: The airlines.
        start: Instant of midnight UTC with which the week begins.
        weights: float64 [days], relative volume of each day of the week.
        load_airports: UN/LOCODE of the airport that loads each consignment, of `AIR_PORTS` or `PARCEL_PORTS`.
        parcels: Whether integrators fly parcels, else combination carriers freight.

    Returns:
        The flights in no order of time, the devices, and int64 [consignments] the device of each.
    """
    rng = draws.of("parcel flights" if parcels else "air freight flights")
    airports, load = np.unique(np.asarray(load_airports, dtype=np.str_), return_inverse=True)
    device, at, aboard = _shared(rng, load.astype(np.int64), parcels)
    service = _services(rng, airlines, airports.tolist(), at, parcels)
    day = weighted(rng, weights, len(at))
    used, flight = np.unique(service * len(weights) + day, return_inverse=True)
    flights = _flights(airlines.timetable, start, used // len(weights), used % len(weights))
    numbers, waybills = _papers(rng, airlines, start, airlines.timetable.airline[service], parcels)
    return flights, Ulds(flight.astype(np.int64), numbers, waybills, aboard), device


def _shared(rng: np.random.Generator, load: Ints, parcels: bool) -> tuple[Ints, Ints, Ints]:
    """Device of every consignment, and the airport and number of consignments of every device."""
    order = rng.permutation(len(load))
    order = order[np.argsort(load[order], kind="stable")]
    firsts = []
    begin = 0
    for count in np.bincount(load).tolist():
        ends = np.cumsum(_sizes(rng, count, parcels))
        firsts.append(begin + np.concatenate([[0], ends[ends < count]]))
        begin += count
    first = np.concatenate(firsts) if firsts else np.zeros(0, dtype=np.int64)
    aboard = np.diff(np.append(first, len(load)))
    device = np.empty(len(load), dtype=np.int64)
    device[order] = np.repeat(np.arange(len(first)), aboard)
    return device, load[order][first], aboard


def _sizes(rng: np.random.Generator, count: int, parcels: bool) -> Ints:
    """Numbers of consignments that share a device; together they are at least `count`."""
    if parcels:
        return rng.integers(*_PARCELS, count // _PARCELS[0] + 1)
    return 1 + weighted(rng, np.array(_HOUSES), count)


def _services(rng: np.random.Generator, airlines: Airlines, airports: list[str], at: Ints, parcels: bool) -> Ints:
    """A service of each device's airport, each as likely as the others."""
    timetable = airlines.timetable
    flies = airlines.integrator[timetable.airline] == parcels
    choices = [
        [row for row, code in enumerate(timetable.load_airport) if code == airport and flies[row]]
        for airport in airports
    ]
    counts = np.array([len(each) for each in choices], dtype=np.int64)
    table = np.zeros((len(choices), max(counts, default=0)), dtype=np.int64)
    for row, each in enumerate(choices):
        table[row, : len(each)] = each
    return np.asarray(table[at, (rng.random(len(at)) * counts[at]).astype(np.int64)])


def _flights(timetable: Timetable, start: int, service: Ints, day: Ints) -> Flights:
    midnight = to_datetime(start).replace(tzinfo=None)
    landings = zip(day.tolist(), timetable.landing[service].tolist(), strict=True)
    arrival = np.array(
        [
            from_local(midnight + timedelta(days=days, minutes=minutes), "Europe/London")[0]
            for days, minutes in landings
        ],
        dtype=np.int64,
    )
    return Flights(
        airline=timetable.airline[service],
        number=tuple(timetable.number[each] for each in service.tolist()),
        load_airport=tuple(timetable.load_airport[each] for each in service.tolist()),
        arrival_airport=tuple(timetable.arrival_airport[each] for each in service.tolist()),
        departure=arrival - timetable.minutes[service] * MINUTE,
        arrival=arrival,
    )


def _papers(
    rng: np.random.Generator, airlines: Airlines, start: int, airline: Ints, parcels: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers of the devices, distinct within three weeks, and their waybills, distinct within two years."""
    week = start // (7 * DAY)
    kinds = _EXPRESS_DEVICES if parcels else _DEVICES
    owned = _SERIALS * len(kinds)
    device, serial = np.zeros_like(airline), np.zeros_like(airline)
    for each in np.unique(airline).tolist():
        rows, key = np.flatnonzero(airline == each), int(airlines.number_key[each])
        pool = min(_POOL * len(rows), owned // _ROUNDS)
        device[rows] = permuted(week % _ROUNDS + _ROUNDS * rng.permutation(pool)[: len(rows)], owned, key)
        first = week % (_WAYBILLS // _WAYBILLS_A_WEEK) * _WAYBILLS_A_WEEK
        serial[rows] = permuted(first + np.arange(len(rows)), _WAYBILLS, key)
    owners = [airlines.designator[each] for each in airline.tolist()]
    prefixes = [airlines.awb_prefix[each] for each in airline.tolist()]
    kind = [kinds[each] for each in (device // _SERIALS).tolist()]
    return tuple(uld_numbers(kind, device % _SERIALS + 10_000, owners)), tuple(awb_numbers(prefixes, serial))
