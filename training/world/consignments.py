"""Consignments: what each is, from whom to whom, how much, of what value, and under which documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from aftc.records import Mode
from training.world.draws import ALPHANUMERIC, DIGITS, Draws
from training.world.goods import COMMODITIES
from training.world.lanes import Lanes
from training.world.parameters import Flags, Floats, Ints
from training.world.traders import Traders

__all__ = ["AIR", "MODES", "NOBODY", "PARCEL", "SEA", "Consignments", "Load", "make_consignments"]

MODES = (Mode.RORO_ACCOMPANIED, Mode.RORO_UNACCOMPANIED, Mode.CONTAINER, Mode.AIR, Mode.PARCEL)
SEA, AIR, PARCEL = (MODES.index(mode) for mode in (Mode.CONTAINER, Mode.AIR, Mode.PARCEL))
NOBODY = -1  # where an empty movement has no such actor or goods

_NEW_PAIR = 0.05  # share that come from a consignor the lane never used
_HOUSE_UNDER_MASTER = 0.3  # share of single sea consignments that a forwarder handles under its own house bill
_STATES_UCR = 0.85  # share of ferry consignments whose declaration states a UCR
_FULL, _PART = (0.6, 1.05), (0.05, 0.3)  # share of a unit's usual packages that a consignment fills, alone or not
_AIR_SPREAD = 0.8  # standard deviation of the log size of an air consignment
_PARCEL_PIECES = (1, 4)  # packages of a parcel consignment, the last excluded
_LIGHTEST_KG = 0.1
_PACKING_SPREAD = 0.06  # standard deviation of log kilograms per package
_PRICE_SPREAD = 0.15  # standard deviation of log value per kilogram between consignments of one consignor
_MASS_STEP_G = (10_000, 10_000, 10_000, 1_000, 100)  # by mode: how finely goods are weighed


@dataclass(frozen=True, slots=True)
class Consignments:
    """Columns of the consignments; `NOBODY` where an empty movement has no such actor.

    Attributes:
        mode: Index in `MODES`.
        unit: Its first unit; `units` counts them.
        new_pair: Whether this consignor never sent on this lane.
        packages: Number of packages; `mass` their true gross mass, grams; 0 for an empty movement.
        value: True customs value, pence.
        document: Identity: house or master bill, waybill, parcel number or road consignment note; empty text for an
            empty movement.
        master: Master bill or air waybill above a house bill, else empty text.
        ucr: Unique consignment reference, else empty text.
        transhipment: UN/LOCODE of the port of transhipment, else empty text.
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
    value: Ints
    document: tuple[str, ...]
    master: tuple[str, ...]
    ucr: tuple[str, ...]
    transhipment: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What one way in gives its consignments, columns [consignments].

    Attributes:
        lane: Whose run each one is.
        unit: Its first unit; `units` counts them.
        alone: Whether nothing else is in its unit (by air: under its master).
        laden: False for the row that stands for an empty movement.
    """

    lane: Ints
    unit: Ints
    units: Ints
    alone: Flags
    laden: Flags


def make_consignments(
    draws: Draws,
    lanes: Lanes,
    consignors: Traders,
    consignees: Traders,
    selling: Flags,
    load: Load,
    mode: Ints,
    waybills: list[str],
) -> Consignments:
    """The consignments of all loads.

    Args:
        draws: Of the week.
        lanes: As they stand this week.
        consignors: Who sends.
        consignees: Who receives.
        selling: [consignors], who lives this week.
        load: What moves.
        mode: [consignments], that of their units.
        waybills: [consignments], master air waybill over the device that each is in, empty where it is in none.
    """
    rng = draws.of("consignments")
    laden = load.laden
    consignor, new_pair = _senders(rng, lanes, consignors, selling & (consignors.spare_of < 0), load.lane)
    commodity = np.where(new_pair, consignors.commodity[consignor], lanes.commodity[load.lane])
    packages, mass = _quantities(rng, commodity, load, mode)
    document, master = _documents(draws, mode, load, waybills)
    states_ucr = laden & (mode < SEA) & (rng.random(len(mode)) < _STATES_UCR)
    receivers = [consignees.parties[each].eori or "" for each in lanes.consignee[load.lane].tolist()]
    transhipped = zip(mode.tolist(), load.lane.tolist(), strict=True)
    return Consignments(
        mode=mode,
        lane=load.lane,
        consignor=np.where(laden, consignor, NOBODY),
        consignee=np.where(laden, lanes.consignee[load.lane], NOBODY),
        commodity=np.where(laden, commodity, NOBODY),
        forwarder=np.where(laden, lanes.forwarder[load.lane], NOBODY),
        unit=load.unit,
        units=load.units,
        new_pair=new_pair & laden,
        packages=np.where(laden, packages, 0),
        mass=np.where(laden, mass, 0),
        value=np.where(laden, _values(rng, commodity, consignors.price[consignor], mass), 0),
        document=document,
        master=master,
        ucr=_ucrs(draws, states_ucr, receivers),
        transhipment=tuple(lanes.transhipment[lane] if by == SEA else "" for by, lane in transhipped),
    )


def _senders(
    rng: np.random.Generator, lanes: Lanes, consignors: Traders, selling: Flags, lane: Ints
) -> tuple[Ints, Flags]:
    """The lane's consignor, or now and then another one of the same country and way that sells now."""
    consignor = lanes.consignor[lane].copy()
    picks = rng.random((len(lane), 2))
    rows = np.flatnonzero(picks[:, 0] < _NEW_PAIR).tolist()
    ways = consignors.way.tolist()
    alike: dict[tuple[str | None, int], list[int]] = defaultdict(list)
    for index in np.flatnonzero(selling).tolist() if rows else []:
        alike[consignors.parties[index].country, ways[index]].append(index)
    for row in rows:
        own = int(consignor[row])
        pool = alike[consignors.parties[own].country, ways[own]] or [own]
        consignor[row] = pool[int(picks[row, 1] * len(pool))]
    return consignor, consignor != lanes.consignor[lane]


def _quantities(rng: np.random.Generator, commodity: Ints, load: Load, mode: Ints) -> tuple[Ints, Ints]:
    """Packages and gross grams: units full or shared by ferry and sea, pallets by air, single pieces by post."""
    count = len(commodity)
    usual = np.array([each.packages for each in COMMODITIES])[commodity]
    grams = np.array([each.package_kg * 1000 for each in COMMODITIES])[commodity]
    share: Floats = np.where(load.alone, load.units * rng.uniform(*_FULL, count), rng.uniform(*_PART, count))
    by_air = np.array([each.air_packages for each in COMMODITIES])[commodity] * rng.lognormal(0.0, _AIR_SPREAD, count)
    packages = np.where(mode == AIR, by_air, usual * share)
    packages = np.where(mode == PARCEL, rng.integers(*_PARCEL_PIECES, count), np.rint(packages))
    packages = np.maximum(1, packages).astype(np.int64)
    least, most = np.array([each.parcel_kg for each in COMMODITIES]).T
    piece = np.maximum(least[commodity] + (most - least)[commodity] * rng.random(count), _LIGHTEST_KG)
    piece = np.where(mode == PARCEL, piece * 1000, grams)
    step = np.array(_MASS_STEP_G)[mode]
    mass = packages * piece * rng.lognormal(0.0, _PACKING_SPREAD, count)
    return packages, (np.floor(mass / step) + 1).astype(np.int64) * step


def _values(rng: np.random.Generator, commodity: Ints, price: Floats, mass: Ints) -> Ints:
    """Pence: the goods' usual value per kilogram, at the consignor's own level of prices (log)."""
    usual = np.array([each.value_gbp_kg for each in COMMODITIES])[commodity]
    spread = rng.normal(0.0, _PRICE_SPREAD, len(commodity))
    return np.maximum(100, np.rint(usual * mass / 1000 * 100 * np.exp(price + spread))).astype(np.int64)


def _documents(draws: Draws, mode: Ints, load: Load, waybills: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lowest document of every consignment, and the master above it: what shares a container or a ULD shares one."""
    count = len(mode)
    numbers, masters = draws.codes("bills", count, 10, DIGITS), draws.codes("masters", count, 9, ALPHANUMERIC)
    under = ~load.alone | (draws.of("house bills").random(count) < _HOUSE_UNDER_MASTER)
    shared: dict[int, str] = {}
    own, above = [], []
    columns = zip(
        load.unit.tolist(), mode.tolist(), under.tolist(), load.alone.tolist(), load.laden.tolist(), strict=True
    )
    for row, (unit, by, house, alone, laden) in enumerate(columns):
        if not laden:
            lowest, master = "", ""
        elif by == SEA:
            lowest = f"H{numbers[row]}" if house else f"M{masters[row]}"
            master = "M" + shared.setdefault(unit, masters[row]) if house else ""
        elif by == AIR:
            lowest = waybills[row] if alone else f"HW{numbers[row]}"
            master = "" if alone else waybills[row]
        else:
            lowest, master = f"{'PX' if by == PARCEL else 'CMR'}{numbers[row]}", ""
        own.append(lowest)
        above.append(master)
    return tuple(own), tuple(above)


def _ucrs(draws: Draws, stated: Flags, receivers: list[str]) -> tuple[str, ...]:
    """Declaration UCRs: a digit for the year, the consignee's EORI number, the trader's own reference."""
    references = draws.codes("unique references", len(receivers), 11, ALPHANUMERIC)
    rows = zip(stated.tolist(), receivers, references, strict=True)
    return tuple(f"6{receiver}-{reference}" if says else "" for says, receiver, reference in rows)
