"""The fold: outcomes reach the entities of what was examined, and a correction adds the difference."""

from __future__ import annotations

from hashlib import sha256

import pytest
from msgspec.structs import replace

from aftc.clock import HOUR
from aftc.config import Settings
from aftc.features.algebra import Measure
from aftc.features.extract import Extract, extract
from aftc.features.identity import owner_of_consignment, owner_of_movement
from aftc.features.sightings import COLUMNS
from aftc.history import fold
from aftc.history.fold import Applied, apply
from aftc.overlay import MemoryState
from aftc.records import ConsignmentVersion, Examination, Find, JournalEntry, OutcomeKind, Threat
from aftc.state import read_watermark
from aftc.streams import ens, ferry_booking, outcome
from aftc.testing import ARRIVAL, a_booking, a_roro_entry, an_examination

BASE = len(COLUMNS) - len(Measure)


class Store:
    """A state in memory to which messages are applied in order."""

    def __init__(self) -> None:
        self.state = MemoryState()
        self.sequence = 0
        self.totals: dict[tuple[int, Measure], int] = {}

    def take(self, raw: bytes) -> Applied:
        """Apply one message and add up what it gave each owner, over one of its keys."""
        self.sequence += 1
        known_at = ARRIVAL + self.sequence * HOUR
        entry = JournalEntry(self.sequence, known_at, sha256(raw).digest(), "test", raw)
        (applied,) = apply(self.state, [entry], Settings())
        seen = set()
        for row in applied.sightings.tolist():
            if row[1] not in seen:
                seen.add(row[1])
                for measure in Measure:
                    place = (row[1], measure)
                    self.totals[place] = self.totals.get(place, 0) + row[BASE + measure]
        return applied


def _examined(outcome_kind: OutcomeKind, *finds: Find, revision: int = 0) -> Examination:
    return an_examination(outcome_kind, finds=finds, revision=revision)


def _did(applied: Applied) -> tuple[object, ...]:
    versions = [version for version, _ in applied.versions]
    return applied.stream, applied.records, versions, applied.outcomes, applied.sightings.tolist()


COCAINE = Find(Threat.COCAINE, "CMR-4711", None, 1000, None)


@pytest.fixture
def examined() -> tuple[Store, int, int]:
    """A lorry's consignment and movement, known from booking and declaration."""
    store = Store()
    store.take(ferry_booking.build(a_booking()))
    applied = store.take(ens.build(a_roro_entry()))
    version = next(version for version, _ in applied.versions if version.joined_into is None)
    return store, owner_of_consignment(version.consignment_id), owner_of_movement(version.movements[0])


def test_a_find_reaches_consignment_and_movement(examined: tuple[Store, int, int]) -> None:
    """A positive adds one examination and one find of its threat to the keys of both."""
    store, consignment, movement = examined
    store.take(outcome.build(_examined(OutcomeKind.POSITIVE, COCAINE)))
    for owner in (consignment, movement):
        assert store.totals[owner, Measure.EXAMINED] == 1
        assert store.totals[owner, Measure.FOUND_COCAINE] == 1


def test_a_correction_adds_the_difference(examined: tuple[Store, int, int]) -> None:
    """A positive corrected to a negative leaves one examination and no find; the older word again changes nothing."""
    store, consignment, movement = examined
    store.take(outcome.build(_examined(OutcomeKind.POSITIVE, COCAINE)))
    store.take(outcome.build(_examined(OutcomeKind.NEGATIVE, revision=2)))
    late = store.take(outcome.build(_examined(OutcomeKind.POSITIVE, COCAINE, revision=1)))
    assert len(late.sightings) == 0
    for owner in (consignment, movement):
        assert store.totals[owner, Measure.EXAMINED] == 1
        assert store.totals[owner, Measure.FOUND] == 0
        assert store.totals[owner, Measure.FOUND_COCAINE] == 0


@pytest.mark.parametrize(
    "kind",
    [
        OutcomeKind.NO_SHOW,
        OutcomeKind.MISSED,
        OutcomeKind.INSUFFICIENT_RESOURCES,
        OutcomeKind.TARGET_WITHDRAWN,
    ],
)
def test_what_is_no_label_adds_nothing(examined: tuple[Store, int, int], kind: OutcomeKind) -> None:
    """A selection that ended without an examination leaves no trace in any entity's history."""
    store, _, _ = examined
    applied = store.take(outcome.build(_examined(kind)))
    assert len(applied.outcomes) == 1
    assert len(applied.sightings) == 0


def test_a_defect_costs_one_message_not_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where extraction fails after linking has written, nothing of the message stays but its quarantine entry."""
    store = Store()
    store.take(ferry_booking.build(a_booking()))
    before = dict(store.state.rows())

    def fail(_: object) -> None:
        raise KeyError("a case nobody thought of")

    with monkeypatch.context() as patched:
        patched.setattr(fold, "extract", fail)
        applied = store.take(ens.build(a_roro_entry()))
    assert applied.quarantined is not None
    assert applied.quarantined.stage == "linking"
    assert "a case nobody thought of" in applied.quarantined.found
    after = dict(store.state.rows())
    assert {place for place in after if after[place] != before.get(place)} == {
        place for place in after if place[0] in ("meta", "digests") and after[place] != before.get(place)
    }
    assert len(store.take(ens.build(a_roro_entry(lrn="LRN-2"))).versions) == 2


@pytest.mark.parametrize("size", [2, 3, 100])
def test_batches_give_what_one_after_the_other_gives(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails among them: each does the same, and the state holds the same rows."""
    messages = [
        ferry_booking.build(a_booking()),
        b"not a message",
        ens.build(a_roro_entry()),
        ens.build(a_roro_entry(lrn="LRN-2", document="CMR-DEFECT")),
        outcome.build(_examined(OutcomeKind.POSITIVE, COCAINE)),
        ferry_booking.build(a_booking(booking_reference="BK-2", vehicle="XY99ZZZ")),
        outcome.build(_examined(OutcomeKind.NEGATIVE, revision=2)),
    ]
    entries = [
        JournalEntry(number, ARRIVAL + number * HOUR, sha256(raw).digest(), "test", raw)
        for number, raw in enumerate(messages, start=1)
    ]

    def fail(version: ConsignmentVersion) -> Extract:
        if version.entry is not None and version.entry.lrn == "LRN-2":
            raise KeyError("a case nobody thought of")
        return extract(version)

    monkeypatch.setattr(fold, "extract", fail)
    alone, together = MemoryState(), MemoryState()
    done = [applied for entry in entries for applied in apply(alone, [entry], Settings())]
    again = [
        applied
        for start in range(0, len(entries), size)
        for applied in apply(together, entries[start : start + size], Settings())
    ]
    assert dict(alone.rows()) == dict(together.rows())
    assert [_did(each) for each in done] == [_did(each) for each in again]
    assert [each.quarantined is not None for each in done] == [False, True, False, True, False, False, False]


def test_an_error_names_the_stream_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, unlinkable or unknown: the quarantine entry says which stream recognised the message."""
    store = Store()
    broken = store.take(ens.build(a_roro_entry())[:400]).quarantined
    unknown = store.take(b"<a/>").quarantined

    def fail(_: object) -> None:
        raise KeyError("a case nobody thought of")

    monkeypatch.setattr(fold, "extract", fail)
    unlinkable = store.take(ens.build(a_roro_entry())).quarantined
    assert broken is not None
    assert unknown is not None
    assert unlinkable is not None
    assert [each.stream for each in (broken, unknown, unlinkable)] == ["ens", "", "ens"]
    assert [each.reason for each in (broken, unknown, unlinkable)] == ["malformed", "unknown format", "unlinkable"]


def test_what_was_quarantined_stays_so() -> None:
    """Applied again, an entry that could not be read when it came changes nothing, though today's readers read it."""
    raw = ens.build(a_roro_entry())
    state = MemoryState()
    entry = JournalEntry(1, ARRIVAL, sha256(raw).digest(), "test", raw)
    (applied,) = apply(state, [entry], Settings(), quarantined={1})
    assert applied.quarantined is not None
    assert applied.versions == ()
    assert {table for (table, _), _ in state.rows()} == {"meta", "digests"}
    (again,) = apply(state, [replace(entry, sequence=2)], Settings(), quarantined={1})
    assert again.versions


def test_a_bad_message_only_moves_the_watermark() -> None:
    """An unreadable message is applied as a quarantine entry: its number is spent, nothing else changes."""
    store = Store()
    applied = store.take(b"not a message")
    assert applied.quarantined is not None
    assert (applied.quarantined.__traceback__, applied.quarantined.__context__) == (None, None)  # they hold a batch
    assert applied.versions == ()
    assert read_watermark(store.state).sequence == 1
