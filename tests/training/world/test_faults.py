"""Faults: each occurs as often as its table says and does what its name says; labels stay; nothing crashes a reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

import numpy as np
import pytest
from msgspec import structs

from aftc.clock import HOUR, SECOND
from aftc.errors import MessageError
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
    Record,
    Selector,
    TransitDeclaration,
    TransportDocument,
)
from aftc.streams import read
from training.world.dispatch import Delivery, Dispatch
from training.world.fault_amendments import amended, arrival_of
from training.world.fault_picks import Picks
from training.world.fault_rates import AMENDED, CARRIED, RATE_HEADS, RATES, STATED, Fault, rate_rows
from training.world.fault_statements import EDITS
from training.world.faults import deliver
from training.world.native import arrived
from training.world.parameters import FaultLevel

LIMIT = 10_000_000
LEVELS = (FaultLevel.USUAL, FaultLevel.HEAVY)
RUNS = 12  # of the small world, each with a generator of its own
SIGMAS = 5.0
ALTERED = {Fault.MALFORMED, Fault.TRUNCATED}


_NAMED_BY = {
    FerryBooking: ("booking_reference",),
    FerryCheckIn: ("booking_reference",),
    FerryDeparture: ("departure",),
    GoodsMovement: ("gmr_id",),
    Manifest: ("reference",),
    BayPlan: ("reference",),
    ContainerOrder: ("reference",),
    TransportDocument: ("reference", "instructions"),
    Examination: ("examination_id",),
    Detection: ("detection_id",),
    Selector: ("selector_id",),
    EntrySummary: ("lrn",),
    ImportDeclaration: ("lrn",),
    TransitDeclaration: ("lrn",),
    DeclarationNotification: ("mrn",),
    AirWaybill: ("house", "master"),
    FlightManifest: ("flight",),
    EntryResponse: ("entry.mrn",),
    EntryIntervention: ("entry.mrn",),
}


def _reference(record: Record) -> str:
    """What a message and its sender's next ones about the same have in common."""
    return next((str(each) for name in _NAMED_BY[type(record)] if (each := attrgetter(name)(record))), "")


@pytest.fixture(scope="module")
def sent(dispatches: list[Dispatch]) -> list[Dispatch]:
    """All messages of the small world, each with what it is about."""
    return [replace(each, about=each.about or (_reference(each.record),)) for each in dispatches]


@pytest.fixture(scope="module")
def runs(sent: list[Dispatch]) -> dict[FaultLevel, list[list[Delivery]]]:
    """Deliveries of the small world at both levels, several times."""
    return {
        level: [list(deliver(sent, level, np.random.default_rng(seed))) for seed in range(RUNS)] for level in LEVELS
    }


def _first(runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]) -> Iterator[tuple[Dispatch, Delivery]]:
    """Each dispatch with what became of it under heavy faults, amendments and repeats left out."""
    for run in runs[FaultLevel.HEAVY]:
        by_name = {each.name: each for each in run}
        yield from ((dispatch, by_name[dispatch.name]) for dispatch in sent)


def _expect(count: int, chance: float, found: int, what: str) -> None:
    """Fails where a count is more than five standard deviations from what the chance gives."""
    assert count * chance > 10, f"{what}: too few of {count} to tell"
    spread = (count * chance * (1 - chance)) ** 0.5
    assert abs(found - count * chance) < SIGMAS * spread, f"{what}: {found} of {count}, expected {count * chance:.0f}"


def test_none_changes_nothing(sent: list[Dispatch]) -> None:
    """Without faults each dispatch arrives as it is, its very record, and no number is drawn."""
    rng = np.random.default_rng(3)
    before = str(rng.bit_generator.state)
    for dispatch, delivery in zip(sent, deliver(sent, FaultLevel.NONE, rng), strict=True):
        assert delivery.record is dispatch.record
        assert delivery == Delivery(dispatch.stream, dispatch.name, dispatch.received, dispatch.record, dispatch.about)
    assert str(rng.bit_generator.state) == before


@pytest.mark.parametrize("level", LEVELS)
def test_deliveries_are_determined(sent: list[Dispatch], level: FaultLevel) -> None:
    """Equal dispatches, level and generator give equal deliveries; another seed gives others."""
    first, again, other = (list(deliver(iter(sent), level, np.random.default_rng(seed))) for seed in (4, 4, 5))
    assert first == again
    assert first != other


def test_deliveries_stream(sent: list[Dispatch]) -> None:
    """No delivery waits for more than the dispatch after its own."""
    taken: list[str] = []

    def counted() -> Iterator[Dispatch]:
        for dispatch in sent:
            taken.append(dispatch.name)
            yield dispatch

    place = {dispatch.name: number for number, dispatch in enumerate(sent, start=1)}
    for delivery in deliver(counted(), FaultLevel.HEAVY, np.random.default_rng(1)):
        assert len(taken) <= place.get(delivery.name, len(taken)) + 1


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("fault", STATED)
def test_what_is_stated_wrongly_has_its_rate(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch], level: FaultLevel, fault: Fault
) -> None:
    """Of the messages that an edit can change, its share is changed, within five standard deviations."""
    picks = Picks(np.random.default_rng(0))
    open_to = {
        each.name
        for each in sent
        if (edit := EDITS.get(type(each.record), {}).get(fault))
        and not isinstance(each.record, Manifest)
        and edit(each.record, picks) != each.record
    }
    found = sum(
        fault in each.faults and Fault.DUPLICATE not in each.faults and each.name in open_to
        for run in runs[level]
        for each in run
    )
    _expect(len(open_to) * RUNS, RATES[fault].at(level), found, fault)


@pytest.mark.parametrize("level", LEVELS)
def test_each_bill_of_a_manifest_is_a_statement(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch], level: FaultLevel
) -> None:
    """Of all bills the share is changed that the chances of their five faults give together."""
    manifests = {each.name: each.record for each in sent if isinstance(each.record, Manifest)}
    bills = sum(len(each.bills) for each in manifests.values()) * RUNS
    changed = sum(
        before != after
        for run in runs[level]
        for each in run
        if isinstance(each.record, Manifest) and each.name in manifests
        for before, after in zip(manifests[each.name].bills, each.record.bills, strict=True)
    )
    spared = np.prod([1 - RATES[fault].at(level) for fault in STATED])
    _expect(bills, 1 - float(spared), changed, "bills")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("fault", AMENDED)
def test_amendments_have_their_rate(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch], level: FaultLevel, fault: Fault
) -> None:
    """Of the messages that can be amended, its share is, within five standard deviations."""
    picks = Picks(np.random.default_rng(0))
    open_to = sum(amended(each, fault, picks) is not None for each in sent)
    found = sum(fault in each.faults and Fault.DUPLICATE not in each.faults for run in runs[level] for each in run)
    _expect(open_to * RUNS, RATES[fault].at(level), found, fault)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("fault", CARRIED)
def test_what_happens_on_the_way_has_its_rate(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch], level: FaultLevel, fault: Fault
) -> None:
    """Of the messages it can befall (overtaken: with a next one; malformed: no outcomes), its share is befallen."""
    overtakable = {
        one.name
        for one, other in pairwise(sent)
        if (one.stream, one.about) == (other.stream, other.about) and one.received <= other.received
    }
    messages = [each for run in runs[level] for each in run if Fault.DUPLICATE not in each.faults]
    if fault is Fault.OVERTAKEN:
        messages = [each for each in messages if each.name in overtakable and Fault.DELAYED not in each.faults]
    if fault is Fault.MALFORMED:
        messages = [each for each in messages if each.stream != "outcome"]
    if fault is Fault.DUPLICATE:
        repeats = sum(fault in each.faults for run in runs[level] for each in run)
        _expect(sum(each.received is not None for each in messages), RATES[fault].at(level), repeats, fault)
        return
    _expect(len(messages), RATES[fault].at(level), sum(fault in each.faults for each in messages), fault)


def test_what_a_delivery_names_is_what_befell_it(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]
) -> None:
    """Record, time and bytes differ from the dispatch where a fault says so, and nowhere else."""
    for dispatch, delivery in _first(runs, sent):
        faults = set(delivery.faults)
        assert (delivery.stream, delivery.about) == (dispatch.stream, dispatch.about)
        assert (delivery.record != dispatch.record) == bool(faults & set(STATED))
        assert (delivery.raw is not None) == bool(faults & ALTERED)
        assert (delivery.received is None) == (Fault.LOST in faults)
        if delivery.received is not None:
            late = delivery.received - dispatch.received
            assert (late > 0) == bool(faults & {Fault.DELAYED, Fault.OVERTAKEN})
            assert Fault.DELAYED not in faults or late >= 2 * HOUR - SECOND


def test_nothing_else_arrives_than_dispatches_amendments_and_repeats(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]
) -> None:
    """Every dispatch has its delivery; what is beside them is an amendment or a repeat, and no name comes twice."""
    originals = {each.name for each in sent}
    for run in (*runs[FaultLevel.USUAL], *runs[FaultLevel.HEAVY]):
        names = [each.name for each in run]
        assert len(set(names)) == len(names)
        assert originals <= set(names)
        beside = [set(each.faults) for each in run if each.name not in originals]
        assert all(each & {Fault.DUPLICATE, *AMENDED} for each in beside)


def test_repeats_are_the_same_bytes_later(runs: dict[FaultLevel, list[list[Delivery]]]) -> None:
    """A repeat follows its message: the same record and bytes, seconds to five days later, and one word more."""
    repeats = 0
    for run in runs[FaultLevel.HEAVY]:
        for one, other in pairwise(run):
            if Fault.DUPLICATE not in other.faults:
                continue
            repeats += 1
            assert one.received is not None
            assert other.received is not None
            assert 2 * SECOND <= other.received - one.received <= 120 * HOUR
            assert arrived(one) == arrived(other)
            expected = replace(one, name=other.name, received=other.received, faults=(*one.faults, Fault.DUPLICATE))
            assert other == expected
    assert repeats > 1_000


def test_the_overtaken_come_just_after_the_next(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]
) -> None:
    """An overtaken message is received within ten minutes after its sender's next message about the same was due."""
    due = {one.name: other for one, other in pairwise(sent)}
    overtaken = [each for run in runs[FaultLevel.HEAVY] for each in run if Fault.OVERTAKEN in each.faults]
    streams = set()
    for each in overtaken:
        if each.name in due and each.received is not None:
            streams.add(each.stream)
            assert due[each.name].about == each.about
            assert SECOND <= each.received - due[each.name].received <= 600 * SECOND
    assert streams >= {"ferry_booking", "gmr"}


def _amendments(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch], fault: Fault
) -> Iterator[tuple[Dispatch, Delivery]]:
    """The amendments of a kind, each with the dispatch before it."""
    by_name = {each.name: each for each in sent}
    for run in runs[FaultLevel.HEAVY]:
        before = by_name[run[0].name]
        for each in run:
            before = by_name.get(each.name, before)
            if fault in each.faults and Fault.DUPLICATE not in each.faults:
                yield before, each


def test_contradictions_are_later_messages_for_the_same(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]
) -> None:
    """Amendments say so in their stream's own way: CC313A, the next amendment, function 5, a later update."""
    kinds: Counter[type[Record]] = Counter()
    for first, second in _amendments(runs, sent, Fault.CONTRADICTION):
        one, other = first.record, second.record
        kinds[type(other)] += 1
        assert second.received is None or second.received > first.received
        match one, other:
            case EntrySummary(), EntrySummary():
                assert (other.amendment, other.lrn) == (True, None)
                assert other.mrn is not None
                assert len(other.mrn) == 18
                assert (other.declared_at or 0) > (one.declared_at or 0)
                again = structs.replace(other, amendment=False, lrn=one.lrn, mrn=None, message_id=one.message_id)
                assert structs.replace(again, declared_at=one.declared_at) != one
            case FerryBooking(), FerryBooking():
                assert other.amendment == one.amendment + 1
                assert structs.replace(other, amendment=one.amendment, booked_at=one.booked_at) != one
            case Manifest(), Manifest():
                assert (other.reference, other.function) == (one.reference, "5")
                assert (other.bills, other.equipment) != (one.bills, one.equipment)
            case GoodsMovement(), GoodsMovement():
                assert other.gmr_id == one.gmr_id
                assert (other.updated_at or 0) > (one.updated_at or 0)
                assert structs.replace(other, updated_at=one.updated_at) != one
            case _:
                pytest.fail(f"{type(one)} amended by {type(other)}")
    assert set(kinds) == {EntrySummary, FerryBooking, Manifest, GoodsMovement}


def test_late_amendments_come_after_arrival(runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]) -> None:
    """A late amendment is received after the arrival that the first message stated."""
    late = list(_amendments(runs, sent, Fault.LATE_AMENDMENT))
    assert len(late) > 100
    for first, second in late:
        assert second.received is None or second.received > (arrival_of(first.record) or 0)


def test_what_outcomes_find_is_never_touched(
    runs: dict[FaultLevel, list[list[Delivery]]], sent: list[Dispatch]
) -> None:
    """Outcomes may be late, lost, repeated or cut off; their records are the world's own."""
    befell: Counter[str] = Counter()
    records = {id(each.record) for each in sent if each.stream == "outcome"}
    for run in runs[FaultLevel.HEAVY]:
        for each in run:
            if each.stream == "outcome":
                assert id(each.record) in records
                befell.update(each.faults)
    assert set(befell) - {Fault.OVERTAKEN} == {Fault.DELAYED, Fault.TRUNCATED, Fault.LOST, Fault.DUPLICATE}


@pytest.mark.parametrize(("level", "one_in"), [(FaultLevel.USUAL, (165, 240)), (FaultLevel.HEAVY, (33, 48))])
def test_about_one_in_two_hundred_cannot_be_read(
    runs: dict[FaultLevel, list[list[Delivery]]], level: FaultLevel, one_in: tuple[int, int]
) -> None:
    """All that arrives is built and read; damaged bytes alone are refused: 1 in 200, at heavy five times that."""
    refused = messages = 0
    for run in runs[level][:4] if level is FaultLevel.HEAVY else runs[level]:
        messages += len(run)
        for each in run:
            if each.received is None or not each.faults:
                continue
            try:
                reading = read(arrived(each), limit_bytes=LIMIT)
            except MessageError:
                assert set(each.faults) & ALTERED
                refused += 1
                continue
            assert Fault.TRUNCATED not in each.faults
            if each.raw is None:
                assert [structs.replace(record, flags=()) for record in reading.records] == [each.record]
    assert one_in[0] < messages / refused < one_in[1]


def test_the_table_of_rates_is_complete() -> None:
    """Each fault has a row of words and shares; heavy is five times usual."""
    assert list(RATES) == list(Fault) == [*STATED, *AMENDED, *CARRIED]
    assert all(each.heavy == pytest.approx(5 * each.usual) for each in RATES.values())
    rows = rate_rows()
    assert [row[0] for row in rows] == [each.value for each in Fault]
    assert all(len(row) == len(RATE_HEADS) and all(row) for row in rows)
