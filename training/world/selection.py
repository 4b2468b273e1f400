"""Selection: which units are chosen, and why, kept apart from the truth.

Four reasons stand beside each other. The legacy *rule* scores what the papers show, with the prejudices of a rule
that was never compared with a random sample, and much noise. A *selector* watches an actor that was found before, or
that a partner agency named, rightly or wrongly. *Intelligence* is a tip about one consignment. A draw at *random* is
independent of all. Each reason's chance is recorded for every unit considered, before anyone sees the result;
combined = 1 - prod(1 - p). A tip or a match fires with its chance where it exists and is zero elsewhere, so that
inverse probabilities stay valid given what was known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import HOUR, MINUTE
from training.world.conduct import Carriage, Paperwork
from training.world.draws import Draws
from training.world.goods import COMMODITIES
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.traffic import Traffic, on_crossing

__all__ = [
    "INTELLIGENCE",
    "MODEL",
    "RANDOM",
    "REASONS",
    "RULE",
    "SELECTOR",
    "Leads",
    "Selections",
    "draw_selections",
    "legacy_scores",
    "worst_aboard",
]

REASONS = ("rule", "selector", "intelligence", "random", "model")
RULE, SELECTOR, INTELLIGENCE, RANDOM, MODEL = range(len(REASONS))

_RULE_CHANCE = (0.005, 0.95)  # the rule is soft: no chance is 0 or 1, so inverse probability weights stay finite
_TEMPERATURE = 0.45  # how softly the rule's threshold cuts
_NOISE = 0.7  # standard deviation of the score's noise
_FOLLOWED = 0.87  # share of selected units that is examined in the end, on average
_SUSPECT_ORIGINS = {"CO": 1.0, "EC": 0.7, "TR": 0.8, "PK": 0.9, "GH": 0.6, "NL": 0.4, "MA": 0.5, "RO": 0.5}
_SUSPECT_HAULIERS = {"RO": 0.7, "TR": 0.8, "LT": 0.6, "PL": 0.2}  # the rule's prejudice: they are no riskier
_MATCH_CHANCE = 0.6  # that a match with a selector is followed
_TRUE_TIP, _FALSE_TIP = 0.03, 0.001  # chance of a tip about a consignment with a scheme, and about another
_EARLY = 0.15  # share of rule selections issued before the cut-off
_CUTOFF = (15 * MINUTE, 15 * MINUTE, 2 * HOUR, 2 * HOUR, 2 * HOUR)  # before arrival, by mode in the order of `MODES`


@dataclass(frozen=True, slots=True)
class Selections:
    """Why units are selected.

    Attributes:
        chance: float64 [units, reasons], each reason's chance; NaN where a reason is not in use.
        fired: bool [units, reasons].
        issued: int64 [units], the instant at which a selection was issued.
    """

    chance: Floats
    fired: Flags
    issued: Ints

    @property
    def selected(self) -> Flags:
        """Whether any reason fired."""
        return np.asarray(self.fired.any(axis=1))

    @property
    def combined(self) -> Floats:
        """Chance that any reason fires: 1 - prod(1 - p)."""
        return np.asarray(1.0 - np.prod(1.0 - np.nan_to_num(self.chance), axis=1))


@dataclass(frozen=True, slots=True)
class Leads:
    """What is known beforehand of a week's consignments, bool [consignments].

    Attributes:
        watched: Whether an actor aboard is on a watch list.
        scheme: Whether there is a scheme: intelligence hears of some of them.
    """

    watched: Flags
    scheme: Flags


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
    unit, ferry = consignments.unit, consignments.unit < traffic.first_box
    prejudice = np.array([*(_SUSPECT_HAULIERS.get(country, 0.0) for country in haulier_countries), 0.0])
    reefer = np.array([*(each.reefer for each in COMMODITIES), False])[consignments.commodity]
    short = traffic.units.departure[unit] - carriage.booked[unit] < 24 * HOUR
    score = np.array([_SUSPECT_ORIGINS.get(country, 0.0) for country in origins])
    score += 0.3 * reefer + 0.4 * paperwork.vague + 0.5 * carriage.seal_changed[unit] + 0.4 * consignments.new_pair
    score += ferry * (0.5 * carriage.cash[unit] + 0.4 * short + 0.25 * carriage.amendments[unit])
    score += prejudice[on_crossing(traffic, np.arange(len(haulier_countries)))]
    return score + draws.of("legacy noise").normal(0.0, _NOISE, len(score))


def draw_selections(
    draws: Draws, parameters: WorldParameters, traffic: Traffic, scores: Floats, leads: Leads
) -> Selections:
    """Selections of every unit, so many that the share asked for is examined on average."""
    rng = draws.of("selection")
    count = len(traffic.units.number)
    chance = np.full((count, len(REASONS)), np.nan)
    chance[:, RANDOM] = parameters.random_stratum
    chance[:, SELECTOR] = _MATCH_CHANCE * worst_aboard(traffic, leads.watched.astype(np.float64))
    tips = rng.random(len(scores)) < np.where(leads.scheme, _TRUE_TIP, _FALSE_TIP)
    chance[:, INTELLIGENCE] = worst_aboard(traffic, tips.astype(np.float64))
    aboard = np.bincount(traffic.consignments.unit, minlength=count).astype(np.float64)
    others = 1.0 - np.prod(1.0 - np.nan_to_num(chance), axis=1)
    score = worst_aboard(traffic, scores)
    chance[:, RULE] = _softened(score, aboard, others, parameters.examined_share / _FOLLOWED)
    fired = rng.random(chance.shape) < np.nan_to_num(chance)
    early = fired[:, RULE] & ~fired[:, RANDOM] & (rng.random(count) < _EARLY)
    moment = traffic.units.arrival - np.array(_CUTOFF)[traffic.units.mode] + rng.integers(0, 12, count) * MINUTE
    return Selections(chance, fired, moment - early * rng.integers(30, 240, count) * MINUTE)


def worst_aboard(traffic: Traffic, score: Floats) -> Floats:
    """float64 [units]: the highest score of the consignments aboard, -inf where there is none."""
    consignments = traffic.consignments
    found = np.full(len(traffic.units.number), -np.inf)
    for extra in range(int(consignments.units.max(initial=1))):
        rows = consignments.units > extra
        np.maximum.at(found, consignments.unit[rows] + extra, score[rows])
    return found


def _softened(score: Floats, aboard: Floats, others: Floats, wanted: float) -> Floats:
    """Chance of the rule by a logistic curve around the threshold that selects the wanted share of consignments."""
    low, high = float(score.min()) - 10.0, float(score.max()) + 10.0
    rule = np.zeros_like(score)
    for _ in range(60):
        threshold = (low + high) / 2
        rule = np.clip(1.0 / (1.0 + np.exp((threshold - score) / _TEMPERATURE)), *_RULE_CHANCE)
        share = float(((1.0 - (1.0 - rule) * (1.0 - others)) * aboard).sum() / aboard.sum())
        low, high = (threshold, high) if share > wanted else (low, threshold)
    return np.asarray(np.round(rule, 6))
