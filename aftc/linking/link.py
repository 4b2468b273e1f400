"""One record into the state: the versions it makes, or the outcome it resolves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from aftc.clock import HOUR, Instant
from aftc.config import Settings
from aftc.linking.bills import link_manifest, link_transport_document
from aftc.linking.context import Context
from aftc.linking.crossings import link_booking, link_check_in, link_departure, link_goods_movement
from aftc.linking.detections import ResolvedDetection, detection_of, resolve_detection
from aftc.linking.entries import link_entry
from aftc.linking.flights import link_flight, link_waybill, settle_joined
from aftc.linking.imports import claim_imports, claim_lorries, link_import, link_notification
from aftc.linking.merges import Alias, merge_parties
from aftc.linking.outcomes import ResolvedFind, ResolvedOutcome, outcome_of, resolve_outcome
from aftc.linking.responses import link_intervention, link_response
from aftc.linking.selectors import link_selector, with_selectors
from aftc.linking.stowage import link_bay_plan, link_container_order
from aftc.linking.transits import claim_transits, link_transit
from aftc.linking.waiting import settled, waiting
from aftc.records import (
    AirWaybill,
    BayPlan,
    ConsignmentVersion,
    ContainerOrder,
    DeclarationNotification,
    Detection,
    EntryIntervention,
    EntryResponse,
    EntrySummary,
    Examination,
    FerryBooking,
    FerryCheckIn,
    FerryDeparture,
    FlightManifest,
    GoodsMovement,
    ImportDeclaration,
    Manifest,
    PartyMerge,
    Record,
    Selector,
    TransitDeclaration,
    TransportDocument,
)
from aftc.state import Writer

__all__ = ["Alias", "Linked", "ResolvedDetection", "ResolvedFind", "ResolvedOutcome", "link"]


class Linked(Struct, frozen=True):
    """What a message's records changed: at most one new version of each consignment; what they resolved; party keys."""

    versions: tuple[ConsignmentVersion, ...]
    outcomes: tuple[ResolvedOutcome, ...]
    aliases: tuple[Alias, ...]
    detections: tuple[ResolvedDetection, ...] = ()


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

    Raises:
        RefusedMerge: a merge of parties that those before it do not allow.
    """
    context = Context(writer, stream, sequence, known_at, settings.link_window_hours * HOUR)
    merges = [record for record in records if isinstance(record, PartyMerge)]
    linked = [_link_one(context, record) for record in records if not isinstance(record, PartyMerge)]
    settle_joined(context)
    linked += _awaited(context)
    with_selectors(context)
    context.settle()
    aliases = [alias for merge in merges for alias in merge_parties(writer, merge)]
    return Linked(
        versions=tuple(context.changed.values()),
        outcomes=tuple([each for each in linked if isinstance(each, ResolvedOutcome)]),
        aliases=tuple(aliases),
        detections=tuple([each for each in linked if isinstance(each, ResolvedDetection)]),
    )


def _link_one(context: Context, record: Record) -> ResolvedOutcome | ResolvedDetection | None:
    resolved = _LINKERS[type(record)](context, record)
    if isinstance(record, _NAMING):
        claim_imports(context)
        claim_transits(context)
    if isinstance(record, _CROSSING):
        claim_lorries(context)
    return resolved


def _awaited(context: Context) -> list[ResolvedOutcome | ResolvedDetection | None]:
    """Outcomes and detections that came first, of what this message tells of."""
    found: list[ResolvedOutcome | ResolvedDetection | None] = []
    for each in tuple(waiting(context)):
        if each.examination is not None:
            resolved: ResolvedOutcome | ResolvedDetection = outcome_of(context, each.examination)
        elif each.detection is not None:
            resolved = detection_of(context, each.detection, each.known_at)
        else:
            continue
        if resolved.movements or resolved.aboard:
            settled(context, each)
            found.append(resolved)
    return found


_NAMING = EntrySummary | EntryResponse | Manifest | AirWaybill | FlightManifest  # bring what declarations wait for
_CROSSING = FerryBooking | FerryCheckIn | FerryDeparture | GoodsMovement  # bring the lorries that they name
_LINKERS: dict[type[Record], Callable[[Context, Any], ResolvedOutcome | ResolvedDetection | None]] = {
    EntrySummary: link_entry,
    EntryResponse: link_response,
    EntryIntervention: link_intervention,
    Manifest: link_manifest,
    BayPlan: link_bay_plan,
    ContainerOrder: link_container_order,
    TransportDocument: link_transport_document,
    FerryBooking: link_booking,
    FerryCheckIn: link_check_in,
    FerryDeparture: link_departure,
    GoodsMovement: link_goods_movement,
    AirWaybill: link_waybill,
    FlightManifest: link_flight,
    ImportDeclaration: link_import,
    DeclarationNotification: link_notification,
    TransitDeclaration: link_transit,
    Examination: resolve_outcome,
    Detection: resolve_detection,
    Selector: link_selector,
}
