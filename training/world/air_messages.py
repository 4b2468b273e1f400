"""Messages of the air: waybills at booking, house waybills before departure, a manifest when a flight departs.

What shares a device travels under its air waybill: as a consolidation with a house waybill each, or alone, with none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE, Instant
from aftc.records import AirWaybill, DeclaredValue, FlightLeg, FlightManifest, LoadedUnit, LoadedWaybill, Party
from aftc.reference.ports import PORTS
from aftc.streams.zones import local_time
from training.world.cast import Cast
from training.world.consignments import PARCEL
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.papers import Paper, papers
from training.world.simulation import Arrivals

__all__ = ["air_dispatches"]

_BOOKED_MINUTES = (18 * 60, 96 * 60)  # air waybills are issued this long before departure
_HOUSE_MINUTES = (6 * 60, 18 * 60)  # house waybills
_CLOSED_MINUTES = (10, 60)  # manifests
_AGAIN_MINUTES = (20, 150)  # a manifest that is sent again, after departure
_REPLACED = 0.08  # share of manifests that the airline sends again, whole
_VALUED = 0.55  # share of waybills that declare a value for customs; the others say that none is declared
_EXPRESS, _SECURED = "XPS", "SPX"  # special handling: small packages in haste, cargo secured for passenger aircraft
_CONSOLIDATED = "CONSOLIDATION AS PER ATTACHED MANIFEST"
_PENNY = 10  # thousandths of a pound


def air_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All waybills and manifests of a week, in no order of time."""
    rng, desk = arrivals.draws.of("air messages"), _Desk(cast, arrivals)
    devices, flights = len(desk.aboard), len(desk.devices)
    count = devices + sum(map(len, desk.aboard)) + 2 * flights
    names = iter(arrivals.draws.codes("air names", count, 12))
    waits, picks = iter(delays(rng, count).tolist()), iter(rng.random((count, 2)).tolist())
    for device, aboard in enumerate(desk.aboard):
        issued, about = desk.before(device, _BOOKED_MINUTES, next(picks)), tuple(paper.document for paper in aboard)
        waybill = desk.waybill(aboard, issued, device)
        yield Dispatch("xfwb", next(names), issued + next(waits), waybill, about)
        for paper in aboard if len(aboard) > 1 else ():
            issued = desk.before(device, _HOUSE_MINUTES, next(picks))
            house = desk.own(paper, issued, device)
            yield Dispatch("xfzb", next(names), issued + next(waits), house, (paper.document,))
    for flight, loaded in desk.devices.items():
        about = tuple(paper.document for device in loaded for paper in desk.aboard[device])
        pick, again = next(picks), next(picks)
        closed = desk.before(loaded[0], _CLOSED_MINUTES, pick)
        manifest = desk.manifest(flight, loaded, closed)
        yield Dispatch("xffm", next(names), closed + next(waits), manifest, about)
        if again[0] < _REPLACED:
            later = desk.before(loaded[0], (-_AGAIN_MINUTES[0], -_AGAIN_MINUTES[1]), again[::-1])
            twice = replace(manifest, issued_at=later, purpose="Update")
            yield Dispatch("xffm", next(names), later + next(waits), twice, about)


class _Desk:
    """Writes the messages of a week's flights.

    Attributes:
        aboard: Papers by device, in the order of their references.
        devices: Devices by flight, in the order of their numbers.
    """

    def __init__(self, cast: Cast, arrivals: Arrivals) -> None:
        traffic = arrivals.traffic
        self._cast, self._traffic, self._paperwork = cast, traffic, arrivals.paperwork
        self.aboard: list[list[Paper]] = [[] for _ in traffic.ulds.number]
        rows = np.flatnonzero(traffic.consignments.unit >= traffic.first_uld).tolist()
        for paper in sorted(papers(cast, arrivals, rows), key=lambda each: each.document):
            self.aboard[paper.unit - traffic.first_uld].append(paper)
        self.devices: dict[int, list[int]] = defaultdict(list)
        for device in sorted(range(len(self.aboard)), key=traffic.ulds.number.__getitem__):
            self.devices[int(traffic.ulds.flight[device])].append(device)
        self._valued = arrivals.draws.of("values on air waybills").random(len(traffic.consignments.unit)) < _VALUED

    def before(self, device: int, minutes: tuple[int, int], pick: list[float]) -> Instant:
        """A whole minute so long before the departure of a device's flight."""
        flight = int(self._traffic.ulds.flight[device])
        lead = minutes[0] + int(pick[0] * (minutes[1] - minutes[0]))
        return int(self._traffic.flights.departure[flight]) // MINUTE * MINUTE - lead * MINUTE

    def waybill(self, aboard: list[Paper], issued: Instant, device: int) -> AirWaybill:
        """The air waybill over a device: the consignment's own, or that of a consolidation."""
        first = self.own(aboard[0], issued, device)
        if len(aboard) == 1:
            return first
        flight = int(self._traffic.ulds.flight[device])
        airline = self._cast.airlines.parties[int(self._traffic.flights.airline[flight])]
        rows = [paper.row for paper in aboard]
        return replace(
            first,
            house=None,
            consolidation=True,
            consignor=aboard[0].forwarder or _elsewhere(airline, aboard[0].consignor.country),
            consignee=aboard[0].forwarder or airline,
            notify=None,
            pieces=int(self._paperwork.manifest_packages[rows].sum()),
            gross_mass_g=int(self._paperwork.entry_mass[rows].sum()),
            description=_CONSOLIDATED,
            hs_codes=(),
            customs_value=DeclaredValue(None, None),
        )

    def own(self, paper: Paper, issued: Instant, device: int) -> AirWaybill:
        """A consignment's own waybill: a house waybill, or an air waybill where it is alone."""
        traffic, flight = self._traffic, int(self._traffic.ulds.flight[device])
        alone, master = len(self.aboard[device]) == 1, traffic.ulds.waybill[device]
        value = DeclaredValue(int(self._paperwork.value[paper.row]) * _PENNY, "GBP")
        nil = DeclaredValue(None, None)
        return AirWaybill(
            master=f"{master[:3]}-{master[3:]}",
            house=None if alone else paper.document,
            message_id=f"{paper.document}_{issued // HOUR}",
            purpose="Creation",
            issued_at=issued,
            consolidation=False if alone else None,
            consignor=paper.consignor,
            consignee=paper.bill_consignee,
            notify=paper.notify,
            forwarder=paper.forwarder,
            origin=traffic.flights.load_airport[flight][2:],
            destination=traffic.flights.arrival_airport[flight][2:],
            legs=(self._leg(flight),) if alone else (),
            pieces=int(self._paperwork.manifest_packages[paper.row]),
            packages=None,
            gross_mass_g=int(self._paperwork.entry_mass[paper.row]),
            description=paper.entry_words,
            hs_codes=(COMMODITIES[paper.commodity].hs_code,),
            carriage_value=nil,
            customs_value=value if self._valued[paper.row] else nil,
            insured_value=nil,
            special_handling=(_EXPRESS if paper.mode == PARCEL else _SECURED,),
            units=(),
        )

    def _leg(self, flight: int) -> FlightLeg:
        flights = self._traffic.flights
        load, unloading = flights.load_airport[flight], flights.arrival_airport[flight]
        day = local_time(int(flights.departure[flight]), PORTS[load].zone).date().isoformat()
        return FlightLeg(flights.number[flight], day, load[2:], unloading[2:])

    def manifest(self, flight: int, devices: list[int], closed: Instant) -> FlightManifest:
        """The manifest of a flight."""
        flights = self._traffic.flights
        return FlightManifest(
            flight=flights.number[flight],
            departure=int(flights.departure[flight]),
            load_airport=flights.load_airport[flight][2:],
            discharge_airport=flights.arrival_airport[flight][2:],
            arrival=int(flights.arrival[flight]),
            message_id=f"{flights.number[flight]}_{closed // HOUR}",
            purpose="Creation",
            issued_at=closed,
            units=tuple(self._loaded(flight, device) for device in devices),
        )

    def _loaded(self, flight: int, device: int) -> LoadedUnit:
        flights, ulds, aboard = self._traffic.flights, self._traffic.ulds, self.aboard[device]
        rows = [paper.row for paper in aboard]
        mass = int(self._paperwork.entry_mass[rows].sum())
        waybill = LoadedWaybill(
            number=f"{ulds.waybill[device][:3]}-{ulds.waybill[device][3:]}",
            pieces=int(self._paperwork.manifest_packages[rows].sum()),
            gross_mass_g=mass,
            description=_CONSOLIDATED if len(aboard) > 1 else aboard[0].entry_words,
            origin=flights.load_airport[flight][2:],
            destination=flights.arrival_airport[flight][2:],
            share="T",
        )
        return LoadedUnit(ulds.number[device], mass, (waybill,))


def _elsewhere(airline: Party, country: str | None) -> Party:
    """A courier's own house in another country."""
    return replace(airline, eori=None, street=None, city=None, postcode=None, country=country)
