"""Messages of a world: native, complete, joined by the keys that linking needs."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest

from aftc.clock import DAY
from aftc.config import Settings
from aftc.history.tables import document_of
from aftc.linking import link
from aftc.linking.keys import normal_reference, normal_registration
from aftc.records import (
    ConsignmentVersion,
    EntrySummary,
    Examination,
    FerryBooking,
    FerryCheckIn,
    GoodsMovement,
    Manifest,
    OutcomeKind,
    UnitKind,
)
from aftc.state import MemoryState
from aftc.streams import STREAMS, read
from training.world.dispatch import Dispatch
from training.world.entry_messages import entry_dispatches
from training.world.ferry_messages import ferry_dispatches
from training.world.folder import native
from training.world.imagined import World
from training.world.manifest_messages import manifest_dispatches


def test_every_message_reads_back_as_it_was(dispatches: list[Dispatch]) -> None:
    """The streams recognise each message by its bytes and give its record back, without a flag."""
    for dispatch in dispatches:
        reading = read(native(dispatch), limit_bytes=10_000_000)
        assert reading.stream == dispatch.stream
        assert reading.records == (dispatch.record,)
    assert {dispatch.stream for dispatch in dispatches} == set(STREAMS)


def test_about_three_messages_a_consignment(small: World, dispatches: list[Dispatch]) -> None:
    """A world has about three messages for each consignment, within a tenth."""
    assert abs(len(dispatches) / small.parameters.consignments - 3) < 0.3


def test_every_goods_item_names_its_document(dispatches: list[Dispatch]) -> None:
    """Each goods item has a transport document: N730 by ferry, N705 or N714 with N705 by sea."""
    kinds: Counter[tuple[str, ...]] = Counter()
    for dispatch in dispatches:
        if isinstance(dispatch.record, EntrySummary):
            kinds.update(tuple(each.kind for each in item.documents) for item in dispatch.record.items)
    assert set(kinds) == {("N730",), ("N705",), ("N714", "N705")}


def test_bills_of_a_manifest_are_declared(dispatches: list[Dispatch]) -> None:
    """Each bill's reference, containers and voyage are those of an entry summary declaration."""
    declared = {}
    for dispatch in dispatches:
        if isinstance(dispatch.record, EntrySummary):
            for item in dispatch.record.items:
                declared[item.documents[0].reference] = (item.containers, dispatch.record.conveyance_reference)
    manifests = [each.record for each in dispatches if isinstance(each.record, Manifest)]
    for manifest in manifests:
        assert {each.number for each in manifest.equipment} == {
            each for bill in manifest.bills for each in bill.containers
        }
        for bill in manifest.bills:
            assert declared[bill.house or bill.master or ""] == (bill.containers, manifest.voyage)
    assert 10 <= np.median([len(manifest.bills) for manifest in manifests]) <= 60


def test_goods_movements_name_declared_ucrs_or_none(dispatches: list[Dispatch]) -> None:
    """UCRs on goods movements are those declared; a good part of them names none and must be linked by registration."""
    declared = set()
    for dispatch in dispatches:
        if isinstance(dispatch.record, EntrySummary):
            declared |= {dispatch.record.ucr} | {item.ucr for item in dispatch.record.items}
    movements = [each.record for each in dispatches if isinstance(each.record, GoodsMovement)]
    assert {reference.reference for each in movements for reference in each.declarations} <= declared
    assert 0.2 < np.mean([not each.declarations for each in movements]) < 0.6


def test_check_ins_follow_their_booking(dispatches: list[Dispatch]) -> None:
    """A check-in has its booking's reference, sailing and registrations, however these were typed."""
    bookings = {
        each.record.booking_reference: each.record for each in dispatches if isinstance(each.record, FerryBooking)
    }
    for dispatch in dispatches:
        if isinstance(dispatch.record, FerryCheckIn):
            booking = bookings[dispatch.record.booking_reference]
            assert (booking.operator, booking.departure) == (dispatch.record.operator, dispatch.record.departure)
            assert normal_registration(booking.vehicle or "") == normal_registration(dispatch.record.vehicle or "")
            assert dispatch.record.checked_in_at < dispatch.record.departure


def test_empty_lorries_have_no_declaration(small: World, dispatches: list[Dispatch]) -> None:
    """Empty crossings are booked, some checked in, and their goods movement names nothing."""
    empty = {
        each.record.booking_reference
        for each in dispatches
        if isinstance(each.record, FerryBooking) and each.record.laden is False
    }
    assert len(empty) == small.traffic.crossings.empty.sum() > 20


def test_some_messages_come_late_and_out_of_order(dispatches: list[Dispatch]) -> None:
    """One to five messages in a hundred take longer than half an hour from sending."""
    sent = {
        EntrySummary: "declared_at",
        FerryBooking: "booked_at",
        FerryCheckIn: "checked_in_at",
        GoodsMovement: "updated_at",
        Examination: "recorded_at",
    }
    waits = [
        each.received - getattr(each.record, sent[type(each.record)])
        for each in dispatches
        if type(each.record) in sent
    ]
    assert min(waits) > 0
    assert 0.01 < np.mean(np.array(waits) > DAY // 48) < 0.05


def test_reasons_are_rule_and_random(dispatches: list[Dispatch]) -> None:
    """Every outcome gives the chance of rule and random, one of which fired, and their combination."""
    for dispatch in dispatches:
        if isinstance(dispatch.record, Examination):
            rule, random = dispatch.record.selection.reasons
            assert (rule.reason, random.reason) == ("rule", "random")
            assert rule.fired or random.fired
            combined = 1 - (1 - rule.probability) * (1 - random.probability)
            assert dispatch.record.selection.combined == pytest.approx(combined, abs=1e-9)


def test_corrections_replace_what_was_wrong(small: World, dispatches: list[Dispatch]) -> None:
    """A correction is a second revision with the other result; the last revision is what was found."""
    revisions: dict[str, list[Examination]] = defaultdict(list)
    for dispatch in sorted(dispatches, key=lambda each: each.received):
        if isinstance(dispatch.record, Examination):
            revisions[dispatch.record.examination_id].append(dispatch.record)
    corrected = [each for each in revisions.values() if len(each) > 1]
    assert len(corrected) == small.examinations.corrected.sum() > 0
    assert all({each.outcome for each in pair} == {OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE} for pair in corrected)
    last = [max(each, key=lambda record: record.revision) for each in revisions.values()]
    assert sum(each.outcome is OutcomeKind.POSITIVE for each in last) == (small.examinations.kind == 0).sum()


def test_other_labels_change_nothing_but_outcomes(small: World, dispatches: list[Dispatch]) -> None:
    """With all labels reversed, declarations, ferry messages and manifests stay the same."""
    other = replace(small, schemes=replace(small.schemes, y=~small.schemes.y, p=1 - small.schemes.p))
    again = [*entry_dispatches(other), *ferry_dispatches(other), *manifest_dispatches(other)]
    assert again == [each for each in dispatches if each.stream != "outcome"]


def test_linking_finds_nearly_all_together(small: World, dispatches: list[Dispatch]) -> None:
    """Of the consignments at most five in a thousand end without their unit, their booking or their manifest."""
    last: dict[str, ConsignmentVersion] = {}
    state = MemoryState()
    for sequence, each in enumerate(sorted(dispatches, key=lambda one: (one.received, one.name)), start=1):
        linked = link(
            state, (each.record,), stream=each.stream, sequence=sequence, known_at=each.received, settings=Settings()
        )
        last |= {version.consignment_id: version for version in linked.versions}
    known = {document_of(version): version for version in last.values() if version.joined_into is None}
    astray = sum(not _found(small, row, known) for row in range(small.parameters.consignments))
    assert astray <= small.parameters.consignments * 0.005


def _found(world: World, row: int, known: dict[str, ConsignmentVersion]) -> bool:
    traffic = world.traffic
    version = known.get(normal_reference(traffic.reference(row)))
    unit, units = int(traffic.consignments.unit[row]), int(traffic.consignments.units[row])
    if version is None or {each.number for each in version.units} != set(traffic.units.number[unit : unit + units]):
        return False
    if traffic.units.kind[unit] is UnitKind.CONTAINER:
        return version.manifest is not None and version.entry is not None
    return version.booking is not None and version.booking.booking_reference == traffic.booking[unit]
