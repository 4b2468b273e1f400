"""Deep-sea voyages: vessel calls at British ports, and the containers they land.

One call stands for one vessel's containers from one port of loading: that is what one manifest reports.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np

from aftc.clock import DAY, HOUR, MINUTE
from aftc.records import Party
from aftc.reference.ports import PORTS, distance_km
from training.world.crossings import arrival_days
from training.world.draws import ALPHANUMERIC, Draws, codes, weighted
from training.world.lanes import SEA_PORTS, Lanes
from training.world.naming import companies, container_numbers, imo_numbers, vessel_names
from training.world.parameters import Flags, Ints, Words, WorldParameters

__all__ = ["Boxes", "Calls", "Carriers", "make_boxes", "make_calls", "make_carriers"]

_OWNERS = ("MRT", "OSK", "TVL", "ZNH", "BRK")  # owner codes of the invented lines' containers
_BILLS_A_CALL = 28
_SEA_SPEED_KM_A_DAY = 800  # about 18 knots with port time
_REUSED = 0.15  # share of containers that were here before, once there are any
_AWAY = 20 * DAY  # a container returns no sooner than this


@dataclass(frozen=True, slots=True)
class Carriers:
    """Shipping lines and their vessels; `operator` gives each vessel's line."""

    parties: tuple[Party, ...]
    owners: tuple[str, ...]
    imo: tuple[str, ...]
    call_sign: tuple[str, ...]
    vessel: tuple[str, ...]
    operator: Ints


@dataclass(frozen=True, slots=True)
class Calls:
    """Columns of the vessel calls: vessel index, voyage number, ports (UN/LOCODE), instants."""

    vessel: Ints
    voyage: tuple[str, ...]
    load_port: tuple[str, ...]
    discharge_port: tuple[str, ...]
    departure: Ints
    arrival: Ints


@dataclass(frozen=True, slots=True)
class Boxes:
    """Columns of the container units: the call that lands each, its lane, its number, size and type (ISO 6346)."""

    call: Ints
    lane: Ints
    number: tuple[str, ...]
    size_type: tuple[str, ...]


def make_carriers(draws: Draws, parameters: WorldParameters) -> Carriers:
    """Five invented lines and enough vessels for the calls."""
    rng = draws.of("carriers")
    vessels = max(len(_OWNERS), parameters.consignments // 250)
    return Carriers(
        parties=tuple(companies(rng, ["DE", "HK", "NL", "CN", "FR"], hauliers=True)),
        owners=_OWNERS,
        imo=tuple(imo_numbers(rng, vessels)),
        call_sign=tuple(codes(rng, vessels, 5, ALPHANUMERIC)),
        vessel=tuple(vessel_names(rng, vessels)),
        operator=np.arange(vessels) % len(_OWNERS),
    )


def make_calls(draws: Draws, parameters: WorldParameters, lanes: Lanes, carriers: Carriers, consignments: int) -> Calls:
    """Calls from every port of loading in proportion to its lanes' volume, at least one each."""
    rng = draws.of("calls")
    volume: dict[str, float] = defaultdict(float)
    for port, weight in zip(lanes.load_port, lanes.weight.tolist(), strict=True):
        if port:
            volume[port] += weight
    total = sum(volume.values())
    calls = max(1, consignments // _BILLS_A_CALL)
    load = [port for port in sorted(volume) for _ in range(max(1, round(calls * volume[port] / total)))]
    discharge = [
        SEA_PORTS[pick].code for pick in rng.choice(len(SEA_PORTS), len(load), p=(0.45, 0.25, 0.2, 0.1)).tolist()
    ]
    moment = rng.integers(0, 24 * 4, len(load)) * 15 * MINUTE
    arrival = parameters.origin + arrival_days(rng, parameters, len(load)) * DAY + moment
    sailing = [
        distance_km(PORTS[a], PORTS[b]) * 1.25 / _SEA_SPEED_KM_A_DAY for a, b in zip(load, discharge, strict=True)
    ]
    departure = arrival - np.array([int(days * 24) * HOUR for days in sailing], dtype=np.int64)
    numbers = codes(rng, len(load), 4, "0123456789")
    return Calls(
        vessel=rng.integers(0, len(carriers.imo), len(load)),
        voyage=tuple(f"{number}{'NE'[index % 2]}" for index, number in enumerate(numbers)),
        load_port=tuple(load),
        discharge_port=tuple(discharge),
        departure=departure,
        arrival=arrival,
    )


def make_boxes(
    draws: Draws, lanes: Lanes, calls: Calls, carriers: Carriers, reefer_lanes: Flags, load_of_box: Ints
) -> Boxes:
    """Container units; each load is drawn from a lane and put, with all its boxes, on a call from its port.

    Args:
        draws: Source of the draws.
        lanes: The lanes.
        calls: The vessel calls.
        carriers: The lines.
        reefer_lanes: bool [lanes], whether the goods travel refrigerated.
        load_of_box: int64 [boxes], load of each box, counted from 0 and rising.
    """
    rng = draws.of("boxes")
    loads = int(load_of_box[-1]) + 1
    sea = np.flatnonzero(lanes.by_sea)
    lane = sea[weighted(rng, lanes.weight[sea], loads)]
    calling: dict[str, list[int]] = defaultdict(list)
    for index, port in enumerate(calls.load_port):
        calling[port].append(index)
    choices = [calling[lanes.load_port[each]] for each in lane.tolist()]
    picks = rng.random(loads).tolist()
    call = np.array([each[int(pick * len(each))] for each, pick in zip(choices, picks, strict=True)])[load_of_box]
    lane = lane[load_of_box]
    dry = np.array(["22G1", "42G1", "45G1"])[rng.integers(0, 3, loads)][load_of_box]
    size = np.where(reefer_lanes[lane], "45R1", dry)
    owners = [carriers.owners[each] for each in carriers.operator[calls.vessel[call]].tolist()]
    number = _with_returns(rng, container_numbers(rng, owners), calls.arrival[call], owners, size)
    return Boxes(call, lane, tuple(number), tuple(size.tolist()))


def _with_returns(
    rng: np.random.Generator, fresh: list[str], arrival: Ints, owners: list[str], size: Words
) -> list[str]:
    """A share of the containers came before: it takes the number of one like it, landed twenty days earlier."""
    number = list(fresh)
    alike: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    picks = rng.random(len(fresh)).tolist()
    for row in np.argsort(arrival, kind="stable").tolist():
        landed = alike[owners[row], str(size[row])]
        if picks[row] < _REUSED and landed and arrival[landed[0]] <= arrival[row] - _AWAY:
            number[row] = number[landed.popleft()]
        landed.append(row)
    return number
