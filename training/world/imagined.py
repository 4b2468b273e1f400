"""A world in memory: actors, movements, truth, conduct and selection, drawn in that order from the parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import DAY
from training.world.conduct import Carriage, Paperwork, draw_carriage, draw_paperwork
from training.world.draws import Draws
from training.world.examinations import Examinations, draw_examinations
from training.world.hauliers import Hauliers, make_hauliers
from training.world.lanes import ROUTES, Lanes, make_lanes
from training.world.parameters import Floats, Ints, WorldParameters
from training.world.schemes import Schemes, draw_schemes, goods_loading
from training.world.selection import Selections, draw_selections, legacy_scores
from training.world.threats import THREATS
from training.world.traders import Traders, make_consignees, make_consignors, make_forwarders
from training.world.traffic import Traffic, make_traffic
from training.world.voyages import Carriers, make_carriers

__all__ = ["World", "imagine", "on_crossing"]

_ROUTE_SPREAD = 0.35  # standard deviation of what a ferry route adds to the log odds of a threat


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is so in a world, whether or not a message says it."""

    parameters: WorldParameters
    draws: Draws
    consignors: Traders
    consignees: Traders
    forwarders: Traders
    hauliers: Hauliers
    carriers: Carriers
    lanes: Lanes
    traffic: Traffic
    schemes: Schemes
    carriage: Carriage
    paperwork: Paperwork
    scores: Floats
    selections: Selections
    examinations: Examinations

    @property
    def origins(self) -> list[str]:
        """Consignor's country of every consignment, empty text where there is none."""
        return _origins(self.consignors, self.traffic.consignments.consignor)


def imagine(parameters: WorldParameters) -> World:
    """The world of these parameters: a pure function of them."""
    draws = Draws(parameters.seed)
    consignors, consignees = make_consignors(draws, parameters), make_consignees(draws, parameters)
    forwarders, hauliers = make_forwarders(draws, parameters), make_hauliers(draws, parameters)
    carriers = make_carriers(draws, parameters)
    lanes = make_lanes(draws, consignees, consignors, forwarders, hauliers)
    traffic = make_traffic(draws, parameters, lanes, (consignors, consignees), hauliers, carriers)
    origins = _origins(consignors, traffic.consignments.consignor)
    loading = _loading(draws, parameters, (consignors, consignees, forwarders), hauliers, traffic)
    loading += goods_loading(traffic.consignments.commodity, origins)
    schemes = draw_schemes(draws.of("schemes"), parameters, loading, traffic.consignments.new_pair)
    carriage = draw_carriage(draws, traffic, schemes, _cash_habit(hauliers, traffic))
    paperwork = draw_paperwork(draws, traffic, schemes)
    countries = [hauliers.parties[each].country or "" for each in traffic.crossings.haulier.tolist()]
    scores = legacy_scores(draws, traffic, carriage, paperwork, origins, countries)
    selections = draw_selections(draws, parameters, traffic, scores)
    examinations = draw_examinations(draws, traffic, schemes, carriage, selections)
    return World(
        parameters=parameters,
        draws=draws,
        consignors=consignors,
        consignees=consignees,
        forwarders=forwarders,
        hauliers=hauliers,
        carriers=carriers,
        lanes=lanes,
        traffic=traffic,
        schemes=schemes,
        carriage=carriage,
        paperwork=paperwork,
        scores=scores,
        selections=selections,
        examinations=examinations,
    )


def on_crossing(traffic: Traffic, column: Ints) -> Ints:
    """A column of the crossings, looked up for every consignment; -1 for those that come by sea."""
    unit = traffic.consignments.unit
    ferry = unit < len(column)
    return np.where(ferry, column[np.where(ferry, unit, 0)], -1)


def _loading(
    draws: Draws,
    parameters: WorldParameters,
    traders: tuple[Traders, Traders, Traders],
    hauliers: Hauliers,
    traffic: Traffic,
) -> Floats:
    """Log odds [consignments, threats] that actors and routes add on the day of arrival."""
    consignments, crossings = traffic.consignments, traffic.crossings
    days = (traffic.units.arrival[consignments.unit] - parameters.origin) // DAY
    consignors, consignees, forwarders = traders
    loading = (
        consignors.risk.at(consignments.consignor, days)
        + consignees.risk.at(consignments.consignee, days)
        + forwarders.risk.at(consignments.forwarder, days)
    )
    for risk, column in (
        (hauliers.risk, crossings.haulier),
        (hauliers.vehicles.risk, crossings.vehicle),
        (hauliers.trailers.risk, crossings.trailer),
        (hauliers.drivers.risk, crossings.driver),
    ):
        loading += risk.at(on_crossing(traffic, column), days)
    routes = draws.of("routes").normal(0.0, _ROUTE_SPREAD, (len(ROUTES) + 1, len(THREATS)))
    return loading + routes[on_crossing(traffic, crossings.route)]


def _cash_habit(hauliers: Hauliers, traffic: Traffic) -> Floats:
    habit = np.zeros(len(traffic.units.number))
    habit[: len(traffic.crossings.haulier)] = hauliers.cash[traffic.crossings.haulier]
    return habit


def _origins(consignors: Traders, consignor: Ints) -> list[str]:
    countries = [party.country or "" for party in consignors.parties]
    return [countries[each] if each >= 0 else "" for each in consignor.tolist()]
