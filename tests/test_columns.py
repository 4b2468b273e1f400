"""Arrow columns as arrays: what becomes of a null, and what is refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from aftc.columns import codes, flags, instants, matrix, numbers, ragged
from aftc.errors import HistoryError


def column(values: list[object], kind: pa.DataType) -> pa.ChunkedArray:
    """A column in two chunks."""
    return pa.chunked_array([values[:1], values[1:]], type=kind)


def test_each_kind_says_what_a_null_becomes() -> None:
    """A stated integer, NaN, false, an empty text."""
    assert instants(column([1, None], pa.int64()), missing=-1).tolist() == [1, -1]
    assert np.array_equal(numbers(column([0.5, None], pa.float64())), [0.5, np.nan], equal_nan=True)
    assert flags(column([True, None], pa.bool_())).tolist() == [True, False]
    names, places = codes(column(["b", None, "a", "b"], pa.string()))
    assert (names, places.tolist()) == (("b", "", "a"), [0, 1, 2, 0])


def test_an_integer_that_must_be_there_is_missed() -> None:
    """Without a stand-in a null is an error that counts the nulls."""
    with pytest.raises(HistoryError, match="1 nulls"):
        instants(column([1, None], pa.int64()))


def test_lists_become_a_matrix_or_are_refused() -> None:
    """Equal lengths of the width asked for; another width is another schema's lake."""
    lists = column([[1, 2], [3, 4]], pa.list_(pa.int64()))
    assert matrix(lists, 2).tolist() == [[1, 2], [3, 4]]
    assert matrix(column([], pa.list_(pa.int64())), 5).shape == (0, 5)
    with pytest.raises(HistoryError, match=r"3 values in every row, found lists of \[2\]"):
        matrix(lists, 3)
    with pytest.raises(HistoryError):
        matrix(column([[1], [2, 3]], pa.list_(pa.int64())), 2)


def test_lists_of_any_length_become_offsets_and_values() -> None:
    """An empty and a null list take no values."""
    offsets, values = ragged(column([[7], [], None, [8, 9]], pa.list_(pa.int64())))
    assert (offsets.tolist(), values.tolist()) == ([0, 1, 1, 1, 3], [7, 8, 9])
