"""Consignments: what each is, from whom to whom, how much, and under which documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from aftc.records import Mode
from training.world.draws import ALPHANUMERIC, DIGITS, Draws, codes
from training.world.goods import COMMODITIES
from training.world.lanes import Lanes
from training.world.parameters import Flags, Floats, Ints
from training.world.traders import Traders

__all__ = ["MODES", "NOBODY", "SEA", "Consignments", "Load", "make_consignments"]

MODES = (Mode.RORO_ACCOMPANIED, Mode.RORO_UNACCOMPANIED, Mode.CONTAINER)
SEA = MODES.index(Mode.CONTAINER)
NOBODY = -1  # where an empty movement has no such actor or goods

_NEW_PAIR = 0.05  # share that come from a consignor the lane never used
_HOUSE_UNDER_MASTER = 0.3  # share of single sea consignments that a forwarder handles under its own house bill
_STATES_UCR = 0.85  # share of ferry consignments whose declaration states a UCR
_FULL, _PART = (0.6, 1.05), (0.05, 0.3)  # share of a unit's usual packages that a consignment fills, alone or not
_PACKING_SPREAD = 0.06  # standard deviation of log kilograms per package
_MASS_STEP_G = 10_000


@dataclass(frozen=True, slots=True)
class Consignments:
    """Columns of the consignments; `NOBODY` where an empty movement has no such actor.

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
class Load:
    """What one way in gives its consignments, columns [consignments].

    Attributes:
        lane: Whose run each one is.
        unit: Its first unit; `units` counts them.
        alone: Whether nothing else is in its unit.
        laden: False for the row that stands for an empty movement.
    """

    lane: Ints
    unit: Ints
    units: Ints
    alone: Flags
    laden: Flags


def make_consignments(
    draws: Draws, lanes: Lanes, consignors: Traders, consignees: Traders, load: Load, mode: Ints
) -> Consignments:
    """The consignments of all loads; `mode` [consignments] is that of their units."""
    rng = draws.of("consignments")
    laden = load.laden
    consignor, new_pair = _senders(rng, lanes, consignors, load.lane)
    packages, mass = _quantities(rng, consignors.commodity[consignor], load)
    document, master = _bills(rng, mode == SEA, load)
    states_ucr = laden & (mode != SEA) & (rng.random(len(mode)) < _STATES_UCR)
    receivers = [consignees.parties[each].eori or "" for each in lanes.consignee[load.lane].tolist()]
    return Consignments(
        mode=mode,
        lane=load.lane,
        consignor=np.where(laden, consignor, NOBODY),
        consignee=np.where(laden, lanes.consignee[load.lane], NOBODY),
        commodity=np.where(laden, consignors.commodity[consignor], NOBODY),
        forwarder=np.where(laden, lanes.forwarder[load.lane], NOBODY),
        unit=load.unit,
        units=load.units,
        new_pair=new_pair & laden,
        packages=np.where(laden, packages, 0),
        mass=np.where(laden, mass, 0),
        document=document,
        master=master,
        ucr=_ucrs(rng, states_ucr, receivers),
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


def _quantities(rng: np.random.Generator, commodity: Ints, load: Load) -> tuple[Ints, Ints]:
    """Packages and gross grams: a full unit's worth for each unit, or a part of one in groupage."""
    count = len(commodity)
    usual = np.array([each.packages for each in COMMODITIES])[commodity]
    grams = np.array([each.package_kg * 1000 for each in COMMODITIES])[commodity]
    share: Floats = np.where(load.alone, load.units * rng.uniform(*_FULL, count), rng.uniform(*_PART, count))
    packages = np.maximum(1, np.rint(usual * share)).astype(np.int64)
    mass = packages * grams * rng.lognormal(0.0, _PACKING_SPREAD, count)
    return packages, (np.floor(mass / _MASS_STEP_G) + 1).astype(np.int64) * _MASS_STEP_G


def _bills(rng: np.random.Generator, by_sea: Flags, load: Load) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lowest document of every consignment, and the master above it: groupage in a container shares one master."""
    count = len(by_sea)
    numbers, masters = codes(rng, count, 10, DIGITS), codes(rng, count, 9, ALPHANUMERIC)
    under = ~load.alone | (rng.random(count) < _HOUSE_UNDER_MASTER)
    shared: dict[int, str] = {}
    own, above = [], []
    for row, (unit, sea, house, laden) in enumerate(
        zip(load.unit.tolist(), by_sea.tolist(), under.tolist(), load.laden.tolist(), strict=True)
    ):
        lowest = f"H{numbers[row]}" if house else f"M{masters[row]}"
        own.append((lowest if sea else f"CMR{numbers[row]}") if laden else "")
        above.append("M" + shared.setdefault(unit, masters[row]) if sea and house else "")
    return tuple(own), tuple(above)


def _ucrs(rng: np.random.Generator, stated: Flags, receivers: list[str]) -> tuple[str, ...]:
    """Declaration UCRs: a digit for the year, the consignee's EORI number, the trader's own reference."""
    references = codes(rng, len(receivers), 11, ALPHANUMERIC)
    rows = zip(stated.tolist(), receivers, references, strict=True)
    return tuple(f"6{receiver}-{reference}" if says else "" for says, receiver, reference in rows)
