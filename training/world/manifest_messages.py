"""Manifests: one customs cargo report for each vessel call, with all its bills and containers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aftc.clock import HOUR, MINUTE
from aftc.records import Bill, Equipment, Manifest, Party, Seal
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.dispatch import Dispatch, delays
from training.world.entry_messages import stated_parties, words_for
from training.world.goods import COMMODITIES
from training.world.scene import Scene, scene
from training.world.simulation import Arrivals

__all__ = ["manifest_dispatches"]

_TARE_G = {"2": 2_300_000, "4": 3_900_000}  # empty container of twenty and forty feet, grams
_LEAD_HOURS = (14, 72)  # the report comes this long before arrival
_REPLACED = 0.1  # share of reports that the carrier sends again, whole
_COLLECT = 0.3


def manifest_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All reports of all calls, in no order of time."""
    world = scene(cast, arrivals)
    rng = world.draws.of("manifest messages")
    calls = world.traffic.calls
    count = len(calls.voyage)
    names, references = world.draws.codes("manifest names", 2 * count, 12), world.draws.codes("manifests", count, 11)
    waits, picks = delays(rng, 2 * count).tolist(), rng.random((count, 2)).tolist()
    bills, equipment = _aboard(world)
    for call in range(count):
        if not bills[call]:
            continue
        about = tuple(bill.house or bill.master or "" for bill in bills[call])
        manifest = _manifest(world, call, references[call], bills[call], equipment[call])
        lead = _LEAD_HOURS[0] + int(picks[call][0] * (_LEAD_HOURS[1] - _LEAD_HOURS[0]))
        sent = int(calls.arrival[call]) - lead * HOUR
        yield Dispatch("cuscar", names[call], sent + waits[call], manifest, about)
        if picks[call][1] < _REPLACED:
            again = sent + lead * HOUR // 2
            whole = replace(manifest, function="5")
            yield Dispatch("cuscar", names[count + call], again + waits[count + call], whole, about)


def _aboard(world: Scene) -> tuple[list[list[Bill]], list[list[Equipment]]]:
    """Bills and containers by call; bills in the random order of their references."""
    traffic = world.traffic
    first = traffic.first_box
    bills: list[list[Bill]] = [[] for _ in traffic.calls.voyage]
    equipment: list[list[Equipment]] = [[] for _ in traffic.calls.voyage]

    rows = [row for row, mode in enumerate(traffic.consignments.mode.tolist()) if mode == SEA]
    for row in sorted(rows, key=lambda each: traffic.consignments.document[each]):
        unit = int(traffic.consignments.unit[row])
        call = int(traffic.boxes.call[unit - first])
        bills[call].append(_bill(world, row, call))
    for box in sorted(range(len(traffic.boxes.number)), key=lambda each: traffic.boxes.number[each]):
        equipment[int(traffic.boxes.call[box])].append(_equipment(world, box, first))
    return bills, equipment


def _manifest(world: Scene, call: int, reference: str, bills: list[Bill], equipment: list[Equipment]) -> Manifest:
    calls, carriers = world.traffic.calls, world.carriers
    vessel = int(calls.vessel[call])
    return Manifest(
        reference=reference,
        function="9",
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


def _bill(world: Scene, row: int, call: int) -> Bill:
    traffic, paperwork, calls = world.traffic, world.paperwork, world.traffic.calls
    consignments = traffic.consignments
    commodity = COMMODITIES[int(paperwork.commodity[row])]
    own, master = consignments.document[row], consignments.master[row]
    unit, pick = int(consignments.unit[row]), int(own[-4:], 36) % 997 / 997  # a reference's digits settle wording
    consignor, consignee, notify = stated_parties(world, row)
    return Bill(
        master=master or own,
        house=own if master else None,
        consignor=_in_capitals(consignor),
        consignee=_in_capitals(consignee),
        notify=_in_capitals(notify) if notify else None,
        description=words_for(world, row, pick).upper(),
        hs_code=commodity.hs_code,
        packages=int(paperwork.manifest_packages[row]),
        package_kind=commodity.package_kind,
        gross_mass_g=int(paperwork.manifest_mass[row]),
        containers=traffic.units.number[unit : unit + int(consignments.units[row])],
        origin_country=world.consignors.parties[int(consignments.consignor[row])].country,
        place_of_loading=calls.load_port[call],
        place_of_discharge=calls.discharge_port[call],
        place_of_delivery=None,
        transhipment=consignments.transhipment[row] or None,
        freight="C" if pick < _COLLECT else "P",
    )


def _in_capitals(party: Party) -> Party:
    """A party as ships' papers write it."""
    return replace(
        party,
        name=party.name and party.name.upper(),
        street=party.street and party.street.upper(),
        city=party.city and party.city.upper(),
    )


def _equipment(world: Scene, box: int, first: int) -> Equipment:
    traffic, carriage = world.traffic, world.carriage
    unit = first + box
    size = traffic.boxes.size_type[box]
    seal = traffic.seal[unit]
    return Equipment(
        number=traffic.boxes.number[box],
        size_type=size,
        laden=True,
        gross_mass_g=int(carriage.weighed_mass[unit]) + _TARE_G[size[0]],
        seals=(Seal(seal[::-1] if carriage.seal_changed[unit] else seal, "CA"),),
    )
