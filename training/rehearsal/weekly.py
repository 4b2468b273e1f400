"""The weekly loop: a policy lives through a world, learns from what it examined, and the world answers.

    arrivals -> vectors as known -> scores of units -> selections -> examinations -> labels -> a new model

For some weeks the legacy policy selects; then a model does, fitted anew each week on all outcomes recorded so far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from aftc.clock import MINUTE
from aftc.config import Settings
from training.rehearsal.feeds import Feed
from training.rehearsal.learner import Form, learnt, scored
from training.rehearsal.plan import Plan
from training.rehearsal.policy import choose
from training.rehearsal.running import beginning
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.parameters import Floats, Ints
from training.world.selection import MODEL, RANDOM, REASONS, Selections
from training.world.simulation import Arrivals, Simulation, Week
from training.world.traffic import Traffic

__all__ = ["Tally", "rehearse", "total", "unit_scores"]

_LARGEST_BELOW_ONE: Final = np.nextafter(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one week, or of several.

    Attributes:
        weeks: How many.
        units: Searchable units that arrived; `carrying` of them hide a threat.
        selected: Units selected; `right` of them hide a threat.
        examined: Units searched; `hits` of them with a find.
        positives: Consignments with a threat; `caught` of them found.
        best: Units that could have been right at the same capacity.
    """

    weeks: int
    units: int
    carrying: int
    selected: int
    right: int
    examined: int
    hits: int
    positives: int
    caught: int
    best: int

    @property
    def hit_rate(self) -> float:
        """Finds over examinations; 0 without any."""
        return self.hits / max(self.examined, 1)

    @property
    def recall(self) -> float:
        """Share of the consignments with a threat that were found."""
        return self.caught / max(self.positives, 1)

    @property
    def over_best(self) -> float:
        """Precision of the selections over the best possible."""
        return self.right / max(self.best, 1)


def rehearse(cast: Cast, plan: Plan, make_feed: Callable[[Cast], Feed]) -> tuple[Tally, ...]:
    """Let a policy live through a world.

    Args:
        cast: Of the world.
        plan: The policy's terms.
        make_feed: Where its columns come from.

    Returns:
        The counts of each week.
    """
    simulation, feed, tallies = Simulation(cast), make_feed(cast), []
    while (arrivals := simulation.arrive()) is not None:
        vectors = feed.see(arrivals)
        if arrivals.number < plan.warm_up:
            selections = simulation.legacy(arrivals)
        else:
            known = feed.labelled(beginning(cast.parameters.origin, arrivals.number), plan.largest_weight)
            model = learnt(known, feed.columns(), Form(rounds=plan.rounds))
            selections = _selected(arrivals, scored(model, vectors), plan)
        week = simulation.conclude(arrivals, selections)
        feed.conclude(week)
        tallies.append(_tally(week))
    return tuple(tallies)


def total(tallies: Sequence[Tally]) -> Tally:
    """The counts of several weeks together."""
    columns = [[getattr(each, name) for each in tallies] for name in Tally.__slots__]
    return Tally(*map(sum, columns))


def unit_scores(traffic: Traffic, scores: Floats) -> Floats:
    """float64 [units]: the chance that a consignment aboard holds the threat, 1 - prod(1 - p)."""
    consignments = traffic.consignments
    missed = np.log1p(-np.minimum(scores, _LARGEST_BELOW_ONE))
    summed = np.zeros(len(traffic.units.number))
    for extra in range(int(consignments.units.max(initial=1))):
        rows = consignments.units > extra
        np.add.at(summed, consignments.unit[rows] + extra, missed[rows])
    return -np.expm1(summed)


def _selected(arrivals: Arrivals, scores: Floats, plan: Plan) -> Selections:
    """The policy's selections, issued at the cut-off."""
    traffic = arrivals.traffic
    count = len(traffic.units.number)
    capacity = max(1, round(plan.capacity * count))
    choice = choose(unit_scores(traffic, scores), capacity, plan.random_share, arrivals.draws.of("policy"))
    chance = np.full((count, len(REASONS)), np.nan)
    fired = np.zeros(chance.shape, dtype=np.bool_)
    chance[:, MODEL], chance[:, RANDOM] = choice.model, choice.random
    fired[:, MODEL], fired[:, RANDOM] = choice.model > 0, choice.drawn
    return Selections(chance, fired, _cutoffs(traffic))


def _cutoffs(traffic: Traffic) -> Ints:
    settings = Settings()
    lead = np.where(traffic.units.mode < SEA, settings.roro_cutoff_minutes, settings.cutoff_minutes) * MINUTE
    return np.asarray(traffic.units.arrival - lead)


def _tally(week: Week) -> Tally:
    schemes, examinations, selected = week.arrivals.schemes, week.examinations, week.selections.selected
    carrying = np.zeros(len(selected), dtype=np.bool_)
    carrying[examinations.hiding[schemes.y_any]] = True
    found = examinations.found.any(axis=1)
    hit = np.zeros(len(selected), dtype=np.bool_)
    hit[examinations.hiding[found]] = True
    return Tally(
        weeks=1,
        units=len(selected),
        carrying=int(carrying.sum()),
        selected=int(selected.sum()),
        right=int((carrying & selected).sum()),
        examined=int(examinations.examined.sum()),
        hits=int(hit.sum()),
        positives=int(schemes.y_any.sum()),
        caught=int(found.sum()),
        best=min(int(selected.sum()), int(carrying.sum())),
    )
