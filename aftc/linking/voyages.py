"""Voyages: containers on a vessel's call, exact by container and voyage, else by container and arrival."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import Candidate, Context, Movement
from aftc.linking.keys import movement_id, normal_reference, normal_registration
from aftc.linking.stowage import settle_stowage
from aftc.linking.versions import movements_of, recompose
from aftc.records import ConsignmentVersion, Link, Mode, Unit, UnitKind

__all__ = ["VOYAGE_WINDOW", "WINDOW_CONFIDENCE", "in_the_same_containers", "voyage_movements"]

MOST_EXPECTED = 100  # different arrivals that are remembered of one voyage
VOYAGE_WINDOW = 5 * DAY  # a container does not arrive twice by sea at one port within this
WINDOW_CONFIDENCE = 0.8


def in_the_same_containers(context: Context, version: ConsignmentVersion) -> Iterator[str]:
    """Ids of the consignments in a consignment's containers."""
    return (each for movement in movements_of(context, version) for each in movement.aboard)


def voyage_movements(
    context: Context,
    containers: tuple[str, ...],
    *,
    voyage: str | None,
    arrival: Instant | None,
    port: str | None,
    reported_at: Instant | None = None,
) -> tuple[list[Movement], tuple[Link, ...]]:
    """The movement of each container on this voyage, found or begun, with the evidence.

    Args:
        context: Of the message.
        containers: As stated.
        voyage: Number that is stated; a movement keeps all that anybody states.
        arrival: At the port (event time).
        port: UN/LOCODE of arrival.
        reported_at: When a manifest that states this was prepared (event time); None where a declaration does.
    """
    stated = normal_reference(voyage) if voyage else None
    movements, evidence = [], []
    for number in dict.fromkeys(filter(None, map(normal_registration, containers))):
        movement, link = _find(context, number, stated, arrival, port) or _begin(context, number, stated, arrival, port)
        if arrival is not None:
            movement = _arriving(movement, arrival, reported_at)
        if stated is not None and stated not in movement.voyages:
            movement = replace(movement, voyages=(*movement.voyages, stated))
        movement = _whole(context, number, movement)
        context.store_movement(movement)
        context.file_candidate("registration", number, movement)
        settle_stowage(context, number)
        if reported_at is not None:
            _tell_arrival(context, movement)
        movements.append(context.movement(movement.movement_id) or movement)
        evidence.append(link)
    return movements, tuple(evidence)


def _tell_arrival(context: Context, movement: Movement) -> None:
    """New versions for those aboard whom no manifest names, and who arrive otherwise than they declared."""
    for identity in movement.aboard:
        version = context.consignment(identity)
        if version is not None and version.manifest is None and version.scheduled_arrival != movement.arrival:
            recompose(context, version, movements_of(context, version))


def _arriving(movement: Movement, arrival: Instant, reported_at: Instant | None) -> Movement:
    """The movement with one more statement of its arrival: the last manifest's stands, else the middle one declared."""
    if reported_at is not None:
        late = movement.reported_at is not None and movement.reported_at > reported_at
        return movement if late else replace(movement, arrival=arrival, reported_at=reported_at)
    expected = tuple(sorted({*movement.expected, arrival})[:MOST_EXPECTED])
    middle = expected[(len(expected) - 1) // 2]
    return replace(
        movement, expected=expected, arrival=movement.arrival if movement.reported_at is not None else middle
    )


def _find(
    context: Context, number: str, voyage: str | None, arrival: Instant | None, port: str | None
) -> tuple[Movement, Link] | None:
    held = context.candidates("registration", number)
    for candidate in held:
        if voyage is not None and voyage in candidate.voyages:
            movement = context.movement(candidate.movement_id)
            if movement is not None:
                return movement, context.evidence("container+voyage", f"{number} {voyage}")
    for candidate in held:
        if _one_arrival(candidate, arrival, port):
            movement = context.movement(candidate.movement_id)
            if movement is not None and movement.mode is Mode.CONTAINER:
                return movement, context.evidence("container+arrival", number, WINDOW_CONFIDENCE)
    return None


def _one_arrival(candidate: Candidate, arrival: Instant | None, port: str | None) -> bool:
    if arrival is None or candidate.arrival is None or (port is not None and candidate.port not in (None, port)):
        return False
    return abs(candidate.arrival - arrival) <= VOYAGE_WINDOW


def _whole(context: Context, number: str, movement: Movement) -> Movement:
    """The movement with all that others hold which turn out to be the same arrival of its container."""
    for candidate in context.candidates("registration", number):
        other = context.movement(candidate.movement_id)
        if other is None or other.movement_id == movement.movement_id or other.mode is not Mode.CONTAINER:
            continue
        if not _one_arrival(candidate, movement.arrival, movement.arrival_port):
            continue
        movement = replace(
            movement,
            voyages=tuple(dict.fromkeys((*movement.voyages, *other.voyages))),
            aboard=tuple(dict.fromkeys((*movement.aboard, *other.aboard))),
        )
        for each in other.expected:
            movement = _arriving(movement, each, None)
        if other.reported_at is not None and other.arrival is not None:
            movement = _arriving(movement, other.arrival, other.reported_at)
        context.store_movement(movement)
        context.store_movement(replace(other, merged_into=movement.movement_id, aboard=()))
        context.unfile_candidate("registration", number, other.movement_id)
        for identity in other.aboard:
            version = context.consignment(identity)
            if version is not None and version.joined_into is None:
                recompose(context, version, movements_of(context, version))
    return movement


def _begin(
    context: Context, number: str, voyage: str | None, arrival: Instant | None, port: str | None
) -> tuple[Movement, Link]:
    identity = movement_id("voyage", f"{number}/{voyage or arrival}")
    if context.movement(identity) is not None:  # a voyage number used again, long after the first was forgotten
        identity = movement_id("voyage", f"{number}/{voyage}/{arrival}")
    movement = Movement(
        movement_id=identity,
        unit=Unit(UnitKind.CONTAINER, number),
        mode=Mode.CONTAINER,
        arrival=arrival,
        arrival_port=port,
        voyages=(voyage,) if voyage else (),
    )
    return movement, context.evidence("container+voyage" if voyage else "container", f"{number} {voyage or ''}".strip())
