"""What officers record: units, selections, examinations and finds."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.vocabulary import OutcomeKind, Threat, UnitKind

__all__ = ["Examination", "Find", "Selection", "SelectionReason", "Unit"]


class Unit(Struct, frozen=True):
    """A searchable unit by kind and number."""

    kind: UnitKind
    number: str


class SelectionReason(Struct, frozen=True):
    """One reason considered for a unit: model, rule, selector, intelligence or random.

    `probability` is that reason's chance to fire for this unit, recorded whether it fired or not.
    """

    reason: str
    probability: float
    fired: bool


class Selection(Struct, frozen=True):
    """Why a unit was selected. `issued_at` is event time; `combined` is 1 - prod(1 - probability)."""

    issued_at: Instant
    reasons: tuple[SelectionReason, ...]
    combined: float


class Find(Struct, frozen=True):
    """What was found. `consignment` is the reference the officer gave; None labels the unit alone."""

    threat: Threat
    consignment: str | None
    substance: str | None
    quantity_g: int | None
    concealment: str | None


class Examination(Struct, frozen=True):
    """The outcome of a selection: one unit, one of six kinds, optionally the consignments it concerns.

    `consignments` holds references as known to the officer: consignment id, transport document, UCR or MRN.
    `revision` counts corrections from 0; a later revision replaces an earlier one. Times are event times.
    """

    examination_id: str
    revision: int
    unit: Unit
    outcome: OutcomeKind
    selection: Selection
    consignments: tuple[str, ...]
    finds: tuple[Find, ...]
    method: str | None
    place: str | None
    arrival: Instant | None
    started_at: Instant | None
    ended_at: Instant | None
    recorded_at: Instant
    flags: tuple[str, ...] = ()
