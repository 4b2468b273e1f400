"""Detections: to the movement of the unit that was tried, and to the consignments of the declaration named.

What is directed was caused by a selection: it bounds the decision about all aboard by when its message came, as control
messages do. No detection makes a version say anything else, so that nothing is learnt from one.
"""

from __future__ import annotations

from msgspec import Struct

from aftc.linking.context import Answer, Context
from aftc.linking.keys import normal_reference
from aftc.linking.outcomes import aboard_movement, movement_of_unit
from aftc.linking.responses import hold
from aftc.records import Detection, DetectionCause

__all__ = ["ResolvedDetection", "resolve_detection"]


class ResolvedDetection(Struct, frozen=True):
    """A detection with the ids that it concerns, as known when its message came."""

    detection: Detection
    movements: tuple[str, ...]
    aboard: tuple[str, ...]


def resolve_detection(context: Context, detection: Detection) -> ResolvedDetection:
    """Find what a detection speaks of, and hold it if a selection asked; nothing found leaves the lists empty."""
    mrn = normal_reference(detection.mrn) if detection.mrn else None
    standing = [context.standing(each) for each in context.named("mrn", mrn)] if mrn else []
    declared = tuple(dict.fromkeys(each.consignment_id for each in standing if each is not None))
    near = detection.arrival if detection.arrival is not None else detection.detected_at
    unit = detection.unit
    movement = movement_of_unit(context, unit.number, near, max(near, context.known_at)) if unit else None
    movements = (movement,) if movement else ()
    aboard = aboard_movement(context, movement) if movement else ()
    concerned = tuple(dict.fromkeys((*aboard, *declared)))
    if detection.cause is DetectionCause.DIRECTED:
        for identity in concerned:
            hold(context, identity, context.known_at)
        if mrn is not None and not declared:
            link = context.evidence("directed detection on mrn", mrn)
            context.file_answer("mrn", mrn, Answer(None, None, mrn, None, context.known_at, (), link))
    return ResolvedDetection(detection, movements, concerned)
