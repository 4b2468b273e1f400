"""Voyages: containers on a vessel's call, exact by container and voyage, else by container and arrival."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aftc.clock import DAY, Instant
from aftc.linking.context import Context, Movement
from aftc.linking.documents import bill_identity
from aftc.linking.keys import consignment_id, movement_id, normal_reference, normal_registration
from aftc.linking.same_consignment import pair
from aftc.linking.versions import blank, board, movements_of, recompose
from aftc.records import Bill, ConsignmentVersion, Link, Manifest, Mode, Unit, UnitKind

__all__ = ["VOYAGE_WINDOW", "WINDOW_CONFIDENCE", "in_the_same_containers", "link_manifest", "voyage_movements"]

VOYAGE_WINDOW = 5 * DAY  # a container does not arrive twice by sea at one port within this
WINDOW_CONFIDENCE = 0.8


def link_manifest(context: Context, manifest: Manifest) -> None:
    """Join each bill of a manifest to its consignment and make the next versions."""
    linked = [_link_bill(context, manifest, bill, number) for number, bill in enumerate(manifest.bills, start=1)]
    for identity in linked:
        version = context.consignment(identity)
        if version is not None and version.joined_into is None:
            pair(context, version, in_the_same_containers(context, version))


def in_the_same_containers(context: Context, version: ConsignmentVersion) -> Iterator[str]:
    """Ids of the consignments in a consignment's containers."""
    return (each for movement in movements_of(context, version) for each in movement.aboard)


def _link_bill(context: Context, manifest: Manifest, bill: Bill, number: int) -> str:
    reference = bill_identity(bill.master, bill.house) or f"{normal_reference(manifest.reference)}#{number}"
    identity = consignment_id("document", reference)
    numbers = {normal_registration(each) for each in bill.containers}
    equipment = tuple(each for each in manifest.equipment if normal_registration(each.number) in numbers)
    version = context.standing(identity) or blank(identity)
    if version.consignment_id == identity or not _holds_its_own_bill(version):
        version = replace(version, manifest=replace(manifest, bills=(bill,), equipment=equipment))
    evidence = context.evidence("transport_document", reference)
    movements, joins = voyage_movements(
        context,
        bill.containers,
        voyage=manifest.voyage,
        arrival=manifest.arrival,
        port=manifest.discharge_port,
    )
    if movements:
        version, movements = board(context, version, movements, (evidence, *joins))
        recompose(context, version, movements)
    else:
        recompose(context, version, movements_of(context, version), evidence)
    return version.consignment_id


def _holds_its_own_bill(version: ConsignmentVersion) -> bool:
    """Whether its bill has the reference by which it is known, and not one alike to that."""
    bill = version.manifest.bills[0] if version.manifest is not None else None
    reference = bill_identity(bill.master, bill.house) if bill else None
    return reference is not None and consignment_id("document", reference) == version.consignment_id


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
        movements.append(movement)
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
