"""Booked equipment: now and then another vehicle or trailer comes than was booked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.world.cast import Cast
from training.world.hauliers import Fleet
from training.world.parameters import Flags
from training.world.simulation import Arrivals

__all__ = ["booked_trailers", "booked_vehicles"]


def booked_vehicles(cast: Cast, arrivals: Arrivals) -> list[str | None]:
    """The vehicle of every crossing as booked; only one that draws a trailer is another than comes."""
    crossings = arrivals.traffic.crossings
    drawn = np.array([each is not None for each in crossings.trailer_number], dtype=np.bool_)
    other = arrivals.carriage.vehicle_other[: len(drawn)] & drawn
    return _booked(arrivals, "booked vehicles", crossings.vehicle_number, other, cast.hauliers.vehicles)


def booked_trailers(cast: Cast, arrivals: Arrivals) -> list[str | None]:
    """The trailer of every crossing as booked, and as declared on the strength of the booking."""
    numbers = arrivals.traffic.crossings.trailer_number
    other = arrivals.carriage.trailer_other[: len(numbers)]
    return _booked(arrivals, "booked trailers", numbers, other, cast.hauliers.trailers)


def _booked(
    arrivals: Arrivals, concern: str, numbers: Sequence[str | None], other: Flags, fleet: Fleet
) -> list[str | None]:
    """These numbers; where another came, and came at all, one of the same haulier's in its place."""
    booked, count = list(numbers), len(numbers)
    picks, hauliers = arrivals.draws.of(concern).random(count), arrivals.traffic.crossings.haulier
    for row in np.flatnonzero(other & ~arrivals.carriage.no_show[:count]).tolist():
        owner, own = int(hauliers[row]), booked[row]
        its = fleet.numbers[int(fleet.first[owner]) : int(fleet.first[owner + 1])]
        others = [each for each in its if each != own]
        if own is not None and others:
            booked[row] = others[int(picks[row] * len(others))]
    return booked
