"""Crossings that were begun twice: merged when a later message shows that the two are one.

A mistyped registration, a goods movement without a time or a declaration of another trailer begins a movement of its
own beside that of the booking. What comes later (a check-in, an update, a declaration that the goods movement names)
may state what the two have in common: then they become one, with the evidence of the join. What was known before stays
in the versions made before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from aftc.linking.context import Context, Movement, Sought
from aftc.linking.keys import normal_registration
from aftc.linking.movements import (
    booked_nearest,
    booked_under,
    by_carrier,
    carried_as,
    find_by_registration,
    lorry_of,
    stated_numbers,
    with_told,
)
from aftc.linking.versions import absorb, board, merged_links, recompose
from aftc.records import ConsignmentVersion, EntrySummary, Link, Mode, Record
from aftc.reference.ports import port_of_office

__all__ = [
    "RORO",
    "board_named",
    "crossing_known",
    "declared_by",
    "entry_numbers",
    "half_known",
    "lorry_named",
    "merge",
    "with_its_other_half",
    "with_records_alike",
]

RORO = frozenset((Mode.RORO_ACCOMPANIED, Mode.RORO_UNACCOMPANIED))
SHIP = re.compile(r"\s*(?:IMO\s*)?[0-9]{7}\s*", re.IGNORECASE)
MOST_ASKED = 5  # declarations aboard whose registrations are tried


def with_its_other_half(context: Context, movement: Movement) -> Movement:
    """The movement, merged with one that has what it lacks: the carrier's records, the goods movement, declarations.

    Args:
        context: Of the message that changed it.
        movement: As stored, all aboard recomposed.
    """

    def fits(other: Movement) -> bool:
        return other.movement_id != movement.movement_id and _complementary(movement, other)

    for sought, mass in _sought(context, movement):
        found = find_by_registration(context, sought, fits, partial(booked_nearest, mass))
        if found is not None:
            return merge(context, movement, *found)
    return movement


def with_records_alike(context: Context, movement: Movement) -> Movement:
    """The movement, merged with those of the records that it lacks, whose booking reference is its own but for a slip.

    Args:
        context: Of the message that made it state other registrations.
        movement: Known from its carrier.
    """

    def fits(other: Movement) -> bool:
        return (
            other.movement_id != movement.movement_id
            and by_carrier(other)
            and any(carried_as(other, each) for each in booked_under(movement))
            and not any(None not in pair for pair in zip(_records(movement), _records(other), strict=True))
        )

    own = Sought(stated_numbers(movement), movement.arrival, movement.arrival_port)
    while (found := find_by_registration(context, own, fits)) is not None:
        movement = merge(context, movement, *found)
    return movement


def _records(movement: Movement) -> tuple[Record | None, ...]:
    return (movement.booking, movement.check_in, movement.ferry_departure, movement.goods_movement)


def board_named(context: Context, version: ConsignmentVersion, named: Movement, evidence: tuple[Link, ...]) -> Movement:
    """Put a consignment aboard the crossing whose goods movement names it.

    The crossing on which it was found until now is the same one where each has what the other lacks: the goods movement
    would have joined it, had it come last.

    Args:
        context: Of the message that shows it.
        version: The consignment, as the message makes it.
        named: The crossing.
        evidence: What the message tells of the consignment, that it is named last.

    Returns:
        The crossing, with the consignment aboard.
    """
    held = context.movement(version.movements[0]) if len(version.movements) == 1 else None
    if held is not None and held.movement_id != named.movement_id and _complementary(named, held):
        context.store_version(version)
        named = merge(context, named, held, evidence[-1])
        version = context.consignment(version.consignment_id) or version
    version, boarded = board(context, version, [named], evidence)
    recompose(context, version, boarded)
    return boarded[0]


def half_known(movement: Movement) -> bool:
    """Whether a crossing is known from its goods movement, and not from the carrier."""
    return movement.goods_movement is not None and not by_carrier(movement)


def crossing_known(movement: Movement) -> bool:
    """Whether a crossing is known from its carrier or its haulier, and not from declarations alone."""
    return movement.mode in RORO and (by_carrier(movement) or movement.goods_movement is not None)


def entry_numbers(entry: EntrySummary) -> tuple[str, ...]:
    """Registrations and containers that a declaration names, the goods' before the lorry's; a ship's is none."""
    named = [number for goods in entry.items for number in (*goods.vehicles, *goods.containers)]
    if entry.conveyance_identity and not SHIP.fullmatch(entry.conveyance_identity):
        named.append(entry.conveyance_identity)
    return tuple(dict.fromkeys(filter(None, map(normal_registration, named))))


def lorry_named(entry: EntrySummary) -> str | None:
    """Registration of the lorry that a declaration names as the means of transport; a ship is none."""
    named = entry.conveyance_identity
    return normal_registration(named) or None if named and not SHIP.fullmatch(named) else None


def declared_by(entry: EntrySummary, unaccompanied: bool) -> Sought:
    """What a declaration tells of the crossing that brings its goods."""
    port = port_of_office(entry.office_of_first_entry) if entry.office_of_first_entry else None
    lorry = None if unaccompanied else lorry_named(entry)
    return Sought(entry_numbers(entry), entry.expected_arrival, port.code if port else None, lorry=lorry)


def _complementary(one: Movement, other: Movement) -> bool:
    if other.mode not in RORO or other.voyages:
        return False
    both_by_carrier = by_carrier(one) and by_carrier(other)
    both_by_haulier = one.goods_movement is not None and other.goods_movement is not None
    by_declarants = not (by_carrier(one) or one.goods_movement) and not (by_carrier(other) or other.goods_movement)
    return not (both_by_carrier or both_by_haulier or by_declarants)


def _sought(context: Context, movement: Movement) -> Iterator[tuple[Sought, int | None]]:
    """What its own records state, then what the declarations aboard do, with their mass."""
    numbers = tuple(dict.fromkeys((*stated_numbers(movement), movement.unit.number)))
    accompanied = movement.mode is Mode.RORO_ACCOMPANIED
    pulled = lorry_of(movement.check_in, movement.booking, movement.goods_movement) if accompanied else ()
    yield Sought(numbers, movement.arrival, movement.arrival_port, lorry=next(iter(pulled), None)), None
    for identity in movement.aboard[:MOST_ASKED]:
        version = context.consignment(identity)
        entry = version.entry if version else None
        if entry is not None:
            declared = declared_by(entry, not accompanied)
            yield replace(declared, port=declared.port or movement.arrival_port), entry.total_gross_mass_g


def merge(context: Context, movement: Movement, other: Movement, link: Link) -> Movement:
    """One movement of two: the carrier's stands, else the haulier's."""
    kept, lost = (movement, other) if _rank(movement) >= _rank(other) else (other, movement)
    numbers = {lost.unit.number, *stated_numbers(lost)}
    for identity in lost.aboard:
        version = context.consignment(identity)
        numbers |= set(entry_numbers(version.entry)) if version and version.entry else set()
    for number in sorted(numbers):
        context.unfile_candidate("registration", number, lost.movement_id)
    controls = [at for at in (kept.control_at, lost.control_at) if at is not None]
    merged = absorb(
        context,
        replace(
            kept,
            arrival=lost.arrival if kept.arrival is None else kept.arrival,
            arrival_port=kept.arrival_port or lost.arrival_port,
            route_id=kept.route_id or lost.route_id,
            booking=kept.booking or lost.booking,
            check_in=kept.check_in or lost.check_in,
            ferry_departure=kept.ferry_departure or lost.ferry_departure,
            goods_movement=kept.goods_movement or lost.goods_movement,
            told=with_told(kept.told, *lost.told),
            booking_amendments=max(kept.booking_amendments, lost.booking_amendments),
            control_at=min(controls, default=None),
            previous=None if kept.previous and kept.previous.movement_id == lost.movement_id else kept.previous,
            links=merged_links(kept.links, (*lost.links, link)),
        ),
        lost,
    )
    for number in dict.fromkeys((merged.unit.number, *stated_numbers(merged))):
        context.file_candidate("registration", number, merged)
    return merged


def _rank(movement: Movement) -> int:
    return 2 if by_carrier(movement) else 1 if movement.goods_movement is not None else 0
