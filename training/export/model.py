"""What the exporter takes and gives: models per threat, the schema of their input, and the export's parts."""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb

from aftc.models.calibration import Calibration
from aftc.models.tables import TreeTables
from aftc.records import Threat

__all__ = ["Exported", "InputSchema", "Output", "ParityReport", "ThreatModel"]


@dataclass(frozen=True, slots=True)
class InputSchema:
    """Names of the vector's features, in order."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ThreatModel:
    """How one threat is to be scored.

    Attributes:
        threat: Which.
        booster: Its fitted model, or None for a share of `any`.
        calibration: From margin to probability; None for a fallback, which takes that of `any`.
        share: Of the probability of `any`, 0 to 1; only for a fallback.
    """

    threat: Threat
    booster: lgb.Booster | None
    calibration: Calibration | None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Output:
    """How one column of the graph's outputs is made.

    Attributes:
        threat: Which.
        source: The fitted model whose margin it takes: its place among the fitted.
        calibration: From that margin to a probability.
        share: What that probability is multiplied by; 1 for a fitted threat.
    """

    threat: Threat
    source: int
    calibration: Calibration
    share: float


@dataclass(frozen=True, slots=True)
class ParityReport:
    """What the gate compared, bit for bit, with LightGBM's own margins.

    Attributes:
        rows: Vectors scored in batches, each for every fitted threat.
        single_rows: Of these, scored again one at a time.
        random_rows: Vectors drawn over each feature's range, a fifth of the values missing.
        boundary_rows: Vectors led to one split each: its threshold, both float64 neighbours, and missing.
        category_rows: Vectors led to one categorical split each: known, unseen and malformed codes.
        differing: Margins that differ in any bit; an export with any is refused.
        worst_probability: Largest relative difference of a calibrated probability from the formula in NumPy.
    """

    rows: int
    single_rows: int
    random_rows: int
    boundary_rows: int
    category_rows: int
    differing: int
    worst_probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """An export that passed the gate.

    Attributes:
        graph: Bytes of the ONNX graph.
        trees: For each fitted threat, in the order of the models.
        parity: What was compared.
        worst_reason: Largest relative difference of a contribution from LightGBM's, or of their sum from the margin.
    """

    graph: bytes
    trees: tuple[TreeTables, ...]
    parity: ParityReport
    worst_reason: float
