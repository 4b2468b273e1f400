"""The cast: everyone and everything that can appear in a world, drawn once from its parameters.

What changes from week to week (who lives, who was found, who sends through whom) is the simulation's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.world.draws import Draws
from training.world.flights import Airlines, make_airlines
from training.world.hauliers import Hauliers, make_hauliers
from training.world.lanes import Lanes, make_lanes
from training.world.networks import Hands, Kind
from training.world.parameters import WorldParameters
from training.world.recruiting import Ring, choose_hands
from training.world.traders import Traders, make_consignees, make_consignors, make_forwarders, with_spares
from training.world.voyages import Carriers, make_carriers

__all__ = ["Cast", "make_cast"]

_SPARES = 6  # identities behind each trader that a network controls


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone who can appear, a pure function of the parameters; spare identities stand behind the traders."""

    parameters: WorldParameters
    consignors: Traders
    consignees: Traders
    forwarders: Traders
    hauliers: Hauliers
    carriers: Carriers
    airlines: Airlines
    lanes: Lanes
    hands: Hands


def make_cast(parameters: WorldParameters) -> Cast:
    """The cast of a world."""
    draws = Draws(parameters.seed)
    consignors = make_consignors(draws, parameters)
    consignees = make_consignees(draws, parameters, consignors)
    forwarders, hauliers = make_forwarders(draws, parameters), make_hauliers(draws, parameters)
    carriers = make_carriers(draws, parameters)
    lanes = make_lanes(draws, consignees, consignors, forwarders, hauliers)
    ring = Ring(consignors, consignees, hauliers, lanes, len(carriers.parties))
    hands = choose_hands(draws, parameters, ring)
    rng = draws.of("spare identities")
    owned = [np.unique(hands.actor[hands.kind == kind]) for kind in (Kind.CONSIGNOR, Kind.CONSIGNEE)]
    return Cast(
        parameters=parameters,
        consignors=with_spares(rng, consignors, owned[0], _SPARES),
        consignees=with_spares(rng, consignees, owned[1], _SPARES),
        forwarders=forwarders,
        hauliers=hauliers,
        carriers=carriers,
        airlines=make_airlines(draws),
        lanes=lanes,
        hands=hands,
    )
