"""Outcomes: to the movement of the examined unit, and to the consignments that the officer named."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import DAY, HOUR, Instant
from aftc.linking.context import Context
from aftc.linking.keys import consignment_id, normal_reference, normal_registration, normal_waybill
from aftc.linking.waiting import let_wait
from aftc.records import Examination, Threat

__all__ = ["ResolvedFind", "ResolvedOutcome", "aboard_movement", "movement_of_unit", "outcome_of", "resolve_outcome"]

EXAMINED_WITHIN = 14 * DAY  # between a unit's arrival and the record of its examination
EARLY = 6 * HOUR  # a unit may arrive, and be examined, this long before its scheduled arrival


class ResolvedFind(Struct, frozen=True):
    """A find with the consignment's id; None where it labels the unit alone."""

    threat: Threat
    consignment_id: str | None


class ResolvedOutcome(Struct, frozen=True):
    """An examination with the ids it concerns, as known when its message came.

    `named` are the consignments it labels: those the officer named, else the only one aboard.
    """

    examination: Examination
    movements: tuple[str, ...]
    aboard: tuple[str, ...]
    named: tuple[str, ...]
    finds: tuple[ResolvedFind, ...]


def resolve_outcome(context: Context, examination: Examination) -> ResolvedOutcome:
    """Find what an examination speaks of; nothing found leaves the lists empty, and it waits until something is."""
    resolved = outcome_of(context, examination)
    if not resolved.movements and not resolved.aboard:
        stated = (*examination.consignments, *(each.consignment for each in examination.finds if each.consignment))
        let_wait(context, examination, stated)
    return resolved


def outcome_of(context: Context, examination: Examination) -> ResolvedOutcome:
    """An examination with what is known now of the unit and the consignments that it names."""
    found = [_consignment(context, each.consignment) if each.consignment else None for each in examination.finds]
    stated = (*(_consignment(context, each) for each in examination.consignments), *found)
    named = tuple(dict.fromkeys(each for each in stated if each is not None))
    movement = _movement_of_named(context, named) or _movement_examined(context, examination)
    movements = (movement,) if movement else ()
    aboard = tuple(dict.fromkeys((*(aboard_movement(context, movement) if movement else ()), *named)))
    if not named and len(aboard) == 1:
        named = aboard
    only = named[0] if len(named) == 1 else None
    finds = tuple(
        ResolvedFind(each.threat, resolved or (None if each.consignment else only))
        for each, resolved in zip(examination.finds, found, strict=True)
    )
    return ResolvedOutcome(examination, movements, aboard, named, finds)


def _movement_of_named(context: Context, named: tuple[str, ...]) -> str | None:
    """The first movement of the first named consignment: an exact key outweighs a registration in a time window."""
    for identity in named:
        version = context.consignment(identity)
        if version is not None and version.movements:
            return version.movements[0]
    return None


def _consignment(context: Context, reference: str) -> str | None:
    """Id of a consignment by id, transport document, UCR or MRN; a joined one's successor stands for it."""
    documents = (normal_reference(reference), normal_waybill(reference))
    direct = (reference, *(consignment_id("document", each) for each in dict.fromkeys(documents)))
    for identity in (
        *direct,
        *context.named("ucr", reference),
        *context.named("mrn", reference),
        *(_onlyaboard_movement(context, each) for each in context.named("bare booking", reference)),
    ):
        version = context.standing(identity) if identity else None
        if version is not None:
            return version.consignment_id
    return None


def _onlyaboard_movement(context: Context, movement: str) -> str | None:
    """The consignment that a booking stands for; None where several are aboard."""
    aboard = aboard_movement(context, movement)
    return aboard[0] if len(aboard) == 1 else None


def _movement_examined(context: Context, examination: Examination) -> str | None:
    wanted = examination.arrival if examination.arrival is not None else examination.started_at
    near = wanted if wanted is not None else examination.recorded_at
    return movement_of_unit(context, examination.unit.number, near, examination.recorded_at)


def movement_of_unit(context: Context, number: str, near: Instant, latest: Instant) -> str | None:
    """The unit's movement whose arrival is nearest to a time, and not after what is told of it (event times)."""
    fitting = [
        each
        for each in context.candidates("registration", normal_registration(number))
        if each.arrival is not None and abs(each.arrival - near) <= EXAMINED_WITHIN and each.arrival <= latest + EARLY
    ]
    if not fitting:
        return None
    nearest = min(fitting, key=lambda each: (abs((each.arrival or 0) - near), each.movement_id))
    movement = context.movement(nearest.movement_id)
    return movement.movement_id if movement else None


def aboard_movement(context: Context, identity: str) -> tuple[str, ...]:
    """Consignments on a movement; of an empty one its placeholder."""
    movement = context.movement(identity)
    if movement is None:
        return ()
    return movement.aboard or ((consignment_id("movement", identity),) if movement.placeholder else ())
