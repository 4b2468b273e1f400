"""Numbers and rows of online records."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aftc.features.algebra import Measure
from aftc.features.record_bytes import (
    name_among,
    put_fixed,
    put_names,
    put_number,
    put_row,
    row_day,
    skip_row,
    take_counts,
    take_fixed,
    take_name,
    take_number,
    take_row,
)

WORDS = st.integers(-(2**63), 2**63 - 1)
AMOUNTS = st.lists(st.one_of(st.just(0), st.integers(-70, 70), WORDS), min_size=len(Measure), max_size=len(Measure))


def room() -> np.ndarray:
    """More than any of them takes, of bytes that mean something."""
    return np.full(300, 0xAB, np.uint8)


@given(WORDS, st.integers(0, 9))
def test_a_number_is_read_as_it_was_written(number: int, at: int) -> None:
    """In at most ten bytes, a small one of either sign in one."""
    raw = room()
    end = put_number(raw, at, number)
    assert take_number(raw, at) == (number, end)
    assert end - at <= 10
    assert (end - at == 1) == (-64 <= number < 64)
    assert set(raw[end:].tolist()) == {0xAB}


@given(st.integers(0, 2**24 - 1))
def test_what_has_a_width_is_read_as_it_was_written(number: int) -> None:
    """The lowest byte first."""
    raw = room()
    put_fixed(raw, 1, 3, number)
    assert take_fixed(raw, 1, 3) == number
    assert raw[1:4].tobytes() == number.to_bytes(3, "little")


NAMES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 31), WORDS), max_size=6, unique_by=lambda name: name[2])


@given(NAMES, st.integers(0, 9))
def test_the_names_of_a_ledger_stand_by_event_kind_and_key(named: list[tuple[int, int, int]], at: int) -> None:
    """As they are put among those of their event, so they are written and read; a key takes the lowest byte first."""
    named.sort(key=lambda name: name[0])
    names = np.empty((len(named), 3), np.int64)
    for count, (event, kind, key) in enumerate(named):
        name_among(names, count, event, kind, key)
    assert names.tolist() == sorted(map(list, named))
    raw = room()
    end = put_names(raw, at, names, 4)
    count, events, place = take_counts(raw, at)
    assert (count, events) == (len(named), 4)
    for event, kind, key in names.tolist():
        assert raw[place : place + 8].tobytes() == key.to_bytes(8, "little", signed=True)
        *found, place = take_name(raw, place)
        assert found == [key, kind, event]
    assert place == end


@given(st.integers(0, 2**16 - 1), AMOUNTS, AMOUNTS)
def test_a_row_adds_what_was_written(day: int, amounts: list[int], before: list[int]) -> None:
    """To whatever totals, within 64 bits; and it is skipped to the same place."""
    raw, totals = room(), np.array(before, np.int64)
    end = put_row(raw, 2, day, np.array(amounts, np.int64))
    assert row_day(raw, 2) == day
    assert take_row(raw, 2, totals) == skip_row(raw, 2) == end
    assert np.array_equal(totals, np.array(before, np.int64) + np.array(amounts, np.int64))
    assert set(raw[end:].tolist()) == {0xAB}
