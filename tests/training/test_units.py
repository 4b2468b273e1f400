"""Units: who is aboard, how risky a unit is, and which one was searched."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.testing import an_outcome, version_rows
from training.units import Units, examined_units, units_of

SHARED = Units(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 2]), ("U1", "U2", ""))
"""Consignments 0 and 1 share a unit, 1 has another too, 2 stands for one of its own."""


def test_units_are_told_apart_by_movement() -> None:
    """One trailer on two crossings is two units; two consignments of one crossing share one."""
    lorry = {"unit_kinds": ["trailer"], "unit_numbers": ["T1"]}
    table = version_rows(
        [
            {"consignment_id": "C1", "movements": ["M1"], **lorry},
            {"consignment_id": "C2", "movements": ["M1"], **lorry},
            {"consignment_id": "C3", "movements": ["M2"], **lorry},
            {"consignment_id": "C4"},
        ]
    )
    units = units_of(table)
    assert units.unit.tolist() == [0, 0, 1, 2]
    assert units.numbers == ("T1", "T1", "")


def test_containers_only_declared_are_units_too() -> None:
    """Containers that no movement is known of yet count, each by its number."""
    table = version_rows([{"unit_kinds": ["container"] * 2, "unit_numbers": ["B1", "B2"], "movements": []}])
    assert units_of(table).numbers == ("B1", "B2")


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_score_is_the_chance_of_any_aboard(probability: list[float]) -> None:
    """A unit's score is 1 - prod(1 - p)."""
    p, q, r = probability
    expected = [1 - (1 - p) * (1 - q), q, r]
    assert SHARED.scores(np.array(probability)) == pytest.approx(expected, abs=1e-12)


def test_worst_any_and_first() -> None:
    """The worst score aboard, whether any holds, and the first unit of each consignment."""
    assert SHARED.worst(np.array([-1.0, 5.0, 2.0])).tolist() == [5.0, 5.0, 2.0]
    assert SHARED.any_of(np.array([True, False, False])).tolist() == [True, False, False]
    assert SHARED.of_rows(3).tolist() == [0, 0, 2]


def test_a_selection_of_rows_renumbers() -> None:
    """Rows and units count from 0 again, and the old places of the units are told."""
    units, places = SHARED.select(np.array([False, True, True]))
    assert units.row.tolist() == [0, 0, 1]
    assert places[units.unit].tolist() == [0, 1, 2]
    assert units.numbers == ("U1", "U2", "")


def test_the_examined_unit_is_found_by_its_number() -> None:
    """By number among those of the consignments aboard; an only unit stands for a number given later."""
    rows = {"C0": 0, "C1": 1, "C2": 2}
    outcomes = [
        an_outcome(["C0", "C1"], examination_id="by number", unit_number="U2"),
        an_outcome(["C2"], examination_id="only one", unit_number="U9"),
        an_outcome(["C1"], examination_id="neither", unit_number="U9"),
        an_outcome(["C9"], examination_id="unknown", unit_number="U1"),
    ]
    assert examined_units(outcomes, SHARED, rows) == {"by number": 1, "only one": 2}
