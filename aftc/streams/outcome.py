"""The outcome of a selection: the project's own JSON, `docs/schemas/outcome.schema.json`.

Labels rest on these messages, so what contradicts itself is refused: probabilities that do not combine, a reason
that fired at probability 0, a positive without a find, a find without a positive.
"""

from __future__ import annotations

import re
from math import prod
from typing import Annotated, Literal, TypeAlias

import msgspec

from aftc.clock import from_datetime
from aftc.errors import MalformedMessage
from aftc.records import (
    Examination,
    Find,
    OutcomeKind,
    Selection,
    SelectionReason,
    Threat,
    Unit,
)
from aftc.streams.json_text import decode_as, looks_like_json
from aftc.streams.own_formats import (
    Count,
    Grams,
    Reference,
    References,
    Text,
    Time,
    UnitFields,
    encode,
    instant,
    time,
    time_or_none,
)

__all__ = ["COMBINED_TOLERANCE", "NAME", "build", "parse", "sniff"]

NAME = "outcome"

EXAMINED = frozenset({OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE})
COMBINED_TOLERANCE = 1e-6  # between the stated and the computed 1 - prod(1 - p)

Probability: TypeAlias = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Reason: TypeAlias = Literal["model", "rule", "selector", "intelligence", "random"]

_MARK = re.compile(rb'"messageType"\s*:\s*"examinationOutcome"')


class _Reason(msgspec.Struct, frozen=True, rename="camel"):
    reason: Reason
    probability: Probability
    fired: bool


class _Selection(msgspec.Struct, frozen=True, rename="camel"):
    issued_at: Time
    reasons: Annotated[tuple[_Reason, ...], msgspec.Meta(min_length=1, max_length=20)]
    combined: Probability


class _Find(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    threat: Threat
    consignment: Reference | None = None
    substance: Text | None = None
    quantity_g: Grams | None = None
    concealment: Text | None = None


class _Outcome(
    msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, tag_field="messageType", tag="examinationOutcome"
):
    examination_id: Reference
    revision: Count
    unit: UnitFields
    outcome: OutcomeKind
    selection: _Selection
    recorded_at: Time
    consignments: References = ()
    finds: tuple[_Find, ...] = ()
    method: Reference | None = None
    place: Reference | None = None
    arrival: Time | None = None
    started_at: Time | None = None
    ended_at: Time | None = None


def sniff(head: bytes) -> bool:
    """Whether the first bytes hold the discriminator of an outcome."""
    return looks_like_json(head) and _MARK.search(head) is not None


def parse(raw: bytes) -> tuple[Examination, ...]:
    """The outcome in a message.

    Raises:
        MalformedMessage: not JSON, a field missing or of the wrong type or range, or a contradiction.
        OversizeMessage: nested deeper than the reader's limit.
    """
    wire, unknown = decode_as(raw, _Outcome)
    _check_selection(wire)
    _check_finds(wire)
    return (
        Examination(
            examination_id=wire.examination_id,
            revision=wire.revision,
            unit=Unit(wire.unit.kind, wire.unit.number),
            outcome=wire.outcome,
            selection=Selection(
                issued_at=from_datetime(wire.selection.issued_at),
                reasons=tuple(
                    SelectionReason(each.reason, each.probability, each.fired) for each in wire.selection.reasons
                ),
                combined=wire.selection.combined,
            ),
            consignments=wire.consignments,
            finds=tuple(
                Find(each.threat, each.consignment, each.substance, each.quantity_g, each.concealment)
                for each in wire.finds
            ),
            method=wire.method,
            place=wire.place,
            arrival=instant(wire.arrival),
            started_at=instant(wire.started_at),
            ended_at=instant(wire.ended_at),
            recorded_at=from_datetime(wire.recorded_at),
            flags=unknown,
        ),
    )


def _check_selection(wire: _Outcome) -> None:
    selection = wire.selection
    computed = 1.0 - prod(1.0 - each.probability for each in selection.reasons)
    if abs(computed - selection.combined) > COMBINED_TOLERANCE:
        raise MalformedMessage(
            f"selection/combined to be 1 - prod(1 - probability) = {computed:.9f}", f"{selection.combined!r}"
        )
    for each in selection.reasons:
        if each.fired and each.probability == 0.0:
            raise MalformedMessage(f"a probability above 0 for the reason {each.reason} that fired", "0.0")
    if wire.outcome in EXAMINED and selection.combined <= 0.0:
        raise MalformedMessage("a selection probability above 0 for what was examined", f"{selection.combined!r}")


def _check_finds(wire: _Outcome) -> None:
    if (wire.outcome is OutcomeKind.POSITIVE) != bool(wire.finds):
        expected = "at least one find" if wire.outcome is OutcomeKind.POSITIVE else "no find"
        raise MalformedMessage(f"{expected} with the outcome {wire.outcome.value}", f"{len(wire.finds)} finds")
    if any(each.threat is Threat.ANY for each in wire.finds):
        raise MalformedMessage("the threat that was found", "'any', which stands for all threats together")


def build(examination: Examination) -> bytes:
    """The message of a record; `parse` gives it back, but for flags.

    Raises:
        InputError: a time not within the years 1 to 9999.
    """
    selection = examination.selection
    return encode(
        _Outcome(
            examination_id=examination.examination_id,
            revision=examination.revision,
            unit=UnitFields(examination.unit.kind, examination.unit.number),
            outcome=examination.outcome,
            selection=_Selection(
                time(selection.issued_at),
                tuple(_Reason(each.reason, each.probability, each.fired) for each in selection.reasons),  # type: ignore[arg-type]  # parse checks the reason's name
                selection.combined,
            ),
            recorded_at=time(examination.recorded_at),
            consignments=examination.consignments,
            finds=tuple(
                _Find(each.threat, each.consignment, each.substance, each.quantity_g, each.concealment)
                for each in examination.finds
            ),
            method=examination.method,
            place=examination.place,
            arrival=time_or_none(examination.arrival),
            started_at=time_or_none(examination.started_at),
            ended_at=time_or_none(examination.ended_at),
        )
    )
