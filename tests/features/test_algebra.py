"""The algebra of definitions."""

from __future__ import annotations

import pytest

from aftc.errors import InputError
from aftc.features.algebra import (
    Constant,
    Fact,
    KeyKind,
    Measure,
    Quantity,
    Window,
    at_least,
    formula,
    leaves,
    maximum,
    minimum,
    root,
)

MASS = Fact("mass", lambda stated: stated.gross_mass_g, Quantity.GRAMS, 0, 10)
FOUND = Window(KeyKind.CONSIGNOR, Measure.FOUND, 365)


def test_a_windows_name_says_entity_measure_and_days() -> None:
    """An auditor can read what a window is from its name."""
    assert FOUND.name == "consignor_found_365d"
    assert Window(KeyKind.VEHICLE_TRAILER, Measure.COUNT, 28).name == "vehicle_trailer_count_28d"


@pytest.mark.parametrize(("key", "days"), [(KeyKind.CONSIGNOR, 0), (KeyKind.CONSIGNOR, 731), (KeyKind.DRIVER, 366)])
def test_a_window_longer_than_the_history_is_refused(key: KeyKind, days: int) -> None:
    """Windows reach as far as records are kept: 730 days, 365 for natural persons."""
    with pytest.raises(InputError, match="a window of 1 to"):
        Window(key, Measure.COUNT, days)


def test_arithmetic_builds_expressions_that_compare_by_value() -> None:
    """Two definitions of one formula are equal, so it is computed once."""
    assert (MASS + 1) / FOUND == (MASS + 1.0) / FOUND
    assert MASS - FOUND != FOUND - MASS


def test_a_formula_reads_as_the_expression() -> None:
    """The text of a formula names every operator and operand."""
    text = formula(minimum(maximum(MASS * 2, root(FOUND)), at_least(FOUND, 5)))
    assert (
        text == "minimum(maximum(multiply(mass, 2.0), root(consignor_found_365d)), at_least(consignor_found_365d, 5.0))"
    )


def test_leaves_are_the_integers_an_expression_rests_on() -> None:
    """Constants are none; what stands twice is named twice."""
    assert list(leaves(root(MASS) + FOUND * MASS - Constant(1.0))) == [MASS, FOUND, MASS]


def test_what_is_no_term_is_refused() -> None:
    """An expression of something else fails when it is built, not when it is computed."""
    with pytest.raises(InputError, match="number in an expression, found str"):
        maximum(MASS, "1")  # type: ignore[arg-type]  # the point of the test


def test_every_key_kind_says_its_owner_and_words() -> None:
    """Equipment and conveyance belong to the movement, the rest to the consignment; persons are kept for a year."""
    assert next(kind for kind in KeyKind if kind.owner.value == "movement") is KeyKind.VEHICLE
    assert all(kind.words for kind in KeyKind)
    assert {kind for kind in KeyKind if kind.retention_days == 365} == {KeyKind.DRIVER, KeyKind.ACCOUNT_DRIVER}
