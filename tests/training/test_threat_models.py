"""Models of all threats: the rule of 300 finds, a threat fitted directly, and the columns of probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.features.catalogue import SCHEMA
from aftc.records import Threat
from training.dataset import TrainingSet
from training.fit import FitSettings
from training.labels import THREATS
from training.shares import MINIMUM_FINDS
from training.split import split_of
from training.testing import a_training_set, labels_of
from training.threat_models import ThreatModels, fit_threats

FITTING = FitSettings(rounds=20, patience=20, threads=1)
CANNABIS = THREATS.index(Threat.CANNABIS)


def made_set(finds: int) -> TrainingSet:
    """1,500 examined consignments of which `finds`, spread over time, hold cannabis."""
    rng = np.random.default_rng(4)
    rows = 1_500
    found = np.zeros(rows, dtype=np.bool_)
    found[rng.choice(rows, finds, replace=False)] = True
    vectors = np.full((rows, len(SCHEMA.names)), np.nan)
    vectors[:, SCHEMA.names.index("booking_amendments")] = rng.poisson(1.0, rows) + 2.0 * found
    labels = labels_of(found, np.ones(rows, dtype=np.bool_), rng.uniform(0.2, 1.0, rows))
    return a_training_set(vectors, labels)


@pytest.fixture(scope="module")
def fitted() -> tuple[TrainingSet, ThreatModels]:
    """Models of a set with exactly 300 finds."""
    made = made_set(MINIMUM_FINDS)
    return made, fit_threats(made, split_of(made), FITTING)


def test_a_threat_with_300_finds_is_fitted(fitted: tuple[TrainingSet, ThreatModels]) -> None:
    """`any` and cannabis have models of their own; the six without finds take shares."""
    _, models = fitted
    assert [each.threat for each in models.fitted] == [Threat.ANY, Threat.CANNABIS]
    assert [each.found for each in models.scored] == [300 if each in (0, CANNABIS) else 0 for each in range(8)]


def test_a_threat_with_299_finds_is_not() -> None:
    """One find fewer, and only `any` is fitted; cannabis takes nearly all of it, drawn to an even share."""
    made = made_set(MINIMUM_FINDS - 1)
    models = fit_threats(made, split_of(made), FITTING)
    assert [each.threat for each in models.fitted] == [Threat.ANY]
    (cannabis,) = (each for each in models.shared if each.threat is Threat.CANNABIS)
    assert 0.9 < cannabis.share < 1.0


def test_columns_follow_the_threats(fitted: tuple[TrainingSet, ThreatModels]) -> None:
    """Own columns are calibrated margins; shared ones the share times `any`; finds rank high."""
    made, models = fitted
    probability = models.probabilities(made.vectors)
    assert probability.shape == (1_500, len(THREATS))
    for shared in models.shared:
        assert (probability[:, THREATS.index(shared.threat)] == probability[:, 0] * shared.share).all()
    found = made.labels.of(Threat.CANNABIS) == 1
    assert probability[found, CANNABIS].mean() > 2 * probability[~found, CANNABIS].mean()


def test_what_is_exported_and_what_the_manifest_says_agree(fitted: tuple[TrainingSet, ThreatModels]) -> None:
    """Threat, share and calibration are the same in both, in one order."""
    _, models = fitted
    for model, entry in zip(models.exportable(), models.entries(), strict=True):
        assert (model.threat, model.share, model.booster is not None) == (entry.threat, entry.share, entry.fitted)
        assert entry.calibration == (model.calibration or models.reference.calibration.calibration)
