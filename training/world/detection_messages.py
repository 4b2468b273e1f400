"""Detections at the port: radiation portals that some lanes lead through, and scans and dogs that selections ask for.

What a portal says follows from the goods alone, since some are a little radioactive by nature. What a directed
detection says follows from what the examination finds; it comes after the decision, and nothing is learnt from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from aftc.clock import MINUTE
from aftc.records import Detection, DetectionCause, DetectionMeans, DetectionResult, Unit
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.examinations import MEANS_OF_SEARCH
from training.world.goods import COMMODITIES
from training.world.outcome_messages import examination_ids, place_of_arrival, rows_aboard
from training.world.simulation import Arrivals, Week
from training.world.traffic import Traffic

__all__ = ["directed_dispatches", "routine_dispatches"]

_THROUGH_PORTAL: Final = 0.15  # share of units by ferry and sea whose lane leads through a portal
_AFTER_ARRIVAL: Final = (5, 45)  # minutes from arrival to the portal
_ALARMS, _NATURAL_ALARMS = 0.003, 0.06  # share of units that set it off, of those with radioactive goods
_NATURAL: Final = ("0803", "25", "31", "68", "69")  # HS codes of goods that hold potassium, thorium or uranium
_MEANS: Final = {"scan and search": DetectionMeans.X_RAY, "dog": DetectionMeans.DOG, "full strip": DetectionMeans.TRACE}
_TOLD: Final = 0.5  # share of such searches whose first detection is sent as a message
_SEEN, _MISTAKEN = 0.8, 0.08  # share with a result, of what is found in the end and of what is not
_CONFIDENCE: Final = (40, 100)


def routine_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:  # noqa: ARG001  # families are called alike
    """What portals say of all traffic that they stand in the way of, in no order of time."""
    traffic, count = arrivals.traffic, arrivals.traffic.first_uld
    rng = arrivals.draws.of("routine detections")
    passes = rng.random(count) < _THROUGH_PORTAL
    passes[: traffic.first_box] &= ~arrivals.carriage.no_show[: traffic.first_box]
    units = np.flatnonzero(passes).tolist()
    names, ids = arrivals.draws.codes("routine names", len(units), 12), arrivals.draws.codes("portals", len(units), 10)
    minutes, picks = rng.integers(*_AFTER_ARRIVAL, len(units)).tolist(), rng.random(len(units)).tolist()
    waits, aboard = delays(rng, len(units)).tolist(), rows_aboard(traffic)
    for unit, name, number, after, pick, wait in zip(units, names, ids, minutes, picks, waits, strict=True):
        natural = any(_natural(int(traffic.consignments.commodity[row])) for row in aboard[unit])
        alarm = pick < (_NATURAL_ALARMS if natural else _ALARMS)
        passed = int(traffic.units.arrival[unit]) + after * MINUTE
        portal = Detection(
            detection_id=f"RP{number}",
            revision=0,
            cause=DetectionCause.ROUTINE,
            means=DetectionMeans.RADIATION_PORTAL,
            result=DetectionResult.ALARM if alarm else DetectionResult.NO_ANOMALY,
            detected_at=passed,
            place=place_of_arrival(traffic, unit),
            unit=Unit(traffic.units.kind[unit], traffic.units.number[unit]),
            arrival=int(traffic.units.arrival[unit]),
        )
        yield Dispatch("detection", name, passed + wait, portal, _about(traffic, aboard[unit]))


def directed_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:  # noqa: ARG001  # families are called alike
    """The first detections of searches, in no order of time."""
    arrivals, examinations, traffic = week.arrivals, week.examinations, week.arrivals.traffic
    rng = arrivals.draws.of("directed detections")
    means = [_MEANS.get(each) for each in MEANS_OF_SEARCH]
    with_means = np.isin(examinations.means, [place for place, each in enumerate(means) if each is not None])
    told = examinations.examined & with_means & (rng.random(len(with_means)) < _TOLD)
    units = np.flatnonzero(told).tolist()
    names, ids = arrivals.draws.codes("directed names", len(units), 12), arrivals.draws.codes("scans", len(units), 10)
    waits, picks = delays(rng, len(units)).tolist(), rng.random(len(units)).tolist()
    sure = rng.integers(*_CONFIDENCE, len(units)).tolist()
    aboard, selections = rows_aboard(traffic), examination_ids(week)
    hit = np.zeros(len(told), dtype=np.bool_)
    hit[examinations.hiding[examinations.found.any(axis=1)]] = True
    for unit, name, number, wait, pick, confidence in zip(units, names, ids, waits, picks, sure, strict=True):
        by = means[int(examinations.means[unit])] or DetectionMeans.X_RAY
        seen = DetectionResult.ANOMALY if by is DetectionMeans.X_RAY else DetectionResult.ALARM
        tried = int(examinations.started[unit]) + 10 * MINUTE
        detection = Detection(
            detection_id=f"SC{number}",
            revision=0,
            cause=DetectionCause.DIRECTED,
            means=by,
            result=seen if pick < (_SEEN if hit[unit] else _MISTAKEN) else DetectionResult.NO_ANOMALY,
            detected_at=tried,
            place=place_of_arrival(traffic, unit),
            unit=Unit(traffic.units.kind[unit], traffic.units.number[unit]),
            selection=selections[unit],
            confidence=confidence,
            arrival=int(traffic.units.arrival[unit]),
        )
        yield Dispatch("detection", name, tried + wait, detection, _about(traffic, aboard[unit]))


def _natural(commodity: int) -> bool:
    return commodity >= 0 and COMMODITIES[commodity].hs_code.startswith(_NATURAL)


def _about(traffic: Traffic, rows: list[int]) -> tuple[str, ...]:
    return tuple(traffic.reference(row) for row in rows)
