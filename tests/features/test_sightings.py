"""Sightings: what counts, when, and once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from aftc.errors import HistoryError, StateError
from aftc.features.algebra import KeyKind, Measure
from aftc.features.entity_records import key_bytes
from aftc.features.extract import Owned
from aftc.features.measures import outcome_deltas
from aftc.features.sightings import COLUMNS, sight, sight_outcome
from aftc.overlay import MemoryState
from aftc.records import Threat
from tests.features.written_records import (
    Entity,
    Ledger,
    pack_entity,
    pack_ledger,
    seen,
    unpack_entity,
    unpack_ledger,
    with_event,
)

PAIR, VEHICLE, DRIVER = 101, 202, 303
TODAY = 20_000
EVENTS = st.tuples(  # whether in a message of its own, the keys named, a mass, and days later
    st.integers(0, 1),
    st.dictionaries(st.sampled_from((KeyKind.VEHICLE, KeyKind.TRAILER, KeyKind.DRIVER)), st.integers(1, 4), max_size=3),
    st.integers(0, 2),
    st.sampled_from((0, 1, 2, 300, 400)),
)


def measures(**given: int) -> tuple[int, ...]:
    """Measures by label, count 1."""
    return tuple({"count": 1, **given}.get(measure.label, 0) for measure in Measure)


def owned(owner: int = 1, keys: dict[KeyKind, int] | None = None, **given: int) -> Owned:
    """An owner of these keys; of a vehicle alone where none are given."""
    named = keys or {KeyKind.VEHICLE: VEHICLE}
    return Owned(owner, None, tuple(named), tuple(named.values()), measures(**given), (owner,))


def rows_of(sightings: NDArray[np.int64]) -> list[dict[str, int]]:
    """Sightings by column, zeros left out."""
    return [{name: value for name, value in zip(COLUMNS, row, strict=True) if value} for row in sightings.tolist()]


def test_an_owner_adds_a_row_to_each_key_once() -> None:
    """The same version again adds nothing."""
    state = MemoryState()
    each = owned(keys={KeyKind.VEHICLE: VEHICLE, KeyKind.TRAILER: 7}, gross_mass_g=500)
    first = sight(state, (each,), sequence=1, day=TODAY)
    common = {"owner": 1, "sequence": 1, "day": TODAY, "count": 1, "gross_mass_g": 500}
    assert rows_of(first) == [{"key": VEHICLE, **common}, {"key": 7, **common}]
    assert rows_of(sight(state, (each,), sequence=2, day=TODAY)) == []


def test_a_measure_counts_when_it_is_first_known_and_only_then() -> None:
    """A later, other mass changes nothing: history is what was first told."""
    state = MemoryState()
    sight(state, (owned(),), sequence=1, day=TODAY)
    later = sight(state, (owned(gross_mass_g=500),), sequence=2, day=TODAY + 1)
    assert rows_of(later) == [{"key": VEHICLE, "owner": 1, "sequence": 2, "day": TODAY + 1, "gross_mass_g": 500}]
    assert rows_of(sight(state, (owned(gross_mass_g=900),), sequence=3, day=TODAY + 1)) == []


def test_a_new_key_gets_all_that_is_known_of_its_owner() -> None:
    """The count of keys known before stays as it is; nothing is retracted from a key that turns out wrong."""
    state = MemoryState()
    sight(state, (owned(gross_mass_g=500),), sequence=1, day=TODAY)
    sight_outcome(state, 1, outcome_deltas([Threat.COCAINE]), sequence=2, day=TODAY)
    rows = sight(state, (owned(keys={KeyKind.VEHICLE: 7}, packages=3),), sequence=3, day=TODAY)
    assert rows_of(rows) == [
        {"key": VEHICLE, "owner": 1, "sequence": 3, "day": TODAY, "packages": 3},
        {"key": 7, "owner": 1, "sequence": 3, "day": TODAY, "count": 1, "gross_mass_g": 500, "packages": 3}
        | {"examined": 1, "found": 1, "found_cocaine": 1},
    ]


def test_an_outcome_adds_to_every_key_of_its_owner_and_a_correction_the_difference() -> None:
    """What an owner nobody has seen was found with adds nothing."""
    state = MemoryState()
    sight(state, (owned(keys={KeyKind.VEHICLE: VEHICLE, KeyKind.TRAILER: 7}),), sequence=1, day=TODAY)
    found = sight_outcome(state, 1, outcome_deltas([Threat.CANNABIS]), sequence=2, day=TODAY)
    assert [row["key"] for row in rows_of(found)] == [VEHICLE, 7]
    negative = np.subtract(outcome_deltas([]), outcome_deltas([Threat.CANNABIS])).tolist()
    corrected = sight_outcome(state, 1, negative, sequence=3, day=TODAY)
    assert [(row["found"], row["found_cannabis"], "examined" in row) for row in rows_of(corrected)] == [
        (-1, -1, False)
    ] * 2
    assert rows_of(sight_outcome(state, 99, outcome_deltas([]), sequence=4, day=TODAY)) == []


def test_a_new_pair_is_flagged_once_and_by_others_alone() -> None:
    """The first owner of a pair is flagged; a second one is not; the owner's own earlier id is no other."""
    state = MemoryState()
    keys = {KeyKind.CONSIGNEE: 5, KeyKind.CONSIGNOR_CONSIGNEE: PAIR}
    first = sight(state, (owned(1, keys),), sequence=1, day=TODAY)
    assert [row.get("new_pair") for row in rows_of(first)] == [1, 1]
    second = sight(state, (owned(2, keys),), sequence=2, day=TODAY)
    assert [row.get("new_pair") for row in rows_of(second)] == [None, None]
    successor = replace(owned(3, keys), aside=(3, 1, 2))
    assert [row.get("new_pair") for row in rows_of(sight(state, (successor,), sequence=3, day=TODAY))] == [1, 1]


@pytest.mark.parametrize(("gap", "flag"), [(729, None), (730, 1)])
def test_new_looks_back_730_days(gap: int, flag: int | None) -> None:
    """No row in days d - 729 to d."""
    state = MemoryState()
    keys = {KeyKind.CONSIGNOR_CONSIGNEE: PAIR}
    sight(state, (owned(1, keys),), sequence=1, day=TODAY)
    sight(state, (owned(4, {KeyKind.CONSIGNOR_CONSIGNEE: 9}),), sequence=2, day=TODAY + gap)
    assert rows_of(sight(state, (owned(2, keys),), sequence=3, day=TODAY + gap))[0].get("new_pair") == flag


def test_what_others_count_is_told_from_what_ids_that_were_taken_over_did() -> None:
    """Not beyond the days that "new" looks back, and of an owner of the same message too."""
    state = MemoryState()
    keys = {KeyKind.CONSIGNOR_CONSIGNEE: PAIR}
    sight(state, (owned(1, keys),), sequence=1, day=TODAY - 730)
    sight(state, (owned(2, keys),), sequence=2, day=TODAY)
    taken_over = replace(owned(3, keys), aside=(3, 2))
    assert rows_of(sight(state, (taken_over, owned(2, keys)), sequence=3, day=TODAY))[0].get("new_pair") == 1
    other = replace(owned(4, keys), aside=(4, 2))
    assert rows_of(sight(state, (other,), sequence=4, day=TODAY))[0].get("new_pair") is None


def stored(state: MemoryState, key: int) -> Entity:
    """An entity as it is kept."""
    return unpack_entity(state.get("entities", key_bytes(key)) or b"", key_bytes(key))


def counts(state: MemoryState, key: int) -> dict[int, int]:
    """Sightings of an entity, by days after today."""
    return {day - TODAY: amounts[Measure.COUNT] for day, amounts in stored(state, key).days}


@pytest.mark.parametrize(("kind", "days"), [(KeyKind.VEHICLE, 730), (KeyKind.DRIVER, 365)])
def test_of_days_that_no_window_reaches_nothing_is_kept(kind: KeyKind, days: int) -> None:
    """Not in a sum either: a natural person is forgotten after 365 days, all else after 730."""
    state = MemoryState()
    for place, day in enumerate((0, 10, 300, days + 9)):
        sight(state, (owned(place, {kind: 7}),), sequence=place + 1, day=TODAY + day)
    assert counts(state, 7) == {10: 1, 300: 1, days + 9: 1}
    sight(state, (owned(9, {kind: 7}),), sequence=9, day=TODAY + days + 10)
    assert counts(state, 7) == {300: 1, days + 9: 1, days + 10: 1}
    sight(state, (owned(10, {kind: 7}),), sequence=10, day=TODAY + 5000)
    assert counts(state, 7) == {5000: 1}


@pytest.mark.parametrize("place", range(20))
def test_closed_days_that_are_damaged_are_never_made_sound(place: int) -> None:
    """Whatever is added to the record: by the day, by days that close, or when the first ones go."""
    state = MemoryState()
    for day in (0, 1):
        sight(state, (owned(day),), sequence=day + 1, day=TODAY + day)
    raw = bytearray(state.get("entities", key_bytes(VEHICLE)) or b"")
    raw[-1 - place % 7] ^= 1 << place % 8
    state.put("entities", key_bytes(VEHICLE), bytes(raw))
    for later, day in enumerate((1, 2, 2, 731, 732)):
        try:
            sight(state, (owned(10 + later),), sequence=10 + later, day=TODAY + day)
        except StateError:
            return
    with pytest.raises(AssertionError):
        stored(state, VEHICLE)


def test_whether_a_pair_is_new_is_not_told_from_damaged_days() -> None:
    """The days on which others counted are checked before they are asked."""
    state, keys = MemoryState(), {KeyKind.CONSIGNOR_CONSIGNEE: PAIR}
    for day in (0, 1):
        sight(state, (owned(day, keys),), sequence=day + 1, day=TODAY + day)
    raw = bytearray(state.get("entities", key_bytes(PAIR)) or b"")
    raw[-1] ^= 1
    state.put("entities", key_bytes(PAIR), bytes(raw))
    with pytest.raises(StateError, match="fails its check"):
        sight(state, (owned(9, keys),), sequence=9, day=TODAY + 2)


@pytest.mark.parametrize(("sequence", "day"), [(1, TODAY), (3, TODAY - 1)])
def test_history_goes_forward_only(sequence: int, day: int) -> None:
    """A message behind one already applied would change what earlier scores have seen."""
    state = MemoryState()
    sight(state, (owned(1),), sequence=2, day=TODAY)
    with pytest.raises(HistoryError, match="messages and days that do not fall"):
        sight(state, (owned(2),), sequence=sequence, day=day)


@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_records_are_those_that_plain_code_writes(events: list[tuple[int, dict[KeyKind, int], int, int]]) -> None:
    """A ledger and its entities, byte for byte, whatever an owner tells in how many messages and days."""
    state, ledger, entities = MemoryState(), Ledger(), dict[int, Entity]()
    sequence = day = 1
    for message, keys, mass, later in events:  # a key is of one kind
        sequence, day = sequence + message, day + later * message
        told = owned(1, {kind: 10 * kind + key for kind, key in keys.items()}, gross_mass_g=mass)
        known = {key: kind for _, kind, key in ledger.keys}
        fresh = [(key, kind) for key, kind in zip(told.keys, told.kinds, strict=True) if key not in known]
        amounts = tuple(0 if total else stated for total, stated in zip(ledger.totals, told.measures, strict=True))
        sight(state, (told,), sequence=sequence, day=day)
        if not fresh and not any(amounts):
            continue
        ledger = with_event(ledger, sequence, day, amounts, fresh)
        added = {key: (kind, amounts) for key, kind in known.items() if any(amounts)}
        added |= {key: (kind, ledger.totals) for key, kind in fresh}
        for key, (kind, more) in added.items():
            entities[key] = seen(entities.get(key), KeyKind(kind), sequence, day, more)
    raw = state.get("owners", key_bytes(1))
    assert raw == pack_ledger(ledger, key_bytes(1))
    assert unpack_ledger(raw, key_bytes(1)) == ledger
    for key, entity in entities.items():
        assert state.get("entities", key_bytes(key)) == pack_entity(entity, key_bytes(key))


@pytest.mark.parametrize("kept", [0, 3])
def test_a_ledger_that_is_cut_off_is_refused_when_its_owner_tells_more(kept: int) -> None:
    """To take it for none would count all that the owner had told a second time."""
    state = MemoryState()
    sight(state, [owned()], sequence=1, day=TODAY)
    state.put("owners", key_bytes(1), (state.get("owners", key_bytes(1)) or b"")[:kept])
    with pytest.raises(StateError, match=r"owner 1.*aftc state rebuild"):
        sight(state, [owned()], sequence=2, day=TODAY)
