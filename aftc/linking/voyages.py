"""Voyages: containers on a vessel's call, exact by container and voyage, else by container and arrival."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import Context, Movement
from aftc.linking.keys import movement_id, normal_reference, normal_registration
from aftc.linking.stowage import settle_stowage
from aftc.linking.versions import movements_of
from aftc.records import ConsignmentVersion, Link, Mode, Unit, UnitKind

__all__ = ["VOYAGE_WINDOW", "WINDOW_CONFIDENCE", "in_the_same_containers", "voyage_movements"]

VOYAGE_WINDOW = 5 * DAY  # a container does not arrive twice by sea at one port within this
WINDOW_CONFIDENCE = 0.8


def in_the_same_containers(context: Context, version: ConsignmentVersion) -> Iterator[str]:
    """Ids of the consignments in a consignment's containers."""
    return (each for movement in movements_of(context, version) for each in movement.aboard)


def voyage_movements(
    context: Context, containers: tuple[str, ...], *, voyage: str | None, arrival: Instant | None, port: str | None
) -> tuple[list[Movement], tuple[Link, ...]]:
    """The movement of each container on this voyage, found or begun, with the evidence."""
    movements, evidence = [], []
    for number in dict.fromkeys(filter(None, map(normal_registration, containers))):
        movement, link = _find(context, number, voyage, arrival, port) or _begin(context, number, voyage, arrival, port)
        if arrival is not None and (movement.arrival is None or context.stream == "cuscar"):
            movement = replace(movement, arrival=arrival)
        movement = replace(movement, voyage=movement.voyage or _normal_voyage(voyage))
        context.store_movement(movement)
        context.file_candidate("registration", number, movement)
        settle_stowage(context, number)
        movements.append(context.movement(movement.movement_id) or movement)
        evidence.append(link)
    return movements, tuple(evidence)


def _normal_voyage(voyage: str | None) -> str | None:
    return normal_reference(voyage) if voyage else None


def _find(
    context: Context, number: str, voyage: str | None, arrival: Instant | None, port: str | None
) -> tuple[Movement, Link] | None:
    wanted = _normal_voyage(voyage)
    held = context.candidates("registration", number)
    for candidate in held:
        if wanted is not None and candidate.voyage == wanted:
            movement = context.movement(candidate.movement_id)
            if movement is not None:
                return movement, context.evidence("container+voyage", f"{number} {wanted}")
    for candidate in held:
        unlike = wanted is not None and candidate.voyage is not None
        if unlike or arrival is None or candidate.arrival is None:
            continue
        if abs(candidate.arrival - arrival) <= VOYAGE_WINDOW and (port is None or candidate.port in (None, port)):
            movement = context.movement(candidate.movement_id)
            if movement is not None and movement.mode is Mode.CONTAINER:
                return movement, context.evidence("container+arrival", number, WINDOW_CONFIDENCE)
    return None


def _begin(
    context: Context, number: str, voyage: str | None, arrival: Instant | None, port: str | None
) -> tuple[Movement, Link]:
    wanted = _normal_voyage(voyage)
    identity = movement_id("voyage", f"{number}/{wanted or arrival}")
    if context.movement(identity) is not None:  # a voyage number used again, long after the first was forgotten
        identity = movement_id("voyage", f"{number}/{wanted}/{arrival}")
    movement = Movement(
        movement_id=identity,
        unit=Unit(UnitKind.CONTAINER, number),
        mode=Mode.CONTAINER,
        arrival=arrival,
        arrival_port=port,
        voyage=wanted,
    )
    return movement, context.evidence("container+voyage" if wanted else "container", f"{number} {wanted or ''}".strip())
