"""Detections at ports, and selectors of partner agencies."""

from __future__ import annotations

from typing import Any

from aftc.clock import DAY, MINUTE
from aftc.records import (
    ConditionKind,
    Credibility,
    Detection,
    DetectionCause,
    DetectionMeans,
    DetectionResult,
    Handling,
    Reliability,
    Selector,
    SelectorCondition,
    SelectorHit,
    SelectorStanding,
    Unit,
    UnitKind,
)
from aftc.testing.declarations import ARRIVAL

__all__ = ["a_detection", "a_selector", "a_selector_hit"]


def a_detection(**given: Any) -> Detection:
    """An X-ray image of the lorry, asked for by the selection that led to `EX-1`: an anomaly."""
    defaults: dict[str, Any] = {
        "detection_id": "SCAN-1",
        "revision": 0,
        "cause": DetectionCause.DIRECTED,
        "means": DetectionMeans.X_RAY,
        "result": DetectionResult.ANOMALY,
        "detected_at": ARRIVAL + 30 * MINUTE,
        "place": "GBDVR",
        "unit": Unit(UnitKind.VEHICLE, "AB12 CDE"),
        "selection": "EX-1",
        "confidence": 80,
        "arrival": ARRIVAL,
    }
    return Detection(**{**defaults, **given})


def a_selector(*conditions: SelectorCondition, **given: Any) -> Selector:
    """An assessment of an invented agency about the lorry's registration, or about these conditions."""
    defaults: dict[str, Any] = {
        "selector_id": "S-1",
        "version": 0,
        "agency": "Partner Agency North",
        "handling": Handling.TARGETERS,
        "standing": SelectorStanding.ASSESSMENT,
        "reliability": Reliability.MOSTLY,
        "credibility": Credibility.CORROBORATED,
        "withdrawn": False,
        "issued_at": ARRIVAL - 5 * DAY,
        "valid_from": ARRIVAL - 5 * DAY,
        "valid_until": ARRIVAL + 30 * DAY,
        "conditions": conditions or (SelectorCondition(ConditionKind.VEHICLE, "AB12CDE"),),
        "text": "Words that nobody but their agency is to read",
    }
    return Selector(**{**defaults, **given})


def a_selector_hit(**given: Any) -> SelectorHit:
    """That selector, matched."""
    selector = a_selector()
    defaults: dict[str, Any] = {
        "selector_id": selector.selector_id,
        "version": selector.version,
        "agency": selector.agency,
        "handling": selector.handling,
        "standing": selector.standing,
        "reliability": selector.reliability,
        "credibility": selector.credibility,
        "issued_at": selector.issued_at,
        "matched": (ConditionKind.VEHICLE,),
        "sequence": 7,
    }
    return SelectorHit(**{**defaults, **given})
