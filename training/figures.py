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
from training.metrics import Estimate, Ranking, Resamples, estimates, ratio, selection, share_of, widened

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


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """The consignments or units of which one threat is known to be there or not: mask bool[n], found float64[known]."""

    mask: NDArray[np.bool_]
    found: NDArray[np.float64]
    resamples: Resamples


def _known(judged: Judged, threat: Threat, within: NDArray[np.bool_] | None = None) -> _Known:
    found, weight = judged.of(threat)
    mask = weight > 0 if within is None else within & (weight > 0)
    return _Known(mask, found[mask].astype(np.float64), Resamples(weight[mask], judged.cluster[mask], seed=SEED))


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
    consignments, units = _known(evidence.consignments, threat), _known(evidence.searched, threat)
    own = Rival(MODEL, probability, evidence.units.scores(probability))
    chance = Rival(RANDOM, np.zeros(probability.size), np.zeros(own.units.size))
    return ThreatFigures(
        threat=threat,
        rows=consignments.found.size,
        found=int(consignments.found.sum()),
        base_rate=share_of(consignments.found, consignments.resamples),
        brier=share_of((probability[consignments.mask] - consignments.found) ** 2, consignments.resamples),
        standings=tuple(_standing(consignments, units, each) for each in (own, chance, *rivals)),
        calibration=_calibration(evidence.consignments, threat, probability),
        modes=tuple(
            _subset(_known(evidence.consignments, threat, modes == mode), probability, mode)
            for mode in np.unique(modes).tolist()
        ),
        stratum=_subset(_known(evidence.stratum, threat), probability, "random stratum") if evidence.stratum else None,
    )


def capacity(searched: Judged, threat: Threat, score: NDArray[np.float64], share: float) -> Capacity:
    """What searching the highest-ranked share of units would find.

    Args:
        searched: What is known of the units.
        threat: Which.
        score: float64[units], of every unit: those never examined take their places too.
        share: Of all units.
    """
    return _capacity(_known(searched, threat), score, share)


def hit_rate(judged: Judged, threat: Threat, chosen: NDArray[np.float64]) -> tuple[Estimate, int]:
    """Finds per search among chosen units (float64[units], 0 to 1), and how many of these the evidence knows."""
    found, weight = judged.of(threat)
    weighed = weight * chosen
    known = weighed > 0
    return share_of(found[known], Resamples(weighed[known], judged.cluster[known], seed=SEED)), int(known.sum())


def _standing(consignments: _Known, units: _Known, rival: Rival) -> Standing:
    """Average precision over consignments, and each capacity over units."""
    return Standing(
        name=rival.name,
        average_precision=_average_precision(consignments, rival.consignments),
        capacities=tuple(_capacity(units, rival.units, share) for share in CAPACITIES),
    )


def _capacity(units: _Known, score: NDArray[np.float64], share: float) -> Capacity:
    chosen, hit, weight = selection(score, share)[units.mask], units.found, units.resamples.weight

    def figures(w: NDArray[np.float64]) -> NDArray[np.float64]:
        hits, holds = w @ (chosen * hit), w @ hit
        precision = ratio(hits, w @ chosen)
        return np.column_stack([precision, ratio(hits, holds), precision * ratio(w.sum(axis=1), holds)])

    precision, recall, lift = estimates(figures, units.resamples)
    precision = widened(precision, weight * chosen)
    if np.isin(chosen, (0.0, 1.0)).all():  # else a tie is shared out, and the recall of a random choice has no doubt
        recall = widened(recall, weight * hit)
        lift = _lift_widened(lift, precision, float(np.average(hit, weights=weight)) if hit.size else 0.0)
    return Capacity(share, max(1, round(share * score.size)), int(np.count_nonzero(chosen)), precision, recall, lift)


def _lift_widened(lift: Estimate, precision: Estimate, base: float) -> Estimate:
    """The lift's interval holds that of the precision, at the base rate as estimated."""
    if lift.low is None or lift.high is None or precision.low is None or precision.high is None:
        return lift
    return Estimate(lift.value, min(lift.low, precision.low / base), max(lift.high, precision.high / base))


def _average_precision(known: _Known, score: NDArray[np.float64]) -> Estimate:
    ranking = Ranking(known.found > 0, score[known.mask])
    (estimate,) = estimates(lambda w: ranking.average_precision(w)[:, None], known.resamples)
    return estimate


def _calibration(judged: Judged, threat: Threat, probability: NDArray[np.float64]) -> tuple[CalibrationBin, ...]:
    found, weight = judged.of(threat)
    known = np.flatnonzero(weight > 0)
    ordered = known[np.argsort(probability[known], kind="stable")]
    bins = []
    for rows in np.array_split(ordered, min(_BINS, ordered.size)) if ordered.size else ():
        observed = share_of(found[rows], Resamples(weight[rows], judged.cluster[rows], seed=SEED))
        predicted = float(np.average(probability[rows], weights=weight[rows]))
        bins.append(CalibrationBin(predicted, observed, int(rows.size)))
    return tuple(bins)


def _subset(known: _Known, probability: NDArray[np.float64], name: str) -> SubsetFigures:
    return SubsetFigures(
        name=name,
        rows=known.found.size,
        found=int(known.found.sum()),
        base_rate=share_of(known.found, known.resamples),
        average_precision=_average_precision(known, probability),
    )
