"""A model for every threat: fitted where the finds suffice, else a share of `any`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from aftc.models.manifest import ThreatEntry
from aftc.records import Threat
from training.calibrate import CalibrationFit, calibrate
from training.dataset import TrainingSet
from training.export import ThreatModel
from training.fit import FitSettings, Sample, fit, margins
from training.labels import FOUND, THREATS, UNKNOWN
from training.shares import MINIMUM_FINDS, shrunken_share
from training.split import Part, Split

__all__ = ["FittedThreat", "SharedThreat", "ThreatModels", "fit_threats"]


@dataclass(frozen=True, slots=True, eq=False)
class FittedThreat:
    """A threat with a model of its own, and its finds in the whole training set."""

    threat: Threat
    booster: lgb.Booster
    calibration: CalibrationFit
    found: int


@dataclass(frozen=True, slots=True)
class SharedThreat:
    """A threat that takes a share of `any`, and its finds in the whole training set."""

    threat: Threat
    share: float
    found: int


Scored: TypeAlias = FittedThreat | SharedThreat


@dataclass(frozen=True, slots=True, eq=False)
class ThreatModels:
    """The models of one run: that of `any`, then the other threats in the order of `THREATS`."""

    reference: FittedThreat
    others: tuple[Scored, ...]

    @property
    def scored(self) -> tuple[Scored, ...]:
        """All threats in the order of `THREATS`."""
        return self.reference, *self.others

    @property
    def fitted(self) -> tuple[FittedThreat, ...]:
        """Those with a model of their own."""
        return tuple(each for each in self.scored if isinstance(each, FittedThreat))

    @property
    def shared(self) -> tuple[SharedThreat, ...]:
        """Those that take a share of `any`."""
        return tuple(each for each in self.scored if isinstance(each, SharedThreat))

    def probabilities(self, vectors: NDArray[np.float64]) -> NDArray[np.float64]:
        """float64[n, threats in the order of `THREATS`], calibrated: what the exported graph computes too."""
        own = {
            each.threat: each.calibration.calibration.probabilities(margins(each.booster, vectors))
            for each in self.fitted
        }
        shared = {each.threat: own[Threat.ANY] * each.share for each in self.shared}
        return np.column_stack([(own | shared)[threat] for threat in THREATS])

    def exportable(self) -> tuple[ThreatModel, ...]:
        """What the exporter takes."""
        return tuple(
            ThreatModel(each.threat, each.booster, each.calibration.calibration)
            if isinstance(each, FittedThreat)
            else ThreatModel(each.threat, None, None, each.share)
            for each in self.scored
        )

    def entries(self) -> tuple[ThreatEntry, ...]:
        """What the manifest says; a share is scored with the calibration of `any`."""
        reference = self.reference.calibration.calibration
        return tuple(
            ThreatEntry(each.threat, True, 1.0, each.calibration.calibration)
            if isinstance(each, FittedThreat)
            else ThreatEntry(each.threat, False, each.share, reference)
            for each in self.scored
        )


def fit_threats(
    training_set: TrainingSet, split: Split, settings: FitSettings, *, minimum_finds: int = MINIMUM_FINDS
) -> ThreatModels:
    """Fit `any` and every threat with finds enough; the rest take shares of `any`.

    Args:
        training_set: Vectors, labels and weights.
        split: The test part is not looked at, but its finds count towards `minimum_finds`.
        settings: How to fit.
        minimum_finds: Below which a threat has no model of its own.

    Raises:
        TrainingError: the data cannot support a model of `any`, or a model does not rank on validation.
    """
    return ThreatModels(
        reference=_fitted(training_set, split, settings, Threat.ANY),
        others=tuple(
            _fitted(training_set, split, settings, threat)
            if _finds(training_set, threat) >= minimum_finds
            else _shared(training_set, split, threat)
            for threat in THREATS
            if threat is not Threat.ANY
        ),
    )


def _fitted(training_set: TrainingSet, split: Split, settings: FitSettings, threat: Threat) -> FittedThreat:
    known = training_set.labels.of(threat) != UNKNOWN
    validation = split.labelled(Part.VALIDATION) & known
    sample = _sample(training_set, validation, threat)
    booster = fit(
        _sample(training_set, split.labelled(Part.TRAIN) & known, threat),
        sample,
        training_set.schema,
        settings,
        subject=threat,
    )
    calibration = calibrate(
        margins(booster, sample.vectors),
        sample.found,
        sample.weight,
        training_set.random_weights.values[validation],
        subject=threat,
    )
    return FittedThreat(threat, booster, calibration, _finds(training_set, threat))


def _shared(training_set: TrainingSet, split: Split, threat: Threat) -> SharedThreat:
    rows = split.labelled(Part.TRAIN) | split.labelled(Part.VALIDATION)
    labels = training_set.labels
    share = shrunken_share(labels.of(threat)[rows], labels.of(Threat.ANY)[rows], training_set.weights.values[rows])
    return SharedThreat(threat, share, _finds(training_set, threat))


def _sample(training_set: TrainingSet, rows: NDArray[np.bool_], threat: Threat) -> Sample:
    return Sample(
        vectors=training_set.vectors[rows],
        found=training_set.labels.of(threat)[rows] == FOUND,
        weight=training_set.weights.values[rows],
    )


def _finds(training_set: TrainingSet, threat: Threat) -> int:
    return int(np.count_nonzero(training_set.labels.of(threat) == FOUND))
