"""Controls: the goods movement of a selected crossing sent again, with the inspection it must report to.

It is a consequence of selection and must be kept from the features.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aftc.clock import MINUTE
from aftc.records import CrossingStage
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.ferry_messages import goods_movement, trips
from training.world.scene import scene
from training.world.simulation import Week

__all__ = ["control_dispatches"]

_CONTROLLED = 0.3  # share of selected crossings whose haulier is told


def control_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:
    """All orders to report for inspection, in no order of time."""
    arrivals = week.arrivals
    traffic, rng = arrivals.traffic, arrivals.draws.of("control messages")
    count = traffic.first_box
    told = week.selections.selected[:count] & ~arrivals.carriage.no_show[:count] & (rng.random(count) < _CONTROLLED)
    names, waits = arrivals.draws.codes("control names", count, 12), delays(rng, count).tolist()
    world = scene(cast, arrivals)
    for trip in trips(world):
        if not told[trip.row]:
            continue
        sent = int(week.selections.issued[trip.row]) + MINUTE
        ordered = replace(
            goods_movement(world, trip),
            state="EMBARKED",
            updated_at=sent,
            crossing_stage=CrossingStage.ACTUAL,
            departure=None,
            arrival=int(traffic.crossings.arrival[trip.row]),
            inspection_required=True,
            report_to=("L0029A",),
        )
        about = tuple(traffic.consignments.document[row] for row in trip.aboard) or (traffic.booking[trip.row],)
        yield Dispatch("gmr", names[trip.row], sent + waits[trip.row], ordered, about)
