"""LightGBM to one ONNX graph for all threats, with proof of parity or not at all.

    boosters -> trees -> inputs of splits -> graph -> gate of margins -> Exported
                      -> tree tables              -> gate of reasons -> Exported

LightGBM stays the authority: both gates ask its own boosters.
"""

from __future__ import annotations

from collections.abc import Sequence

from aftc.errors import ExportError
from aftc.models.calibration import Calibration
from aftc.records import Threat
from training.export.graph import build_graph
from training.export.inputs import split_inputs
from training.export.model import Exported, InputSchema, Output, ParityReport, ThreatModel
from training.export.parity import Fitted, check_parity
from training.export.reasons import check_reasons
from training.export.tables import tree_tables
from training.export.trees import read_ensemble

__all__ = ["Exported", "InputSchema", "ParityReport", "ThreatModel", "export"]


def export(models: Sequence[ThreatModel], schema: InputSchema) -> Exported:
    """Export models of several threats as one graph, and prove that it scores and explains as they do.

    Boosters count up to their best iteration where early stopping set one. Column t of the outputs is `models[t]`.

    Raises:
        ExportError: a model that cannot be represented, or the gate found a difference.
    """
    outputs = _outputs(models)
    fitted = [
        Fitted(model.booster, read_ensemble(model.booster, schema.names, model.threat), column)
        for column, model in enumerate(models)
        if model.booster is not None
    ]
    ensembles = [each.ensemble for each in fitted]
    raw = build_graph(ensembles, split_inputs(ensembles, len(schema.names)), outputs)
    parity = check_parity(raw, fitted, outputs, schema.names)
    trees = tuple(tree_tables(each, len(schema.names)) for each in ensembles)
    return Exported(raw, trees, parity, check_reasons(trees, fitted, schema.names))


def _outputs(models: Sequence[ThreatModel]) -> list[Output]:
    threats = [each.threat for each in models]
    if len(set(threats)) != len(threats):
        raise ExportError("each threat once", ", ".join(threats))
    fitted = [each.threat for each in models if each.booster is not None]
    if Threat.ANY not in fitted:
        raise ExportError("a fitted model for any", ", ".join(fitted) or "no fitted model", advice="fit any first")
    reference = models[threats.index(Threat.ANY)].calibration
    return [_output(each, fitted, reference) for each in models]


def _output(model: ThreatModel, fitted: list[Threat], reference: Calibration | None) -> Output:
    is_fitted = model.booster is not None
    calibration = model.calibration if is_fitted else reference
    if calibration is None:
        raise ExportError("a calibration for each fitted threat", "none", subject=model.threat)
    if calibration.fault():
        raise ExportError("a calibration that keeps the order of margins", calibration.fault(), subject=model.threat)
    if is_fitted and model.share != 1.0:
        raise ExportError("share 1 for a fitted threat", str(model.share), subject=model.threat)
    if not 0.0 <= model.share <= 1.0:
        raise ExportError("a share from 0 to 1", str(model.share), subject=model.threat)
    return Output(model.threat, fitted.index(model.threat if is_fitted else Threat.ANY), calibration, model.share)
