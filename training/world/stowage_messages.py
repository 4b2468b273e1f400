"""Stowage: the order to load each call's containers, and the bay plan when the vessel has left the port of loading.

A bay plan lists all that is aboard: beside what comes here, containers bound elsewhere, some of them empty.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from aftc.clock import HOUR, MINUTE
from aftc.records import BayPlan, ContainerOrder, OrderKind, VoyageContainer
from training.world.cargo_aboard import TARE_G, Aboard, aboard
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.simulation import Arrivals
from training.world.voyages import container_number

__all__ = ["stowage_dispatches"]

_ORDERED = (12, 48)  # hours before departure
_IN_PORT = (8, 30)  # hours
_PLANNED = (1, 6)  # hours after departure
_ELSEWHERE = ("NLRTM", "BEANR", "DEHAM", "FRLEH")
_THROUGH = (4, 16)  # containers of a call that are bound elsewhere
_EMPTY = 0.3  # share of those
_SERIALS = 10**6
_GOODS_G = (4_000_000, 24_000_000)  # in those that are not
_BAYS, _ROWS, _TIERS = 40, 12, 8


def stowage_dispatches(cast: Cast, arrivals: Arrivals) -> Iterator[Dispatch]:
    """All loading orders and bay plans of all calls, in no order of time."""
    draws, calls = arrivals.draws, arrivals.traffic.calls
    rng, count = draws.of("stowage messages"), len(calls.voyage)
    names, references = draws.codes("stowage names", 2 * count, 12), draws.codes("stowage", 2 * count, 11)
    waits, held = delays(rng, 2 * count).tolist(), aboard(cast, arrivals)
    leads, stays, after = (rng.integers(*hours, count).tolist() for hours in (_ORDERED, _IN_PORT, _PLANNED))
    for call in range(count):
        through = _through(cast, arrivals, call, rng)
        about = tuple(paper.document for paper in held.papers[call])
        if not about:
            continue
        order = _order(cast, arrivals, call, references[call], held, leads[call], stays[call])
        yield Dispatch("coprar", names[call], (order.prepared_at or 0) + waits[call], order, about)
        place, containers = count + call, (*held.containers[call], *through)
        stowed = map(_stowed, containers, _cells(rng, len(containers)))
        plan = replace(_plan(cast, arrivals, call, references[place], after[call]), containers=tuple(stowed))
        yield Dispatch("baplie", names[place], (plan.prepared_at or 0) + waits[place], plan, about)


def _order(
    cast: Cast, arrivals: Arrivals, call: int, reference: str, held: Aboard, lead: int, stay: int
) -> ContainerOrder:
    calls, carriers = arrivals.traffic.calls, cast.carriers
    vessel, departure = int(calls.vessel[call]), int(calls.departure[call]) // MINUTE * MINUTE
    containers = tuple(held.containers[call])
    return ContainerOrder(
        reference=reference,
        kind=OrderKind.LOADING,
        function="9",
        prepared_at=departure - lead * HOUR,
        carrier=carriers.owners[int(carriers.operator[vessel])],
        voyage=calls.voyage[call],
        loading_voyage=None,
        vessel_imo=carriers.imo[vessel],
        vessel_call_sign=carriers.call_sign[vessel],
        vessel_name=carriers.vessel[vessel],
        port=calls.load_port[call],
        arrival=departure - stay * HOUR,
        departure=departure,
        total_containers=len(containers),
        containers=containers,
    )


def _plan(cast: Cast, arrivals: Arrivals, call: int, reference: str, after: int) -> BayPlan:
    calls, carriers = arrivals.traffic.calls, cast.carriers
    vessel, departure = int(calls.vessel[call]), int(calls.departure[call]) // MINUTE * MINUTE
    return BayPlan(
        reference=reference,
        function="9",
        prepared_at=departure + after * HOUR,
        carrier=carriers.owners[int(carriers.operator[vessel])],
        voyage=calls.voyage[call],
        loading_voyage=None,
        vessel_imo=carriers.imo[vessel],
        vessel_call_sign=carriers.call_sign[vessel],
        vessel_name=carriers.vessel[vessel],
        port=calls.load_port[call],
        next_port=calls.discharge_port[call],
        departure=departure,
        arrival=int(calls.arrival[call]),
        containers=(),
    )


def _through(cast: Cast, arrivals: Arrivals, call: int, rng: np.random.Generator) -> list[VoyageContainer]:
    """Containers bound elsewhere."""
    calls, carriers = arrivals.traffic.calls, cast.carriers
    owner = carriers.owners[int(carriers.operator[int(calls.vessel[call])])]
    count = int(rng.integers(*_THROUGH))
    serials = rng.choice(_SERIALS, count, replace=False).tolist()
    ports, empty = rng.integers(0, len(_ELSEWHERE), count).tolist(), (rng.random(count) < _EMPTY).tolist()
    goods = (rng.integers(*_GOODS_G, count) // 1_000 * 1_000).tolist()
    return [
        VoyageContainer(
            number=container_number(owner, serial),
            size_type="42G1",
            laden=not empty[each],
            gross_mass_g=TARE_G["4"] if empty[each] else None,
            verified_mass_g=None if empty[each] else TARE_G["4"] + goods[each],
            load_port=calls.load_port[call],
            discharge_port=_ELSEWHERE[ports[each]],
            carrier=owner,
        )
        for each, serial in enumerate(serials)
    ]


def _cells(rng: np.random.Generator, count: int) -> list[str]:
    """Cells of a vessel, none of them twice: bay, row and tier."""
    places = rng.choice(_BAYS * _ROWS * _TIERS, count, replace=False).tolist()
    return [
        f"{1 + 2 * (place // (_ROWS * _TIERS)):03d}{place // _TIERS % _ROWS:02d}{2 + 2 * (place % _TIERS):02d}"
        for place in places
    ]


def _stowed(container: VoyageContainer, cell: str) -> VoyageContainer:
    """A container in its cell; a bay plan states no bookings."""
    return replace(container, position=cell, booking=None)
