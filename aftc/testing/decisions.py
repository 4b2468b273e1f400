"""Versions, their assessments and what their examinations find."""

from __future__ import annotations

from typing import Any

from aftc.audit.record import Basis, Subject, SubjectKind
from aftc.clock import HOUR, MINUTE, day_of
from aftc.features.feature import Standing
from aftc.records import (
    ConsignmentVersion,
    Examination,
    Find,
    Mode,
    OutcomeKind,
    Selection,
    SelectionReason,
    Threat,
    Unit,
    UnitKind,
)
from aftc.scoring import Assessment, FeatureReason, Inputs, Reason, ThreatScore
from aftc.testing.carriage import a_manifest
from aftc.testing.declarations import ARRIVAL, a_container_entry

__all__ = ["a_basis", "a_selection", "a_subject", "a_version", "an_assessment", "an_examination"]


def a_selection(*, rule: float = 0.3, random: float = 0.02, random_fired: bool = False) -> Selection:
    """A selection with the two reasons that are always considered."""
    reasons = (SelectionReason("rule", rule, not random_fired), SelectionReason("random", random, random_fired))
    return Selection(ARRIVAL - 10 * MINUTE, reasons, 1.0 - (1.0 - rule) * (1.0 - random))


def an_examination(outcome: OutcomeKind = OutcomeKind.NEGATIVE, **given: Any) -> Examination:
    """The examination of the lorry; a positive one finds cannabis without naming a consignment."""
    found = (Find(Threat.CANNABIS, None, "herbal cannabis", 12_000, "in the load"),)
    defaults: dict[str, Any] = {
        "examination_id": "EX-1",
        "revision": 0,
        "unit": Unit(UnitKind.VEHICLE, "AB12 CDE"),
        "outcome": outcome,
        "selection": a_selection(),
        "consignments": (),
        "finds": found if outcome is OutcomeKind.POSITIVE else (),
        "method": "turn-out",
        "place": "Dover",
        "arrival": ARRIVAL,
        "started_at": ARRIVAL + HOUR,
        "ended_at": ARRIVAL + 3 * HOUR,
        "recorded_at": ARRIVAL + 4 * HOUR,
    }
    return Examination(**{**defaults, **given})


def a_version(**given: Any) -> ConsignmentVersion:
    """A container consignment of which the entry summary and the manifest are known."""
    defaults: dict[str, Any] = {
        "consignment_id": "CAAAA",
        "version": 2,
        "known_at": ARRIVAL - HOUR,
        "sequence": 2,
        "mode": Mode.CONTAINER,
        "units": (Unit(UnitKind.CONTAINER, "CSQU3054383"),),
        "movements": ("MAAAA",),
        "scheduled_arrival": ARRIVAL,
        "entry": a_container_entry(),
        "manifest": a_manifest(),
        "booking": None,
        "check_in": None,
        "goods_movement": None,
        "previous": None,
        "booking_amendments": 0,
        "control_at": None,
        "joined_from": (),
        "joined_into": None,
        "links": (),
    }
    return ConsignmentVersion(**{**defaults, **given})


def a_subject(**given: Any) -> Subject:
    """An ingested container consignment as an audit record names it."""
    defaults: dict[str, Any] = {
        "kind": SubjectKind.INGESTED,
        "consignment_id": "CAAAA",
        "version": 3,
        "mode": Mode.CONTAINER,
        "version_digest": bytes(32),
        "body": b"",
    }
    return Subject(**{**defaults, **given})


def a_basis(**given: Any) -> Basis:
    """A watermark on the day of `ARRIVAL`."""
    defaults: dict[str, Any] = {
        "sequence": 12,
        "known_at": ARRIVAL,
        "day": day_of(ARRIVAL),
        "bundle": "ab" * 32,
        "schema": "cd" * 32,
    }
    return Basis(**{**defaults, **given})


def an_assessment(**given: Any) -> Assessment:
    """An assessment of one threat with one reason, not made by any model."""
    feature = FeatureReason("goods_items", 1.0, 0.5, "count", "Goods items on the declaration: 1", Standing.FACT)
    defaults: dict[str, Any] = {
        "inputs": Inputs(bytes(16), bytes(8), bytes(8), bytes(24), bytes(32)),
        "threats": (ThreatScore(Threat.ANY, -1.5, 0.182, 931, "container", False),),
        "reasons": (Reason("goods and their description", 0.5, (feature,)),),
        "streams_known": ("ens",),
        "streams_missing": ("cuscar",),
        "degradations": ("streams_missing",),
        "flags": (),
    }
    return Assessment(**{**defaults, **given})
