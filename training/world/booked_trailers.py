"""Booked trailers: now and then another one comes than was booked and declared."""

from __future__ import annotations

from training.world.cast import Cast
from training.world.simulation import Arrivals

__all__ = ["booked_trailers"]


def booked_trailers(cast: Cast, arrivals: Arrivals) -> list[str | None]:
    """The trailer of every crossing as booked: where its conduct says so, another of the haulier's than came."""
    crossings, carriage = arrivals.traffic.crossings, arrivals.carriage
    count = len(crossings.lane)
    booked = list(crossings.trailer_number)
    changed = carriage.trailer_other[:count] & ~carriage.no_show[:count]
    fleets = cast.hauliers.trailers
    picks = arrivals.draws.of("booked trailers").random(count)
    for row in changed.nonzero()[0].tolist():
        own = booked[row]
        first, last = fleets.first[crossings.haulier[row] :][:2].tolist()
        others = [each for each in fleets.numbers[first:last] if each != own] or list(fleets.numbers[:1])
        if own is not None:
            booked[row] = others[int(picks[row] * len(others))]
    return booked
