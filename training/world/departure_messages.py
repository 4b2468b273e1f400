"""What ferry operators report of each sailing when it has left: which booked units it took, and which it left behind.

A few that checked in are shut out and cross on the next sailing of a short route; when they are examined follows from
the sailing that was booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from aftc.clock import MINUTE, Instant
from aftc.records import FerryDeparture, SailedUnit
from aftc.reference.ports import FerryRoute
from training.world.cast import Cast
from training.world.crossings import BETWEEN_SAILINGS, SHORT_CROSSING
from training.world.dispatch import Dispatch, delays
from training.world.ferry_messages import SHIPS
from training.world.simulation import Arrivals
from training.world.trips import Trip, trips

__all__ = ["departure_dispatches"]

_SHUT_OUT = 0.01  # share of those checked in for a short crossing
_LATE_MINUTES, _MOST_LATE_MINUTES = 6.0, 180  # at departure
_MADE_UP = 0.2  # share of a late departure's minutes that is made up on the way
_REPORTED = (1, 7)  # minutes after departure


@dataclass(frozen=True, slots=True)
class _Booked:
    """A unit on a sailing's list, and what it is about."""

    unit: SailedUnit
    about: tuple[str, ...]


def departure_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All departures of a week, in no order of time."""
    sailings = list(_sailings(cast, arrivals).items())
    rng, count = arrivals.draws.of("departure messages"), len(sailings)
    names, waits = arrivals.draws.codes("departure names", count, 12), delays(rng, count).tolist()
    late = rng.exponential(_LATE_MINUTES, count).clip(max=_MOST_LATE_MINUTES).astype(int).tolist()
    after, ships = rng.integers(*_REPORTED, count).tolist(), rng.integers(0, len(SHIPS), count).tolist()
    for place, ((route, departure), booked) in enumerate(sailings):
        arrival, delay = departure + route.minutes * MINUTE, late[place] * MINUTE
        record = FerryDeparture(
            operator=route.operator,
            route_id=route.route_id,
            departure=departure,
            arrival=arrival,
            departed_at=departure + delay,
            units=tuple(each.unit for each in booked),
            vessel=f"{route.operator.title()} {SHIPS[ships[place]]}",
            expected_arrival=arrival + int(delay * (1 - _MADE_UP)) // MINUTE * MINUTE,
        )
        sent = record.departed_at + after[place] * MINUTE
        about = tuple(dict.fromkeys(document for each in booked for document in each.about))
        yield Dispatch("ferry_departure", names[place], sent + waits[place], record, about)


def _sailings(cast: Cast, arrivals: Arrivals) -> dict[tuple[FerryRoute, Instant], list[_Booked]]:
    """What was booked on each sailing and not cancelled, with what was left behind by the one before."""
    count, no_show = arrivals.traffic.first_box, arrivals.carriage.no_show.tolist()
    shut_out = (arrivals.draws.of("shut out").random(count) < _SHUT_OUT).tolist()
    found: dict[tuple[FerryRoute, Instant], list[_Booked]] = defaultdict(list)
    for trip in trips(cast, arrivals, range(count)):
        booking, sailing = arrivals.traffic.booking[trip.row], (trip.route, trip.departure)
        if no_show[trip.row]:
            if trip.cancelled_at is None:
                found[sailing].append(_booked(trip, booking, "no_show"))
        elif shut_out[trip.row] and trip.route.minutes <= SHORT_CROSSING:
            found[sailing].append(_booked(trip, booking, "shut_out"))
            found[trip.route, trip.departure + BETWEEN_SAILINGS * MINUTE].append(_booked(trip, booking))
        else:
            found[sailing].append(_booked(trip, booking))
    return found


def _booked(trip: Trip, booking: str, left_because: str | None = None) -> _Booked:
    unit = SailedUnit(
        booking_reference=booking,
        boarded=left_because is None,
        unaccompanied=trip.unaccompanied,
        vehicle=trip.vehicle,
        trailers=(trip.trailer,) if trip.trailer else (),
        left_because=left_because,
    )
    return _Booked(unit, trip.about)
