"""Evaluation on outcomes: scores of the test period held against what was examined in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aftc.records import Threat
from training.dataset import TrainingSet
from training.disparity import groups
from training.evaluation import Evaluation, LegacyRule
from training.evidence import Evidence, evidence_from_outcomes
from training.figures import capacity, hit_rate, threat_figures
from training.labels import THREATS
from training.split import Part, Split

__all__ = ["evaluate"]


def evaluate(training_set: TrainingSet, split: Split, probabilities: NDArray[np.float64]) -> Evaluation:
    """Hold a bundle's scores against the outcomes of the test period.

    Args:
        training_set: Every consignment at its decision point.
        split: Its parts.
        probabilities: float64[n, threats in the order of `THREATS`], calibrated, of all rows.
    """
    evidence = evidence_from_outcomes(training_set, split.rows(Part.TEST))
    scores = probabilities[evidence.rows]
    modes = training_set.modes[evidence.rows]
    any_threat = scores[:, THREATS.index(Threat.ANY)]
    return Evaluation(
        basis="outcomes",
        since=split.test_from,
        until=training_set.horizon,
        rows=evidence.rows.size,
        units=len(evidence.units.numbers),
        unmatched=0,
        threats=tuple(threat_figures(evidence, each, scores[:, place], modes) for place, each in enumerate(THREATS)),
        groups=groups(training_set, evidence, any_threat),
        legacy=_legacy(evidence, any_threat),
    )


def _legacy(evidence: Evidence, probability: NDArray[np.float64]) -> LegacyRule | None:
    """The rule's own record: all it selected and that was examined counts once, whatever its chance."""
    if not evidence.rule.any():
        return None
    achieved, units = hit_rate(evidence.searched.unweighted(), Threat.ANY, evidence.rule.astype(np.float64))
    share = units / evidence.rule.size
    return LegacyRule(
        units, share, achieved, capacity(evidence.searched, Threat.ANY, evidence.units.scores(probability), share)
    )
