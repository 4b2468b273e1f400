"""The online records' bytes and checks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.errors import StateError
from aftc.features.algebra import KeyKind, Measure
from aftc.features.entity_records import (
    ROW_BYTES,
    Head,
    Ledger,
    key_bytes,
    read_body,
    read_head,
    read_ledger,
    rows_in_body,
    unpack_head,
    unpack_ledger,
    unpack_rows,
)
from aftc.state import MemoryState
from tests.features.written_records import pack_head, pack_ledger, pack_row, with_event

KEY = -(2**62) + 5
NAME = key_bytes(KEY)
words = st.integers(-(2**63), 2**63 - 1)
amounts = st.tuples(*[st.integers(-(2**40), 2**40)] * len(Measure))


@given(words, words, words, amounts)
def test_a_head_is_read_as_it_was_written(sequence: int, rows: int, day: int, totals: tuple[int, ...]) -> None:
    """Head to bytes and back."""
    state = MemoryState()
    head = Head(sequence, rows, day, totals)
    state.put("heads", NAME, pack_head(head, NAME))
    raw = read_head(state, KeyKind.VEHICLE, KEY)
    assert raw is not None
    assert unpack_head(raw) == head
    assert rows_in_body(raw) == rows


@given(st.lists(st.tuples(words, amounts)))
def test_rows_are_read_as_they_were_written(rows: list[tuple[int, tuple[int, ...]]]) -> None:
    """Closed days to bytes and back."""
    body = b"".join(pack_row(day, totals, NAME) for day, totals in rows)
    assert unpack_rows(body, KeyKind.VEHICLE, KEY) == rows


@given(
    st.lists(st.tuples(words, words, amounts, st.lists(st.tuples(words, st.integers(0, 17)), max_size=3)), min_size=1)
)
def test_a_ledger_is_read_as_it_was_written(
    events: list[tuple[int, int, tuple[int, ...], list[tuple[int, int]]]],
) -> None:
    """Ledger to bytes and back, its totals being the sum of its events."""
    ledger = Ledger()
    for sequence, day, added, fresh in events:
        ledger = with_event(ledger, sequence, day, added, fresh)
    state = MemoryState()
    state.put("owners", NAME, pack_ledger(ledger, NAME))
    raw = read_ledger(state, KEY)
    assert raw is not None
    assert unpack_ledger(raw) == ledger


def test_a_key_gets_at_once_what_was_added_before_it_was_known() -> None:
    """Every key of an owner carries all that the owner ever added."""
    one, two = (1,) + (0,) * (len(Measure) - 1), (0, 7) + (0,) * (len(Measure) - 2)
    both = tuple(map(sum, zip(one, two, strict=True)))
    ledger = with_event(with_event(Ledger(), 1, 10, one, [(8, 0)]), 2, 11, two, [(9, 0)])
    assert ledger.sightings_of(8) == [(10, one), (11, two)]
    assert ledger.sightings_of(9) == [(11, both)]
    assert ledger.sightings_of(7) == []


def packed(table: str, name: bytes) -> bytes:
    """A sound record of a table under a name."""
    zeros = (0,) * len(Measure)
    if table == "heads":
        return pack_head(Head(1, 0, 5, zeros), name)
    return pack_ledger(with_event(Ledger(), 1, 5, zeros, [(3, 0)]), name)


@pytest.mark.parametrize("table", ["heads", "owners"])
@pytest.mark.parametrize("harm", ["altered", "shortened", "emptied", "another's"])
def test_a_damaged_record_names_itself_and_what_mends_it(table: str, harm: str) -> None:
    """No record that fails its check is ever used."""
    raw = packed(table, NAME)
    damaged = {
        "altered": bytes([raw[0] ^ 1]) + raw[1:],
        "shortened": raw[:-8],
        "emptied": b"",
        "another's": packed(table, key_bytes(KEY + 1)),
    }[harm]
    state = MemoryState()
    state.put(table, NAME, damaged)
    with pytest.raises(StateError, match=rf"{KEY}: expected a sound record.*aftc state rebuild"):
        read_head(state, KeyKind.VEHICLE, KEY) if table == "heads" else read_ledger(state, KEY)


def test_a_body_of_another_length_than_its_head_says_is_refused() -> None:
    """A lost row would be a wrong window."""
    state = MemoryState()
    state.put("bodies", NAME, pack_row(5, (0,) * len(Measure), NAME))
    assert len(read_body(state, KeyKind.VEHICLE, KEY, 1)) == ROW_BYTES
    with pytest.raises(StateError, match="body of vehicle"):
        read_body(state, KeyKind.VEHICLE, KEY, 2)


def test_a_damaged_row_is_refused() -> None:
    """Each closed day has a check of its own."""
    body = bytearray(pack_row(5, (0,) * len(Measure), NAME))
    body[20] ^= 64
    with pytest.raises(StateError, match="body of vehicle"):
        unpack_rows(bytes(body), KeyKind.VEHICLE, KEY)
