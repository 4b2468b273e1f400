"""Orders to selected units: report for inspection, or be held; a consequence of selection, kept from the features.

By ferry the goods movement is sent again, with the place to report to; by sea and air customs sends the declarant an
advance intervention for each declaration aboard.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from aftc.clock import MINUTE, Instant
from aftc.records import AnsweredEntry, CrossingStage, CustomsIntervention, EntryIntervention
from training.world.border import Leg, legs
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.lodgements import Lodgement, addressee, lodgements, numbered
from training.world.simulation import Arrivals, Week
from training.world.trips import planned_movement, seen_movement, trips

__all__ = ["control_dispatches"]

_TOLD = 0.3  # share of selected units whose haulier or declarant is told
_PLACES = ("L0029A", "L0031B", "L0044C")  # invented; where to report
_INTERVENTIONS = (
    ("C010", "PRESENT FOR EXAMINATION ON ARRIVAL"),
    ("C020", "HOLD AT THE FIRST PLACE OF UNLOADING"),
)  # likewise


def control_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:
    """All orders of a week, in no order of time."""
    yield from _by_ferry(cast, week)
    yield from _by_sea_and_air(cast, week)


def _by_ferry(cast: Cast, week: Week) -> Iterator[Dispatch]:
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


def _by_sea_and_air(cast: Cast, week: Week) -> Iterator[Dispatch]:
    arrivals, document = week.arrivals, week.arrivals.traffic.consignments.document
    concerned = list(_concerned(week))
    rng = arrivals.draws.of("interventions")
    names, waits = arrivals.draws.codes("intervention names", len(concerned), 12), delays(rng, len(concerned)).tolist()
    picks, carried = rng.random(len(concerned)).tolist(), legs(cast, arrivals)
    for (lodgement, unit), name, wait, pick in zip(concerned, names, waits, picks, strict=True):
        sent = max(int(week.selections.issued[unit]), lodgement.registered) + MINUTE
        intervention = _intervention(cast, arrivals, lodgement, carried[unit], (name, sent, pick))
        about = tuple(document[row] for row in lodgement.rows)
        yield Dispatch("ens_intervention", name, sent + wait, intervention, about)


def _concerned(week: Week) -> Iterator[tuple[Lodgement, int]]:
    """Declarations of what selected containers and devices hold whose declarants are told, each with such a unit."""
    traffic, selected = week.arrivals.traffic, week.selections.selected
    told = selected & (week.arrivals.draws.of("units held").random(len(selected)) < _TOLD)
    told[: traffic.first_box] = False
    first, units = traffic.consignments.unit.tolist(), traffic.consignments.units.tolist()
    held = told.tolist()
    for lodgement in lodgements(week.arrivals):
        row = lodgement.rows[0]
        unit = next((each for each in range(first[row], first[row] + units[row]) if held[each]), None)
        if unit is not None:
            yield lodgement, unit


def _intervention(
    cast: Cast, arrivals: Arrivals, lodgement: Lodgement, leg: Leg, sending: tuple[str, Instant, float]
) -> EntryIntervention:
    """The notice about a declaration: on each of its consignments, or on all that it declares where it is of one."""
    name, sent, pick = sending
    code, text = _INTERVENTIONS[int(pick * len(_INTERVENTIONS))]
    row, several = lodgement.rows[0], len(lodgement.rows) > 1
    forwarder, declared = int(arrivals.traffic.consignments.forwarder[row]), int(arrivals.paperwork.declared[row])
    declarant = cast.forwarders.parties[forwarder] if forwarder >= 0 else leg.carrier
    return EntryIntervention(
        message_id=name,
        correlation_id=None,
        recipient=addressee(declarant),
        entry=AnsweredEntry(
            lrn=lodgement.lrn,
            mrn=lodgement.mrn,
            transport_mode=leg.transport,
            conveyance_reference=leg.reference,
            office_of_first_entry=leg.office,
            expected_arrival=leg.arrival,
            declarant=numbered(declarant),
        ),
        total_items=None,
        notified_at=sent,
        registered_at=lodgement.registered,
        submitted_at=declared,
        interventions=tuple(
            CustomsIntervention(code, text, number if several else None)
            for number, _ in enumerate(lodgement.rows, start=1)
        ),
    )
