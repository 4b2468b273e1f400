"""The crossing that fits a declaration best by registration, port and time, where nothing exact names one.

Such a join is never final. When a crossing begins or its records state something else, the declarations about it that
were joined so are looked at again: each is put where it would be, had it come last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from aftc.linking.context import Context, Movement, Sought
from aftc.linking.keys import normal_registration
from aftc.linking.movements import booked_nearest, find_by_registration, stated_numbers
from aftc.linking.same_crossing import RORO, crossing_known, declared_by, entry_numbers
from aftc.linking.stated import names_in
from aftc.linking.versions import board, recompose
from aftc.records import ConsignmentVersion, EntrySummary, Link

__all__ = ["UNACCOMPANIED", "find_crossing", "fit_again", "named_exactly", "sought_of", "units_of"]

UNACCOMPANIED = "11"  # transport mode of a declaration
MOST_ABOARD = 20  # of a crossing, whose declarations are looked at again


def units_of(entry: EntrySummary) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Vehicles of a declaration's goods, else its means of transport, and their containers; as stated, each once."""
    vehicles = tuple(dict.fromkeys(number for goods in entry.items for number in goods.vehicles))
    containers = tuple(dict.fromkeys(number for goods in entry.items for number in goods.containers))
    return vehicles or ((entry.conveyance_identity,) if entry.conveyance_identity else ()), containers


def sought_of(entry: EntrySummary) -> Sought:
    """What a declaration tells of its crossing."""
    vehicles, containers = units_of(entry)
    registrations = tuple(filter(None, map(normal_registration, (*vehicles, *containers))))
    told = declared_by(entry, entry.transport_mode == UNACCOMPANIED)
    return replace(told, registrations=registrations, near=entry.declared_at)


def find_crossing(
    context: Context, entry: EntrySummary, accepts: Callable[[Movement], bool]
) -> tuple[Movement, Link] | None:
    """The crossing nearest in time of those that state a declaration's registrations, with the evidence.

    Args:
        context: Of the message.
        entry: The declaration; it may join a crossing that has others aboard.
        accepts: Whether a crossing may be meant.
    """

    def meant(rivals: Sequence[Movement]) -> Movement:
        return booked_nearest(entry.total_gross_mass_g, rivals) or rivals[0]

    sought = sought_of(entry)
    found = find_by_registration(context, sought, accepts, meant)
    if found is None and entry.transport_mode != UNACCOMPANIED:  # the goods' may be mistyped, and the lorry's own not
        found = find_by_registration(context, replace(sought, registrations=entry_numbers(entry)), accepts)
    return found


def named_exactly(context: Context, version: ConsignmentVersion, movement: Movement) -> bool:
    """Whether the goods movement of the crossing that a consignment is on names it."""
    own = movement.goods_movement
    named = (identity for name in (names_in(own) if own is not None else ()) for identity in context.named(*name))
    standing = (context.standing(each) for each in named)
    return any(each is not None and each.consignment_id == version.consignment_id for each in standing)


def fit_again(context: Context, changed: Movement) -> None:
    """Look again at the declarations aboard a crossing that changed, and aboard those about it that share its numbers.

    Args:
        context: Of the message that changed it.
        changed: As stored, known from its carrier or its haulier.
    """
    if changed.mode not in RORO or changed.voyages:
        return
    about = {changed.movement_id: changed}
    for number in dict.fromkeys(stated_numbers(changed)):
        for candidate in context.candidates("registration", number):
            other = context.movement(candidate.movement_id)
            if other is not None and other.aboard and _near(context, changed, other):
                about[other.movement_id] = other
    if len(about) > 1:
        for identity in [each for movement in about.values() for each in movement.aboard[:MOST_ABOARD]]:
            _fit(context, identity)


def _near(context: Context, one: Movement, other: Movement) -> bool:
    if not crossing_known(other) or one.arrival is None or other.arrival is None:
        return False
    return abs(one.arrival - other.arrival) <= 2 * context.window


def _fit(context: Context, identity: str) -> None:
    version = context.consignment(identity)
    if version is None or version.entry is None or version.joined_into or len(version.movements) != 1:
        return
    held = context.movement(version.movements[0])
    if held is None or named_exactly(context, version, held):
        return
    found = find_crossing(context, version.entry, crossing_known)
    if found is not None and found[0].movement_id != held.movement_id:
        version, boarded = board(context, version, [found[0]], (found[1],))
        recompose(context, version, boarded)
