"""Detections and selectors that raise one doubt each, with its flag, and sound ones."""

from __future__ import annotations

from typing import Any

from aftc.clock import DAY
from aftc.records import (
    ConditionKind,
    Credibility,
    Detection,
    DetectionCause,
    DetectionMeans,
    DetectionResult,
    Record,
    Selector,
    SelectorCondition,
    SelectorStanding,
    Unit,
    UnitKind,
)
from aftc.testing import ARRIVAL, a_detection, a_selector

__all__ = ["DOUBTFUL_PARTNERS", "SOUND_PARTNERS", "partner_stream"]


def partner_stream(record: Record) -> str | None:
    """The stream of a detection or selector, None of any other record."""
    if isinstance(record, Detection):
        return "detection"
    return "selector" if isinstance(record, Selector) else None


def _portal(**given: Any) -> Detection:
    routine: dict[str, Any] = {"cause": DetectionCause.ROUTINE, "selection": None, "confidence": None}
    return a_detection(**routine, **{"means": DetectionMeans.RADIATION_PORTAL, **given})


def _of(kind: ConditionKind, value: str) -> Selector:
    return a_selector(SelectorCondition(kind, value))


def _box(number: str) -> Detection:
    return a_detection(unit=Unit(UnitKind.CONTAINER, number))


DOUBTFUL_PARTNERS: list[tuple[Record, str]] = [
    (a_detection(detected_at=ARRIVAL - DAY), "detected_at: before arrival"),
    (_portal(), "result: not a portal's result: 'anomaly'"),
    (_box("BOX1"), "unit: not of the form of a container number: 'BOX1'"),
    (_box("CSQU3054384"), "unit: wrong check digit: 'CSQU3054384'"),
    (a_selector(valid_until=ARRIVAL - 5 * DAY), "valid_until: not after its beginning"),
    (
        a_selector(valid_from=ARRIVAL - 9 * DAY, valid_until=ARRIVAL - 6 * DAY),
        "valid_until: before the issue",
    ),
    (_of(ConditionKind.PHONE, "+44 20 7946 0000"), "conditions: stated by no stream: 'phone'"),
    (
        a_selector(standing=SelectorStanding.FACT, credibility=Credibility.SUSPECTED_FALSE),
        "standing: suspected to be false: 'fact'",
    ),
    (_of(ConditionKind.CONTAINER, "CSQU3054384"), "conditions: not a container number: 'CSQU3054384'"),
]
SOUND_PARTNERS: list[Record] = [
    a_detection(),
    _portal(result=DetectionResult.ALARM, detected_at=ARRIVAL - DAY),
    _box("CSQU3054383"),
    a_selector(),
    a_selector(withdrawn=True, valid_from=ARRIVAL - 9 * DAY, valid_until=ARRIVAL - 6 * DAY),
    _of(ConditionKind.CONTAINER, "CSQU3054383"),
]
