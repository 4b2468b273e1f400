"""What ferry operators and hauliers send of a crossing: bookings, check-ins and goods movement references."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from aftc.clock import MINUTE, SECOND
from aftc.records import FerryBooking, FerryCheckIn, GoodsMovement, Party
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.goods_text import describe
from training.world.naming import spelt
from training.world.simulation import Arrivals
from training.world.trips import Trip, planned_movement, seen_movement, trips

__all__ = ["SHIPS", "ferry_dispatches"]

_MESSAGES = 7  # at most: three bookings, a cancellation, a check-in, two states of the goods movement
_CANCELLATION, _CHECK_IN, _PLANNED, _SEEN = 3, 4, 5, 6  # their places; bookings come first
_SELF_BOOKED = 0.7  # share of bookings that the haulier makes itself
SHIPS = ("Star", "Crown", "Spirit")
_ENTERED = 2 * MINUTE  # from check-in to the goods movement's new state
_BEFORE = (0.82, 0.9, 1.08, 1.15)  # mass first booked over what the last booking says
_MASS_STEP_G = 100_000


def ferry_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All messages of all crossings, in no order of time."""
    desk, count = _Desk(cast, arrivals), arrivals.traffic.first_box
    names = arrivals.draws.codes("ferry names", count * _MESSAGES, 12)
    waits = delays(arrivals.draws.of("ferry messages"), count * _MESSAGES).tolist()
    for trip in trips(cast, arrivals, range(count)):
        first = trip.row * _MESSAGES
        for booking in desk.bookings(trip):
            place = first + (_CANCELLATION if booking.cancelled else booking.amendment)
            yield Dispatch("ferry_booking", names[place], booking.booked_at + waits[place], booking, trip.about)
        for check_in in desk.check_ins(trip):
            place = first + _CHECK_IN
            yield Dispatch("ferry_check_in", names[place], check_in.checked_in_at + waits[place], check_in, trip.about)
        for place, movement in zip((first + _PLANNED, first + _SEEN), desk.goods_movements(trip), strict=False):
            yield Dispatch("gmr", names[place], (movement.updated_at or 0) + waits[place], movement, trip.about)


class _Desk:
    """Writes what is sent of trips, from a week's columns as lists."""

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        self._cast, self._arrivals = cast, arrivals
        carriage = arrivals.carriage
        self._booked, self._checked_in = carriage.booked.tolist(), carriage.checked_in.tolist()
        self._booked_mass, self._weighed_mass = carriage.booked_mass.tolist(), carriage.weighed_mass.tolist()
        self._empty = arrivals.traffic.crossings.empty.tolist()
        self._amendments = carriage.amendments.tolist()

    def bookings(self, trip: Trip) -> Iterator[FerryBooking]:
        """The booking and its amendments, the last of which says what the carrier holds; for some a cancellation."""
        last, amendments = self._booking(trip), self._amendments[trip.row]
        span = (trip.cancelled_at or self._checked_in[trip.row]) - last.booked_at
        sent = last.booked_at
        for amendment in range(amendments + 1):
            sent = (
                last.booked_at + max(int(span * amendment * trip.picks[0] / 2), amendment * SECOND) // SECOND * SECOND
            )
            stands = last if amendment == amendments else self._before(last, trip, amendment)
            yield replace(stands, amendment=amendment, booked_at=sent) if amendments else last
        if trip.cancelled_at is not None:
            yield replace(
                last,
                amendment=amendments + 1,
                cancelled=True,
                booked_at=max(trip.cancelled_at, sent + MINUTE),
            )

    def check_ins(self, trip: Trip) -> Iterator[FerryCheckIn]:
        """The check-in, unless the unit never came."""
        arrivals, row = self._arrivals, trip.row
        carriage, empty = arrivals.carriage, self._empty[trip.row]
        if carriage.no_show[row]:
            return
        booked, seal = self._driver(trip), arrivals.traffic.seal[row]
        changed = booked is not None and bool(carriage.driver_changed[row])
        yield FerryCheckIn(
            booking_reference=arrivals.traffic.booking[row],
            operator=trip.route.operator,
            route_id=trip.route.route_id,
            checked_in_at=self._checked_in[row],
            departure=trip.departure,
            arrival=trip.arrival,
            unaccompanied=trip.unaccompanied,
            vehicle=trip.vehicle,
            trailers=(trip.trailer,) if trip.trailer else (),
            containers=(),
            laden=not empty,
            weighed_mass_g=self._weighed_mass[row],
            driver=self._other_driver(trip) if changed else booked,
            driver_changed=None if booked is None else changed,
            seals=() if empty else (seal[::-1] if carriage.seal_changed[row] else seal,),
        )

    def goods_movements(self, trip: Trip) -> Iterator[GoodsMovement]:
        """The goods movement as planned, unless the booking was cancelled before; for some again at check-in."""
        carriage, row = self._arrivals.carriage, trip.row
        planned = planned_movement(self._cast, self._arrivals, trip)
        if trip.cancelled_at is not None and trip.cancelled_at <= (planned.updated_at or 0):
            return
        yield planned
        if carriage.updated[row] and not carriage.no_show[row]:
            yield seen_movement(planned, trip, self._checked_in[row] + _ENTERED)

    def _booking(self, trip: Trip) -> FerryBooking:
        arrivals, row, route = self._arrivals, trip.row, trip.route
        haulier, empty = self._cast.hauliers.parties[trip.haulier], self._empty[row]
        trailer = _typed(trip.booked_trailer, trip.picks[4])
        return FerryBooking(
            booking_reference=arrivals.traffic.booking[row],
            amendment=0,
            cancelled=False,
            operator=route.operator,
            vessel=f"{route.operator.title()} {SHIPS[int(trip.picks[1] * len(SHIPS))]}",
            route_id=route.route_id,
            booked_at=self._booked[row],
            departure=trip.departure,
            arrival=trip.arrival,
            account=f"{route.operator[:2]}{(haulier.eori or '')[-7:]}",
            booker=self._forwarder(trip) if trip.aboard and trip.picks[2] >= _SELF_BOOKED else haulier,
            haulier=haulier,
            unaccompanied=trip.unaccompanied,
            vehicle=_typed(trip.booked_vehicle, trip.picks[3]),
            trailers=(trailer,) if trailer else (),
            containers=(),
            laden=not empty,
            cash=bool(arrivals.carriage.cash[row]),
            return_trip=bool(arrivals.carriage.return_trip[row]),
            gross_mass_g=None if empty else self._booked_mass[row],
            goods_description=None if empty else self._goods(trip),
            driver=self._driver(trip),
        )

    def _before(self, last: FerryBooking, trip: Trip, amendment: int) -> FerryBooking:
        """What the booking said before it was amended: another weight, or none yet, or another driver."""
        turn = int(trip.picks[6] * 997) + amendment
        if turn % 3 == 0 and last.driver is not None:
            return replace(last, driver=self._other_driver(trip))
        if last.gross_mass_g is None:
            return last
        if turn % 3 == 1:
            return replace(last, gross_mass_g=None)
        other = last.gross_mass_g * _BEFORE[turn // 3 % len(_BEFORE)]
        return replace(last, gross_mass_g=round(other / _MASS_STEP_G) * _MASS_STEP_G)

    def _driver(self, trip: Trip) -> str | None:
        """The booked driver's token; a hired one is known by a token of the crossing's own."""
        if trip.unaccompanied:
            return None
        index = int(self._arrivals.traffic.crossings.driver[trip.row])
        return f"D{self._cast.hauliers.drivers.numbers[index] if index >= 0 else trip.stranger}"

    def _other_driver(self, trip: Trip) -> str:
        numbers = self._cast.hauliers.drivers.numbers
        return f"D{numbers[int(trip.picks[2] * len(numbers))]}"

    def _forwarder(self, trip: Trip) -> Party:
        return self._cast.forwarders.parties[int(self._arrivals.traffic.consignments.forwarder[trip.aboard[0]])]

    def _goods(self, trip: Trip) -> str:
        """What the booking calls the goods: in the booker's words, which are nobody else's."""
        if len(trip.aboard) > 1:
            return "groupage"
        row, paperwork = trip.aboard[0], self._arrivals.paperwork
        pick = int(trip.picks[6] * 2**40)
        return describe(int(paperwork.commodity[row]), "GB", trip.haulier, pick, vague=bool(paperwork.vague[row]))


def _typed(number: str | None, pick: float) -> str | None:
    turn = int(pick * 1000)
    return spelt(number, turn // 3, lower=turn % 5 == 1) if number and turn else number
