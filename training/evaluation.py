"""The figures of an evaluation, as values: what the card, the run, the manifest and a command's reply are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from aftc.clock import Instant
from aftc.models.manifest import Metric
from aftc.records import Threat
from training.metrics import Estimate

__all__ = [
    "CAPACITIES",
    "CalibrationBin",
    "Capacity",
    "Evaluation",
    "Group",
    "LeakCheck",
    "LegacyRule",
    "Standing",
    "SubsetFigures",
    "ThreatFigures",
    "as_builtins",
    "metrics",
]

CAPACITIES: Final = (0.01, 0.02, 0.05)  # shares of units that a port can search


@dataclass(frozen=True, slots=True)
class Capacity:
    """What searching the highest-ranked share of units would find.

    Attributes:
        share: Of all units.
        units: How many that is.
        known: How many of these the evidence knows.
        precision: Of the units searched, how many hold the threat.
        recall: Of the units that hold it, how many are searched.
        lift: Precision over that of a random search.
    """

    share: float
    units: int
    known: int
    precision: Estimate
    recall: Estimate
    lift: Estimate


@dataclass(frozen=True, slots=True)
class Standing:
    """How one way of ranking does: the model, chance, the legacy policy or the oracle."""

    name: str
    average_precision: Estimate
    capacities: tuple[Capacity, ...]


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Consignments whose probability lies in a tenth of the ranking: mean predicted and observed rate."""

    predicted: float
    observed: Estimate
    rows: int


@dataclass(frozen=True, slots=True)
class SubsetFigures:
    """Some of the consignments: rows with a label, finds among them, base rate, average precision."""

    name: str
    rows: int
    found: int
    base_rate: Estimate
    average_precision: Estimate


@dataclass(frozen=True, slots=True)
class ThreatFigures:
    """One threat.

    Attributes:
        rows, found: Consignments whose label is known, and finds among them.
        base_rate: Share of all consignments that hold the threat.
        brier: Mean squared difference of probability and outcome.
        standings: One for each way of ranking: the model's first.
        calibration: Tenths of the ranking, least probable first.
        modes: One for each mode of arrival.
        stratum: By the random stratum alone, as a check on the weights; None for a truth.
    """

    threat: Threat
    rows: int
    found: int
    base_rate: Estimate
    brier: Estimate
    standings: tuple[Standing, ...]
    calibration: tuple[CalibrationBin, ...]
    modes: tuple[SubsetFigures, ...]
    stratum: SubsetFigures | None

    def standing(self, name: str) -> Standing:
        """One way of ranking by its name."""
        return next(each for each in self.standings if each.name == name)


@dataclass(frozen=True, slots=True)
class LegacyRule:
    """What the legacy rule achieved on the units that it selected, and the model at the same capacity.

    Attributes:
        units, share: Units that it selected and that were examined, and their share of all.
        hit_rate: Of these units, how many held any threat.
        model: What the model finds at the same share.
    """

    units: int
    share: float
    hit_rate: Estimate
    model: Capacity


@dataclass(frozen=True, slots=True)
class Group:
    """How a group of units fares at one capacity.

    Attributes:
        by, name: What grouped them, and which group.
        units: How many.
        selection_rate: Share of the group that would be searched.
        known: Units of the group, among those searched, that the evidence knows.
        hit_rate: Of the group's units searched, how many hold any threat.
    """

    by: str
    name: str
    units: int
    selection_rate: float
    known: int
    hit_rate: Estimate


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """Whether the model does better than the true probability can, which only a leak explains.

    Attributes:
        difference: Average precision of the model less that of the oracle, on the same resamples.
        lower_bound: One-sided 95 % bound of it.
        alarm: The bound is above 0.
    """

    difference: Estimate
    lower_bound: float | None
    alarm: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one bundle on the test period.

    Attributes:
        basis: "outcomes" or "truth".
        since, until: The test period (instants of decisions).
        rows, units: Consignments and units of the test period.
        unmatched: Consignments of the period that a truth does not name; 0 for outcomes.
        legacy: Only from outcomes, where the rule fired at all.
        leak: Only from a truth.
    """

    basis: str
    since: Instant
    until: Instant
    rows: int
    units: int
    unmatched: int
    threats: tuple[ThreatFigures, ...]
    groups: tuple[Group, ...]
    legacy: LegacyRule | None = None
    leak: LeakCheck | None = None

    def of(self, threat: Threat) -> ThreatFigures:
        """One threat's figures."""
        return next(each for each in self.threats if each.threat is threat)


def metrics(evaluation: Evaluation) -> Iterator[Metric]:
    """The model's figures that are determined, one by one, for the manifest and the run."""
    for figures in evaluation.threats:
        model = figures.standing("model")
        named = [
            ("base_rate", figures.base_rate),
            ("brier", figures.brier),
            ("average_precision", model.average_precision),
        ]
        for each in model.capacities:
            percent = f"{each.share * 100:g}pct"
            named += [(f"precision_at_{percent}", each.precision), (f"recall_at_{percent}", each.recall)]
            named += [(f"lift_at_{percent}", each.lift)]
        for name, estimate in named:
            if estimate.value is not None:
                yield Metric(name, figures.threat, estimate.value, estimate.low, estimate.high)


def as_builtins(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON can hold it."""
    built: dict[str, Any] = msgspec.to_builtins(evaluation)
    return built
