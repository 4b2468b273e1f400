"""Detections: to the movement of the unit that was tried, and to the consignments of the declaration named.

What is directed was caused by a selection: it bounds the decision about all aboard by when its message came, as control
messages do. No detection makes a version say anything else, so that nothing is learnt from one.
"""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.linking.context import Answer, Context
from aftc.linking.keys import normal_reference
from aftc.linking.outcomes import aboard_movement, movement_of_unit
from aftc.linking.responses import hold
from aftc.linking.waiting import let_wait
from aftc.records import Detection, DetectionCause

__all__ = ["ResolvedDetection", "detection_of", "resolve_detection"]


class ResolvedDetection(Struct, frozen=True):
    """A detection with the ids that it concerns, as known when its message came."""

    detection: Detection
    movements: tuple[str, ...]
    aboard: tuple[str, ...]


def resolve_detection(context: Context, detection: Detection) -> ResolvedDetection:
    """Find what a detection speaks of, and hold it if a selection asked; nothing found waits, with empty lists."""
    resolved = detection_of(context, detection, context.known_at)
    if not resolved.movements and not resolved.aboard:
        let_wait(context, detection, (detection.mrn,) if detection.mrn else ())
    if detection.mrn is not None and detection.cause is DetectionCause.DIRECTED and not _declared(context, detection):
        mrn = normal_reference(detection.mrn)
        link = context.evidence("directed detection on mrn", mrn)
        context.file_answer("mrn", mrn, Answer(None, None, mrn, None, context.known_at, (), link))
    return resolved


def detection_of(context: Context, detection: Detection, known_at: Instant) -> ResolvedDetection:
    """A detection with what is known now of its unit and declaration, held where a selection asked for it.

    Args:
        context: Of the message that tells of these.
        detection: What was tried.
        known_at: When its own message came.
    """
    near = detection.arrival if detection.arrival is not None else detection.detected_at
    unit = detection.unit
    movement = movement_of_unit(context, unit.number, near, max(near, known_at)) if unit else None
    movements = (movement,) if movement else ()
    aboard = aboard_movement(context, movement) if movement else ()
    concerned = tuple(dict.fromkeys((*aboard, *_declared(context, detection))))
    if detection.cause is DetectionCause.DIRECTED:
        for identity in concerned:
            hold(context, identity, known_at)
    return ResolvedDetection(detection, movements, concerned)


def _declared(context: Context, detection: Detection) -> tuple[str, ...]:
    """The consignments of the declaration that it names."""
    named = context.named("mrn", detection.mrn) if detection.mrn else ()
    standing = (context.standing(each) for each in named)
    return tuple(dict.fromkeys(each.consignment_id for each in standing if each is not None))
