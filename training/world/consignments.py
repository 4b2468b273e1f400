"""Consignments and the units that carry them: both ways in, side by side, as columns.

Units are numbered ferry crossings first, containers after them. A unit may carry several consignments
(groupage) and a sea consignment may fill several containers; its units are then consecutive.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from aftc.records import Mode, UnitKind
from training.world.actors import Hauliers, Traders
from training.world.crossings import Crossings, make_crossings
from training.world.draws import ALPHANUMERIC, DIGITS, Draws, codes
from training.world.goods import COMMODITIES
from training.world.lanes import Lanes
from training.world.parameters import Flags, Floats, Ints, WorldParameters
from training.world.voyages import Boxes, Calls, Carriers, make_boxes, make_calls

__all__ = ["MODES", "Consignments", "Traffic", "Units", "make_traffic"]

MODES = (Mode.RORO_ACCOMPANIED, Mode.RORO_UNACCOMPANIED, Mode.CONTAINER)
_SEA_SHARE = 0.34
_EMPTY_SHARE = 0.035
_GROUPAGE = 0.14  # share of crossings and of containers that carry several consignments
_SEVERAL_BOXES = 0.06  # share of sea consignments that fill two or three containers
_NEW_PAIR = 0.05  # share that come from a consignor the lane never used
_HOUSE_UNDER_MASTER = 0.3  # share of single sea consignments that a forwarder handles under its own house bill
_STATES_UCR = 0.85  # share of ferry consignments whose declaration states a UCR


@dataclass(frozen=True, slots=True)
class Units:
    """Columns of the searchable units: kind, number as printed on it, event times, mode (index in `MODES`)."""

    kind: tuple[UnitKind, ...]
    number: tuple[str, ...]
    departure: Ints
    arrival: Ints
    mode: Ints


@dataclass(frozen=True, slots=True)
class Consignments:
    """Columns of the consignments; -1 where an empty movement has no such actor.

    Attributes:
        mode: Index in `MODES`.
        unit: Its first unit; `units` counts them.
        new_pair: Whether this consignor never sent on this lane.
        packages: Number of packages; `mass` their true gross mass, grams; 0 for an empty movement.
        document: Identity: house or master bill or road consignment note; empty text for an empty movement.
        master: Master bill above a house bill, else empty text.
        ucr: Unique consignment reference, else empty text.
    """

    mode: Ints
    lane: Ints
    consignor: Ints
    consignee: Ints
    commodity: Ints
    forwarder: Ints
    unit: Ints
    units: Ints
    new_pair: Flags
    packages: Ints
    mass: Ints
    document: tuple[str, ...]
    master: tuple[str, ...]
    ucr: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Everything that moves in a world: crossings, calls, containers, and the units and consignments on them.

    `booking` gives each crossing's booking reference, `seal` the seal that each unit was closed with.
    """

    crossings: Crossings
    calls: Calls
    boxes: Boxes
    units: Units
    consignments: Consignments
    booking: tuple[str, ...]
    seal: tuple[str, ...]

    def reference(self, row: int) -> str:
        """Identity of a consignment as linking will state it: its lowest document, else its booking."""
        return self.consignments.document[row] or self.booking[int(self.consignments.unit[row])]


@dataclass(frozen=True, slots=True)
class _Load:
    """Which lane and units one way in gives its consignments; `alone` where nothing else is in the unit."""

    lane: Ints
    unit: Ints
    units: Ints
    alone: Flags


def make_traffic(
    draws: Draws,
    parameters: WorldParameters,
    lanes: Lanes,
    consignors: Traders,
    hauliers: Hauliers,
    carriers: Carriers,
) -> Traffic:
    """All movements of a world and what they carry."""
    sea = round(parameters.consignments * _SEA_SHARE)
    empty = round(parameters.consignments * _EMPTY_SHARE)
    road_sizes = _groups(draws.of("groupage"), parameters.consignments - sea - empty)
    crossings = make_crossings(draws, parameters, lanes, hauliers, len(road_sizes), empty)
    road = _road(draws, lanes, crossings, road_sizes)
    sizes, box_counts = _sea_loads(draws.of("containers"), sea)
    calls = make_calls(draws, parameters, lanes, carriers, sea)
    reefer = np.array([COMMODITIES[each].reefer for each in lanes.commodity.tolist()])
    boxes = make_boxes(draws, lanes, calls, carriers, reefer, np.repeat(np.arange(len(sizes)), box_counts))
    water = _water(draws, lanes, boxes, sizes, box_counts, len(crossings.lane))
    nothing = _Load(
        crossings.lane[crossings.empty],
        np.flatnonzero(crossings.empty),
        np.ones(empty, np.int64),
        np.ones(empty, np.bool_),
    )
    units = _units(crossings, calls, boxes)
    booking = tuple(codes(draws.of("bookings"), len(crossings.lane), 9, ALPHANUMERIC))
    load = _Load(
        *(np.concatenate([getattr(part, name) for part in (road, water, nothing)]) for name in _Load.__slots__)
    )
    laden = np.arange(parameters.consignments) < parameters.consignments - empty
    consignments = _consignments(draws, lanes, consignors, units, load, laden)
    seals = tuple(codes(draws.of("seals"), len(units.number), 7, DIGITS))
    return Traffic(
        crossings=crossings,
        calls=calls,
        boxes=boxes,
        units=units,
        consignments=consignments,
        booking=booking,
        seal=seals,
    )


def _groups(rng: np.random.Generator, consignments: int) -> Ints:
    """Sizes of the groups of consignments that share a unit; they sum to the number of consignments."""
    sizes = np.where(rng.random(consignments) < _GROUPAGE, rng.integers(2, 6, consignments), 1)
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, consignments))
    sizes = sizes[: last + 1]
    sizes[-1] -= int(ends[last]) - consignments
    return sizes.astype(np.int64)


def _sea_loads(rng: np.random.Generator, consignments: int) -> tuple[Ints, Ints]:
    """Consignments and containers of every load: many in one, one in one, or one in several."""
    sizes = _groups(rng, consignments)
    several = (sizes == 1) & (rng.random(len(sizes)) < _SEVERAL_BOXES)
    return sizes, np.where(several, rng.integers(2, 4, len(sizes)), 1).astype(np.int64)


def _road(draws: Draws, lanes: Lanes, crossings: Crossings, sizes: Ints) -> _Load:
    unit = np.repeat(np.arange(len(sizes)), sizes)
    keys = [str(each) for each in lanes.route.tolist()]
    lane = _aboard(draws.of("groupage lanes"), lanes, keys, crossings.lane[: len(sizes)], unit)
    return _Load(lane, unit, np.ones(len(unit), dtype=np.int64), sizes[unit] == 1)


def _water(draws: Draws, lanes: Lanes, boxes: Boxes, sizes: Ints, box_counts: Ints, first_unit: int) -> _Load:
    load = np.repeat(np.arange(len(sizes)), sizes)
    first_box = np.cumsum(box_counts) - box_counts
    lane = _aboard(draws.of("container lanes"), lanes, list(lanes.load_port), boxes.lane[first_box], load)
    return _Load(lane, first_unit + first_box[load], box_counts[load], sizes[load] == 1)


def _aboard(rng: np.random.Generator, lanes: Lanes, keys: list[str], primary: Ints, unit: Ints) -> Ints:
    """Lane of every consignment: the unit's own for the first aboard, another of the same key for the others."""
    pools: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        pools[key].append(index)
    steps = {key: np.cumsum(lanes.weight[pool]) for key, pool in pools.items()}
    lane = primary[unit].copy()
    picks = rng.random(len(unit)).tolist()
    for row in np.flatnonzero(np.diff(unit, prepend=-1) == 0).tolist():
        key = keys[int(lane[row])]
        lane[row] = pools[key][int(np.searchsorted(steps[key], picks[row] * steps[key][-1], side="right"))]
    return lane


def _units(crossings: Crossings, calls: Calls, boxes: Boxes) -> Units:
    ferry_mode = np.where(crossings.unaccompanied, 1, 0)
    numbers = [
        trailer if alone else vehicle
        for alone, vehicle, trailer in zip(
            crossings.unaccompanied.tolist(), crossings.vehicle_number, crossings.trailer_number, strict=True
        )
    ]
    kinds = [UnitKind.TRAILER if alone else UnitKind.VEHICLE for alone in crossings.unaccompanied.tolist()]
    return Units(
        kind=(*kinds, *[UnitKind.CONTAINER] * len(boxes.number)),
        number=(*(number or "" for number in numbers), *boxes.number),
        departure=np.concatenate([crossings.departure, calls.departure[boxes.call]]),
        arrival=np.concatenate([crossings.arrival, calls.arrival[boxes.call]]),
        mode=np.concatenate([ferry_mode, np.full(len(boxes.number), 2)]),
    )


def _consignments(
    draws: Draws, lanes: Lanes, consignors: Traders, units: Units, load: _Load, laden: Flags
) -> Consignments:
    rng = draws.of("consignments")
    mode = units.mode[load.unit]
    consignor, new_pair = _senders(rng, lanes, consignors, load.lane)
    commodity = consignors.commodity[consignor]
    packages, mass = _quantities(rng, commodity, load)
    bills = _bills(rng, mode == MODES.index(Mode.CONTAINER), load)
    ucr = codes(rng, len(mode), 11, ALPHANUMERIC)
    states = (rng.random(len(mode)) < _STATES_UCR).tolist()
    return Consignments(
        mode=mode,
        lane=load.lane,
        consignor=np.where(laden, consignor, -1),
        consignee=np.where(laden, lanes.consignee[load.lane], -1),
        commodity=np.where(laden, commodity, -1),
        forwarder=np.where(laden, lanes.forwarder[load.lane], -1),
        unit=load.unit,
        units=load.units,
        new_pair=new_pair & laden,
        packages=np.where(laden, packages, 0),
        mass=np.where(laden, mass, 0),
        document=tuple(bill if full else "" for (bill, _), full in zip(bills, laden.tolist(), strict=True)),
        master=tuple(master if full else "" for (_, master), full in zip(bills, laden.tolist(), strict=True)),
        ucr=tuple(
            f"6GB{code}-{code[::-1]}" if full and says and ferry else ""
            for code, full, says, ferry in zip(ucr, laden.tolist(), states, (mode < 2).tolist(), strict=True)
        ),
    )


def _senders(rng: np.random.Generator, lanes: Lanes, consignors: Traders, lane: Ints) -> tuple[Ints, Flags]:
    """The lane's consignor, or now and then another one of the same country and way."""
    alike: dict[tuple[str | None, bool], list[int]] = defaultdict(list)
    keys = [(party.country, sea) for party, sea in zip(consignors.parties, consignors.by_sea.tolist(), strict=True)]
    for index, key in enumerate(keys):
        alike[key].append(index)
    consignor = lanes.consignor[lane].copy()
    picks = rng.random((len(lane), 2))
    for row in np.flatnonzero(picks[:, 0] < _NEW_PAIR).tolist():
        pool = alike[keys[int(consignor[row])]]
        consignor[row] = pool[int(picks[row, 1] * len(pool))]
    return consignor, consignor != lanes.consignor[lane]


def _quantities(rng: np.random.Generator, commodity: Ints, load: _Load) -> tuple[Ints, Ints]:
    """Packages and gross grams: a full unit's worth for each unit, or a part of one in groupage."""
    usual = np.array([each.packages for each in COMMODITIES])[commodity]
    grams = np.array([each.package_kg * 1000 for each in COMMODITIES])[commodity]
    share: Floats = np.where(
        load.alone, load.units * rng.uniform(0.6, 1.05, len(usual)), rng.uniform(0.05, 0.3, len(usual))
    )
    packages = np.maximum(1, np.rint(usual * share)).astype(np.int64)
    mass = packages * grams * rng.lognormal(0.0, 0.06, len(usual))
    return packages, (np.rint(mass / 10_000) * 10_000 + 10_000).astype(np.int64)


def _bills(rng: np.random.Generator, by_sea: Flags, load: _Load) -> list[tuple[str, str]]:
    """(lowest document, master above it) of every consignment: groupage in a container shares one master."""
    own = codes(rng, len(by_sea), 10, DIGITS)
    masters = codes(rng, len(by_sea), 9, ALPHANUMERIC)
    under = (~load.alone | (rng.random(len(by_sea)) < _HOUSE_UNDER_MASTER)).tolist()
    first: dict[int, str] = {}
    found = []
    for number, master, unit, sea, house in zip(own, masters, load.unit.tolist(), by_sea.tolist(), under, strict=True):
        if not sea:
            found.append((f"CMR{number}", ""))
        elif house:
            found.append((f"H{number}", "M" + first.setdefault(unit, master)))
        else:
            found.append((f"M{master}", ""))
    return found
