"""Assembly: the last step, from integers to the vector, by one function for one row and for ten million.

It walks tables of operators and registers, so the features are not known to it, and a row's bits do not depend on how
many rows go with it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from aftc.errors import HistoryError
from aftc.features.algebra import MISSING, Operator
from aftc.features.schema import FeatureSchema

__all__ = ["LEAST_MAGNITUDE", "assemble"]

LEAST_MAGNITUDE: Final = 1.0000000180025095e-35  # LightGBM takes smaller values for zero, ONNX Runtime does not

_ADD: Final = int(Operator.ADD)
_SUBTRACT: Final = int(Operator.SUBTRACT)
_MULTIPLY: Final = int(Operator.MULTIPLY)
_DIVIDE: Final = int(Operator.DIVIDE)
_MAXIMUM: Final = int(Operator.MAXIMUM)
_MINIMUM: Final = int(Operator.MINIMUM)
_AT_LEAST: Final = int(Operator.AT_LEAST)


def assemble(schema: FeatureSchema, facts: NDArray[np.int64], sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """Vectors of some versions.

    Args:
        schema: The features.
        facts: int64[n, schema.fact_columns], as extracted.
        sums: int64[n, schema.windows], from `online` or `batch`.

    Returns:
        float64[n, features]; NaN is missing, and nothing nearer to zero than LightGBM can tell from it but zero.

    Raises:
        HistoryError: integers of another schema.
    """
    expected = (schema.fact_columns, len(schema.windows))
    found = (facts.shape[-1], sums.shape[-1])
    if found != expected or facts.ndim != 2 or sums.ndim != 2 or len(facts) != len(sums):
        raise HistoryError(
            f"{expected[0]} facts and {expected[1]} sums a row",
            f"{facts.shape} and {sums.shape}",
            advice="ingest into a new store with this version",
        )
    program = schema.program
    vectors = np.empty((len(facts), len(schema.features)), np.float64)
    _assemble(
        _one_type(facts), _one_type(sums), program.presence, program.constants, program.steps, program.outputs, vectors
    )
    return vectors


def _one_type(integers: NDArray[np.int64]) -> NDArray[np.int64]:
    """An array that can be written, as it is or copied: read-only arrays are another type, compiled anew."""
    if integers.flags.carray and integers.dtype == np.int64:
        return integers
    return np.require(integers, np.int64, ["C", "W"])


@njit(cache=True, nogil=True, error_model="numpy")
def _assemble(
    facts: NDArray[np.int64],
    sums: NDArray[np.int64],
    presence: NDArray[np.int64],
    constants: NDArray[np.float64],
    steps: NDArray[np.int64],
    outputs: NDArray[np.int64],
    vectors: NDArray[np.float64],
) -> None:
    first_sum = facts.shape[1]
    first_constant = first_sum + sums.shape[1]
    first_result = first_constant + constants.size
    registers = np.empty(first_result + steps.shape[0], np.float64)
    registers[first_constant:first_result] = constants
    for row in range(facts.shape[0]):
        for column in range(first_sum):
            fact = facts[row, column]
            registers[column] = np.nan if fact == MISSING else float(fact)
        for window in range(sums.shape[1]):
            absent = facts[row, presence[window]] == MISSING
            registers[first_sum + window] = np.nan if absent else float(sums[row, window])
        for step in range(steps.shape[0]):
            left, right = registers[steps[step, 1]], registers[steps[step, 2]]
            registers[first_result + step] = _apply(steps[step, 0], left, right)
        for feature in range(outputs.size):
            value = registers[outputs[feature]]
            vectors[row, feature] = 0.0 if abs(value) <= LEAST_MAGNITUDE else value


@njit(cache=True, nogil=True, error_model="numpy")
def _apply(operator: int, left: float, right: float) -> float:
    """One step; missing in, missing out."""
    if np.isnan(left) or np.isnan(right):
        return np.nan
    if operator == _ADD:
        return left + right
    if operator == _SUBTRACT:
        return left - right
    if operator == _MULTIPLY:
        return left * right
    if operator == _DIVIDE:
        return left / right if right != 0.0 else np.nan
    if operator == _MAXIMUM:
        return max(left, right)
    if operator == _MINIMUM:
        return min(left, right)
    if operator == _AT_LEAST:
        return 1.0 if left >= right else 0.0
    return np.sqrt(left) if left >= 0.0 else np.nan
