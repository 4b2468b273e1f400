"""What ferry operators and hauliers send of a crossing: bookings, check-ins and goods movement references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from aftc.clock import MINUTE, SECOND, Instant
from aftc.records import CrossingStage, DeclarationReference, FerryBooking, FerryCheckIn, GoodsMovement, Party, Record
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.lanes import ROUTES
from training.world.naming import spelt
from training.world.scene import Scene, scene
from training.world.simulation import Arrivals

__all__ = ["Trip", "ferry_dispatches", "goods_movement", "trips"]

_MESSAGES = 6  # at most: three bookings, a check-in, two states of the goods movement
_SELF_BOOKED = 0.7  # share of bookings that the haulier makes itself
_STAGES = ("OPEN", "CHECKED_IN")

_Sent = tuple[str, Instant, str, Record]


@dataclass(frozen=True, slots=True)
class Trip:
    """A crossing (row) with the consignments aboard, its names and the random picks that settle details."""

    row: int
    aboard: tuple[int, ...]
    names: tuple[str, ...]
    gmr_id: str
    waits: tuple[int, ...]
    picks: tuple[float, ...]


def ferry_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All messages of all crossings, in no order of time."""
    world = scene(cast, arrivals)
    for trip in trips(world):
        about = _about(world, trip)
        for name, received, stream, record in chain(
            _bookings(world, trip), _check_ins(world, trip), _goods_movements(world, trip)
        ):
            yield Dispatch(stream, name, received, record, about)


def trips(world: Scene) -> Iterator[Trip]:
    """The crossings of a week."""
    rng = world.draws.of("ferry messages")
    count = len(world.traffic.crossings.lane)
    names = world.draws.codes("ferry names", count * _MESSAGES, 12)
    gmr_ids = world.draws.codes("goods movements", count, 8)
    waits = delays(rng, count * _MESSAGES).reshape(count, _MESSAGES).tolist()
    picks = rng.random((count, 6)).tolist()
    aboard: list[list[int]] = [[] for _ in range(count)]
    for consignment, unit in enumerate(world.traffic.consignments.unit.tolist()):
        if unit < count and world.traffic.consignments.document[consignment]:
            aboard[unit].append(consignment)
    for row in range(count):
        own = tuple(names[row * _MESSAGES : (row + 1) * _MESSAGES])
        yield Trip(
            row, tuple(aboard[row]), own, f"GMR{'ABCD'[row % 4]}{gmr_ids[row]}", tuple(waits[row]), tuple(picks[row])
        )


def _about(world: Scene, trip: Trip) -> tuple[str, ...]:
    """Documents aboard; of an empty crossing its booking."""
    return tuple(world.traffic.consignments.document[row] for row in trip.aboard) or (world.traffic.booking[trip.row],)


def _bookings(world: Scene, trip: Trip) -> Iterator[_Sent]:
    """The booking, then its amendments: each moves the stated weight or the driver towards what will be."""
    carriage, row = world.carriage, trip.row
    first = _booking(world, trip)
    span = int(carriage.checked_in[row]) - first.booked_at
    for amendment in range(int(carriage.amendments[row]) + 1):
        sent = first.booked_at + int(span * amendment * trip.picks[0] / 2) // SECOND * SECOND
        changed = replace(first, amendment=amendment, booked_at=sent)
        if amendment and changed.gross_mass_g is not None:
            changed = replace(changed, gross_mass_g=changed.gross_mass_g + amendment * 200_000)
        yield trip.names[amendment], sent + trip.waits[amendment], "ferry_booking", changed


def _booking(world: Scene, trip: Trip) -> FerryBooking:
    crossings, carriage, row = world.traffic.crossings, world.carriage, trip.row
    route = ROUTES[int(crossings.route[row])]
    haulier = world.hauliers.parties[int(crossings.haulier[row])]
    empty = bool(crossings.empty[row])
    return FerryBooking(
        booking_reference=world.traffic.booking[row],
        amendment=0,
        cancelled=False,
        operator=route.operator,
        vessel=f"{route.operator.title()} {['Star', 'Crown', 'Spirit'][int(trip.picks[1] * 3)]}",
        route_id=route.route_id,
        booked_at=int(carriage.booked[row]),
        departure=int(crossings.departure[row]),
        arrival=int(crossings.arrival[row]),
        account=f"{route.operator[:2]}{(haulier.eori or '')[-7:]}",
        booker=haulier if trip.picks[2] < _SELF_BOOKED else _forwarder(world, trip),
        haulier=haulier,
        unaccompanied=bool(crossings.unaccompanied[row]),
        vehicle=_typed(crossings.vehicle_number[row], trip.picks[3]),
        trailers=_trailers(world, trip, trip.picks[4]),
        containers=(),
        laden=not empty,
        cash=bool(carriage.cash[row]),
        return_trip=bool(carriage.return_trip[row]),
        gross_mass_g=None if empty else int(carriage.booked_mass[row]),
        goods_description=None if empty else _goods(world, trip),
        driver=_driver(world, trip),
    )


def _check_ins(world: Scene, trip: Trip) -> Iterator[_Sent]:
    """The check-in, unless the unit never came."""
    crossings, carriage, row = world.traffic.crossings, world.carriage, trip.row
    if carriage.no_show[row]:
        return
    route, booked = ROUTES[int(crossings.route[row])], _driver(world, trip)
    changed = booked is not None and bool(carriage.driver_changed[row])
    seal = world.traffic.seal[row]
    check_in = FerryCheckIn(
        booking_reference=world.traffic.booking[row],
        operator=route.operator,
        route_id=route.route_id,
        checked_in_at=int(carriage.checked_in[row]),
        departure=int(crossings.departure[row]),
        arrival=int(crossings.arrival[row]),
        unaccompanied=bool(crossings.unaccompanied[row]),
        vehicle=crossings.vehicle_number[row],
        trailers=_trailers(world, trip, 0.0),
        containers=(),
        laden=not crossings.empty[row],
        weighed_mass_g=int(carriage.weighed_mass[row]),
        driver=_other_driver(world, trip) if changed else booked,
        driver_changed=None if booked is None else changed,
        seals=() if crossings.empty[row] else (seal[::-1] if carriage.seal_changed[row] else seal,),
    )
    yield trip.names[3], check_in.checked_in_at + trip.waits[3], "ferry_check_in", check_in


def _goods_movements(world: Scene, trip: Trip) -> Iterator[_Sent]:
    """The goods movement as planned, for some again at check-in."""
    crossings, carriage, row = world.traffic.crossings, world.carriage, trip.row
    planned = goods_movement(world, trip)
    yield trip.names[4], (planned.updated_at or 0) + trip.waits[4], "gmr", planned
    present = not carriage.no_show[row]
    if present and carriage.updated[row]:
        seen = int(carriage.checked_in[row]) + 2 * MINUTE
        update = replace(
            planned,
            state=_STAGES[1],
            updated_at=seen,
            crossing_stage=CrossingStage.CHECKED_IN,
            departure=None,
            arrival=int(crossings.arrival[row]),
        )
        yield trip.names[5], seen + trip.waits[5], "gmr", update


def goods_movement(world: Scene, trip: Trip) -> GoodsMovement:
    """The goods movement as planned."""
    crossings, carriage, row = world.traffic.crossings, world.carriage, trip.row
    lead = int(max(1.5, 30 * trip.picks[5] ** 2) * 60) * MINUTE
    haulier = (
        _other_haulier(world, trip)
        if carriage.haulier_other[row]
        else world.hauliers.parties[int(crossings.haulier[row])]
    )
    ucrs = [world.traffic.consignments.ucr[consignment] for consignment in trip.aboard]
    return GoodsMovement(
        gmr_id=trip.gmr_id,
        updated_at=int(crossings.departure[row]) - lead,
        state=_STAGES[0],
        direction="UK_INBOUND",
        unaccompanied=bool(crossings.unaccompanied[row]),
        vehicle=_declared_vehicle(world, trip),
        trailers=_trailers(world, trip, 0.0),
        containers=(),
        haulier_eori=haulier.eori,
        route_id=ROUTES[int(crossings.route[row])].route_id,
        crossing_stage=CrossingStage.PLANNED,
        departure=int(crossings.departure[row]),
        arrival=None,
        declarations=tuple(DeclarationReference("customs", ucr) for ucr in ucrs if ucr and carriage.names_ucr[row]),
        inspection_required=None,
        report_to=(),
    )


def _declared_vehicle(world: Scene, trip: Trip) -> str | None:
    """The vehicle on the goods movement: now and then another of the same haulier than the one booked."""
    crossings, vehicles, row = world.traffic.crossings, world.hauliers.vehicles, trip.row
    number, owner = crossings.vehicle_number[row], int(crossings.haulier[row])
    if number is None or not world.carriage.vehicle_other[row] or crossings.trailer_number[row] is None:
        return number
    first, last = int(vehicles.first[owner]), int(vehicles.first[owner + 1])
    return vehicles.numbers[first + int(trip.picks[1] * (last - first))]


def _other_haulier(world: Scene, trip: Trip) -> Party:
    return world.hauliers.parties[int(trip.picks[3] * len(world.hauliers.parties))]


def _driver(world: Scene, trip: Trip) -> str | None:
    """The booked driver's token; a hired one is known by a token of the crossing's own."""
    index = int(world.traffic.crossings.driver[trip.row])
    if world.traffic.crossings.unaccompanied[trip.row]:
        return None
    return f"D{world.hauliers.drivers.numbers[index]}" if index >= 0 else f"D{trip.names[0][:10]}"


def _other_driver(world: Scene, trip: Trip) -> str:
    numbers = world.hauliers.drivers.numbers
    return f"D{numbers[int(trip.picks[2] * len(numbers))]}"


def _trailers(world: Scene, trip: Trip, pick: float) -> tuple[str, ...]:
    number = _typed(world.traffic.crossings.trailer_number[trip.row], pick)
    return (number,) if number else ()


def _typed(number: str | None, pick: float) -> str | None:
    turn = int(pick * 1000)
    return spelt(number, turn // 3, lower=turn % 5 == 1) if number and turn else number


def _forwarder(world: Scene, trip: Trip) -> Party:
    if not trip.aboard:
        return world.hauliers.parties[int(world.traffic.crossings.haulier[trip.row])]
    return world.forwarders.parties[int(world.traffic.consignments.forwarder[trip.aboard[0]])]


def _goods(world: Scene, trip: Trip) -> str:
    if len(trip.aboard) > 1:
        return "groupage"
    commodity = COMMODITIES[int(world.traffic.consignments.commodity[trip.aboard[0]])]
    return commodity.words[0].lower().split(",")[0]
