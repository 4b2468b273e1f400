"""Electronic bills of lading: what the carrier issues for a share of its bills when the goods are on board.

A master's bill covers all houses below it, and names the forwarder; another covers one consignment. Its seals are those
of loading, its masses what was loaded: what changes on the way, or on the manifest alone, shows beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from aftc.clock import HOUR, MINUTE, Instant, to_datetime
from aftc.records import (
    ContainerisedGoods,
    DocumentedContainer,
    DocumentedGoods,
    Hazard,
    Party,
    Seal,
    TransportDocument,
)
from training.world.cargo_aboard import TARE_G, Aboard, aboard
from training.world.cast import Cast
from training.world.dangerous_goods import HAZARD_CLASSES
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.papers import ORDERS, Paper
from training.world.parameters import Ints
from training.world.simulation import Arrivals

__all__ = ["document_dispatches"]

_ELECTRONIC = 0.4  # share of bills
_SEA_WAYBILLS = 0.5  # share of those that are not to order
_ISSUED = (4, 72)  # hours after departure
_MASS_STEP_G = 10_000


def document_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All electronic bills, in no order of time."""
    draws, calls, held = arrivals.draws, arrivals.traffic.calls, aboard(cast, arrivals)
    bills = [(call, number, below) for call, within in enumerate(held.papers) for number, below in _bills(within)]
    rng, count = draws.of("electronic bills"), len(bills)
    names, waits = draws.codes("electronic bill names", count, 12), delays(rng, count).tolist()
    writer = _Writer(cast, arrivals, held)
    picks, after = rng.random((count, 2)).tolist(), rng.integers(*_ISSUED, count).tolist()
    for place, (call, number, below) in enumerate(bills):
        if picks[place][0] >= _ELECTRONIC:
            continue
        departure, arrival = int(calls.departure[call]), int(calls.arrival[call])
        issued = min(departure + after[place] * HOUR, max(arrival - HOUR, departure + HOUR)) // MINUTE * MINUTE
        document = writer.document(call, number, below, issued, picks[place][1])
        about = tuple(paper.document for paper in below)
        yield Dispatch("dcsa_bl", names[place], issued + waits[place], document, about)


def _bills(within: list[Paper]) -> Iterator[tuple[str, list[Paper]]]:
    """The bills that a carrier issues, each with the papers below it, in the order of their first."""
    found: dict[str, list[Paper]] = defaultdict(list)
    for paper in within:
        found[paper.master or paper.document].append(paper)
    yield from found.items()


class _Writer:
    """Writes the electronic bills of a week."""

    def __init__(self, cast: Cast, arrivals: Arrivals, held: Aboard) -> None:
        self._cast, self._arrivals, self._held = cast, arrivals, held

    def document(self, call: int, number: str, below: list[Paper], issued: Instant, pick: float) -> TransportDocument:
        """The bill of a number, over the papers below it."""
        calls, carriers, first = self._arrivals.traffic.calls, self._cast.carriers, below[0]
        vessel, consignee = int(calls.vessel[call]), self._consignee(first)
        return TransportDocument(
            reference=number,
            version=None,
            instructions=None,
            status="ISSUED",
            kind="SWB" if consignee is not None and pick < _SEA_WAYBILLS else "BOL",
            to_order=consignee is None,
            freight="C" if first.collect else "P",
            carrier=carriers.owners[int(carriers.operator[vessel])],
            carrier_list="SMDG",
            issued=_day(issued),
            shipped_on_board=_day(int(calls.departure[call])),
            planned_departure=_day(int(calls.departure[call])),
            planned_arrival=_day(int(calls.arrival[call])),
            vessel_name=carriers.vessel[vessel],
            voyage=calls.voyage[call],
            place_of_receipt=None,
            load_port=calls.load_port[call],
            discharge_port=calls.discharge_port[call],
            place_of_delivery=None,
            consignor=first.consignor if not first.master else first.forwarder or first.consignor,
            consignee=consignee,
            notify=first.notify,
            endorsee=None,
            goods=tuple(self._goods(each) for each in below),
            containers=self._containers(below),
            houses=(),
        )

    def _consignee(self, paper: Paper) -> Party | None:
        """Whom the bill names; None where it is to order."""
        named = (paper.forwarder or paper.bill_consignee) if paper.master else paper.bill_consignee
        return None if named.name in ORDERS else named

    def _goods(self, paper: Paper) -> DocumentedGoods:
        traffic, commodity = self._arrivals.traffic, COMMODITIES[paper.commodity]
        numbers = traffic.units.number[paper.unit : paper.unit + paper.units]
        mass = round(int(traffic.consignments.mass[paper.row]) / _MASS_STEP_G) * _MASS_STEP_G
        packages = self._arrivals.paperwork.manifest_packages
        dangerous = paper.un_number
        hazards = (Hazard(HAZARD_CLASSES[dangerous], dangerous),) if dangerous else ()
        shares = zip(numbers, _shared(mass, paper.units), _shared(_at(packages, paper.row), paper.units), strict=True)
        return DocumentedGoods(
            booking=self._held.bookings[paper.row],
            description=paper.bill_words,
            hs_codes=(commodity.hs_code,),
            parts=tuple(
                ContainerisedGoods(number, grams, count, commodity.package_kind, hazards)
                for number, grams, count in shares
            ),
        )

    def _containers(self, below: list[Paper]) -> tuple[DocumentedContainer, ...]:
        traffic = self._arrivals.traffic
        units = dict.fromkeys(unit for paper in below for unit in range(paper.unit, paper.unit + paper.units))
        sizes = traffic.boxes.size_type
        return tuple(
            DocumentedContainer(
                number=traffic.units.number[unit],
                size_type=sizes[unit - traffic.first_box],
                tare_mass_g=TARE_G[sizes[unit - traffic.first_box][0]],
                shipper_owned=False,
                seals=(Seal(traffic.seal[unit], "CA"),),
            )
            for unit in units
        )


def _at(column: Ints, row: int) -> int:
    return int(column[row])


def _shared(total: int, parts: int) -> list[int]:
    """A total in equal parts, the first of which has what is left over."""
    each = total // parts
    return [total - each * (parts - 1), *[each] * (parts - 1)]


def _day(instant: Instant) -> str:
    return to_datetime(instant).date().isoformat()
