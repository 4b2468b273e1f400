"""Selection: which units are chosen, kept apart from the truth.

The legacy policy scores what the papers show, with the prejudices of a rule that was never compared with a random
sample, and much noise. Beside it stands an independent draw at random. Both chances are recorded for every unit
considered, before anyone sees the result; combined = 1 - prod(1 - p).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import HOUR, MINUTE
from aftc.records import Mode
from training.world.conduct import Carriage, Paperwork
from training.world.consignments import MODES, SEA
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.traffic import Traffic

__all__ = ["Selections", "draw_selections", "legacy_scores"]

_RULE_CHANCE = (0.005, 0.95)  # the rule is soft: no chance is 0 or 1, so inverse probability weights stay finite
_TEMPERATURE = 0.45  # how softly the rule's threshold cuts
_NOISE = 0.7  # standard deviation of the score's noise
_FOLLOWED = 0.87  # share of selected units that is examined in the end, on average
_SUSPECT_ORIGINS = {"CO": 1.0, "EC": 0.7, "TR": 0.8, "PK": 0.9, "GH": 0.6, "NL": 0.4, "MA": 0.5, "RO": 0.5}
_SUSPECT_HAULIERS = {"RO": 0.7, "TR": 0.8, "LT": 0.6, "PL": 0.2}  # the rule's prejudice: they are no riskier
_EARLY = 0.15  # share of rule selections issued before the cut-off
_CUTOFF = {Mode.RORO_ACCOMPANIED: 15 * MINUTE, Mode.RORO_UNACCOMPANIED: 15 * MINUTE, Mode.CONTAINER: 2 * HOUR}


@dataclass(frozen=True, slots=True)
class Selections:
    """Columns [units]: each reason's chance and whether it fired, and the instant a selection was issued."""

    rule: Floats
    random: Floats
    rule_fired: Flags
    random_fired: Flags
    issued: Ints

    @property
    def selected(self) -> Flags:
        """Whether any reason fired."""
        return self.rule_fired | self.random_fired

    @property
    def combined(self) -> Floats:
        """Chance that any reason fires: 1 - prod(1 - p)."""
        return 1.0 - (1.0 - self.rule) * (1.0 - self.random)


def legacy_scores(
    draws: Draws,
    traffic: Traffic,
    carriage: Carriage,
    paperwork: Paperwork,
    origins: list[str],
    haulier_countries: list[str],
) -> Floats:
    """The legacy score of every consignment, from what papers show and from prejudice.

    Args:
        draws: Source of the draws.
        traffic: What moves.
        carriage: Conduct of the units.
        paperwork: Conduct of the papers.
        origins: Consignor's country of every consignment, empty where there is none.
        haulier_countries: Haulier's country of every ferry crossing.
    """
    consignments = traffic.consignments
    unit, ferry = consignments.unit, consignments.mode != SEA
    crossing = np.where(ferry, unit, 0)
    prejudice = np.array([_SUSPECT_HAULIERS.get(country, 0.0) for country in haulier_countries])
    reefer = np.array([each >= 0 and COMMODITIES[each].reefer for each in consignments.commodity.tolist()])
    short = traffic.units.departure[unit] - carriage.booked[unit] < 24 * HOUR
    score = np.array([_SUSPECT_ORIGINS.get(country, 0.0) for country in origins])
    score += 0.3 * reefer + 0.4 * paperwork.vague + 0.5 * carriage.seal_changed[unit] + 0.4 * consignments.new_pair
    score += ferry * (0.5 * carriage.cash[unit] + 0.4 * short + 0.25 * carriage.amendments[unit] + prejudice[crossing])
    return score + draws.of("legacy noise").normal(0.0, _NOISE, len(score))


def draw_selections(draws: Draws, parameters: WorldParameters, traffic: Traffic, scores: Floats) -> Selections:
    """Selections of every unit, so many that the share asked for is examined on average."""
    rng = draws.of("selection")
    score = _unit_scores(traffic, scores)
    count = len(score)
    random = np.full(count, parameters.random_stratum)
    aboard = np.bincount(traffic.consignments.unit, minlength=count).astype(np.float64)
    rule = _softened(score, aboard, random, parameters.examined_share / _FOLLOWED)
    rule_fired, random_fired = rng.random(count) < rule, rng.random(count) < random
    cutoff = np.array([_CUTOFF[mode] for mode in MODES])[traffic.units.mode]
    moment = traffic.units.arrival - cutoff + rng.integers(0, 12, count) * MINUTE
    early = rule_fired & ~random_fired & (rng.random(count) < _EARLY)
    return Selections(
        rule=rule,
        random=random,
        rule_fired=rule_fired,
        random_fired=random_fired,
        issued=moment - early * rng.integers(30, 240, count) * MINUTE,
    )


def _unit_scores(traffic: Traffic, scores: Floats) -> Floats:
    """A unit's score is that of its worst consignment."""
    consignments = traffic.consignments
    found = np.full(len(traffic.units.number), -np.inf)
    for extra in range(int(consignments.units.max())):
        rows = consignments.units > extra
        np.maximum.at(found, consignments.unit[rows] + extra, scores[rows])
    return found


def _softened(score: Floats, aboard: Floats, random: Floats, wanted: float) -> Floats:
    """Chance of the rule by a logistic curve around the threshold that selects the wanted share of consignments."""
    low, high = float(score.min()) - 10.0, float(score.max()) + 10.0
    rule = np.zeros_like(score)
    for _ in range(60):
        threshold = (low + high) / 2
        rule = np.clip(1.0 / (1.0 + np.exp((threshold - score) / _TEMPERATURE)), *_RULE_CHANCE)
        share = float(((1.0 - (1.0 - rule) * (1.0 - random)) * aboard).sum() / aboard.sum())
        low, high = (threshold, high) if share > wanted else (low, threshold)
    return np.asarray(np.round(rule, 6))
