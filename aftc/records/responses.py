"""What customs answers to entry summary declarations: registrations, rejections, interventions."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.declarations import GoodsItem, Party
from aftc.records.vocabulary import ResponseKind

__all__ = ["AnsweredEntry", "CustomsIntervention", "EntryError", "EntryIntervention", "EntryResponse"]


class AnsweredEntry(Struct, frozen=True):
    """What a response repeats of the declaration that it is about; `lrn` or `mrn` names it, or both.

    `items` hold at most number, UCR, documents, containers and vehicles. `office_of_lodgement` is where the
    declaration was lodged; `expected_arrival` is event time at the first entry office, read in that office's zone.
    """

    lrn: str | None
    mrn: str | None
    transport_mode: str | None = None
    conveyance_reference: str | None = None
    conveyance_identity: str | None = None
    conveyance_nationality: str | None = None
    ucr: str | None = None
    office_of_lodgement: str | None = None
    office_of_first_entry: str | None = None
    expected_arrival: Instant | None = None
    declarant: Party | None = None
    representative: Party | None = None
    carrier: Party | None = None
    items: tuple[GoodsItem, ...] = ()


class EntryError(Struct, frozen=True):
    """What customs found wrong: a code of the message specification, where, which rule, and what stood there."""

    code: str | None
    pointer: str | None
    rule: str | None = None
    value: str | None = None


class EntryResponse(Struct, frozen=True):
    """What became of a declaration (registered CC328A, rejected CC316A) or of its amendment (accepted CC304A).

    `correlation_id` is the id of the message that is answered, or the gateway's own; `recipient` the trader number of
    its sender, a branch after a stroke. `answered_at` is event time: of registration, rejection or acceptance;
    `amended_at` that of the accepted amendment.
    """

    kind: ResponseKind
    message_id: str
    correlation_id: str | None
    recipient: str | None
    entry: AnsweredEntry
    answered_at: Instant | None
    amended_at: Instant | None = None
    reason: str | None = None
    errors: tuple[EntryError, ...] = ()
    flags: tuple[str, ...] = ()


class CustomsIntervention(Struct, frozen=True):
    """What customs intends: a code, its words, and the goods item concerned (None: all)."""

    code: str
    text: str | None = None
    item: int | None = None


class EntryIntervention(Struct, frozen=True):
    """Advance intervention CC351A: what a selection caused, to be kept away from the consignment's own facts.

    `notified_at`, `registered_at` and `submitted_at` are event times: of this notice, and of the declaration's
    registration and submission.
    """

    message_id: str
    correlation_id: str | None
    recipient: str | None
    entry: AnsweredEntry
    total_items: int | None
    notified_at: Instant | None
    registered_at: Instant | None
    submitted_at: Instant | None
    interventions: tuple[CustomsIntervention, ...]
    flags: tuple[str, ...] = ()
