"""Windows online against batch, and damaged records."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.clock import DAY
from aftc.errors import StateError
from aftc.features import batch, online
from aftc.features.catalogue import SCHEMA
from aftc.features.entity_records import key_bytes
from aftc.features.extract import Extract
from aftc.features.testing import apply_step, decisions_of, random_history
from aftc.overlay import MemoryState
from aftc.state import State


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.sampled_from((DAY // 4, 3 * DAY, 90 * DAY)))
def test_what_is_read_after_each_message_equals_batch(seed: int, longest_gap: int) -> None:
    """Read from the state as it grows, or computed at the end from all sightings: equal integers."""
    state, rows, extracts, read = MemoryState(), [], [], []
    for step in random_history(seed, longest_gap=longest_gap):
        made, sightings = apply_step(state, step)
        rows.append(sightings)
        for each in made:
            extracts.append((step.sequence, each))
            read.append(online.window_sums(state, SCHEMA, each.slots, each.owners, day=each.day))
    expected = batch.window_sums(SCHEMA, np.concatenate(rows), decisions_of(extracts))
    assert np.array_equal(np.array(read).reshape(expected.shape), expected)


def test_what_is_read_without_a_new_message_is_of_the_same_day() -> None:
    """A later day than the last sighting's moves the windows, and nothing else."""
    state = MemoryState()
    extracts = [each for step in random_history(3) for each in apply_step(state, step)[0]]
    last = extracts[-1]
    none = np.empty(0, np.int64)
    assert online.window_sums(state, SCHEMA, last.slots, none, day=last.day).any()
    assert not online.window_sums(state, SCHEMA, last.slots, none, day=last.day + 730).any()


def test_an_owner_named_twice_is_subtracted_once() -> None:
    """Ids that were joined may meet in the list of owners."""
    state = MemoryState()
    last = [each for step in random_history(4) for each in apply_step(state, step)[0]][-1]
    once = online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)
    twice = online.window_sums(state, SCHEMA, last.slots, np.repeat(last.owners, 2), day=last.day)
    assert np.array_equal(once, twice)


def grown(state: MemoryState) -> tuple[Extract, int]:
    """A history of many days, its last version, and that one's key with the longest record."""
    last = [each for step in random_history(5, messages=200) for each in apply_step(state, step)[0]][-1]
    key = max(last.slots.tolist(), key=lambda slot: len(state.get("entities", key_bytes(slot)) or b""))
    return last, key


@pytest.mark.parametrize("table", ["entities", "owners"])
def test_whatever_byte_is_altered_the_record_is_refused_by_name(table: str) -> None:
    """The error names the record and the command that mends it."""
    state = MemoryState()
    last, key = grown(state)
    name = key_bytes(int(last.owners[0]) if table == "owners" else key)
    raw = state.get(table, name)
    assert raw is not None
    assert len(raw) > 100
    for place in range(len(raw)):
        harmed = bytearray(raw)
        harmed[place] ^= 1 << place % 8
        state.put(table, name, bytes(harmed))
        with pytest.raises(StateError, match=rf"{int.from_bytes(name, 'little', signed=True)}.*aftc state rebuild"):
            online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)


def test_the_environment_on_disk_reads_as_memory_does(tmp_path: Path) -> None:
    """The same bytes in LMDB, across a close and an opening."""
    memory, state = MemoryState(), State(tmp_path / "state", writable=True)
    extracts: list[Extract] = []
    with state.transaction() as writer:
        for step in random_history(8):
            extracts.extend(apply_step(memory, step)[0])
            apply_step(writer, step)
    state.close()
    state, last = State(tmp_path / "state"), extracts[-1]
    with state.snapshot() as view:
        read = online.window_sums(view, SCHEMA, last.slots, last.owners, day=last.day)
    state.close()
    assert np.array_equal(read, online.window_sums(memory, SCHEMA, last.slots, last.owners, day=last.day))


@pytest.mark.parametrize("kept", [0, 1, 8, 9, 20, -1])
def test_an_entity_that_is_cut_off_or_anothers_is_refused(kept: int) -> None:
    """Not taken for one that was never seen, and not read beyond its end."""
    state = MemoryState()
    last, key = grown(state)
    raw = state.get("entities", key_bytes(key))
    assert raw is not None
    state.put("entities", key_bytes(key), raw[:kept])
    with pytest.raises(StateError, match=rf"{key}.*aftc state rebuild"):
        online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)
    other = next(slot for slot in last.slots.tolist() if slot not in (0, key))
    state.put("entities", key_bytes(key), state.get("entities", key_bytes(other)) or b"")
    with pytest.raises(StateError, match=rf"{key}.*aftc state rebuild"):
        online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)


@pytest.mark.parametrize("kept", [0, 3, 8])
def test_a_ledger_that_is_cut_off_is_refused_and_not_taken_for_none(kept: int) -> None:
    """To take an emptied ledger for an unknown owner would count a consignment's own sightings against it."""
    state = MemoryState()
    last, _ = grown(state)
    owner = int(last.owners[0])
    raw = state.get("owners", key_bytes(owner))
    assert raw is not None
    state.put("owners", key_bytes(owner), raw[:kept])
    with pytest.raises(StateError, match=rf"owner {owner}.*aftc state rebuild"):
        online.window_sums(state, SCHEMA, last.slots, last.owners, day=last.day)
