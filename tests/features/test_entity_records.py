"""The online records' bytes and checks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.errors import HistoryError
from aftc.features.algebra import Measure
from aftc.features.entity_records import key_bytes, require_day
from aftc.joined_records import joined, names_of, pieces
from tests.features.written_records import (
    Entity,
    Ledger,
    pack_entity,
    pack_ledger,
    unpack_entity,
    unpack_ledger,
    with_event,
)

KEY = -(2**62) + 5
NAME = key_bytes(KEY)
words = st.integers(-(2**63), 2**63 - 1)
days = st.integers(0, 2**16 - 1)
amounts = st.tuples(*[st.integers(-(2**40), 2**40)] * len(Measure))


@given(words, st.lists(st.tuples(days, amounts), min_size=1))
def test_an_entity_is_read_as_it_was_written(sequence: int, rows: list[tuple[int, tuple[int, ...]]]) -> None:
    """The oracle's own way to bytes and back."""
    entity = Entity(sequence, tuple(rows))
    assert unpack_entity(pack_entity(entity, NAME), NAME) == entity


@given(
    st.lists(st.tuples(words, days, amounts, st.lists(st.tuples(words, st.integers(0, 17)), max_size=3)), min_size=1)
)
def test_a_ledger_is_read_as_it_was_written(
    events: list[tuple[int, int, tuple[int, ...], list[tuple[int, int]]]],
) -> None:
    """The oracle's own way to bytes and back."""
    ledger = Ledger()
    for sequence, day, added, fresh in events:
        ledger = with_event(ledger, sequence, day, added, fresh)
    assert unpack_ledger(pack_ledger(ledger, NAME), NAME) == ledger


@given(st.lists(st.one_of(st.none(), st.binary(max_size=9))))
def test_records_are_joined_and_cut_again(records: list[bytes | None]) -> None:
    """One that is not there is told from one without a byte."""
    raw, lengths = joined(records)
    assert lengths.tolist() == [-1 if each is None else len(each) for each in records]
    ends = np.cumsum(np.concatenate(([0], np.maximum(lengths, 0))))
    assert pieces(raw, ends) == [each or b"" for each in records]


@given(st.lists(words))
def test_names_are_keys_as_the_tables_have_them(keys: list[int]) -> None:
    """Eight bytes each, the lowest first."""
    assert names_of(np.array(keys, np.int64)) == list(map(key_bytes, keys))


@pytest.mark.parametrize("day", [-1, 2**16])
def test_a_day_that_no_record_can_state_is_refused(day: int) -> None:
    """Two bytes hold the days from 1970 to 2149."""
    require_day(0)
    require_day(2**16 - 1)
    with pytest.raises(HistoryError, match="days from 1970 to 2149"):
        require_day(day)
