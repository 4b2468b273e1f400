"""Orders to report: the goods movement of a selected crossing sent again, with the inspection it must report to.

They are a consequence of selection, to be kept from the features.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from aftc.clock import MINUTE
from aftc.records import CrossingStage
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.simulation import Week
from training.world.trips import planned_movement, seen_movement, trips

__all__ = ["control_dispatches"]

_TOLD = 0.3  # share of selected crossings whose haulier is told
_PLACES = ("L0029A", "L0031B", "L0044C")  # invented; where to report


def control_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:
    """All orders to report for inspection, in no order of time."""
    arrivals, count = week.arrivals, week.arrivals.traffic.first_box
    rng = arrivals.draws.of("control messages")
    told = week.selections.selected[:count] & ~arrivals.carriage.no_show[:count] & (rng.random(count) < _TOLD)
    rows = np.flatnonzero(told).tolist()
    names, waits = arrivals.draws.codes("control names", len(rows), 12), delays(rng, len(rows)).tolist()
    issued = week.selections.issued.tolist()
    for name, wait, trip in zip(names, waits, trips(cast, arrivals, rows), strict=True):
        movement = planned_movement(cast, arrivals, trip)
        sent = max(issued[trip.row], movement.updated_at or 0) + MINUTE
        if sent > trip.departure:
            seen = seen_movement(movement, trip, sent)
            movement = replace(seen, state="EMBARKED", crossing_stage=CrossingStage.ACTUAL)
        place = _PLACES[int(trip.picks[1] * len(_PLACES))]
        ordered = replace(movement, updated_at=sent, inspection_required=True, report_to=(place,))
        yield Dispatch("gmr", name, sent + wait, ordered, trip.about)
