"""Flights, timetables and unit load devices."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.clock import DAY, MINUTE, Instant, parse_instant
from aftc.reference.ports import PORTS
from training.world.draws import Draws
from training.world.flights import AIR_PORTS, PARCEL_PORTS, Airlines, Flights, Ulds, make_airlines, make_flights
from training.world.goods import COMMODITIES
from training.world.parameters import Ints

WINTER, SUMMER = parse_instant("2026-01-05T00:00:00Z"), parse_instant("2026-03-23T00:00:00Z")  # clocks change 29 March


@pytest.fixture(scope="module")
def airlines() -> Airlines:
    """The airlines of one world."""
    return make_airlines(Draws(7))


def _loads(count: int, *, parcels: bool) -> list[str]:
    table = PARCEL_PORTS if parcels else AIR_PORTS
    airports = sorted({code for codes in table.values() for code in codes})
    return [airports[pick] for pick in np.random.default_rng(1).integers(0, len(airports), count).tolist()]


def _week(airlines: Airlines, start: Instant, *, parcels: bool, count: int = 3_000) -> tuple[Flights, Ulds, Ints]:
    draws = Draws(7, (start - WINTER) // (7 * DAY))
    return make_flights(draws, airlines, start, np.ones(7), _loads(count, parcels=parcels), parcels=parcels)


def test_every_origin_has_an_airport_and_every_airport_a_service(airlines: Airlines) -> None:
    """What goods name as origins by air and by parcel can be flown from; the airports are known ones."""
    assert {country for each in COMMODITIES for country in each.air} <= set(AIR_PORTS)
    assert {country for each in COMMODITIES for country in each.post} <= set(PARCEL_PORTS)
    assert {code for table in (AIR_PORTS, PARCEL_PORTS) for codes in table.values() for code in codes} <= set(PORTS)
    timetable = airlines.timetable
    for table, express in ((AIR_PORTS, False), (PARCEL_PORTS, True)):
        served = {
            code
            for code, airline in zip(timetable.load_airport, timetable.airline.tolist(), strict=True)
            if airlines.integrator[airline] == express
        }
        assert {code for codes in table.values() for code in codes} == served
    assert len(set(timetable.number)) == len(timetable.number)


@pytest.mark.parametrize("start", [WINTER, SUMMER])
@pytest.mark.parametrize("parcels", [False, True])
def test_what_is_aboard_loads_where_it_is(airlines: Airlines, start: Instant, parcels: bool) -> None:
    """Every consignment is in a device on a flight from its airport, landed within the week by the right airline."""
    flights, ulds, device = _week(airlines, start, parcels=parcels)
    loads = _loads(3_000, parcels=parcels)
    assert [flights.load_airport[flight] for flight in ulds.flight[device].tolist()] == loads
    assert (airlines.integrator[flights.airline] == parcels).all()
    assert ((flights.arrival >= start) & (flights.arrival < start + 7 * DAY)).all()
    assert (flights.departure < flights.arrival).all()
    assert set(np.unique(ulds.flight).tolist()) == set(range(len(flights.number)))
    assert {PORTS[code].country for code in flights.arrival_airport} == {"GB"}


def test_parcels_come_by_night_in_larger_groups(airlines: Airlines) -> None:
    """Integrators land before half past five, 12 to 40 parcels a device but for an airport's last; freight 1 to 6."""
    flights, ulds, device = _week(airlines, WINTER, parcels=True)
    assert ((flights.arrival % DAY) < 330 * MINUTE).all()
    assert np.array_equal(np.bincount(device), ulds.aboard)
    airports = len(set(flights.load_airport))
    assert ulds.aboard.max() <= 40
    assert (ulds.aboard < 12).sum() <= airports
    _, ulds, device = _week(airlines, WINTER, parcels=False)
    assert np.array_equal(np.bincount(device), ulds.aboard)
    assert set(np.unique(ulds.aboard).tolist()) == {1, 2, 3, 4, 5, 6}


def test_a_flight_lands_at_the_same_local_time_all_year(airlines: Airlines) -> None:
    """After the clocks go forward a daily flight lands an hour earlier by UTC."""
    minutes: dict[str, set[int]] = {}
    for start in (SUMMER, SUMMER + 7 * DAY):
        flights, _, _ = _week(airlines, start, parcels=False)
        for number, arrival in zip(flights.number, flights.arrival.tolist(), strict=True):
            forward = arrival >= parse_instant("2026-03-29T01:00:00Z")
            minutes.setdefault(number, set()).add(arrival % DAY // MINUTE + 60 * forward)
    assert {len(each) for each in minutes.values()} == {1}


def test_numbers_tell_devices_and_waybills_apart(airlines: Airlines) -> None:
    """Devices are distinct within a week and do come back, after three weeks or more; waybills never come back."""
    seen: dict[str, list[int]] = {}
    waybills: list[str] = []
    for week in range(12):
        _, ulds, _ = _week(airlines, WINTER + week * 7 * DAY, parcels=False)
        waybills += ulds.waybill
        for number in ulds.number:
            seen.setdefault(number, []).append(week)
    gaps = [int(np.diff(weeks).min()) for weeks in seen.values() if len(weeks) > 1]
    assert len(gaps) > 100
    assert min(gaps) == 4
    assert len(set(waybills)) == len(waybills)
    assert all(len(each) == 11 and int(each[3:10]) % 7 == int(each[10]) for each in waybills)


def test_days_follow_their_weights(airlines: Airlines) -> None:
    """A day without weight has no landing; the others share in proportion, within three points."""
    weights = np.array([3.0, 1.0, 0.0])
    draws = Draws(7, 0)
    flights, ulds, _ = make_flights(draws, airlines, WINTER, weights, _loads(20_000, parcels=False), parcels=False)
    day = (flights.arrival[ulds.flight] - WINTER) // DAY
    assert np.abs(np.bincount(day, minlength=3) / len(day) - weights / 4).max() < 0.03


def test_a_week_without_freight_is_empty(airlines: Airlines) -> None:
    """No consignments, no flights and no devices."""
    flights, ulds, device = make_flights(Draws(7, 0), airlines, WINTER, np.ones(7), [], parcels=True)
    assert (len(flights.number), len(ulds.number), len(device)) == (0, 0, 0)


def test_one_seed_makes_one_week(airlines: Airlines) -> None:
    """The same draws give the same flights, devices and places."""
    first, again = (_week(airlines, WINTER, parcels=False) for _ in range(2))
    assert first[1].number == again[1].number
    assert np.array_equal(first[2], again[2])
