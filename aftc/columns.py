"""Arrow columns as NumPy arrays: the one place that says what becomes of a null."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from aftc.errors import HistoryError

__all__ = ["codes", "flags", "instants", "matrix", "numbers", "ragged"]


def instants(column: pa.ChunkedArray, *, missing: int | None = None) -> NDArray[np.int64]:
    """int64 values; a null becomes `missing`.

    Raises:
        HistoryError: a null where none may be.
    """
    if missing is None and column.null_count:
        raise HistoryError("a value in every row of an integer column", f"{column.null_count} nulls")
    whole = column if missing is None else pc.fill_null(column, missing)
    return np.ascontiguousarray(whole.to_numpy(), dtype=np.int64)


def numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """float64 values; a null becomes NaN."""
    return np.ascontiguousarray(pc.cast(column, pa.float64()).to_numpy(), dtype=np.float64)


def flags(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Booleans; a null is false."""
    return np.ascontiguousarray(pc.fill_null(column, False).to_numpy(), dtype=np.bool_)


def codes(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The distinct texts in order of first appearance, and int64[n] places among them; a null is an empty text."""
    encoded = pc.dictionary_encode(pc.fill_null(column, "")).combine_chunks()
    return tuple(encoded.dictionary.to_pylist()), np.asarray(encoded.indices.to_numpy(), dtype=np.int64)


def matrix(column: pa.ChunkedArray, width: int) -> NDArray[np.int64]:
    """int64[n, width] of a column of lists that all have `width` members.

    Raises:
        HistoryError: a list of another length: the lake was written with another feature schema.
    """
    lengths = np.unique(pc.list_value_length(column).to_numpy())
    if lengths.size and (lengths.size > 1 or lengths[0] != width):
        raise HistoryError(
            f"{width} values in every row",
            f"lists of {lengths.tolist()}",
            advice="ingest into a new lake with this version",
        )
    values = pc.list_flatten(column)
    return instants(values).reshape(-1, width)


def ragged(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets int64[n + 1] and values int64[*] of a column of lists of integers; a null list is empty."""
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
    offsets = np.zeros(lengths.size + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets, instants(pc.list_flatten(column))
