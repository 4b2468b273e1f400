"""The gate: it refuses graphs that differ from their boosters in the smallest ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from aftc.errors import ExportError
from aftc.models.calibration import Calibration
from aftc.records import Threat
from tests.models.tiny_trees import FEATURES, NAMES, Leaf, Split, booster_of
from training.export.graph import build_graph
from training.export.inputs import split_inputs
from training.export.model import Output
from training.export.parity import Fitted, check_parity
from training.export.trees import Ensemble, Tree, read_ensemble

OUTPUT = Output(Threat.ANY, 0, Calibration(1.0, 0.0), 1.0)
BOOSTER = booster_of(
    [
        Split(0, Split(2, Leaf(0.1), Leaf(0.2), codes=frozenset({3, 35})), Leaf(-0.4), 0.7, 10),
        Split(1, Leaf(0.3), Split(0, Leaf(1.6), Leaf(-0.7), 2.5, 8), -1.25, 2),
        Leaf(0.05),
    ]
)
ENSEMBLE = read_ensemble(BOOSTER, NAMES, "any")


def _gate(wrong: Ensemble, output: Output = OUTPUT) -> None:
    raw = build_graph([wrong], split_inputs([wrong], FEATURES), [output])
    check_parity(raw, [Fitted(BOOSTER, ENSEMBLE, 0)], [OUTPUT], NAMES)


def _altered(tree: int, change: Callable[[Tree], Tree]) -> Ensemble:
    trees = list(ENSEMBLE.trees)
    trees[tree] = change(trees[tree])
    return Ensemble(tuple(trees))


def _nudged(values: NDArray[np.float64], place: int, towards: float) -> NDArray[np.float64]:
    made = values.copy()
    made[place] = np.nextafter(made[place], towards)
    return made


def test_the_true_graph_passes() -> None:
    """The unaltered graph passes, so that the refusals below are due to the alterations."""
    _gate(ENSEMBLE)


@pytest.mark.parametrize("towards", [-np.inf, np.inf])
@pytest.mark.parametrize(("tree", "node", "feature"), [(0, 0, 0), (1, 0, 1), (1, 1, 0)])
def test_a_threshold_off_by_one_unit_is_refused(tree: int, node: int, feature: int, towards: float) -> None:
    """A threshold one float64 beside the true one is refused, and the feature and its value are named."""
    wrong = _altered(tree, lambda each: replace(each, threshold=_nudged(each.threshold, node, towards)))
    with pytest.raises(ExportError, match=rf"for row \d+ with {NAMES[feature]} = np.float64"):
        _gate(wrong)


def test_a_leaf_off_in_its_fifteenth_digit_is_refused() -> None:
    """A leaf's value that differs by 1e-15 is refused."""
    with pytest.raises(ExportError, match="the margin"):
        _gate(_altered(0, lambda each: replace(each, leaf_value=each.leaf_value + 1e-15)))


def test_a_category_too_many_is_refused() -> None:
    """A code in a set that LightGBM does not have there is refused, and the feature named."""
    wrong = _altered(0, lambda each: replace(each, left_categories=(None, frozenset({3, 35, 0}))))
    with pytest.raises(ExportError, match=NAMES[2]):
        _gate(wrong)


@pytest.mark.parametrize(("tree", "node"), [(0, 0), (1, 1)])
def test_missing_sent_to_the_other_side_is_refused(tree: int, node: int) -> None:
    """A split whose default direction is turned is refused, and missing is named."""

    def turned(each: Tree) -> Tree:
        decision = each.decision.copy()
        decision[node] ^= 2
        return replace(each, decision=decision)

    with pytest.raises(ExportError, match="nan"):
        _gate(_altered(tree, turned))


def test_another_order_of_trees_is_refused() -> None:
    """Sums in another order differ in their last bits, and are refused."""
    with pytest.raises(ExportError, match="the margin"):
        _gate(Ensemble(ENSEMBLE.trees[::-1]))


def test_another_calibration_is_refused() -> None:
    """A probability that is not its formula's is refused."""
    with pytest.raises(ExportError, match="the probability"):
        _gate(ENSEMBLE, replace(OUTPUT, calibration=Calibration(1.0, 1e-12)))
