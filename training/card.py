"""The model card of a run: the template's places filled with what the run computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import format_instant
from aftc.models.card import Section, Table, fill
from aftc.records import Threat
from training import disparity
from training.card_template import CARD
from training.dataset import TrainingSet
from training.evaluation import Capacity, Evaluation
from training.export import ParityReport
from training.figures import MODEL, RANDOM
from training.labels import FOUND, THREATS
from training.metrics import Estimate
from training.shares import MINIMUM_FINDS
from training.split import Part, Split
from training.threat_models import SharedThreat, ThreatModels

__all__ = ["CardFacts", "model_card", "percent", "spoken"]


@dataclass(frozen=True, slots=True, eq=False)
class CardFacts:
    """What a card is made from."""

    run_id: str
    training_set: TrainingSet
    split: Split
    models: ThreatModels
    evaluation: Evaluation
    parity: ParityReport


def model_card(facts: CardFacts) -> Section:
    """The card of a run.

    Raises:
        BundleError: the run did not compute what the card must say.
    """
    return fill(CARD, _values(facts) | _legacy(facts.evaluation), _tables(facts))


def spoken(estimate: Estimate, digits: int = 3) -> str:
    """A figure with its interval, such as `0.312 (0.250 to 0.371)`; `n/a` where the rows do not determine it."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "n/a"
    return f"{estimate.value:.{digits}f} ({estimate.low:.{digits}f} to {estimate.high:.{digits}f})"


def percent(share: float) -> str:
    """A share in percent, without digits that it does not need."""
    return f"{share * 100:.3g} %"


def _values(facts: CardFacts) -> dict[str, str]:
    made, split, whole = facts.training_set, facts.split, facts.evaluation.of(Threat.ANY)
    return {
        "run": facts.run_id,
        "threat_count": str(len(THREATS) - 1),
        "training_set": made.name,
        "rows": f"{len(made):,}",
        "sequence": f"{made.sequence:,}",
        "horizon": format_instant(made.horizon),
        "labelled": f"{int(made.labels.examined.sum()):,}",
        "digest": made.digest,
        "schema": made.schema.digest,
        "late": f"{int(made.points.late.sum()):,}",
        "open": f"{made.points.still_open:,}",
        "cap": f"{made.weights.cap:g}",
        "capped": f"{made.weights.capped:,}",
        "random": f"{int((made.random_weights.values > 0).sum()):,}",
        "stratum_rate": spoken(whole.stratum.base_rate) if whole.stratum else "",
        "base_rate": spoken(whole.base_rate),
        "minimum": str(MINIMUM_FINDS),
        "parity_rows": f"{facts.parity.rows:,}",
        "parity_differing": f"{facts.parity.differing:,}",
        "test_from": format_instant(split.test_from),
        "test_until": format_instant(made.horizon),
        "test_rows": f"{facts.evaluation.rows:,}",
        "test_units": f"{facts.evaluation.units:,}",
        "brier": spoken(whole.brier, 4),
        "disparity_share": percent(disparity.CAPACITY),
        "fewest": str(disparity.FEWEST_UNITS),
        "feature_count": str(len(made.schema.features)),
    }


def _legacy(evaluation: Evaluation) -> dict[str, str]:
    if evaluation.legacy is None:
        return {}
    return {
        "legacy_units": f"{evaluation.legacy.units:,}",
        "legacy_share": percent(evaluation.legacy.share),
        "legacy_hit": spoken(evaluation.legacy.hit_rate),
        "legacy_model": spoken(evaluation.legacy.model.precision),
    }


def _tables(facts: CardFacts) -> dict[str, Table]:
    return {
        "parts": _parts(facts),
        "positives": Table(
            ("threat", "finds"), tuple((each.threat.value, f"{each.found:,}") for each in facts.models.scored)
        ),
        "streams": _streams(facts.training_set),
        "threats": _threats(facts.models),
        "calibrations": _calibrations(facts.models),
        "ranking": _ranking(facts.evaluation),
        "capacity": _capacity(facts.evaluation),
        "modes": _modes(facts.evaluation),
        "calibration": _calibration(facts.evaluation),
        "disparity": _disparity(facts.evaluation),
        "features": _features(facts),
    }


def _parts(facts: CardFacts) -> Table:
    made, split = facts.training_set, facts.split
    found = made.labels.of(Threat.ANY) == FOUND
    begins = {
        Part.TRAIN: int(made.points.moment[0]),
        Part.VALIDATION: split.validation_from,
        Part.TEST: split.test_from,
    }
    rows = [
        (
            part.name.lower(),
            format_instant(begins[part]),
            f"{int(split.rows(part).sum()):,}",
            f"{int(split.labelled(part).sum()):,}",
            f"{int((split.labelled(part) & found).sum()):,}",
        )
        for part in Part
    ]
    return Table(("part", "decisions from", "consignments", "labelled", "with a find"), tuple(rows))


def _streams(made: TrainingSet) -> Table:
    return Table(("stream", "records"), tuple((name, f"{count:,}") for name, count in made.streams))


def _threats(models: ThreatModels) -> Table:
    rows = [
        (
            each.threat.value,
            f"{each.found:,}",
            f"fallback: {each.share:.3f} of any" if isinstance(each, SharedThreat) else "own model",
            "" if isinstance(each, SharedThreat) else str(each.booster.best_iteration),
        )
        for each in models.scored
    ]
    return Table(("threat", "finds", "scored by", "trees"), tuple(rows))


def _calibrations(models: ThreatModels) -> Table:
    rows = [
        (
            each.threat.value,
            each.calibration.basis.value,
            f"{each.calibration.rows:,}",
            f"{each.calibration.found:,}",
            f"{each.calibration.calibration.slope:.3f}",
            f"{each.calibration.calibration.intercept:.3f}",
        )
        for each in models.fitted
    ]
    return Table(("sigmoid of", "fitted on", "rows", "finds", "slope", "intercept"), tuple(rows))


def _ranking(evaluation: Evaluation) -> Table:
    rows = [
        (
            each.threat.value,
            f"{each.found:,} of {each.rows:,}",
            spoken(each.standing(MODEL).average_precision),
            spoken(each.standing(RANDOM).average_precision),
        )
        for each in evaluation.threats
    ]
    return Table(("threat", "finds among examined", "average precision", "of a random order"), tuple(rows))


def _capacity(evaluation: Evaluation) -> Table:
    return Table(
        ("threat", "units searched", "precision", "recall", "times as many finds as at random"),
        tuple(
            _capacity_row(each.threat, row) for each in evaluation.threats for row in each.standing(MODEL).capacities
        ),
    )


def _capacity_row(threat: Threat, row: Capacity) -> tuple[str, ...]:
    searched = f"{percent(row.share)} ({row.units:,}, {row.known:,} examined)"
    return threat.value, searched, spoken(row.precision), spoken(row.recall), spoken(row.lift, 1)


def _modes(evaluation: Evaluation) -> Table:
    rows = [
        (each.name, f"{each.found:,} of {each.rows:,}", spoken(each.base_rate), spoken(each.average_precision))
        for each in evaluation.of(Threat.ANY).modes
    ]
    return Table(("mode, any threat", "finds among examined", "base rate", "average precision"), tuple(rows))


def _calibration(evaluation: Evaluation) -> Table:
    rows = [
        (f"{each.predicted:.3f}", spoken(each.observed), f"{each.rows:,}")
        for each in evaluation.of(Threat.ANY).calibration
    ]
    return Table(("mean predicted", "observed", "examined consignments"), tuple(rows))


def _disparity(evaluation: Evaluation) -> Table:
    rows = [
        (each.by, each.name, f"{each.units:,}", percent(each.selection_rate), f"{each.known:,}", spoken(each.hit_rate))
        for each in evaluation.groups
    ]
    head = ("by", "group", "units", "would be searched", "examined of these", "would hold a threat")
    return Table(head, tuple(rows))


def _features(facts: CardFacts) -> Table:
    gain = facts.models.reference.booster.feature_importance("gain")
    features = facts.training_set.schema.features
    order = np.argsort(-gain, kind="stable").tolist()
    rows = [
        (
            features[place].name,
            features[place].auditor,
            features[place].standing.value,
            percent(float(gain[place] / max(gain.sum(), 1.0))),
        )
        for place in order
    ]
    return Table(("feature", "what it measures", "states", "share of gain"), tuple(rows))
