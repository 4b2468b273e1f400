"""Movements: which crossing or voyage a record speaks of, and what the unit did before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from msgspec.structs import replace

from aftc.clock import DAY, HOUR, MINUTE, Instant
from aftc.linking.context import Candidate, Context, Movement, Sought
from aftc.linking.keys import alike, normal_registration
from aftc.records import (
    FerryBooking,
    FerryCheckIn,
    GoodsMovement,
    Link,
    Mode,
    PreviousMovement,
    SailedUnit,
    Unit,
    UnitKind,
)
from aftc.reference.ports import FERRY_ROUTES

__all__ = [
    "Among",
    "Crossing",
    "Stated",
    "behind_another_lorry",
    "booked_nearest",
    "booked_under",
    "by_carrier",
    "carried_as",
    "choose",
    "file_movement",
    "find_by_registration",
    "left_behind",
    "lorry_of",
    "mode_of",
    "roro_unit",
    "stated_numbers",
    "stated_on",
    "with_previous",
    "with_told",
]

PREVIOUS_WITHIN = 60 * DAY  # as long as candidates are kept
LEAST_CONFIDENCE = 0.5  # of a join at the very edge of the time window, and of one without a time of arrival
MOST_TOLD = 20  # different statements of one half of a crossing
SAME_TIME = HOUR  # records of one sailing state its arrival this near to each other
SAME_SAILING = 3 * HOUR  # a registration this near outweighs a more trusted one on another sailing
ANNOUNCED_WITHIN = 48 * HOUR  # before its arrival, where a record states no time of the crossing but its own
LATE = 6 * HOUR  # a record may be made this long after the scheduled arrival


Crossing = FerryBooking | FerryCheckIn | GoodsMovement
Stated = Crossing | SailedUnit  # what names registrations


def roro_unit(
    unaccompanied: bool, vehicle: str | None, trailers: Iterable[str], containers: Iterable[str]
) -> Unit | None:
    """The unit a port would search: the vehicle, else the first trailer, else the first container."""
    stated = [(UnitKind.VEHICLE, vehicle)] if vehicle else []
    behind = [(UnitKind.TRAILER, each) for each in trailers] + [(UnitKind.CONTAINER, each) for each in containers]
    for kind, number in [*behind, *stated] if unaccompanied else [*stated, *behind]:
        normal = normal_registration(number)
        if normal:
            return Unit(kind, normal)
    return None


def by_carrier(movement: Movement) -> bool:
    """Whether a carrier has spoken of a crossing."""
    return movement.booking is not None or movement.check_in is not None or movement.ferry_departure is not None


def booked_under(movement: Movement) -> set[str]:
    """Booking references that a carrier's records of a crossing bear."""
    sailed = movement.ferry_departure.units if movement.ferry_departure is not None else ()
    return {each.booking_reference for each in (movement.booking, movement.check_in, *sailed) if each is not None}


def carried_as(movement: Movement, reference: str) -> bool:
    """Whether a carrier's records of a crossing bear a booking's reference, but for how it was received; or none is."""
    held = booked_under(movement)
    return not held or any(each == reference or alike(each, reference) for each in held)


def left_behind(movement: Movement) -> bool:
    """Whether the last sailing that it was booked on left without it."""
    return movement.ferry_departure is not None and not movement.ferry_departure.units[0].boarded


def stated_on(crossing: Stated) -> tuple[str, ...]:
    """Registrations and containers that a record of a crossing states, normalised."""
    numbers = (crossing.vehicle, *crossing.trailers, *crossing.containers)
    return tuple(filter(None, (normal_registration(each) for each in numbers if each)))


def with_told(told: Iterable[Sought], *others: Sought) -> tuple[Sought, ...]:
    """All that was told, the last made where that is too much, in an order that does not say what came first."""

    def made(each: Sought) -> tuple[Instant, Instant, tuple[str, ...]]:
        return (each.near or 0, each.arrival or 0, each.registrations)

    return tuple(sorted({*told, *others}, key=made)[-MOST_TOLD:])


def stated_numbers(movement: Movement) -> tuple[str, ...]:
    """Registrations and containers that the movement's records state now."""
    sailed = movement.ferry_departure.units if movement.ferry_departure is not None else ()
    stated = (movement.booking, movement.check_in, *sailed, movement.goods_movement)
    return tuple(number for crossing in stated if crossing is not None for number in stated_on(crossing))


Among = Callable[[Sequence[Movement]], Movement | None]


def find_by_registration(
    context: Context, sought: Sought, accepts: Callable[[Movement], bool], among: Among = itemgetter(0)
) -> tuple[Movement, Link] | None:
    """The movement of one of the registrations nearest in time, with the evidence; None where none fits.

    Args:
        context: Of the message.
        sought: What it tells.
        accepts: Whether a movement may be meant.
        among: Chooses among movements of one registration and time, such as a trailer booked twice; or refuses.
    """
    if sought.arrival is None and sought.near is None:
        return None
    held = {each: context.candidates("registration", each) for each in sought.registrations}
    for within in dict.fromkeys((min(SAME_SAILING, context.window), context.window)):
        for registration, candidates in held.items():
            for candidate in choose(candidates, sought, within):
                movement = context.movement(candidate.movement_id)
                if movement is None or not accepts(movement):
                    continue
                if behind_another_lorry(movement, sought) and _distance(candidate, sought) > SAME_TIME:
                    continue
                rivals = [movement, *_rivals(context, candidates, candidate, accepts)]
                chosen = movement if len(rivals) == 1 else among(rivals)
                return None if chosen is None else (chosen, _evidence(context, registration, candidate, sought))
    return _without_time(context, sought, held, accepts)


def _evidence(context: Context, registration: str, candidate: Candidate, sought: Sought) -> Link:
    confidence = 1.0 - (1.0 - LEAST_CONFIDENCE) * _distance(candidate, sought) / context.window
    return context.evidence("registration+route+time", registration, round(confidence, 3))


def _rivals(
    context: Context, candidates: Iterable[Candidate], nearest: Candidate, accepts: Callable[[Movement], bool]
) -> Iterator[Movement]:
    """Other movements of one registration at the same time."""
    for each in candidates:
        if each.arrival == nearest.arrival and each.movement_id != nearest.movement_id and each.port == nearest.port:
            movement = context.movement(each.movement_id)
            if movement is not None and movement.movement_id != nearest.movement_id and accepts(movement):
                yield movement


def booked_nearest(mass_g: int | None, rivals: Sequence[Movement]) -> Movement | None:
    """The one of these booked with the mass nearest to a declared one; None where that is unsaid, or equally near."""
    apart = [
        (abs(each.booking.gross_mass_g - mass_g), place)
        for place, each in enumerate(rivals)
        if mass_g is not None and each.booking is not None and each.booking.gross_mass_g is not None
    ]
    nearest = sorted(apart)[:2]
    if not nearest or (len(nearest) > 1 and nearest[0][0] == nearest[1][0]):
        return None
    return rivals[nearest[0][1]]


def _distance(candidate: Candidate, sought: Sought) -> int:
    return abs((candidate.arrival or 0) - (sought.arrival or 0))


def lorry_of(*stated: Stated | None) -> tuple[str, ...]:
    """Registrations of lorries that records of crossings state, normalised."""
    named = (each.vehicle for each in stated if each is not None and each.vehicle)
    return tuple(filter(None, map(normal_registration, named)))


def behind_another_lorry(movement: Movement, sought: Sought) -> bool:
    """Whether both name a lorry, and not the same one: a trailer goes with another on another day."""
    if sought.lorry is None:
        return False
    sailed = movement.ferry_departure.units if movement.ferry_departure is not None else ()
    named = lorry_of(movement.booking, movement.check_in, movement.goods_movement, *sailed)
    if not named and movement.unit.kind is UnitKind.VEHICLE:
        named = (movement.unit.number,)
    return bool(named) and not any(each == sought.lorry or alike(each, sought.lorry) for each in named)


def _without_time(
    context: Context,
    sought: Sought,
    held: Mapping[str, tuple[Candidate, ...]],
    accepts: Callable[[Movement], bool],
) -> tuple[Movement, Link] | None:
    """The nearest movement where one of the two states no arrival, but when it was announced."""
    for registration, candidates in held.items():
        fitting = []
        for each in candidates:
            arrival, near = (each.arrival, sought.near) if sought.arrival is None else (sought.arrival, each.near)
            if arrival is None or near is None or not _same_port(each, sought):
                continue
            if -LATE <= arrival - near <= ANNOUNCED_WITHIN:
                fitting.append((abs(arrival - near), each.movement_id))
        for _, identity in sorted(fitting):
            movement = context.movement(identity)
            if movement is not None and accepts(movement) and not behind_another_lorry(movement, sought):
                return movement, context.evidence("registration+route", registration, LEAST_CONFIDENCE)
    return None


def _same_port(candidate: Candidate, sought: Sought) -> bool:
    return candidate.port is None or sought.port is None or candidate.port == sought.port


def choose(candidates: Iterable[Candidate], sought: Sought, window: int) -> list[Candidate]:
    """Candidates within the window and at the same port, nearest arrival first, ties by id."""
    arrival = sought.arrival
    if arrival is None:
        return []
    fitting = [
        each
        for each in candidates
        if each.arrival is not None and abs(each.arrival - arrival) <= window and _same_port(each, sought)
    ]
    return sorted(fitting, key=lambda each: (abs((each.arrival or 0) - arrival), each.movement_id))


def file_movement(context: Context, movement: Movement, registrations: Iterable[str]) -> None:
    """Keep a movement and file it under its unit's and its other registrations."""
    context.store_movement(movement)
    for number in dict.fromkeys((movement.unit.number, *registrations)):
        context.file_candidate("registration", number, movement)


def with_previous(context: Context, movement: Movement) -> Movement:
    """The movement with what its unit did before, as known now."""
    if movement.arrival is None:
        return movement
    earlier = [
        each
        for each in context.candidates("registration", movement.unit.number)
        if each.movement_id != movement.movement_id
        and each.arrival is not None
        and movement.arrival - PREVIOUS_WITHIN < each.arrival < movement.arrival
    ]
    if not earlier:
        return movement
    last = max(earlier, key=lambda each: (each.arrival or 0, each.movement_id))
    before = context.movement(last.movement_id)
    if before is None or before.movement_id == movement.movement_id:
        return movement
    return replace(movement, previous=_compare(movement, before))


def _compare(movement: Movement, before: Movement) -> PreviousMovement:
    departure = _departure(movement)
    minutes = (departure - before.arrival) // MINUTE if departure is not None and before.arrival is not None else None
    driver, driver_before = _driver(movement), _driver(before)
    same_route = None
    if movement.route_id is not None and before.route_id is not None:
        same_route = movement.route_id == before.route_id
    return PreviousMovement(
        movement_id=before.movement_id,
        turnaround_minutes=minutes,
        driver_changed=None if driver is None or driver_before is None else driver != driver_before,
        same_route=same_route,
    )


def _departure(movement: Movement) -> Instant | None:
    for crossing in (movement.check_in, movement.booking, movement.goods_movement):
        if crossing is not None and crossing.departure is not None:
            return crossing.departure
    route = FERRY_ROUTES.get(movement.route_id or "")
    return movement.arrival - route.minutes * MINUTE if route and movement.arrival is not None else movement.arrival


def _driver(movement: Movement) -> str | None:
    return (movement.check_in.driver if movement.check_in else None) or (
        movement.booking.driver if movement.booking else None
    )


def mode_of(unaccompanied: bool) -> Mode:
    """Ro-ro mode."""
    return Mode.RORO_UNACCOMPANIED if unaccompanied else Mode.RORO_ACCOMPANIED
