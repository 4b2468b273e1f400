"""Ro-ro crossings: what carriers and hauliers say of them, joined by reference, else registration, port and time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter

from msgspec.structs import fields, replace

from aftc.clock import Instant
from aftc.linking.best_crossing import fit_again
from aftc.linking.context import Context, Movement, Sought
from aftc.linking.halves import pair_again
from aftc.linking.keys import alike, movement_id
from aftc.linking.movements import (
    Among,
    Crossing,
    by_carrier,
    carried_as,
    file_movement,
    find_by_registration,
    left_behind,
    mode_of,
    stated_numbers,
    stated_on,
    with_previous,
    with_told,
)
from aftc.linking.same_crossing import board_named, with_its_other_half, with_records_alike
from aftc.linking.stated import arrival_of, names_in, sought_by, unit_by_reference, unit_of
from aftc.linking.versions import movements_of, recompose, recompose_aboard
from aftc.records import FerryBooking, FerryCheckIn, FerryDeparture, GoodsMovement, Link, Unit
from aftc.reference.ports import FERRY_ROUTES

LEFT = "departure without"  # key under which departures wait for what they are without
GMR = re.compile(r"GMR[A-Z0-9]{9}")
__all__ = ["link_booking", "link_check_in", "link_departure", "link_goods_movement"]


def link_booking(context: Context, booking: FerryBooking) -> None:
    """Join a booking or its amendment to its movement; all aboard get a version."""
    key = f"{booking.operator}/{booking.booking_reference}"
    unit = unit_of(booking)
    sought = sought_by(booking, booking.route_id, booking.arrival)
    found = _find(
        context,
        "booking",
        key,
        sought,
        lambda movement: (
            (movement.booking is None and carried_as(movement, booking.booking_reference)) or left_behind(movement)
        ),
    )
    if found is None and unit is None:
        unit = unit_by_reference(booking.booking_reference)
    movement, link = found or _begin(context, "booking", key, unit, booking)
    before, held = movement, movement.booking
    another = held is None or held.booking_reference != booking.booking_reference
    newer = held is None or another or booking.amendment >= held.amendment
    amendments = max(booking.amendment, movement.booking_amendments)
    if newer:
        movement = replace(
            _due(movement, booking.route_id, booking.arrival),
            booking=booking,
        )
    _settle(context, replace(movement, booking_amendments=amendments), link, ("booking", key), before)
    _hear_departure(context, key)


def link_check_in(context: Context, check_in: FerryCheckIn) -> None:
    """Join a check-in to its movement; all aboard get a version."""
    key = f"{check_in.operator}/{check_in.booking_reference}"
    unit = unit_of(check_in)
    sought = sought_by(check_in, check_in.route_id, check_in.arrival)
    found = _find(
        context,
        "booking",
        key,
        sought,
        lambda movement: (
            (movement.check_in is None and carried_as(movement, check_in.booking_reference)) or left_behind(movement)
        ),
    )
    if found is None and unit is None:
        unit = unit_by_reference(check_in.booking_reference)
    movement, link = found or _begin(context, "check_in", key, unit, check_in)
    before = movement
    if movement.check_in is None or check_in.checked_in_at >= movement.check_in.checked_in_at:
        movement = replace(
            _due(movement, check_in.route_id, check_in.arrival),
            check_in=check_in,
        )
    _settle(context, movement, link, ("booking", key), before)
    _hear_departure(context, key)


def _hear_departure(context: Context, *keys: str) -> None:
    """Let a record know the departure of its booking or unit that came before it and began nothing."""
    waiting = (context.waiting(LEFT, each) for each in keys)
    for departure in dict.fromkeys(filter(None, waiting)):
        if not _heard(context, departure):
            link_departure(context, departure)


def _heard(context: Context, departure: FerryDeparture) -> bool:
    """Whether the crossing of a departure's one unit has it."""
    named = context.named("booking", f"{departure.operator}/{departure.units[0].booking_reference}")
    movements = (context.movement(each) for each in named)
    return any(each is not None and each.ferry_departure == departure for each in movements)


def link_departure(context: Context, departure: FerryDeparture) -> None:
    """Tell each booked unit's movement that it has sailed, or was left behind; all aboard get a version.

    A unit that was left behind stays where it was until a later sailing takes it; one that nothing else is known of
    begins a movement only if it has sailed.
    """
    for place, unit in enumerate(departure.units, start=1):
        key = f"{departure.operator}/{unit.booking_reference}"
        chosen, own = unit_of(unit), _cut(departure, place)
        sought = sought_by(unit, departure.route_id, departure.arrival)
        free = partial(_sailed_as, unit.booking_reference)
        found = _find(context, "booking", key, sought, free)
        if found is None and (chosen is None or not unit.boarded):
            for each in (key, *stated_on(unit)):
                context.wait(LEFT, each, own)
            continue
        movement, link = found or _begin(context, "booking", key, chosen, own)
        before, held = movement, movement.ferry_departure
        if held is None or departure.departed_at >= held.departed_at:
            movement = replace(movement, ferry_departure=own)
            if unit.boarded:
                movement = _at(movement, departure.route_id, departure.arrival)
        _settle(context, movement, link, ("booking", key), before)


def _sailed_as(reference: str, movement: Movement) -> bool:
    return movement.ferry_departure is None and carried_as(movement, reference)


def _cut(departure: FerryDeparture, place: int) -> FerryDeparture:
    """A departure with one of its units, and without what its reader noted of others."""
    others, own = "units[", f"units[{place}]"
    flags = tuple(each for each in departure.flags if each.startswith(own) or not each.startswith(others))
    return replace(departure, units=(departure.units[place - 1],), flags=flags)


def link_goods_movement(context: Context, goods_movement: GoodsMovement) -> None:
    """Join a goods movement to its crossing, and the declarations that it names to the crossing."""
    key = goods_movement.gmr_id
    unit, arrival = unit_of(goods_movement), arrival_of(goods_movement)
    sought = sought_by(goods_movement, goods_movement.route_id, arrival, goods_movement.updated_at)
    found = _find(
        context,
        "gmr",
        key,
        sought,
        lambda movement: _may_have(movement, goods_movement),
        lambda rivals: _with_aboard(context, goods_movement, rivals),
    )
    if found is None:
        found = _by_declaration(context, goods_movement)
    if found is None and unit is None:
        unit = unit_by_reference(key)
    movement, link = found or _begin(context, "gmr", key, unit, goods_movement, arrival=arrival)
    before = movement
    own = _merged(movement.goods_movement, replace(goods_movement, inspection_required=None, report_to=()))
    told = with_told(movement.told, sought)
    movement = replace(movement, goods_movement=own, told=told)
    if not by_carrier(movement):
        movement = _at(movement, own.route_id, arrival_of(own))
        movement = replace(movement, near=own.updated_at)
    control = goods_movement.inspection_required or bool(goods_movement.report_to)
    if control and movement.control_at is None:
        movement = replace(movement, control_at=context.known_at)
    for kind, reference in names_in(goods_movement):
        context.name(f"movement by {kind}", reference, movement.movement_id)
        movement = _take_aboard(context, movement, kind, reference)
    _settle(context, movement, link, ("gmr", key), before)
    _hear_departure(context, *stated_on(goods_movement))


def _may_have(movement: Movement, goods_movement: GoodsMovement) -> bool:
    """Whether a crossing has no goods movement, or one whose reference is this one's but for how it was received."""
    held = movement.goods_movement
    if held is None or alike(held.gmr_id, goods_movement.gmr_id):
        return True
    return not (GMR.fullmatch(held.gmr_id) and GMR.fullmatch(goods_movement.gmr_id))


def _with_aboard(context: Context, goods_movement: GoodsMovement, rivals: Sequence[Movement]) -> Movement | None:
    """The crossing that has aboard what a goods movement names; None where none has."""
    named = {identity for name in names_in(goods_movement) for identity in context.named(*name)}
    return next((each for each in rivals if named & set(each.aboard)), None)


def _find(
    context: Context,
    kind: str,
    key: str,
    sought: Sought,
    free: Callable[[Movement], bool],
    among: Among = itemgetter(0),
) -> tuple[Movement, Link] | None:
    """The crossing by its own reference, else by registration, port and time, of those free of such a record."""
    for identity in context.named(kind, key):
        movement = context.movement(identity)
        if movement is not None:
            return movement, context.evidence(kind, key)
    return find_by_registration(context, sought, free, among)


def _by_declaration(context: Context, goods_movement: GoodsMovement) -> tuple[Movement, Link] | None:
    """The crossing of a declaration that this goods movement names, if no other goods movement has it."""
    for kind, reference in names_in(goods_movement):
        for identity in context.named(kind, reference):
            version = context.consignment(identity)
            for each in version.movements if version else ():
                movement = context.movement(each)
                if movement is not None and movement.goods_movement is None:
                    return movement, context.evidence(f"goods movement names {kind}", reference)
    return None


def _begin(
    context: Context,
    kind: str,
    key: str,
    unit: Unit | None,
    crossing: Crossing | FerryDeparture,
    *,
    arrival: Instant | None = None,
) -> tuple[Movement, Link]:
    chosen = unit or unit_by_reference(key)
    stated = crossing.units[0] if isinstance(crossing, FerryDeparture) else crossing
    begun = Movement(
        movement_id=movement_id("gmr" if kind == "gmr" else "check_in" if kind == "check_in" else "booking", key),
        unit=chosen,
        mode=mode_of(stated.unaccompanied),
        arrival=None,
        arrival_port=None,
    )
    return _at(begun, crossing.route_id, arrival or crossing.arrival), context.evidence(kind, key)


def _at(movement: Movement, route_id: str | None, arrival: Instant | None) -> Movement:
    route = FERRY_ROUTES.get(route_id or "")
    return replace(
        movement,
        route_id=route_id or movement.route_id,
        arrival=arrival if arrival is not None else movement.arrival,
        arrival_port=route.arrival if route else movement.arrival_port,
    )


def _due(movement: Movement, route_id: str, arrival: Instant) -> Movement:
    """A movement at the sailing that it is booked on; one that has sailed stays on its own."""
    return (
        movement
        if movement.ferry_departure is not None and not left_behind(movement)
        else _at(movement, route_id, arrival)
    )


def _as_sailed(movement: Movement) -> Movement:
    """A movement on the sailing that took it."""
    sailed = movement.ferry_departure
    return movement if sailed is None or left_behind(movement) else _at(movement, sailed.route_id, sailed.arrival)


def _merged(held: GoodsMovement | None, new: GoodsMovement) -> GoodsMovement:
    """What the newest message says, and what an earlier one said where it is silent."""
    if held is None:
        return new
    older = (new.updated_at or 0) < (held.updated_at or 0)
    first, second = (held, new) if older else (new, held)
    silent = {
        each.name: getattr(second, each.name) for each in fields(first) if getattr(first, each.name) in (None, (), "")
    }
    if GMR.fullmatch(second.gmr_id) and not GMR.fullmatch(first.gmr_id):
        silent["gmr_id"] = second.gmr_id
    return replace(first, **silent)


def _take_aboard(context: Context, movement: Movement, kind: str, reference: str) -> Movement:
    """Put the consignments that this reference names on the movement; an exact key outweighs a time window."""
    for identity in context.named(kind, reference):
        version = context.consignment(identity)
        if version is None or version.joined_into is not None:
            continue
        link = context.evidence(f"goods movement names {kind}", reference)
        if movement.movement_id in version.movements:  # found by registration before: now it is sure
            recompose(context, version, movements_of(context, version), link)
            continue
        movement = board_named(context, version, movement, (link,))
    return movement


def _with_unit(movement: Movement) -> Movement:
    """The movement with unit and mode as its surest record states them, whichever came last."""
    sailed = movement.ferry_departure.units if movement.ferry_departure and not left_behind(movement) else ()
    records = [each for each in (*sailed, movement.check_in, movement.booking, movement.goods_movement) if each]
    units = [unit for each in records if (unit := unit_of(each)) is not None]
    if not records:
        return movement
    return replace(movement, unit=units[0] if units else movement.unit, mode=mode_of(records[0].unaccompanied))


def _settle(context: Context, movement: Movement, link: Link, exact: tuple[str, str], before: Movement) -> None:
    """Keep the movement with its new evidence, file it under what it states now, and recompose all aboard.

    What it stated before and no longer does is unfiled: an amended registration attracts no later message. Where it
    states something new it may turn out to be another crossing that is known.
    """
    context.name(*exact, movement.movement_id)
    if exact[0] == "booking":
        context.name("bare booking", exact[1].partition("/")[2], movement.movement_id)
    keys = {(each.stream, each.key, each.value) for each in movement.links}
    if (link.stream, link.key, link.value) not in keys:
        movement = replace(movement, links=(*movement.links, link))
    stated = stated_numbers(before)
    if by_carrier(movement) and stated_numbers(movement) != stated:
        movement = _as_sailed(with_records_alike(context, movement))
    movement = with_previous(context, _with_unit(movement))
    numbers = stated_numbers(movement)
    for stale in set(stated) - {*numbers, movement.unit.number}:
        context.unfile_candidate("registration", stale, movement.movement_id)
    file_movement(context, movement, numbers)
    recompose_aboard(context, movement)
    begun = not by_carrier(before) and before.goods_movement is None
    if (movement.aboard or not begun) and (numbers, movement.arrival, movement.aboard) != (
        stated,
        before.arrival,
        before.aboard,
    ):
        with_its_other_half(context, context.movement(movement.movement_id) or movement)
    paired = pair_again(context, movement)
    if (numbers, movement.arrival, movement.booking) != (stated, before.arrival, before.booking):
        fit_again(context, paired)
