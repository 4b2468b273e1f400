"""The ONNX graph: vectors to margins and calibrated probabilities of all threats, double throughout.

vectors -> added columns -> one TreeEnsemble for each fitted threat -> margins -> calibration, shares -> probabilities
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from aftc.models.scorer import MARGINS, PROBABILITIES, VECTORS
from training.export.inputs import SplitInputs
from training.export.model import Output
from training.export.trees import Ensemble, Tree

__all__ = ["build_graph"]

OPSET: Final = 21
ML_OPSET: Final = 5  # the first with TreeEnsemble in double
IR_VERSION: Final = 10  # of opset 21
LEQ: Final = 0  # TreeEnsemble's BRANCH_LEQ, the only comparison used: one mode is ONNX Runtime's fast path
SUM: Final = 1
BETWEEN: Final = 0.5  # of the 0 and 1 of a category column


class _Builder:
    """Collects nodes and constants; names are counted, so the same model gives the same bytes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def add(self, op: str, *inputs: str, output: str = "", domain: str = "", **attributes: Any) -> str:
        name = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, list(inputs), [name], domain=domain, **attributes))
        return name


def build_graph(
    ensembles: Sequence[Ensemble],
    inputs: SplitInputs,
    outputs: Sequence[Output],
) -> bytes:
    """Bytes of the graph.

    Args:
        ensembles: Of the fitted threats.
        inputs: Of all their splits.
        outputs: All threats, in column order.
    """
    builder = _Builder()
    widened = _widen(builder, inputs)
    fitted = [_trees(builder, widened, each, inputs) for each in ensembles]
    joined = builder.add("Concat", *fitted, axis=1)
    source = np.array([each.source for each in outputs], np.int64)
    margins = builder.add("Gather", joined, builder.constant(source), output=MARGINS, axis=1)
    _calibrate(builder, margins, outputs)
    graph = helper.make_graph(
        builder.nodes,
        "aftc",
        [helper.make_tensor_value_info(VECTORS, TensorProto.DOUBLE, ["n", inputs.features])],
        [
            helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["n", len(outputs)])
            for name in (MARGINS, PROBABILITIES)
        ],
        builder.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="aftc")
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def _widen(builder: _Builder, inputs: SplitInputs) -> str:
    parts = [VECTORS]
    if inputs.zero_missing:
        chosen = builder.add("Gather", VECTORS, builder.constant(np.array(inputs.zero_missing, np.int64)), axis=1)
        zero = builder.add("Equal", chosen, builder.constant(np.float64(0.0).reshape(1)))
        parts.append(builder.add("Where", zero, builder.constant(np.float64(np.nan).reshape(1)), chosen))
    if inputs.lookups:
        parts.append(_look_up(builder, inputs))
    return builder.add("Concat", *parts, axis=1) if len(parts) > 1 else VECTORS


def _look_up(builder: _Builder, inputs: SplitInputs) -> str:
    """Category columns. Codes are truncated towards 0 as LightGBM's cast to int does, so -0.5 is category 0.

    Tables are bytes: as fast as float64 ones, and an eighth of the memory of every scoring process.
    """
    features = builder.constant(np.array([each.feature for each in inputs.lookups], np.int64))
    spare = builder.constant(np.array([float(each.spare) for each in inputs.lookups]))
    codes = builder.add("Gather", VECTORS, features, axis=1)
    known = builder.add("Greater", codes, builder.constant(np.array([-1.0])))  # false for NaN too
    clamped = builder.add("Where", known, builder.add("Min", codes, spare), spare)
    rows = builder.add("Cast", clamped, to=TensorProto.INT64)
    made = []
    for place, lookup in enumerate(inputs.lookups):
        row = builder.add("Gather", rows, builder.constant(np.array(place, np.int64)), axis=1)
        made.append(builder.add("Gather", builder.constant(lookup.table()), row, axis=0))
    indicators = builder.add("Concat", *made, axis=1)
    return builder.add("Cast", indicators, to=TensorProto.DOUBLE)


def _calibrate(builder: _Builder, margins: str, outputs: Sequence[Output]) -> None:
    slopes = np.array([each.calibration.slope for each in outputs])
    bends = np.array([each.calibration.bend for each in outputs])
    intercepts = np.array([each.calibration.intercept for each in outputs])
    shares = np.array([each.share for each in outputs])
    log_odds = builder.add("Mul", margins, builder.constant(slopes))
    if bends.any():
        bent = builder.add("Mul", _softplus(builder, margins), builder.constant(bends))
        log_odds = builder.add("Add", log_odds, bent)
    log_odds = builder.add("Add", log_odds, builder.constant(intercepts))
    odds_against = builder.add("Exp", builder.add("Neg", log_odds))
    one = builder.constant(np.array([1.0]))
    below = builder.add("Add", odds_against, one)
    builder.add("Div", builder.constant(shares), below, output=PROBABILITIES)


def _softplus(builder: _Builder, margins: str) -> str:
    """log(1 + exp(m)) without overflow, spelled out: ONNX Runtime has no Softplus in double."""
    decay = builder.add("Exp", builder.add("Neg", builder.add("Abs", margins)))
    curved = builder.add("Log", builder.add("Add", decay, builder.constant(np.array([1.0]))))
    return builder.add("Add", builder.add("Max", margins, builder.constant(np.array([0.0]))), curved)


def _trees(builder: _Builder, widened: str, ensemble: Ensemble, inputs: SplitInputs) -> str:
    parts = _Parts()
    for tree in ensemble.trees:
        parts.add_tree(tree, inputs)
    if not ensemble.trees:
        parts.add_constant(0.0)
    return builder.add(
        "TreeEnsemble",
        widened,
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=SUM,
        tree_roots=parts.roots,
        nodes_featureids=parts.column,
        nodes_splits=numpy_helper.from_array(np.array(parts.split)),
        nodes_modes=numpy_helper.from_array(np.full(len(parts.split), LEQ, np.uint8)),
        nodes_missing_value_tracks_true=parts.missing_left,
        nodes_truenodeids=parts.left,
        nodes_trueleafs=parts.left_is_leaf,
        nodes_falsenodeids=parts.right,
        nodes_falseleafs=parts.right_is_leaf,
        leaf_targetids=[0] * len(parts.leaf),
        leaf_weights=numpy_helper.from_array(np.array(parts.leaf)),
    )


class _Parts:
    """Attributes of one TreeEnsemble as they grow, tree by tree: the order of trees is the order of the sum."""

    def __init__(self) -> None:
        self.roots: list[int] = []
        self.column: list[int] = []
        self.split: list[float] = []
        self.missing_left: list[int] = []
        self.left: list[int] = []
        self.left_is_leaf: list[int] = []
        self.right: list[int] = []
        self.right_is_leaf: list[int] = []
        self.leaf: list[float] = []

    def add_tree(self, tree: Tree, inputs: SplitInputs) -> None:
        if not tree.feature.size:
            self.add_constant(float(tree.leaf_value[0]))
            return
        first_node, first_leaf = len(self.column), len(self.leaf)
        self.roots.append(first_node)
        for node in range(tree.feature.size):
            self.column.append(inputs.column(tree, node))
            self.split.append(BETWEEN if tree.left_categories[node] is not None else float(tree.threshold[node]))
            self.missing_left.append(int(tree.missing_goes_left(node)))
        for child, number, is_leaf in (
            (tree.left, self.left, self.left_is_leaf),
            (tree.right, self.right, self.right_is_leaf),
        ):
            number.extend(np.where(child < 0, first_leaf + ~child, first_node + child).tolist())
            is_leaf.extend((child < 0).astype(np.int64).tolist())
        self.leaf.extend(tree.leaf_value.tolist())

    def add_constant(self, value: float) -> None:
        """A tree of one leaf, which TreeEnsemble can only hold as a split with equal leaves."""
        self.roots.append(len(self.column))
        self.column.append(0)
        self.split.append(0.0)
        self.missing_left.append(1)
        self.left.append(len(self.leaf))
        self.right.append(len(self.leaf) + 1)
        self.left_is_leaf.append(1)
        self.right_is_leaf.append(1)
        self.leaf.extend((value, value))
