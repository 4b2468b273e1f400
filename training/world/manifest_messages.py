"""Manifests: one customs cargo report for each vessel call, with all its bills and containers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE, Instant
from aftc.records import Bill, Equipment, Manifest, Party, Seal
from training.world.cargo_aboard import TARE_G
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES
from training.world.papers import Paper, papers
from training.world.simulation import Arrivals

__all__ = ["manifest_dispatches"]

_LEAD_HOURS = (14, 72)  # the report comes this long before arrival
_REPLACED = 0.1  # share of reports that the carrier sends again, whole


def manifest_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All reports of all calls, in no order of time."""
    rng, calls = arrivals.draws.of("manifest messages"), arrivals.traffic.calls
    count = len(calls.voyage)
    names = arrivals.draws.codes("manifest names", 2 * count, 12)
    references = arrivals.draws.codes("manifests", count, 11)
    waits, picks = delays(rng, 2 * count).tolist(), rng.random((count, 2)).tolist()
    bills, equipment = _bills(cast, arrivals), _equipment(arrivals)
    for call in range(count):
        if not bills[call]:
            continue
        about = tuple(bill.house or bill.master or "" for bill in bills[call])
        sent = _sent(int(calls.departure[call]), int(calls.arrival[call]), picks[call][0])
        manifest = _manifest(cast, arrivals, call, references[call], sent, bills[call], equipment[call])
        yield Dispatch("cuscar", names[call], sent + waits[call], manifest, about)
        if picks[call][1] < _REPLACED:
            again, place = (sent + int(calls.arrival[call])) // 2 // MINUTE * MINUTE, count + call
            replaced = replace(manifest, function="5", prepared_at=again)
            yield Dispatch("cuscar", names[place], again + waits[place], replaced, about)


def _sent(departure: Instant, arrival: Instant, pick: float) -> Instant:
    """Some time before arrival, but not before the vessel has sailed."""
    lead = _LEAD_HOURS[0] + int(pick * (_LEAD_HOURS[1] - _LEAD_HOURS[0]))
    return max(arrival - lead * HOUR, departure + HOUR)


def _bills(cast: Cast, arrivals: Arrivals) -> list[list[Bill]]:
    """Bills by call, in the random order of their references."""
    traffic, paperwork = arrivals.traffic, arrivals.paperwork
    found: list[list[Bill]] = [[] for _ in traffic.calls.voyage]
    rows = np.flatnonzero(traffic.consignments.mode == SEA).tolist()
    call_of, first = traffic.boxes.call.tolist(), traffic.first_box
    packages, mass = paperwork.manifest_packages.tolist(), paperwork.manifest_mass.tolist()
    capitals: dict[Party, Party] = {}
    for paper in sorted(papers(cast, arrivals, rows), key=lambda each: each.document):
        call = call_of[paper.unit - first]
        quantity = (packages[paper.row], mass[paper.row])
        found[call].append(_bill(arrivals, paper, call, quantity, capitals))
    return found


def _bill(arrivals: Arrivals, paper: Paper, call: int, quantity: tuple[int, int], capitals: dict[Party, Party]) -> Bill:
    calls, commodity = arrivals.traffic.calls, COMMODITIES[paper.commodity]
    return Bill(
        master=paper.master or paper.document,
        house=paper.document if paper.master else None,
        consignor=_in_capitals(paper.consignor, capitals),
        consignee=_in_capitals(paper.bill_consignee, capitals),
        notify=_in_capitals(paper.notify, capitals) if paper.notify else None,
        description=paper.bill_words,
        hs_code=commodity.hs_code,
        packages=quantity[0],
        package_kind=commodity.package_kind,
        gross_mass_g=quantity[1],
        containers=arrivals.traffic.units.number[paper.unit : paper.unit + paper.units],
        origin_country=paper.origin,
        place_of_loading=calls.load_port[call],
        place_of_discharge=calls.discharge_port[call],
        place_of_delivery=None,
        transhipment=paper.transhipment or None,
        freight="C" if paper.collect else "P",
    )


def _in_capitals(party: Party, known: dict[Party, Party]) -> Party:
    """A party as ships' papers write it; `known` grows by it."""
    if party not in known:
        name, street, city = (each and each.upper() for each in (party.name, party.street, party.city))
        known[party] = replace(party, name=name, street=street, city=city)
    return known[party]


def _equipment(arrivals: Arrivals) -> list[list[Equipment]]:
    """Containers by call, in order of their numbers."""
    traffic, carriage, first = arrivals.traffic, arrivals.carriage, arrivals.traffic.first_box
    found: list[list[Equipment]] = [[] for _ in traffic.calls.voyage]
    changed, weighed = carriage.seal_changed.tolist(), carriage.weighed_mass.tolist()
    call_of, numbers = traffic.boxes.call.tolist(), traffic.boxes.number
    for box in sorted(range(len(numbers)), key=numbers.__getitem__):
        unit, size = first + box, traffic.boxes.size_type[box]
        seal = traffic.seal[unit]
        found[call_of[box]].append(
            Equipment(
                number=numbers[box],
                size_type=size,
                laden=True,
                gross_mass_g=weighed[unit] + TARE_G[size[0]],
                seals=(Seal(seal[::-1] if changed[unit] else seal, "CA"),),
            )
        )
    return found


def _manifest(
    cast: Cast,
    arrivals: Arrivals,
    call: int,
    reference: str,
    sent: Instant,
    bills: list[Bill],
    equipment: list[Equipment],
) -> Manifest:
    calls, carriers = arrivals.traffic.calls, cast.carriers
    vessel = int(calls.vessel[call])
    return Manifest(
        reference=reference,
        function="9",
        prepared_at=sent // MINUTE * MINUTE,
        carrier=carriers.parties[int(carriers.operator[vessel])],
        voyage=calls.voyage[call],
        vessel_imo=carriers.imo[vessel],
        vessel_call_sign=carriers.call_sign[vessel],
        vessel_name=carriers.vessel[vessel],
        load_port=calls.load_port[call],
        discharge_port=calls.discharge_port[call],
        departure=int(calls.departure[call]) // MINUTE * MINUTE,
        arrival=int(calls.arrival[call]),
        bills=tuple(bills),
        equipment=tuple(equipment),
    )
