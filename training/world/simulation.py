"""The world week by week: what arrives, who is selected, what is found, and what adversaries make of it.

    simulation = Simulation(make_cast(parameters))
    while (arrivals := simulation.arrive()) is not None:
        week = simulation.conclude(arrivals, simulation.legacy(arrivals))

Selections may come from anywhere: the legacy policy, or one that is to be tried. What arrives depends on the finds of
earlier weeks alone, through the adversaries; never on the truth behind what was let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from training.world.adversaries import Adversaries
from training.world.cast import Cast
from training.world.conduct import Carriage, Paperwork, draw_carriage, draw_paperwork, unit_marks
from training.world.draws import Draws
from training.world.examinations import Examinations, draw_examinations
from training.world.lanes import ROUTES
from training.world.lives import week_days
from training.world.parameters import DAYS_A_WEEK, Floats, Ints
from training.world.schemes import Schemes, draw_schemes, goods_loading
from training.world.selection import Leads, Selections, draw_selections, legacy_scores
from training.world.signs import CLEAN, Marks
from training.world.threats import THREATS
from training.world.traffic import Memory, Traffic, make_traffic, on_crossing
from training.world.watch import WatchList

__all__ = ["Arrivals", "Simulation", "Week", "weeks"]

_Value = TypeVar("_Value", np.int64, np.float64)

_ROUTE_SPREAD = 0.35  # standard deviation of what a ferry route adds to the log odds of a threat


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A week of arrivals before anyone is selected: everything that is so, whether or not a message says it.

    Attributes:
        number: Of the week, from zero.
        draws: The week's generators.
        scores: float64 [consignments], what the legacy policy thinks of each.
        network: int64 [consignments], the network behind the scheme, -1 where there is none.
    """

    number: int
    draws: Draws
    traffic: Traffic
    schemes: Schemes
    marks: Marks
    network: Ints
    carriage: Carriage
    paperwork: Paperwork
    scores: Floats


@dataclass(frozen=True, slots=True)
class Week:
    """A week with its selections and what became of them."""

    arrivals: Arrivals
    selections: Selections
    examinations: Examinations


class Simulation:
    """A world under way."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._adversaries = Adversaries(cast)
        self._memory = Memory(cast)
        self._watch = WatchList(cast)
        self._next = 0
        self._countries = sorted({party.country or "" for party in cast.consignors.parties} | {""})
        place = {country: index for index, country in enumerate(self._countries)}
        self._country_of = np.array([*(place[party.country or ""] for party in cast.consignors.parties), place[""]])
        routes = Draws(cast.parameters.seed).of("routes")
        self._routes = np.vstack(
            [routes.normal(0.0, _ROUTE_SPREAD, (len(ROUTES), len(THREATS))), np.zeros(len(THREATS))]
        )

    def arrive(self) -> Arrivals | None:
        """The next week's arrivals; None after the last week."""
        parameters, number = self._cast.parameters, self._next
        if number >= parameters.weeks:
            return None
        self._next += 1
        draws = Draws(parameters.seed, number)
        traffic = make_traffic(draws, self._cast, self._adversaries.trade, number, self._memory)
        schemes, marks = self._schemes(draws, traffic, number)
        carriage = draw_carriage(draws, traffic, unit_marks(traffic, marks), self._cash_habit(traffic))
        paperwork = draw_paperwork(draws, traffic, marks)
        return Arrivals(
            number=number,
            draws=draws,
            traffic=traffic,
            schemes=schemes,
            marks=marks,
            network=_by_hand(self._adversaries.hands.network, schemes.hand, -1),
            carriage=carriage,
            paperwork=paperwork,
            scores=self._scores(draws, traffic, carriage, paperwork),
        )

    def legacy(self, arrivals: Arrivals) -> Selections:
        """What the legacy policy selects, beside watch lists, intelligence and the random draw."""
        leads = Leads(
            watched=self._watch.matches(arrivals.traffic, arrivals.number), scheme=arrivals.marks.method != CLEAN
        )
        return draw_selections(arrivals.draws, self._cast.parameters, arrivals.traffic, arrivals.scores, leads)

    def conclude(self, arrivals: Arrivals, selections: Selections) -> Week:
        """Examine what was selected; adversaries and watch lists learn from what was found."""
        traffic, schemes = arrivals.traffic, arrivals.schemes
        examinations = draw_examinations(
            arrivals.draws, traffic, schemes, arrivals.marks.method, arrivals.carriage, selections
        )
        found = np.asarray(examinations.found.any(axis=1))
        self._adversaries.learn(arrivals.draws, schemes.hand[found], arrivals.number)
        self._watch.learn(arrivals.draws, traffic, found, arrivals.number)
        return Week(arrivals, selections, examinations)

    def _schemes(self, draws: Draws, traffic: Traffic, number: int) -> tuple[Schemes, Marks]:
        consignments, hands = traffic.consignments, self._adversaries.hands
        middle = number * DAYS_A_WEEK + len(week_days(self._cast.parameters, number)) / 2
        touch = self._adversaries.touch(draws, traffic, middle)
        origin = self._country_of[consignments.consignor]
        loading = touch.loading + goods_loading(consignments.commodity, origin, self._countries)
        loading += self._routes[on_crossing(traffic, traffic.crossings.route)]
        prevalence = self._cast.parameters.prevalence
        schemes = draw_schemes(draws.of("schemes"), prevalence, loading, touch.hand, consignments.new_pair)
        dirty, own = schemes.threat >= 0, schemes.hand >= 0
        # What nobody controls is hidden in a load by someone on his own account.
        method = np.where(own, _by_hand(hands.method, schemes.hand, CLEAN), np.where(dirty, 0, CLEAN))
        return schemes, Marks(method, _by_hand(hands.polish, schemes.hand, 0.0))

    def _cash_habit(self, traffic: Traffic) -> Floats:
        habit = np.zeros(len(traffic.units.number))
        habit[: traffic.first_box] = self._cast.hauliers.cash[traffic.crossings.haulier]
        return habit

    def _scores(self, draws: Draws, traffic: Traffic, carriage: Carriage, paperwork: Paperwork) -> Floats:
        hauliers = self._cast.hauliers.parties
        countries = [hauliers[each].country or "" for each in traffic.crossings.haulier.tolist()]
        origins = [self._countries[each] for each in self._country_of[traffic.consignments.consignor].tolist()]
        return legacy_scores(draws, traffic, carriage, paperwork, origins, countries)


def _by_hand(column: npt.NDArray[_Value], hand: Ints, otherwise: float) -> npt.NDArray[_Value]:
    """A column of the hands, looked up for every consignment; there may be no hands at all."""
    return np.append(column, np.array(otherwise, dtype=column.dtype))[hand]  # -1 is the last


def weeks(cast: Cast) -> Iterator[Week]:
    """The world under the legacy policy."""
    simulation = Simulation(cast)
    while (arrivals := simulation.arrive()) is not None:
        yield simulation.conclude(arrivals, simulation.legacy(arrivals))
