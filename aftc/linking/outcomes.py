"""Outcomes: to the movement of the examined unit, and to the consignments that the officer named."""

from __future__ import annotations

from dataclasses import dataclass

from aftc.clock import DAY, Instant
from aftc.linking.context import Context
from aftc.linking.keys import consignment_id, normal_reference, normal_registration
from aftc.records import Examination, Threat

__all__ = ["ResolvedFind", "ResolvedOutcome", "resolve_outcome"]

EXAMINED_WITHIN = 14 * DAY  # between a unit's arrival and the record of its examination


@dataclass(frozen=True, slots=True)
class ResolvedFind:
    """A find with the consignment's id; None where it labels the unit alone."""

    threat: Threat
    consignment_id: str | None


@dataclass(frozen=True, slots=True)
class ResolvedOutcome:
    """An examination with the ids it concerns, as known when its message came.

    `named` are the consignments it labels: those the officer named, else the only one aboard.
    """

    examination: Examination
    movements: tuple[str, ...]
    aboard: tuple[str, ...]
    named: tuple[str, ...]
    finds: tuple[ResolvedFind, ...]


def resolve_outcome(context: Context, examination: Examination) -> ResolvedOutcome:
    """Find what an examination speaks of; nothing found leaves the lists empty, and the record stands."""
    named = tuple(dict.fromkeys(filter(None, (_consignment(context, each) for each in examination.consignments))))
    movement = _movement_of_unit(context, examination)
    movements: tuple[str, ...] = (movement,) if movement else ()
    if not movements:
        versions = [version for each in named if (version := context.consignment(each)) is not None]
        movements = tuple(dict.fromkeys(identity for version in versions for identity in version.movements[:1]))
    aboard = tuple(dict.fromkeys(each for identity in movements for each in _aboard(context, identity)))
    if not named and len(aboard) == 1:
        named = aboard
    only = named[0] if len(named) == 1 and len(aboard) <= 1 else None
    finds = tuple(
        ResolvedFind(each.threat, _consignment(context, each.consignment) if each.consignment else only)
        for each in examination.finds
    )
    return ResolvedOutcome(examination, movements, aboard or named, named, finds)


def _consignment(context: Context, reference: str) -> str | None:
    """Id of a consignment by id, transport document, UCR or MRN; a joined one's successor stands for it."""
    direct = (reference, consignment_id("document", normal_reference(reference)))
    for identity in (
        *direct,
        *context.named("ucr", reference),
        *context.named("mrn", reference),
        *context.named("booking", reference),
    ):
        version = context.consignment(identity)
        if version is not None:
            return version.joined_into or version.consignment_id
    return None


def _movement_of_unit(context: Context, examination: Examination) -> str | None:
    """The unit's movement whose arrival is nearest to the examination's, and not after its record."""
    number = normal_registration(examination.unit.number)
    wanted = examination.arrival if examination.arrival is not None else examination.started_at
    near: Instant = wanted if wanted is not None else examination.recorded_at
    fitting = [
        each
        for each in context.candidates("registration", number)
        if each.arrival is not None and abs(each.arrival - near) <= EXAMINED_WITHIN
    ]
    if not fitting:
        return None
    return min(fitting, key=lambda each: (abs((each.arrival or 0) - near), each.movement_id)).movement_id


def _aboard(context: Context, identity: str) -> tuple[str, ...]:
    movement = context.movement(identity)
    if movement is None:
        return ()
    return movement.aboard or ((consignment_id("movement", identity),) if movement.placeholder else ())
