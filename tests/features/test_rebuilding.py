"""Records made in bulk against those that the same sightings left one by one: the same bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aftc.clock import DAY
from aftc.errors import HistoryError
from aftc.features import rebuilding
from aftc.features.algebra import KeyKind, Measure
from aftc.features.batch import Sighted
from aftc.features.extract import Owned
from aftc.features.rebuilding import Kinds, Records, entity_records, owner_records
from aftc.features.sightings import COLUMNS, sight, sight_outcome
from aftc.features.testing import apply_step, random_history
from aftc.joined_records import names_of, pieces
from aftc.overlay import MemoryState
from aftc.state import HISTORY

Tables = dict[str, list[tuple[bytes, bytes]]]


def rebuilt(sightings: NDArray[np.int64], slots: NDArray[np.int64]) -> Tables:
    """All records of some sightings, in the order made."""
    columns = np.ascontiguousarray(sightings.T)
    sighted, kinds = Sighted.of(columns[:4], list(enumerate(columns[4:]))), Kinds(iter([slots]))
    tables: Tables = {name: [] for name in HISTORY}
    for records in entity_records(sighted, kinds):
        tables["entities"] += each_of(records)
    for ledgers in owner_records(sighted, kinds):
        tables["owners"] += each_of(ledgers)
    return tables


def each_of(records: Records) -> list[tuple[bytes, bytes]]:
    """Records by the names of their keys."""
    return list(zip(names_of(records.keys), pieces(records.raw, records.ends), strict=True))


def stored(state: MemoryState) -> Tables:
    """All records as they came, in the order of the state's tables."""
    return {name: sorted((key, raw) for (table, key), raw in state.rows() if table == name) for name in HISTORY}


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.sampled_from((DAY // 4, 3 * DAY, 90 * DAY)), st.sampled_from((7, 65_536)))
def test_every_byte_is_as_if_the_sightings_had_come_one_by_one(seed: int, longest_gap: int, at_once: int) -> None:
    """Entities and ledgers, over years and minutes, whatever the order of a message's sightings."""
    state, rows = MemoryState(), []
    slots: list[NDArray[np.int64]] = []
    for step in random_history(seed, messages=80, longest_gap=longest_gap):
        made, sightings = apply_step(state, step)
        rows.append(np.random.default_rng(seed).permutation(sightings))
        slots.extend(each.slots for each in made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuilding, "SIGHTINGS_AT_ONCE", at_once)
        found = rebuilt(np.concatenate(rows), np.array(slots))
    assert found == stored(state)
    assert len(found["owners"]) > 1


def measures(**given: int) -> tuple[int, ...]:
    """Measures by label."""
    return tuple(given.get(measure.label, 0) for measure in Measure)


def test_what_one_message_tells_several_times_is_one_event() -> None:
    """Two versions that name other keys of one movement, and an outcome that takes back another's, in one message."""
    state = MemoryState()

    def owned(*keys: int, **given: int) -> Owned:
        return Owned(9, None, (KeyKind.CONTAINER,) * len(keys), keys, measures(**given), (9,))

    found = measures(examined=1)
    rows = [
        sight(state, (owned(50, count=1),), sequence=1, day=10),
        sight(state, (owned(50, 60),), sequence=2, day=11),
        sight(state, (owned(50, 40),), sequence=2, day=11),
        sight(state, (owned(30, gross_mass_g=5),), sequence=3, day=12),
        sight(state, (owned(20, gross_mass_g=5),), sequence=3, day=12),
        sight_outcome(state, 9, found, sequence=4, day=12),
        sight_outcome(state, 9, tuple(-each for each in found), sequence=4, day=12),
    ]
    assert rebuilt(np.concatenate(rows), np.zeros((0, len(KeyKind)), np.int64)) == stored(state)


def test_days_that_fall_are_refused() -> None:
    """A lake whose days do not rise with its messages is no history."""
    rows = np.zeros((2, len(COLUMNS)), np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = 5, 9, (1, 2), (11, 10)
    with pytest.raises(HistoryError, match="days that fall"):
        rebuilt(rows, np.zeros((0, len(KeyKind)), np.int64))


@pytest.mark.parametrize("day", [-1, 2**16])
def test_days_that_no_record_can_state_are_refused(day: int) -> None:
    """Two bytes hold the days from 1970 to 2149."""
    rows = np.zeros((1, len(COLUMNS)), np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = 5, 9, 1, day
    with pytest.raises(HistoryError, match="days from 1970 to 2149"):
        rebuilt(rows, np.zeros((0, len(KeyKind)), np.int64))
