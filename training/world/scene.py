"""A week as message families read it: who there is, what moves, and how it is carried and declared."""

from __future__ import annotations

from dataclasses import dataclass

from training.world.cast import Cast
from training.world.conduct import Carriage, Paperwork
from training.world.draws import Draws
from training.world.flights import Airlines
from training.world.hauliers import Hauliers
from training.world.simulation import Arrivals
from training.world.traders import Traders
from training.world.traffic import Traffic
from training.world.voyages import Carriers

__all__ = ["Scene", "scene"]


@dataclass(frozen=True, slots=True)
class Scene:
    """Cast and arrivals of a week side by side."""

    consignors: Traders
    consignees: Traders
    forwarders: Traders
    hauliers: Hauliers
    carriers: Carriers
    airlines: Airlines
    draws: Draws
    traffic: Traffic
    carriage: Carriage
    paperwork: Paperwork


def scene(cast: Cast, arrivals: Arrivals) -> Scene:
    """A week's scene."""
    return Scene(
        consignors=cast.consignors,
        consignees=cast.consignees,
        forwarders=cast.forwarders,
        hauliers=cast.hauliers,
        carriers=cast.carriers,
        airlines=cast.airlines,
        draws=arrivals.draws,
        traffic=arrivals.traffic,
        carriage=arrivals.carriage,
        paperwork=arrivals.paperwork,
    )
