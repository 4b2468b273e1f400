"""Doubts about detections at ports."""

from __future__ import annotations

from aftc.records import Detection, DetectionCause, DetectionMeans, DetectionResult, UnitKind
from aftc.streams.quality.check import Check, Doubts, Numbers, container_checks, earlier

__all__ = ["DETECTIONS"]

STREAM = "detection"


def _early(detection: Detection) -> Doubts:
    directed = detection.cause is DetectionCause.DIRECTED
    if directed and earlier(detection.detected_at, detection.arrival):
        yield "detected_at", None


def _silent(detection: Detection) -> Doubts:
    if detection.means is DetectionMeans.RADIATION_PORTAL and detection.result is DetectionResult.ANOMALY:
        yield "result", detection.result.value


def _containers(detection: Detection) -> Numbers:
    unit = detection.unit
    return [("unit", unit.number)] if unit is not None and unit.kind is UnitKind.CONTAINER else []


DETECTIONS = (
    Check(STREAM, "before arrival", "a directed detection was made before the unit arrived", _early),
    Check(STREAM, "not a portal's result", "a radiation portal gives an alarm or none, and no anomaly", _silent),
    *container_checks(STREAM, "the unit, where it is a container", _containers),
)
