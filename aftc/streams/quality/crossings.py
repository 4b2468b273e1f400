"""Doubts about ro-ro crossings: goods movements, bookings, check-ins and departures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, TypeVar

from aftc.clock import DAY, HOUR
from aftc.records import FerryBooking, FerryCheckIn, FerryDeparture, GoodsMovement, SailedUnit
from aftc.reference.check_digits import WRONG, eori_fault, mrn_fault, ucr_fault
from aftc.reference.ports import FERRY_ROUTES
from aftc.streams.quality.check import (
    HEAVIEST_LORRY_G,
    NO_EORI,
    Check,
    Doubts,
    Numbers,
    container_checks,
    earlier,
    misformed,
    unassigned,
)

__all__ = ["CROSSINGS"]

Carried: TypeAlias = FerryBooking | FerryCheckIn
Sailing: TypeAlias = GoodsMovement | Carried | FerryDeparture
Carriage: TypeAlias = GoodsMovement | Carried | SailedUnit
Found = TypeVar("Found")

MOVEMENT, BOOKING, CHECK_IN, DEPARTURE = "gmr", "ferry_booking", "ferry_check_in", "ferry_departure"
DIRECTIONS = frozenset(("UK_INBOUND", "UK_OUTBOUND", "GB_TO_NI", "NI_TO_GB"))  # goods vehicle movement reference data
LONGEST_CROSSING = 3 * DAY
EARLY = HOUR  # ferries leave minutes before their time, if that
_GMR = re.compile(r"GMR[A-Z][0-9A-Z]{8}")  # the interface's own pattern


def _backwards(crossing: Sailing) -> Doubts:
    if earlier(crossing.arrival, crossing.departure):
        yield "arrival", None


def _endless(crossing: Sailing) -> Doubts:
    if crossing.departure is not None and earlier(crossing.departure + LONGEST_CROSSING, crossing.arrival):
        yield "arrival", None


def _towless(crossing: Carriage) -> Doubts:
    if crossing.unaccompanied and not crossing.trailers and not crossing.containers:
        yield "unaccompanied", None


def _driverless(crossing: Carriage) -> Doubts:
    if not crossing.unaccompanied and crossing.vehicle is None:
        yield "vehicle", None


def _twice(crossing: Carriage) -> Doubts:
    units = [crossing.vehicle, *crossing.trailers, *crossing.containers]
    named = [each for each in units if each is not None]
    return (("units", each) for each in dict.fromkeys(named) if named.count(each) > 1)


def _containers(crossing: Carriage) -> Numbers:
    return (("containers", number) for number in crossing.containers)


def _unnamed(movement: GoodsMovement) -> Doubts:
    if not _GMR.fullmatch(movement.gmr_id):
        yield "gmr_id", movement.gmr_id


def _direction(movement: GoodsMovement) -> Doubts:
    if movement.direction is not None and movement.direction not in DIRECTIONS:
        yield "direction", movement.direction


def _uncrossed(movement: GoodsMovement) -> Doubts:
    if movement.crossing_stage is None:
        yield "crossing", None


def _mrns(movement: GoodsMovement) -> Doubts:
    for each in movement.declarations:
        for number in (each.reference, each.entry_mrn):
            if number is not None and mrn_fault(number) == WRONG:
                yield "declarations", number


def _neither(reference: str) -> str | None:
    """What is wrong with a reference that may be an MRN or a UCR."""
    return None if mrn_fault(reference) in (None, WRONG) else ucr_fault(reference)


def _undeclared(movement: GoodsMovement) -> Doubts:
    return misformed((("declarations", each.reference) for each in movement.declarations), _neither)


def _haulier(movement: GoodsMovement) -> Doubts:
    return misformed([("haulier_eori", movement.haulier_eori)], eori_fault)


def _route(crossing: Carried | FerryDeparture) -> Doubts:
    if crossing.route_id not in FERRY_ROUTES:
        yield "route_id", crossing.route_id


def _operator(crossing: Carried | FerryDeparture) -> Doubts:
    route = FERRY_ROUTES.get(crossing.route_id)
    if route is not None and route.operator != crossing.operator:
        yield "operator", crossing.operator


def _booked_late(booking: FerryBooking) -> Doubts:
    if booking.booked_at > booking.departure and not booking.amendment and not booking.cancelled:
        yield "booked_at", None


def _checked_in_late(check_in: FerryCheckIn) -> Doubts:
    if check_in.checked_in_at > check_in.departure:
        yield "checked_in_at", None


def _left_early(departure: FerryDeparture) -> Doubts:
    if earlier(departure.departed_at, departure.departure - EARLY):
        yield "departed_at", None


def _there_before(departure: FerryDeparture) -> Doubts:
    if earlier(departure.expected_arrival, departure.departed_at):
        yield "expected_arrival", None


def _nothing(departure: FerryDeparture) -> Doubts:
    if not departure.units:
        yield "units", None


def _again(departure: FerryDeparture) -> Doubts:
    counts = Counter(unit.booking_reference for unit in departure.units)
    return (("units", reference) for reference, count in counts.items() if count > 1)


def _left_aboard(departure: FerryDeparture) -> Doubts:
    for field, unit in _units(departure):
        if unit.boarded and unit.left_because is not None:
            yield f"{field}/left_because", unit.left_because


def _units(departure: FerryDeparture) -> Iterator[tuple[str, SailedUnit]]:
    return ((f"units[{place}]", unit) for place, unit in enumerate(departure.units, start=1))


def _of_each(
    find: Callable[[SailedUnit], Iterable[tuple[str, Found]]],
) -> Callable[[FerryDeparture], Iterable[tuple[str, Found]]]:
    """What is found in each of a sailing's units, under its place."""
    return lambda departure: (
        (f"{field}/{name}", value) for field, unit in _units(departure) for name, value in find(unit)
    )


def _empty_goods(booking: FerryBooking) -> Doubts:
    if booking.laden is False and booking.goods_description is not None:
        yield "goods_description", booking.goods_description


def _countries(booking: FerryBooking) -> Doubts:
    return unassigned((), (("booker", booking.booker), ("haulier", booking.haulier)))


def _of_masses(stream: str, field: str) -> tuple[Check[Carried], ...]:
    def weightless(crossing: Carried) -> Doubts:
        if getattr(crossing, field) == 0 and crossing.laden is not False:
            yield field, None

    def overladen(crossing: Carried) -> Doubts:
        if (getattr(crossing, field) or 0) > HEAVIEST_LORRY_G:
            yield field, getattr(crossing, field)

    return (
        Check(stream, "zero", "the mass of a unit that is not said to be empty", weightless),
        Check(stream, "heavier than lorries are", "a mass of more than 60 t", overladen),
    )


def _of_times(stream: str) -> tuple[Check[Sailing], ...]:
    return (
        Check(stream, "before departure", "the arrival is earlier than the departure", _backwards),
        Check(stream, "more than three days after departure", "the arrival is that far off", _endless),
    )


def _of_units(stream: str, lift: Callable[[Callable[[Any], Any]], Callable[[Any], Any]]) -> tuple[Check[Any], ...]:
    """Checks of one unit; `lift` makes them those of the record that holds it."""
    return (
        Check(stream, "without trailer or container", "unaccompanied, and nothing is towed", lift(_towless)),
        Check(stream, "missing, though accompanied", "no vehicle", lift(_driverless)),
        Check(stream, "named twice", "one number for two of vehicle, trailers and containers", lift(_twice)),
        *container_checks(stream, "a container", lift(_containers)),
    )


def _of_all(stream: str) -> tuple[Check[Any], ...]:
    return (*_of_times(stream), *_of_units(stream, lambda find: find))


def _of_routes(stream: str) -> tuple[Check[Carried | FerryDeparture], ...]:
    return (
        Check(stream, "not a known route", "the table of ferry routes does not hold it", _route),
        Check(stream, "not the route's", "the route is another operator's", _operator),
    )


CROSSINGS: tuple[Check[Any], ...] = (
    *_of_all(MOVEMENT),
    Check(MOVEMENT, "not of the form of a GMR", "not GMR, a letter, and eight letters or digits", _unnamed),
    Check(MOVEMENT, "not a known code", "the direction is none of the four of the reference data", _direction),
    Check(MOVEMENT, "missing", "no crossing, planned or actual", _uncrossed),
    Check(MOVEMENT, WRONG, "an MRN among the declarations: the last digit is not that of ISO 6346", _mrns),
    Check(MOVEMENT, "neither an MRN nor a UCR", "the reference of a declaration, by its form", _undeclared),
    Check(MOVEMENT, NO_EORI, "the haulier's: two letters and up to fifteen signs, GB and XI digits", _haulier),
    *_of_all(BOOKING),
    *_of_routes(BOOKING),
    *_of_masses(BOOKING, "gross_mass_g"),
    Check(BOOKING, "after departure", "a first booking, not cancelled, made after the departure", _booked_late),
    Check(BOOKING, "stated, though empty", "goods are described, and the unit is not laden", _empty_goods),
    Check(BOOKING, "not an assigned country", "of booker or haulier, not in ISO 3166-1", _countries),
    *_of_all(CHECK_IN),
    *_of_routes(CHECK_IN),
    *_of_masses(CHECK_IN, "weighed_mass_g"),
    Check(CHECK_IN, "after departure", "checked in after the departure", _checked_in_late),
    *_of_times(DEPARTURE),
    *_of_units(DEPARTURE, _of_each),
    *_of_routes(DEPARTURE),
    Check(DEPARTURE, "more than an hour before the scheduled departure", "it left that early", _left_early),
    Check(DEPARTURE, "before it left", "the arrival that is expected", _there_before),
    Check(DEPARTURE, "missing", "any unit", _nothing),
    Check(DEPARTURE, "on it twice", "two units of one booking", _again),
    Check(DEPARTURE, "said of a unit that is aboard", "why it was left behind", _left_aboard),
)
