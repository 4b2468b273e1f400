"""Trips: each ferry crossing as its booking, check-in and goods movement speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE, Instant
from aftc.records import CrossingStage, DeclarationReference, GoodsMovement, Party
from aftc.reference.ports import FerryRoute
from training.world.booked_equipment import booked_trailers, booked_vehicles
from training.world.cast import Cast
from training.world.lanes import ROUTES
from training.world.lodgements import lodgements
from training.world.movement_references import import_reference
from training.world.parameters import Ints
from training.world.simulation import Arrivals

__all__ = ["Trip", "planned_movement", "seen_movement", "trips"]

_CANCELLED = 0.45  # share of those that never come whose booking is cancelled
_NOTICE = (1 * HOUR, 30 * HOUR)  # of a cancellation before departure
_NAMES_MRN = 0.98  # share of hauliers who name entry summary declarations that are registered before check-in
_PASSED_ON = 5 * MINUTE  # from registration to the haulier
_OPEN, _CHECKED_IN = "OPEN", "CHECKED_IN"
_LONGEST_LEAD_HOURS, _SHORTEST_LEAD_HOURS = 30.0, 1.5  # of a goods movement before departure


@dataclass(frozen=True, slots=True)
class Trip:
    """A crossing with what is aboard and the random picks that settle details.

    Attributes:
        row: Of the crossings.
        route: Of the ferry.
        haulier: Index among hauliers.
        vehicle: Registration, None for a trailer alone; `booked_vehicle` what was booked in its place.
        trailer: Registration, None for a rigid vehicle; `booked_trailer` what was booked in its place.
        aboard: Rows of the consignments, none for an empty crossing.
        about: Their documents; of an empty crossing its booking.
        mrns: Of their entry summary declarations, where the haulier names them, else none.
        registered: When the last of these was registered.
        departure: Of the sailing, as is `arrival`.
        cancelled_at: When the booking was cancelled, None where it stands.
        stranger: Token of a driver whom nobody knows, for one who is hired.
        picks: From 0 to 1.
    """

    row: int
    route: FerryRoute
    haulier: int
    unaccompanied: bool
    vehicle: str | None
    trailer: str | None
    booked_vehicle: str | None
    booked_trailer: str | None
    aboard: tuple[int, ...]
    about: tuple[str, ...]
    mrns: tuple[str, ...]
    registered: Instant
    departure: Instant
    arrival: Instant
    cancelled_at: Instant | None
    movement_id: str
    stranger: str
    picks: list[float]


def trips(cast: Cast, arrivals: Arrivals, rows: Sequence[int]) -> Iterator[Trip]:
    """These crossings of a week."""
    traffic, crossings = arrivals.traffic, arrivals.traffic.crossings
    rng, count = arrivals.draws.of("trips"), len(crossings.lane)
    movements = arrivals.draws.codes("goods movements", count, 8)
    strangers = arrivals.draws.codes("hired drivers", count, 10)
    vehicles, trailers = booked_vehicles(cast, arrivals), booked_trailers(cast, arrivals)
    wanted = np.asarray(rows, dtype=np.int64)
    lodged = {row: each for each in lodgements(arrivals) for row in each.rows}
    names_mrn = (arrivals.draws.of("declarations named").random(count) < _NAMES_MRN).tolist()
    columns = (
        wanted,
        crossings.route[wanted],
        crossings.haulier[wanted],
        crossings.unaccompanied[wanted],
        crossings.departure[wanted],
        crossings.arrival[wanted],
        arrivals.carriage.no_show[wanted],
        rng.random((count, 8))[wanted],
    )
    aboard = _aboard(arrivals, wanted)
    for row, route, haulier, alone, departure, arrival, absent, picks in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        declared = [lodged[each] for each in aboard[row]] if names_mrn[row] else []
        documents = tuple(traffic.consignments.document[each] for each in aboard[row])
        yield Trip(
            row=row,
            route=ROUTES[route],
            haulier=haulier,
            unaccompanied=alone,
            vehicle=crossings.vehicle_number[row],
            trailer=crossings.trailer_number[row],
            booked_vehicle=vehicles[row],
            booked_trailer=trailers[row],
            aboard=tuple(aboard[row]),
            about=documents or (traffic.booking[row],),
            mrns=tuple(each.mrn for each in declared),
            registered=max((each.registered for each in declared), default=0),
            departure=departure,
            arrival=arrival,
            cancelled_at=_cancelled_at(departure, picks[7]) if absent else None,
            movement_id=f"GMR{'ABCD'[row % 4]}{movements[row]}",
            stranger=strangers[row],
            picks=picks,
        )


def planned_movement(cast: Cast, arrivals: Arrivals, trip: Trip) -> GoodsMovement:
    """The goods movement as its haulier opens it, hours before departure; who names MRNs waits for them."""
    lead = max(_SHORTEST_LEAD_HOURS, _LONGEST_LEAD_HOURS * trip.picks[5] ** 2)
    opened, told = trip.departure - int(lead * 60) * MINUTE, trip.registered + _PASSED_ON
    in_time = bool(trip.mrns) and told <= arrivals.carriage.checked_in[trip.row]
    return GoodsMovement(
        gmr_id=trip.movement_id,
        updated_at=max(opened, told) if in_time else opened,
        state=_OPEN,
        direction="UK_INBOUND",
        unaccompanied=trip.unaccompanied,
        vehicle=trip.vehicle,
        trailers=(trip.booked_trailer,) if trip.booked_trailer else (),
        containers=(),
        haulier_eori=_mover(cast, arrivals, trip).eori,
        route_id=trip.route.route_id,
        crossing_stage=CrossingStage.PLANNED,
        departure=trip.departure,
        arrival=None,
        declarations=tuple(_declarations(arrivals, trip, trip.mrns if in_time else ())),
        inspection_required=None,
        report_to=(),
    )


def _declarations(arrivals: Arrivals, trip: Trip, mrns: tuple[str, ...]) -> Iterator[DeclarationReference]:
    """What the goods movement names: UCRs, entry summary declarations, both or nothing."""
    consignments, names_ucr = arrivals.traffic.consignments, arrivals.carriage.names_ucr[trip.row]
    for place, row in enumerate(trip.aboard):
        ucr = consignments.ucr[row] if names_ucr else ""
        if mrns:
            declared, document = int(arrivals.paperwork.declared[row]), consignments.document[row]
            yield DeclarationReference("customs", ucr or import_reference(declared, document), mrns[place])
        elif ucr:
            yield DeclarationReference("customs", ucr)


def seen_movement(planned: GoodsMovement, trip: Trip, sent: Instant) -> GoodsMovement:
    """The goods movement once the unit was checked in: with the trailer that came, and the arrival now expected."""
    return replace(
        planned,
        state=_CHECKED_IN,
        updated_at=sent,
        trailers=(trip.trailer,) if trip.trailer else (),
        crossing_stage=CrossingStage.CHECKED_IN,
        departure=None,
        arrival=trip.arrival,
    )


def _aboard(arrivals: Arrivals, crossings: Ints) -> dict[int, list[int]]:
    """Rows of the consignments aboard these crossings."""
    consignments = arrivals.traffic.consignments
    aboard: dict[int, list[int]] = {crossing: [] for crossing in crossings.tolist()}
    rows = np.flatnonzero(np.isin(consignments.unit, crossings))
    for row, unit in zip(rows.tolist(), consignments.unit[rows].tolist(), strict=True):
        if consignments.document[row]:
            aboard[unit].append(row)
    return aboard


def _cancelled_at(departure: Instant, pick: float) -> Instant | None:
    if pick >= _CANCELLED:
        return None
    least, most = _NOTICE
    return departure - least - int((most - least) * (pick / _CANCELLED) ** 2) // MINUTE * MINUTE


def _mover(cast: Cast, arrivals: Arrivals, trip: Trip) -> Party:
    """The haulier on the goods movement: now and then another than the one that booked."""
    hauliers = cast.hauliers.parties
    if arrivals.carriage.haulier_other[trip.row]:
        return hauliers[int(trip.picks[3] * len(hauliers))]
    return hauliers[trip.haulier]
