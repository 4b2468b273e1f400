"""One record into the state: the versions it makes, or the outcome it resolves."""

from __future__ import annotations

from dataclasses import dataclass

from aftc.clock import HOUR, Instant
from aftc.config import Settings
from aftc.linking.context import Context
from aftc.linking.crossings import link_booking, link_check_in, link_goods_movement
from aftc.linking.entries import link_entry
from aftc.linking.flights import link_flight, link_waybill
from aftc.linking.outcomes import ResolvedFind, ResolvedOutcome, resolve_outcome
from aftc.linking.voyages import link_manifest
from aftc.records import (
    AirWaybill,
    ConsignmentVersion,
    EntrySummary,
    Examination,
    FerryBooking,
    FerryCheckIn,
    FlightManifest,
    GoodsMovement,
    Manifest,
    Record,
)
from aftc.state import Writer

__all__ = ["Linked", "ResolvedFind", "ResolvedOutcome", "link"]


@dataclass(frozen=True, slots=True)
class Linked:
    """What a message's records changed: at most one new version of each consignment, and the outcomes."""

    versions: tuple[ConsignmentVersion, ...]
    outcomes: tuple[ResolvedOutcome, ...]


def link(
    writer: Writer,
    records: tuple[Record, ...],
    *,
    stream: str,
    sequence: int,
    known_at: Instant,
    settings: Settings,
) -> Linked:
    """Apply one message's records to the linking tables of a state.

    Args:
        writer: The state; an overlay where no history is to be made.
        records: What the message said.
        stream: The message's stream, for the evidence.
        sequence: The message's number in the timeline.
        known_at: When it was received.
        settings: The time window.
    """
    context = Context(writer, stream, sequence, known_at, settings.link_window_hours * HOUR)
    outcomes = [outcome for record in records if (outcome := _link_one(context, record)) is not None]
    return Linked(tuple(context.changed.values()), tuple(outcomes))


def _link_one(context: Context, record: Record) -> ResolvedOutcome | None:
    match record:
        case EntrySummary():
            link_entry(context, record)
        case Manifest():
            link_manifest(context, record)
        case FerryBooking():
            link_booking(context, record)
        case FerryCheckIn():
            link_check_in(context, record)
        case GoodsMovement():
            link_goods_movement(context, record)
        case AirWaybill():
            link_waybill(context, record)
        case FlightManifest():
            link_flight(context, record)
        case Examination():
            return resolve_outcome(context, record)
    return None
