"""Entry summary declarations of every consignment, alone or with others aboard the same unit.

Every goods item names its transport document: N730 for a road consignment note, N705 for a master bill, N714 and
N705 for a house bill under a master.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from aftc.clock import MINUTE
from aftc.records import DocumentReference, EntrySummary, GoodsItem, Mode, Party
from aftc.reference.ports import PORTS
from training.world.cast import Cast
from training.world.consignments import AIR, MODES, PARCEL, SEA
from training.world.dispatch import Dispatch, delays
from training.world.goods import COMMODITIES, VAGUE_WORDS
from training.world.lanes import ROUTES
from training.world.naming import spelt
from training.world.parameters import Floats
from training.world.scene import Scene, scene
from training.world.simulation import Arrivals

__all__ = ["entry_dispatches", "stated_parties", "stated_party", "words_for"]

_TOGETHER = 0.5  # share of shared units whose consignments are declared in one message
_SPLIT = 0.2  # share of consignments declared as two goods items
_BORDER_MODE = {
    Mode.RORO_ACCOMPANIED: "10",
    Mode.RORO_UNACCOMPANIED: "11",
    Mode.CONTAINER: "1",
    Mode.AIR: "4",
    Mode.PARCEL: "4",
}
_EARLIEST = 30  # minutes by which the declared arrival may differ from the schedule, either way


@dataclass(frozen=True, slots=True)
class _Draft:
    """One declaration: its consignments (rows) and the random picks that settle its wording."""

    rows: tuple[int, ...]
    name: str
    lrn: str
    picks: tuple[float, ...]


def entry_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All declarations of a week, in no order of time."""
    world = scene(cast, arrivals)
    rng = world.draws.of("entry messages")
    groups = _groups(rng, world)
    names, lrns = world.draws.codes("entry names", len(groups), 12), world.draws.codes("lrns", len(groups), 16)
    picks: Floats = rng.random((len(groups), 6))
    waits = delays(rng, len(groups)).tolist()
    for rows, name, lrn, pick, wait in zip(groups, names, lrns, picks.tolist(), waits, strict=True):
        entry = _entry(world, _Draft(rows, name, lrn, tuple(pick)))
        about = tuple(world.traffic.reference(row) for row in rows)
        yield Dispatch("ens", name, (entry.declared_at or 0) + wait, entry, about)


def _groups(rng: np.random.Generator, world: Scene) -> list[tuple[int, ...]]:
    """Rows of the consignments that share a declaration."""
    consignments = world.traffic.consignments
    together = rng.random(len(world.traffic.units.number)) < _TOGETHER
    groups: list[tuple[int, ...]] = []
    shared: dict[int, list[int]] = {}
    for row, (unit, laden) in enumerate(zip(consignments.unit.tolist(), consignments.document, strict=True)):
        if not laden:
            continue
        if together[unit]:
            shared.setdefault(unit, []).append(row)
        else:
            groups.append((row,))
    return [*groups, *map(tuple, shared.values())]


def _entry(world: Scene, draft: _Draft) -> EntrySummary:
    first = draft.rows[0]
    consignments, paperwork, units = world.traffic.consignments, world.paperwork, world.traffic.units
    unit = int(consignments.unit[first])
    alone = len(draft.rows) == 1
    items = _numbered([item for row in draft.rows for item in _items(world, row, draft, alone)])
    forwarder = int(consignments.forwarder[first])
    consignor, consignee, notify = stated_parties(world, first)
    loading, unloading, office = _places(world, unit)
    shift = (int(draft.picks[0] * 2 * _EARLIEST / 5) * 5 - _EARLIEST) * MINUTE
    return EntrySummary(
        lrn=draft.lrn,
        mrn=None,
        message_id=draft.name,
        amendment=False,
        declared_at=int(paperwork.declared[first]),
        transport_mode=_BORDER_MODE[MODES[int(units.mode[unit])]],
        conveyance_reference=_voyage(world, unit),
        conveyance_identity=_conveyance(world, unit),
        conveyance_nationality=_nationality(world, unit),
        office_of_first_entry=office,
        expected_arrival=int(units.arrival[unit]) + shift,
        itinerary=_itinerary(world, first),
        place_of_loading=loading,
        place_of_unloading=unloading,
        payment_method=paperwork.payment[first],
        special_circumstance="A" if consignments.mode[first] == PARCEL else None,
        ucr=(consignments.ucr[first] or None) if alone and draft.picks[1] < 0.6 else None,
        total_items=len(items),
        total_packages=sum(item.packages or 0 for item in items),
        total_gross_mass_g=sum(item.gross_mass_g or 0 for item in items),
        consignor=consignor if alone else None,
        consignee=consignee if alone else None,
        notify=notify if alone else None,
        carrier=_carrier(world, unit),
        declarant=_carrier(world, unit) if forwarder < 0 else world.forwarders.parties[forwarder],
        representative=None,
        items=items,
        seals=(world.traffic.seal[unit],),
    )


def _numbered(items: list[GoodsItem]) -> tuple[GoodsItem, ...]:
    return tuple(replace(item, number=number) for number, item in enumerate(items, start=1))


def _items(world: Scene, row: int, draft: _Draft, alone: bool) -> list[GoodsItem]:
    consignments, paperwork = world.traffic.consignments, world.paperwork
    commodity = COMMODITIES[int(world.paperwork.commodity[row])]
    packages, mass = int(paperwork.entry_packages[row]), int(paperwork.entry_mass[row])
    parties = (None, None, None) if alone else stated_parties(world, row)
    whole = GoodsItem(
        number=1,
        description=words_for(world, row, draft.picks[2]),
        hs_code=commodity.hs_code,
        gross_mass_g=mass,
        packages=packages,
        package_kind=commodity.package_kind,
        documents=_documents(world, row),
        ucr=consignments.ucr[row] or None if not alone or draft.picks[1] >= 0.6 else None,
        containers=_containers(world, row),
        vehicles=_vehicles(world, int(consignments.unit[row]), draft.picks[3]),
        consignor=parties[0],
        consignee=parties[1],
        notify=parties[2],
    )
    if not alone or draft.picks[4] >= _SPLIT or packages < 2:
        return [whole]
    part, weight = packages // 3 or 1, mass // 3
    rest = replace(whole, packages=packages - part, gross_mass_g=mass - weight)
    return [rest, replace(whole, packages=part, gross_mass_g=weight, description=words_for(world, row, draft.picks[5]))]


def words_for(world: Scene, row: int, pick: float) -> str:
    """How a paper describes a consignment's goods: in one of the usual spellings, or in words that say nothing."""
    choices = VAGUE_WORDS if world.paperwork.vague[row] else COMMODITIES[int(world.paperwork.commodity[row])].words
    text = choices[int(pick * len(choices))]
    return text.upper() if pick * 7 % 1 < 0.4 else text


def stated_party(party: Party, eori: bool) -> Party:
    """A party as messages state it: with its EORI number, or without."""
    return party if eori else replace(party, eori=None)


def stated_parties(world: Scene, row: int) -> tuple[Party, Party, Party | None]:
    """Consignor, consignee and notify party; goods to order name the forwarder and notify the real consignee."""
    consignments = world.traffic.consignments
    consignor, consignee = int(consignments.consignor[row]), int(consignments.consignee[row])
    sender = stated_party(world.consignors.parties[consignor], bool(world.consignors.states_eori[consignor]))
    receiver = stated_party(world.consignees.parties[consignee], bool(world.consignees.states_eori[consignee]))
    if not world.paperwork.to_order[row]:
        return sender, receiver, None
    return sender, Party(name="TO ORDER"), receiver


def _documents(world: Scene, row: int) -> tuple[DocumentReference, ...]:
    traffic = world.traffic
    own, master, mode = (
        traffic.consignments.document[row],
        traffic.consignments.master[row],
        traffic.consignments.mode[row],
    )
    if mode >= AIR:
        above = traffic.ulds.waybill[int(traffic.consignments.unit[row]) - traffic.first_uld]
        if above == own:
            return (DocumentReference("N740", own),)
        return DocumentReference("N703", own), DocumentReference("N741", above)
    if master:
        return DocumentReference("N714", own), DocumentReference("N705", master)
    return (DocumentReference("N705" if mode == SEA else "N730", own),)


def _containers(world: Scene, row: int) -> tuple[str, ...]:
    consignments = world.traffic.consignments
    if consignments.mode[row] != SEA:
        return ()
    first = int(consignments.unit[row])
    return world.traffic.units.number[first : first + int(consignments.units[row])]


def _vehicles(world: Scene, unit: int, pick: float) -> tuple[str, ...]:
    """Registrations as the declarant typed them, the vehicle before the trailer."""
    crossings = world.traffic.crossings
    if unit >= len(crossings.lane):
        return ()
    vehicle, trailer = crossings.vehicle_number[unit], crossings.trailer_number[unit]
    turn = int(pick * 1000)
    return tuple(spelt(each, turn // 3, lower=turn % 5 == 0) for each in (vehicle, trailer) if each)


def _box(world: Scene, unit: int) -> int:
    return unit - world.traffic.first_box


def _call(world: Scene, unit: int) -> int:
    return int(world.traffic.boxes.call[_box(world, unit)])


def _flight(world: Scene, unit: int) -> int | None:
    first = world.traffic.first_uld
    return int(world.traffic.ulds.flight[unit - first]) if unit >= first else None


def _voyage(world: Scene, unit: int) -> str | None:
    flight = _flight(world, unit)
    if flight is not None:
        return world.traffic.flights.number[flight]
    return world.traffic.calls.voyage[_call(world, unit)] if _box(world, unit) >= 0 else None


def _conveyance(world: Scene, unit: int) -> str | None:
    """Vessel's IMO number by sea, registration of an accompanied vehicle, nothing for a trailer alone or by air."""
    if _flight(world, unit) is not None:
        return None
    if _box(world, unit) >= 0:
        return world.carriers.imo[int(world.traffic.calls.vessel[_call(world, unit)])]
    return world.traffic.crossings.vehicle_number[unit]


def _nationality(world: Scene, unit: int) -> str | None:
    if _box(world, unit) >= 0:
        return None
    return world.hauliers.parties[int(world.traffic.crossings.haulier[unit])].country


def _carrier(world: Scene, unit: int) -> Party:
    flight = _flight(world, unit)
    if flight is not None:
        return world.airlines.parties[int(world.traffic.flights.airline[flight])]
    if _box(world, unit) >= 0:
        return world.carriers.parties[int(world.carriers.operator[int(world.traffic.calls.vessel[_call(world, unit)])])]
    return world.hauliers.parties[int(world.traffic.crossings.haulier[unit])]


def _places(world: Scene, unit: int) -> tuple[str, str, str | None]:
    """Places of loading and unloading (UN/LOCODE) and the office of first entry."""
    flight = _flight(world, unit)
    if flight is not None:
        flights = world.traffic.flights
        arrival = flights.arrival_airport[flight]
        return flights.load_airport[flight], arrival, PORTS[arrival].office
    if _box(world, unit) >= 0:
        calls, call = world.traffic.calls, _call(world, unit)
        return calls.load_port[call], calls.discharge_port[call], PORTS[calls.discharge_port[call]].office
    route = ROUTES[int(world.traffic.crossings.route[unit])]
    return route.departure, route.arrival, PORTS[route.arrival].office


def _itinerary(world: Scene, row: int) -> tuple[str, ...]:
    """Countries passed, from the consignor's to the United Kingdom."""
    consignments = world.traffic.consignments
    origin = world.consignors.parties[int(consignments.consignor[row])].country or ""
    unit = int(consignments.unit[row])
    between = consignments.transhipment[row][:2] if _box(world, unit) >= 0 else _places(world, unit)[0][:2]
    return tuple(dict.fromkeys(each for each in (origin, between, "GB") if each))
