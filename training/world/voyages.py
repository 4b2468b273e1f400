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
from training.world.draws import ALPHANUMERIC, Draws, codes, permuted
from training.world.lanes import SEA_PORTS
from training.world.lives import arrival_days
from training.world.naming import companies, imo_numbers, iso6346_digit, vessel_names
from training.world.parameters import Flags, Ints, Words, WorldParameters

__all__ = ["Boxes", "Calls", "Carriers", "Depot", "make_boxes", "make_calls", "make_carriers"]

_OWNERS = ("MRT", "OSK", "TVL", "ZNH", "BRK")  # owner codes of the invented lines' containers
_LOADS_A_CALL = 22
_CONSIGNMENTS_A_VESSEL = 125  # a month, all ways counted
_SEA_PORT_SHARES = (0.45, 0.25, 0.2, 0.1)  # of the calls, in the order of `SEA_PORTS`
_SEA_SPEED_KM_A_DAY = 800  # about 18 knots with port time
_DETOUR = 1.25  # way by sea over the great circle
_REUSED = 0.15  # share of containers that were here before, once there are any
_SERIALS = 10**6  # of one owner's containers
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
    vessels = max(len(_OWNERS), round(parameters.monthly / _CONSIGNMENTS_A_VESSEL))
    return Carriers(
        parties=tuple(companies(rng, ["DE", "HK", "NL", "CN", "FR"], hauliers=True)),
        owners=_OWNERS,
        imo=tuple(imo_numbers(rng, vessels)),
        call_sign=tuple(codes(rng, vessels, 5, ALPHANUMERIC)),
        vessel=tuple(vessel_names(rng, vessels)),
        operator=np.arange(vessels) % len(_OWNERS),
    )


def make_calls(
    draws: Draws, parameters: WorldParameters, week: int, carriers: Carriers, load_ports: list[str]
) -> tuple[Calls, Ints]:
    """Calls of a week, as many from each port as its loads need, and the call that lands each load."""
    rng = draws.of("calls")
    waiting: dict[str, list[int]] = defaultdict(list)
    for load, port in enumerate(load_ports):
        waiting[port].append(load)
    call_of = np.zeros(len(load_ports), dtype=np.int64)
    loaded: list[str] = []
    for port in sorted(waiting):
        needed = max(1, round(len(waiting[port]) / _LOADS_A_CALL))
        call_of[waiting[port]] = len(loaded) + rng.integers(0, needed, len(waiting[port]))
        loaded.extend([port] * needed)
    count = len(loaded)
    discharge = [SEA_PORTS[pick].code for pick in rng.choice(len(SEA_PORTS), count, p=_SEA_PORT_SHARES).tolist()]
    moment = rng.integers(0, 24 * 4, count) * 15 * MINUTE
    arrival = parameters.origin + arrival_days(rng, parameters, week, count) * DAY + moment
    sailing = [
        distance_km(PORTS[a], PORTS[b]) * _DETOUR / _SEA_SPEED_KM_A_DAY for a, b in zip(loaded, discharge, strict=True)
    ]
    numbers = rng.integers(0, 10_000, count).tolist()
    calls = Calls(
        vessel=rng.integers(0, len(carriers.imo), count),
        voyage=tuple(f"{number:04d}{'NE'[index % 2]}" for index, number in enumerate(numbers)),
        load_port=tuple(loaded),
        discharge_port=tuple(discharge),
        departure=arrival - np.array([int(days * 24) * HOUR for days in sailing], dtype=np.int64),
        arrival=arrival,
    )
    return calls, call_of


class Depot:
    """Containers that were here, remembered from week to week: some come again."""

    def __init__(self, draws: Draws) -> None:
        self._key = draws.key("containers")
        self._made = 0
        self._landed: dict[tuple[str, str], deque[tuple[int, str]]] = defaultdict(deque)

    def numbers(self, rng: np.random.Generator, arrival: Ints, owners: list[str], size: Words) -> list[str]:
        """A number for each container, in order of arrival: that of one like it which is back, or a new one."""
        serials = permuted((self._made + np.arange(len(owners))) % _SERIALS, _SERIALS, self._key).tolist()
        self._made += len(owners)
        picks = rng.random(len(owners)).tolist()
        found = [""] * len(owners)
        for row in np.argsort(arrival, kind="stable").tolist():
            landed, now = self._landed[owners[row], str(size[row])], int(arrival[row])
            if picks[row] < _REUSED and landed and landed[0][0] <= now - _AWAY:
                found[row] = landed.popleft()[1]
            else:
                found[row] = container_number(owners[row], serials[row])
            landed.append((now, found[row]))
        return found


def container_number(owner: str, serial: int) -> str:
    """ISO 6346 number of an owner's container (three letters, serial below a million)."""
    stem = f"{owner}U{serial:06d}"
    return f"{stem}{iso6346_digit(stem)}"


def make_boxes(
    draws: Draws,
    lane: Ints,
    reefer_lanes: Flags,
    calls: Calls,
    call_of_load: Ints,
    carriers: Carriers,
    load_of_box: Ints,
    depot: Depot,
) -> Boxes:
    """Container units of a week's loads.

    Args:
        draws: Of the week.
        lane: int64 [loads], whose run each is.
        reefer_lanes: bool [lanes], whether the goods travel refrigerated.
        calls: The vessel calls.
        call_of_load: int64 [loads], which lands it, with all its boxes.
        carriers: The lines.
        load_of_box: int64 [boxes], load of each box, counted from 0 and rising.
        depot: Containers that were here; changed.
    """
    rng = draws.of("boxes")
    call, lane_of_box = call_of_load[load_of_box], lane[load_of_box]
    dry = np.array(["22G1", "42G1", "45G1"])[rng.integers(0, 3, len(lane))][load_of_box]
    size = np.where(reefer_lanes[lane_of_box], "45R1", dry)
    owners = [carriers.owners[each] for each in carriers.operator[calls.vessel[call]].tolist()]
    number = depot.numbers(rng, calls.arrival[call], owners, size)
    return Boxes(call, lane_of_box, tuple(number), tuple(size.tolist()))
