"""Figures of one threat: how the model and its rivals rank, how probable they say it is, how each mode fares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.records import Threat
from training.evaluation import CAPACITIES, CalibrationBin, Capacity, Standing, SubsetFigures, ThreatFigures
from training.evidence import Evidence, Judged
from training.metrics import Estimate, Ranking, estimates, ratio, selection, share_of, widened

__all__ = ["MODEL", "RANDOM", "SEED", "Rival", "capacity", "hit_rate", "threat_figures"]

SEED: Final = 7  # of the resamples; the same for every ranking, so that they are paired
MODEL: Final = "model"
RANDOM: Final = "random"
_BINS: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Rival:
    """A way of ranking: float64[n] scores of consignments and float64[units] of units."""

    name: str
    consignments: NDArray[np.float64]
    units: NDArray[np.float64]


def threat_figures(
    evidence: Evidence,
    threat: Threat,
    probability: NDArray[np.float64],
    modes: NDArray[np.str_],
    rivals: Iterable[Rival] = (),
) -> ThreatFigures:
    """One threat's figures for the model, for chance and for rival rankings.

    Args:
        evidence: What is known of the n consignments and their units.
        threat: Which.
        probability: float64[n], the model's.
        modes: Modes of arrival of the n consignments.
        rivals: Other ways of ranking.
    """
    found, weight = evidence.consignments.of(threat)
    cluster = evidence.consignments.cluster
    own = Rival(MODEL, probability, evidence.units.scores(probability))
    chance = Rival(RANDOM, np.zeros(probability.size), np.zeros(own.units.size))
    return ThreatFigures(
        threat=threat,
        rows=int(np.count_nonzero(weight)),
        found=int(np.count_nonzero(found & (weight > 0))),
        base_rate=share_of(found, weight, cluster, seed=SEED),
        brier=share_of((probability - found) ** 2, weight, cluster, seed=SEED),
        standings=tuple(_standing(evidence, threat, each) for each in (own, chance, *rivals)),
        calibration=_calibration(evidence.consignments, threat, probability),
        modes=tuple(
            _subset(evidence.consignments, threat, probability, modes == mode, mode)
            for mode in np.unique(modes).tolist()
        ),
        stratum=_subset(evidence.stratum, threat, probability, modes != "", "random stratum")
        if evidence.stratum
        else None,
    )


def capacity(searched: Judged, threat: Threat, score: NDArray[np.float64], share: float) -> Capacity:
    """What searching the highest-ranked share of units would find.

    Args:
        searched: What is known of the units.
        threat: Which.
        score: float64[units], of every unit: those never examined take their places too.
        share: Of all units.
    """
    found, weight = searched.of(threat)
    taken = selection(score, share)
    known = weight > 0
    hit, chosen, weighed = found[known].astype(np.float64), taken[known], weight[known]

    def figures(w: NDArray[np.float64]) -> NDArray[np.float64]:
        hits, holds = w @ (chosen * hit), w @ hit
        precision = ratio(hits, w @ chosen)
        return np.column_stack([precision, ratio(hits, holds), precision * ratio(w.sum(axis=1), holds)])

    precision, recall, lift = estimates(figures, weighed, searched.cluster[known], seed=SEED)
    precision = widened(precision, weighed * chosen)
    if np.isin(chosen, (0.0, 1.0)).all():  # else a tie is shared out, and the recall of a random choice has no doubt
        recall = widened(recall, weighed * hit)
        lift = _lift_widened(lift, precision, float(np.average(hit, weights=weighed)) if hit.size else 0.0)
    units = max(1, round(share * score.size))
    return Capacity(share, units, int(np.count_nonzero(chosen)), precision, recall, lift)


def hit_rate(judged: Judged, threat: Threat, chosen: NDArray[np.float64]) -> tuple[Estimate, int]:
    """Finds per search among chosen units (float64[units], 0 to 1), and how many of these the evidence knows."""
    found, weight = judged.of(threat)
    return share_of(found, weight * chosen, judged.cluster, seed=SEED), int(np.count_nonzero(weight * chosen))


def _lift_widened(lift: Estimate, precision: Estimate, base: float) -> Estimate:
    """The lift's interval holds that of the precision, at the base rate as estimated."""
    if lift.low is None or lift.high is None or precision.low is None or precision.high is None:
        return lift
    return Estimate(lift.value, min(lift.low, precision.low / base), max(lift.high, precision.high / base))


def _standing(evidence: Evidence, threat: Threat, rival: Rival) -> Standing:
    """Average precision over consignments, and each capacity over units."""
    everyone = np.ones(rival.consignments.size, dtype=np.bool_)
    return Standing(
        name=rival.name,
        average_precision=_average_precision(evidence.consignments, threat, rival.consignments, everyone),
        capacities=tuple(capacity(evidence.searched, threat, rival.units, share) for share in CAPACITIES),
    )


def _average_precision(judged: Judged, threat: Threat, score: NDArray[np.float64], rows: NDArray[np.bool_]) -> Estimate:
    found, weight = judged.of(threat)
    known = rows & (weight > 0)
    ranking = Ranking(found[known], score[known])

    def figures(w: NDArray[np.float64]) -> NDArray[np.float64]:
        return ranking.average_precision(w)[:, None]

    (estimate,) = estimates(figures, weight[known], judged.cluster[known], seed=SEED)
    return estimate


def _calibration(judged: Judged, threat: Threat, probability: NDArray[np.float64]) -> tuple[CalibrationBin, ...]:
    found, weight = judged.of(threat)
    known = np.flatnonzero(weight > 0)
    ordered = known[np.argsort(probability[known], kind="stable")]
    bins = []
    for rows in np.array_split(ordered, min(_BINS, ordered.size)) if ordered.size else ():
        observed = share_of(found[rows], weight[rows], judged.cluster[rows], seed=SEED)
        predicted = float(np.average(probability[rows], weights=weight[rows]))
        bins.append(CalibrationBin(predicted, observed, int(rows.size)))
    return tuple(bins)


def _subset(
    judged: Judged, threat: Threat, probability: NDArray[np.float64], within: NDArray[np.bool_], name: str
) -> SubsetFigures:
    found, weight = judged.of(threat)
    known = within & (weight > 0)
    return SubsetFigures(
        name=name,
        rows=int(np.count_nonzero(known)),
        found=int(np.count_nonzero(known & found)),
        base_rate=share_of(found, np.where(within, weight, 0.0), judged.cluster, seed=SEED),
        average_precision=_average_precision(judged, threat, probability, within),
    )
