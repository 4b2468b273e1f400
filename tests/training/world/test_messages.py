"""Messages of a world: native, complete, sent no sooner than what they state allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from msgspec import structs

from aftc.clock import DAY, to_datetime
from aftc.records import (
    AirWaybill,
    BayPlan,
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
    Selector,
    TransitDeclaration,
    TransportDocument,
)
from aftc.streams import STREAMS, party_merge, read, table_row
from training.world.air_messages import air_dispatches
from training.world.cast import Cast
from training.world.control_messages import control_dispatches
from training.world.detection_messages import directed_dispatches, routine_dispatches
from training.world.dispatch import Dispatch
from training.world.entry_messages import entry_dispatches
from training.world.ferry_messages import ferry_dispatches
from training.world.import_messages import import_control_dispatches, import_dispatches
from training.world.manifest_messages import manifest_dispatches
from training.world.native import native
from training.world.outcome_messages import outcome_dispatches
from training.world.response_messages import response_dispatches
from training.world.selector_messages import selector_dispatches
from training.world.simulation import Week

_SENT = {
    EntrySummary: "declared_at",
    EntryResponse: "answered_at",
    EntryIntervention: "notified_at",
    FerryBooking: "booked_at",
    FerryCheckIn: "checked_in_at",
    FerryDeparture: "departed_at",
    TransitDeclaration: "declared_at",
    GoodsMovement: "updated_at",
    Examination: "recorded_at",
    AirWaybill: "issued_at",
    FlightManifest: "issued_at",
    BayPlan: "prepared_at",
    ContainerOrder: "prepared_at",
    DeclarationNotification: "issued_at",
    Detection: "detected_at",
    Selector: "issued_at",
}


def test_every_message_reads_back_as_it_was(dispatches: list[Dispatch]) -> None:
    """The streams recognise each message by its bytes and give its record back, flagged for what conduct does alone."""
    doubts: set[str] = set()
    for dispatch in dispatches:
        reading = read(native(dispatch), limit_bytes=10_000_000)
        assert reading.stream == dispatch.stream
        (record,) = reading.records
        assert structs.replace(record, flags=()) == dispatch.record
        doubts.update(flag.split(": ")[1] for flag in record.flags)
    # Declared late, a container invented, a weight declared that the container contradicts.
    assert doubts <= {"before the declaration", "wrong check digit", "heavier than its container"}
    assert {dispatch.stream for dispatch in dispatches} == set(STREAMS) - {
        party_merge.NAME,
        table_row.NAME,
    }  # no one sends those


def test_names_are_distinct(dispatches: list[Dispatch]) -> None:
    """No two messages of a stream have one name."""
    assert len({(each.stream, each.name) for each in dispatches}) == len(dispatches)


def test_about_six_messages_a_consignment(small_cast: Cast, dispatches: list[Dispatch]) -> None:
    """A world has about six messages for each consignment, within a tenth."""
    assert abs(len(dispatches) / small_cast.parameters.consignments - 6) < 0.6


def test_messages_are_about_consignments(small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Each message names what it is about by the truth's documents, and every consignment but parcels' has several."""
    documents = {
        week.arrivals.traffic.reference(row)
        for week in small_weeks
        for row in range(len(week.arrivals.traffic.consignments.unit))
    }
    about = Counter(document for dispatch in dispatches for document in dispatch.about)
    assert set(about) == documents
    assert all(dispatch.about for dispatch in dispatches if dispatch.stream != "selector")  # which looks for any


def test_nothing_is_known_before_it_is_sent(dispatches: list[Dispatch]) -> None:
    """Known-at follows the time at which a message says that it was sent; a manifest follows the vessel's departure."""
    for dispatch in dispatches:
        record = dispatch.record
        if isinstance(record, Manifest):
            assert record.departure is not None
            assert dispatch.received > record.departure
        elif isinstance(record, TransportDocument):
            day = to_datetime(dispatch.received).date().isoformat()
            assert (record.shipped_on_board or "") <= (record.issued or "") <= day
        elif not isinstance(record, ImportDeclaration):  # which states no time of its own
            assert dispatch.received > getattr(record, _SENT[type(record)])


def test_some_messages_come_late_and_out_of_order(dispatches: list[Dispatch]) -> None:
    """One to five messages in a hundred take longer than half an hour from sending."""
    waits = [
        each.received - getattr(each.record, _SENT[type(each.record)])
        for each in dispatches
        if type(each.record) in _SENT
    ]
    assert 0.01 < np.mean(np.array(waits) > DAY // 48) < 0.05


def test_families_are_pure(small_cast: Cast, small_weeks: list[Week], dispatches: list[Dispatch]) -> None:
    """Any process may write any family of any week: asked alone and again, it gives the same messages."""
    week = small_weeks[1]
    alone = [*outcome_dispatches(small_cast, week), *manifest_dispatches(small_cast, week.arrivals)]
    alone += air_dispatches(small_cast, week.arrivals)
    alone += [*control_dispatches(small_cast, week), *ferry_dispatches(small_cast, week.arrivals)]
    alone += response_dispatches(small_cast, week.arrivals)
    alone += [*import_control_dispatches(small_cast, week), *import_dispatches(small_cast, week.arrivals)]
    alone += [*routine_dispatches(small_cast, week.arrivals), *directed_dispatches(small_cast, week)]
    alone += selector_dispatches(small_cast, week.arrivals)
    known = {(each.stream, each.name): each for each in dispatches}
    assert all(known[each.stream, each.name] == each for each in alone)


def test_other_labels_change_nothing_but_outcomes(
    small_cast: Cast, small_weeks: list[Week], dispatches: list[Dispatch]
) -> None:
    """With all labels reversed, declarations, ferry messages, manifests, portals and selectors stay the same."""
    known = {(each.stream, each.name): each for each in dispatches}
    for week in small_weeks:
        schemes = week.arrivals.schemes
        other = replace(week.arrivals, schemes=replace(schemes, y=~schemes.y, p=1 - schemes.p))
        told = (entry_dispatches, response_dispatches, ferry_dispatches, manifest_dispatches, import_dispatches)
        for family in (*told, routine_dispatches, selector_dispatches):
            assert all(known[each.stream, each.name] == each for each in family(small_cast, other))
