"""The split by time: nothing of the future, nothing shared, nothing empty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from aftc.errors import TrainingError
from training.split import NO_PART, Part, Split, split_by_time
from training.testing import separate_units
from training.units import Units


def split_of_rows(moment: NDArray[np.int64], units: Units, *, delay: int = 0) -> Split:
    """All rows labelled, the labels known `delay` after the moment."""
    return split_by_time(moment, np.ones(moment.size, dtype=np.bool_), moment + delay, units)


def test_parts_hold_their_shares_in_order_of_time() -> None:
    """Of 100 rows 60 train, 20 tune and 20 test, each part after the one before."""
    split = split_of_rows(np.arange(100)[::-1].copy(), separate_units(100))
    assert [int(split.rows(part).sum()) for part in Part] == [60, 20, 20]
    assert (split.validation_from, split.test_from) == (60, 80)
    assert split.part.tolist() == [2] * 20 + [1] * 20 + [0] * 60


def test_late_labels_do_not_count() -> None:
    """Labels known after the next part begins are dropped from training and validation, never from the test."""
    split = split_of_rows(np.arange(100), separate_units(100), delay=5)
    assert [int(split.labelled(part).sum()) for part in Part] == [55, 15, 20]
    assert split.late_labels == 10
    assert int(split.rows(Part.TRAIN).sum()) == 60


ROW = st.tuples(st.integers(0, 300), st.integers(0, 39), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(ROW, min_size=20, max_size=60))
def test_nothing_leaks_across(rows: list[tuple[int, int, int, int]]) -> None:
    """No unit is in two parts, no label is known after its part's end, no moment lies outside its part."""
    moment, unit, delay, chance = (np.array(column) for column in zip(*rows, strict=True))
    labelled, known_at = chance > 0, moment + delay
    units = Units(np.arange(moment.size), unit, tuple(map(str, range(40))))
    try:
        split = split_by_time(moment, labelled, known_at, units)
    except TrainingError:
        assume(False)
    ends = [split.validation_from, split.test_from, 10**9]
    for row in range(moment.size):
        part = int(split.part[row])
        if part == NO_PART:
            assert (moment[unit == unit[row]] < max(x for x in [0, *ends[:2]] if x <= moment[row])).any()
            continue
        assert [0, *ends][part] <= moment[row] < ends[part]
        assert set(split.part[unit == unit[row]]) <= {part, NO_PART}
        assert not split.usable[row] or (labelled[row] and known_at[row] < ends[part])


def test_shared_units_fall_out_and_are_counted() -> None:
    """A consignment of the test period aboard a unit of the training period belongs to no part."""
    unit = np.arange(100)
    unit[99] = 0
    split = split_of_rows(np.arange(100), Units(np.arange(100), unit, tuple(map(str, range(100)))))
    assert (int(split.part[99]), int(split.part[0]), split.shared) == (NO_PART, Part.TRAIN, 1)


@pytest.mark.parametrize("moment", [np.arange(2), np.zeros(50, dtype=np.int64)])
def test_an_empty_part_is_an_error(moment: NDArray[np.int64]) -> None:
    """Too few rows, or all at one moment, cannot be split; the error names the part or the number."""
    with pytest.raises(TrainingError, match="labelled rows for"):
        split_of_rows(moment, separate_units(moment.size))
