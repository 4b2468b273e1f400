"""Assembly against an evaluator that walks the expressions."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aftc.errors import HistoryError
from aftc.features.algebra import MISSING, Constant, Expression, Fact, Operator, Window
from aftc.features.assembly import LEAST_MAGNITUDE, assemble
from aftc.features.catalogue import SCHEMA

FACTS, SUMS = SCHEMA.fact_columns, len(SCHEMA.windows)


OPERATORS: dict[Operator, Callable[[float, float], float]] = {
    Operator.ADD: lambda left, right: left + right,
    Operator.SUBTRACT: lambda left, right: left - right,
    Operator.MULTIPLY: lambda left, right: left * right,
    Operator.DIVIDE: lambda left, right: left / right if right else nan,
    Operator.MAXIMUM: max,
    Operator.MINIMUM: min,
    Operator.AT_LEAST: lambda left, right: float(left >= right),
    Operator.ROOT: lambda left, _: sqrt(left) if left >= 0 else nan,
}


def evaluate(expression: Expression, facts: NDArray[np.int64], sums: NDArray[np.int64]) -> float:
    """An expression's value, read off its definition."""
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Fact):
        value = int(facts[SCHEMA.facts.index(expression)])
        return nan if value == MISSING else float(value)
    if isinstance(expression, Window):
        known = facts[len(SCHEMA.facts) + expression.key] != MISSING
        return float(sums[SCHEMA.windows.index(expression)]) if known else nan
    left, right = evaluate(expression.left, facts, sums), evaluate(expression.right, facts, sums)
    return nan if isnan(left) or isnan(right) else OPERATORS[expression.operator](left, right)


def random_integers(seed: int, rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Facts with a quarter missing, and sums of all magnitudes, a quarter of them zero."""
    random = np.random.default_rng(seed)
    facts = random.integers(0, 10 ** random.integers(1, 10), (rows, FACTS))
    facts[random.random(facts.shape) < 0.25] = MISSING
    sums = random.integers(-5, 10 ** random.integers(1, 13), (rows, SUMS))
    sums[random.random(sums.shape) < 0.25] = 0
    return facts, sums


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_tables_compute_what_the_expressions_say(seed: int) -> None:
    """Every feature of the catalogue, bit for bit, missing where the expression is."""
    facts, sums = random_integers(seed, 1)
    expected = [evaluate(feature.expression, facts[0], sums[0]) for feature in SCHEMA.features]
    assert np.array_equal(assemble(SCHEMA, facts, sums)[0], np.array(expected), equal_nan=True)


def test_one_row_has_the_same_bits_as_among_many() -> None:
    """A row does not depend on those beside it."""
    facts, sums = random_integers(1, 2_000)
    together = assemble(SCHEMA, facts, sums)
    alone = [assemble(SCHEMA, facts[row : row + 1], sums[row : row + 1]) for row in range(2_000)]
    assert np.concatenate(alone).tobytes() == together.tobytes()


@pytest.mark.parametrize("mass", [0, 1])
def test_nothing_is_smaller_than_lightgbm_can_see_but_zero(mass: int) -> None:
    """Negative zero and the magnitudes that only one of two runtimes takes for zero do not occur."""
    facts, sums = random_integers(2, 500)
    facts[facts > 0] = mass
    vectors = assemble(SCHEMA, facts, sums * mass)
    zeros = vectors[np.abs(vectors) <= LEAST_MAGNITUDE]
    assert zeros.size > 1000
    assert not np.any(np.signbit(zeros))
    assert not zeros.any()


def test_read_only_integers_of_a_message_will_do() -> None:
    """What comes from a record's bytes cannot be written to."""
    facts, sums = random_integers(3, 1)
    read_only = np.frombuffer(facts.tobytes(), np.int64).reshape(facts.shape)
    assert np.array_equal(assemble(SCHEMA, read_only, sums), assemble(SCHEMA, facts, sums), equal_nan=True)


def test_integers_of_another_schema_are_refused() -> None:
    """A lake of another version must not be read as this one's."""
    facts, sums = random_integers(4, 3)
    for wrong in ((facts[:, 1:], sums), (facts, sums[:, 1:]), (facts[:2], sums), (facts[0], sums[0])):
        with pytest.raises(HistoryError, match=r"facts and .* sums a row"):
            assemble(SCHEMA, *wrong)
