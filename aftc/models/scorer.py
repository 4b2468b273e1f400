"""Scores of feature vectors: the only module that runs the graph, in training, in serving and in replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from aftc.errors import BundleError, InputError
from aftc.models.bundle import Bundle

__all__ = ["MARGINS", "PROBABILITIES", "VECTORS", "Graph", "Scorer", "Scores"]

VECTORS: Final = "vectors"
MARGINS: Final = "margins"
PROBABILITIES: Final = "probabilities"
_ERRORS_ONLY: Final = 3  # severity of ONNX Runtime's own log


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of n vectors for T threats, in the manifest's order of threats.

    Attributes:
        margins: float64[n, T], log-odds as trained; a fallback threat repeats that of `any`.
        probabilities: float64[n, T], calibrated.
    """

    margins: NDArray[np.float64]
    probabilities: NDArray[np.float64]


class Graph:
    """A graph in ONNX Runtime, one thread and sequential: more than one thread changes the order of sums.

    Args:
        raw: The graph's bytes, verified by the caller.

    Raises:
        BundleError: ONNX Runtime cannot load it, or its input and outputs are not those of this project.
    """

    __slots__ = ("_session", "features", "threats")

    def __init__(self, raw: bytes) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = _ERRORS_ONLY
        try:
            self._session = ort.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's own exceptions share no public base
            raise BundleError("a graph that ONNX Runtime loads", str(error), subject="model.onnx") from error
        self.features, self.threats = self._widths()

    def _widths(self) -> tuple[int, int]:
        inputs = [(each.name, each.type) for each in self._session.get_inputs()]
        outputs = [(each.name, each.type) for each in self._session.get_outputs()]
        wanted = [(VECTORS, "tensor(double)")], [(MARGINS, "tensor(double)"), (PROBABILITIES, "tensor(double)")]
        if (inputs, outputs) != wanted:
            raise BundleError(
                f"{VECTORS} in, {MARGINS} and {PROBABILITIES} out", f"{inputs}, {outputs}", subject="model.onnx"
            )
        return self._session.get_inputs()[0].shape[1], self._session.get_outputs()[0].shape[1]

    def run(self, vectors: NDArray[np.float64]) -> Scores:
        """Margins and probabilities of float64[n, F]; checks nothing."""
        margins, probabilities = self._session.run([MARGINS, PROBABILITIES], {VECTORS: vectors})
        return Scores(margins, probabilities)


class Scorer:
    """Scores vectors with a verified bundle. Safe to use from several threads.

    Raises:
        BundleError: the graph and the manifest disagree.
    """

    __slots__ = ("_graph", "bundle")

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._graph = Graph(bundle.graph)
        found = (self._graph.features, self._graph.threats)
        listed = (len(bundle.manifest.features), len(bundle.manifest.threats))
        if found != listed:
            raise BundleError(
                f"{listed[0]} features and {listed[1]} threats", f"{found[0]} and {found[1]}", subject="model.onnx"
            )

    def score(self, vectors: NDArray[np.float64]) -> Scores:
        """Scores of vectors in the schema's order, NaN where missing, tiny values flushed to 0 by the features.

        Args:
            vectors: float64[n, F].

        Raises:
            InputError: another shape or type, an infinite value, or a vector in which everything is missing.
            BundleError: the model answered with something that is no probability.
        """
        _check(vectors, self._graph.features)
        scores = self._graph.run(vectors)
        finite = np.isfinite(scores.margins + scores.probabilities)
        if not finite.all():
            row = int(np.flatnonzero(~finite.all(axis=1))[0])
            raise BundleError(
                "finite margins and probabilities", f"others in row {row}", advice="roll back to the previous bundle"
            )
        return scores


def _check(vectors: NDArray[np.float64], features: int) -> None:
    if vectors.dtype != np.float64 or vectors.ndim != 2 or vectors.shape[1] != features:
        raise InputError(f"vectors as float64[n, {features}]", f"{vectors.dtype}{list(vectors.shape)}")
    if np.isinf(vectors).any():
        raise InputError(
            "finite features, NaN where missing",
            f"an infinite value in row {int(np.isinf(vectors).any(axis=1).argmax())}",
        )
    silent = np.isnan(vectors).all(axis=1)
    if silent.any():
        raise InputError("at least one known feature", f"none in row {int(silent.argmax())}")
