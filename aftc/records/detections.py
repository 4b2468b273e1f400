"""What detection at a port gives: scans, dogs, swabs and portals, with their results and why they were made."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.examinations import Unit

__all__ = ["Detection", "DetectionCause", "DetectionMeans", "DetectionResult"]


class DetectionMeans(StrEnum):
    """By what a unit or its goods were tried."""

    X_RAY = "x_ray"
    DOG = "dog"
    TRACE = "trace"
    RADIATION_PORTAL = "radiation_portal"


class DetectionCause(StrEnum):
    """Why: all traffic passes (routine), or a selection asked for it (directed)."""

    ROUTINE = "routine"
    DIRECTED = "directed"


class DetectionResult(StrEnum):
    """What it gave: nothing, something that the operator did not expect, or an alarm of the device or dog."""

    NO_ANOMALY = "no_anomaly"
    ANOMALY = "anomaly"
    ALARM = "alarm"


class Detection(Struct, frozen=True):
    """One trial of a unit, or of the goods of a declaration, by one means.

    `unit` or `mrn` says of what, or both. `revision` counts corrections from 0; a later one replaces an earlier one.
    `selection` is the reference of the selection that asked for a directed one (the examination that it leads to), None
    for a routine one. `confidence` is the operator's, in per cent. `detected_at` and `arrival` are event times.
    """

    detection_id: str
    revision: int
    cause: DetectionCause
    means: DetectionMeans
    result: DetectionResult
    detected_at: Instant
    place: str
    unit: Unit | None = None
    mrn: str | None = None
    selection: str | None = None
    confidence: int | None = None
    device: str | None = None
    arrival: Instant | None = None
    flags: tuple[str, ...] = ()
