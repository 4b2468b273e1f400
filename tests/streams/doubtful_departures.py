"""Ferry departures that raise one doubt each, with its flag, and a sound one."""

from __future__ import annotations

from typing import Any

from aftc.clock import DAY, HOUR, MINUTE
from aftc.records import FerryDeparture, Record
from aftc.testing import ARRIVAL, a_departure, a_sailed_unit
from tests.streams.doubtful_crossings import MISFORMED, WRONG_DIGIT

__all__ = ["DEPARTURES", "SOUND_DEPARTURES"]


def _unit(**given: Any) -> FerryDeparture:
    return a_departure(a_sailed_unit(**given))


DEPARTURES: list[tuple[Record, str]] = [
    (a_departure(arrival=ARRIVAL - 2 * HOUR, departed_at=ARRIVAL - 2 * HOUR), "arrival: before departure"),
    (a_departure(arrival=ARRIVAL + 4 * DAY), "arrival: more than three days after departure"),
    (
        _unit(unaccompanied=True, vehicle=None, trailers=()),
        "units[1]/unaccompanied: without trailer or container",
    ),
    (_unit(vehicle=None), "units[1]/vehicle: missing, though accompanied"),
    (_unit(trailers=("T1", "T1")), "units[1]/units: named twice: 'T1'"),
    (_unit(containers=(MISFORMED,)), "units[1]/containers: not of the form of a container number: 'CONTAINER 1'"),
    (_unit(containers=(WRONG_DIGIT,)), "units[1]/containers: wrong check digit: 'CSQU3054384'"),
    (a_departure(route_id="999"), "route_id: not a known route: '999'"),
    (a_departure(operator="EASTLINE"), "operator: not the route's: 'EASTLINE'"),
    (
        a_departure(departed_at=ARRIVAL - 90 * MINUTE - HOUR - MINUTE),
        "departed_at: more than an hour before the scheduled departure",
    ),
    (a_departure(expected_arrival=ARRIVAL - 86 * MINUTE), "expected_arrival: before it left"),
    (FerryDeparture("NARROWSEA", "101", ARRIVAL - 90 * MINUTE, ARRIVAL, ARRIVAL - 80 * MINUTE, ()), "units: missing"),
    (a_departure(a_sailed_unit(), a_sailed_unit(vehicle="XY99 ZZZ", trailers=())), "units: on it twice: 'BK-1'"),
    (
        _unit(left_because="shut_out"),
        "units[1]/left_because: said of a unit that is aboard: 'shut_out'",
    ),
]

SOUND_DEPARTURES: list[Record] = [
    a_departure(),
    _unit(boarded=False, left_because="no_show"),
]
