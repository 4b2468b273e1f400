"""Border: how each unit comes in, as declarations state it: by which conveyance, from where, to which office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aftc.clock import Instant
from aftc.records import Mode, Party
from aftc.reference.ports import PORTS
from training.world.booked_equipment import booked_trailers
from training.world.cast import Cast
from training.world.consignments import MODES
from training.world.lanes import ROUTES
from training.world.simulation import Arrivals

__all__ = ["Leg", "legs"]

# Border transport mode as the entry summary declaration codes it.
_TRANSPORT = {
    Mode.RORO_ACCOMPANIED: "10",
    Mode.RORO_UNACCOMPANIED: "11",
    Mode.CONTAINER: "1",
    Mode.AIR: "4",
    Mode.PARCEL: "4",
}
_EXPRESS = "A"  # special circumstance: postal and express consignments


@dataclass(frozen=True, slots=True)
class Leg:
    """The last leg of a unit.

    Attributes:
        transport: Border transport mode.
        special: Special circumstance indicator, None for ordinary ones.
        reference: Voyage or flight number, None by ferry.
        identity: Vessel's IMO number, registration of an accompanied vehicle, None for a trailer alone and by air.
        nationality: Country of the vehicle, None where it is not one.
        carrier: Who carries.
        loading: Place of loading (UN/LOCODE); `unloading` where it ends.
        office: Office of first entry.
        arrival: Scheduled.
        registrations: The vehicle that comes before the trailer that was booked; empty but for ferries.
        master: Air waybill over the device, empty but by air.
        seals: That the unit was closed with; none by air.
    """

    transport: str
    special: str | None
    reference: str | None
    identity: str | None
    nationality: str | None
    carrier: Party
    loading: str
    unloading: str
    office: str | None
    arrival: Instant
    registrations: tuple[str, ...]
    master: str
    seals: tuple[str, ...]


def legs(cast: Cast, arrivals: Arrivals) -> list[Leg]:
    """The leg of every unit."""
    return [*_by_ferry(cast, arrivals), *_by_sea(cast, arrivals), *_by_air(cast, arrivals)]


def _by_ferry(cast: Cast, arrivals: Arrivals) -> Iterator[Leg]:
    crossings, seal = arrivals.traffic.crossings, arrivals.traffic.seal
    columns = zip(
        crossings.unaccompanied.tolist(),
        crossings.haulier.tolist(),
        crossings.route.tolist(),
        crossings.arrival.tolist(),
        crossings.vehicle_number,
        booked_trailers(cast, arrivals),
        strict=True,
    )
    for row, (alone, haulier, place, arrival, vehicle, trailer) in enumerate(columns):
        route, carrier = ROUTES[place], cast.hauliers.parties[haulier]
        yield Leg(
            transport=_TRANSPORT[Mode.RORO_UNACCOMPANIED if alone else Mode.RORO_ACCOMPANIED],
            special=None,
            reference=None,
            identity=vehicle,
            nationality=carrier.country,
            carrier=carrier,
            loading=route.departure,
            unloading=route.arrival,
            office=PORTS[route.arrival].office,
            arrival=arrival,
            registrations=tuple(each for each in (vehicle, trailer) if each),
            master="",
            seals=(seal[row],),
        )


def _by_sea(cast: Cast, arrivals: Arrivals) -> Iterator[Leg]:
    traffic, carriers = arrivals.traffic, cast.carriers
    calls, first = traffic.calls, traffic.first_box
    vessels, landed = calls.vessel.tolist(), calls.arrival.tolist()
    operators = carriers.operator.tolist()
    for box, call in enumerate(traffic.boxes.call.tolist()):
        vessel, port = vessels[call], calls.discharge_port[call]
        yield Leg(
            transport=_TRANSPORT[Mode.CONTAINER],
            special=None,
            reference=calls.voyage[call],
            identity=carriers.imo[vessel],
            nationality=None,
            carrier=carriers.parties[operators[vessel]],
            loading=calls.load_port[call],
            unloading=port,
            office=PORTS[port].office,
            arrival=landed[call],
            registrations=(),
            master="",
            seals=(traffic.seal[first + box],),
        )


def _by_air(cast: Cast, arrivals: Arrivals) -> Iterator[Leg]:
    traffic, flights = arrivals.traffic, arrivals.traffic.flights
    airlines, landed = flights.airline.tolist(), flights.arrival.tolist()
    modes = traffic.units.mode.tolist()[traffic.first_uld :]
    for mode, flight, waybill in zip(modes, traffic.ulds.flight.tolist(), traffic.ulds.waybill, strict=True):
        airport = flights.arrival_airport[flight]
        yield Leg(
            transport=_TRANSPORT[MODES[mode]],
            special=_EXPRESS if MODES[mode] is Mode.PARCEL else None,
            reference=flights.number[flight],
            identity=None,
            nationality=None,
            carrier=cast.airlines.parties[airlines[flight]],
            loading=flights.load_airport[flight],
            unloading=airport,
            office=PORTS[airport].office,
            arrival=landed[flight],
            registrations=(),
            master=waybill,
            seals=(),
        )
