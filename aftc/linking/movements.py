"""Movements: which crossing or voyage a record speaks of, and what the unit did before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from aftc.clock import DAY, MINUTE, Instant
from aftc.linking.context import Candidate, Context, Movement
from aftc.linking.keys import normal_registration
from aftc.records import Link, Mode, PreviousMovement, Unit, UnitKind
from aftc.reference.ports import FERRY_ROUTES

__all__ = ["Sought", "choose", "file_movement", "find_by_registration", "roro_unit", "with_previous"]

PREVIOUS_WITHIN = 60 * DAY  # as long as candidates are kept
LEAST_CONFIDENCE = 0.5  # of a join at the very edge of the time window


@dataclass(frozen=True, slots=True)
class Sought:
    """What a record tells of a crossing: registrations in order of trust, arrival (event time), arrival port."""

    registrations: tuple[str, ...]
    arrival: Instant | None
    port: str | None


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


def find_by_registration(
    context: Context, sought: Sought, accepts: Callable[[Movement], bool]
) -> tuple[Movement, Link] | None:
    """The movement of one of the registrations nearest in time, with the evidence; None where none fits."""
    if sought.arrival is None:
        return None
    for registration in sought.registrations:
        for candidate in choose(context.candidates("registration", registration), sought, context.window):
            movement = context.movement(candidate.movement_id)
            if movement is not None and accepts(movement):
                distance = abs((candidate.arrival or sought.arrival) - sought.arrival)
                confidence = 1.0 - (1.0 - LEAST_CONFIDENCE) * distance / context.window
                return movement, context.evidence("registration+route+time", registration, round(confidence, 3))
    return None


def choose(candidates: Iterable[Candidate], sought: Sought, window: int) -> list[Candidate]:
    """Candidates within the window and at the same port, nearest arrival first, ties by id."""
    arrival = sought.arrival
    if arrival is None:
        return []
    fitting = [
        each
        for each in candidates
        if each.arrival is not None
        and abs(each.arrival - arrival) <= window
        and (each.port is None or sought.port is None or each.port == sought.port)
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
    return replace(movement, previous=_compare(movement, before)) if before else movement


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
