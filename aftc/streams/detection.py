"""Detection at a port: the project's own JSON, `docs/schemas/detection.schema.json`.

What is directed was caused by a selection and is kept from the features, so a message that says neither is refused.
"""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec

from aftc.clock import from_datetime
from aftc.errors import MalformedMessage
from aftc.records import Detection, DetectionCause, DetectionMeans, DetectionResult, Unit
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import (
    Count,
    Reference,
    Time,
    UnitFields,
    encode,
    instant,
    time,
    time_or_none,
)

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "detection"

_MARK: Final = re.compile(rb'"messageType"\s*:\s*"detectionResult"')
_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class _Detection(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="detectionResult"
):
    detection_id: Reference
    revision: Count
    cause: DetectionCause
    means: DetectionMeans
    result: DetectionResult
    detected_at: Time
    place: Reference
    unit: UnitFields | None = None
    mrn: Reference | None = None
    selection: Reference | None = None
    confidence: _Percent | None = None
    device: Reference | None = None
    arrival: Time | None = None


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of a detection."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[Detection, ...]:
    """The detection in a message.

    Raises:
        MalformedMessage: not JSON, a field missing or of the wrong type, nothing that was tried, or a selection that
            is not stated of a directed one, or is of a routine one.
        OversizeMessage: nested deeper than the reader's limit.
    """
    wire, unknown = decode_as(raw, _Detection)
    if wire.unit is None and wire.mrn is None:
        raise MalformedMessage("a unit or an MRN that was tried", "neither")
    directed = wire.cause is DetectionCause.DIRECTED
    if directed != (wire.selection is not None):
        expected = "the selection that directed it" if directed else "no selection of what is routine"
        raise MalformedMessage(expected, wire.selection or "none")
    return (
        Detection(
            detection_id=wire.detection_id,
            revision=wire.revision,
            cause=wire.cause,
            means=wire.means,
            result=wire.result,
            detected_at=from_datetime(wire.detected_at),
            place=wire.place,
            unit=Unit(wire.unit.kind, wire.unit.number) if wire.unit else None,
            mrn=wire.mrn,
            selection=wire.selection,
            confidence=wire.confidence,
            device=wire.device,
            arrival=instant(wire.arrival),
            flags=unknown,
        ),
    )


def build(detection: Detection) -> bytes:
    """The message of a record; `parse` gives it back, but for flags.

    Raises:
        InputError: a time not within the years 1 to 9999.
    """
    unit = detection.unit
    return encode(
        _Detection(
            detection_id=detection.detection_id,
            revision=detection.revision,
            cause=detection.cause,
            means=detection.means,
            result=detection.result,
            detected_at=time(detection.detected_at),
            place=detection.place,
            unit=UnitFields(unit.kind, unit.number) if unit else None,
            mrn=detection.mrn,
            selection=detection.selection,
            confidence=detection.confidence,
            device=detection.device,
            arrival=time_or_none(detection.arrival),
        )
    )
