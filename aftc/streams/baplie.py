"""Bay plan BAPLIE, D95B and later releases: the containers aboard a vessel that leaves a port, and where they stand.

Each LOC+147 opens a stowage cell; what follows belongs to the container in it, and what precedes all cells to the
vessel. Times are read in the clock of the port that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aftc.clock import to_datetime
from aftc.records import BayPlan, VoyageContainer
from aftc.streams.bounds import MOST_CONTAINERS, bound
from aftc.streams.edifact import Envelope, Segment, write_interchange
from aftc.streams.edifact_parts import begins_with, document_of, messages_of, places, time_of, write_place, write_time
from aftc.streams.values import Flags, reference
from aftc.streams.vessels import (
    Vessel,
    loading_voyage,
    read_vessel,
    write_call_sign,
    write_loading_voyage,
    write_vessel,
)
from aftc.streams.voyage_containers import CELL, read_containers, written_container

__all__ = ["NAME", "build", "parse", "sniff"]

NAME, KIND = "baplie", "BAPLIE"

PORT, NEXT_PORT = "5", "61"  # UN/EDIFACT 3227: place of departure, next port of call
PREPARED, DEPARTURE, ARRIVAL = ("137",), ("136", "133"), ("132",)  # 2005: actual before estimated
_ORDER = ("text", "mass", "temperature", "place", "reference", "equipment", "operator", "hazard", "seal")


def sniff(head: bytes) -> bool:
    """Whether the first bytes begin an interchange whose first message is a BAPLIE."""
    return begins_with(head, KIND)


def parse(raw: bytes) -> tuple[BayPlan, ...]:
    """The bay plans of an interchange.

    Raises:
        MalformedMessage: broken syntax or counts, another message type among them, or no document number.
        OversizeMessage: too many messages, segments or containers.
    """
    return tuple(_plan(envelope) for envelope in messages_of(raw, KIND))


def _plan(envelope: Envelope) -> BayPlan:
    flags = Flags(envelope.flags)
    head, cells = _sections(envelope.segments)
    bound(len(cells), MOST_CONTAINERS, "containers")
    document, number = document_of(head, flags)
    where = places(head, flags)
    vessel = read_vessel(head, flags)
    return BayPlan(
        reference=number,
        function=flags.take("BGM/1225", reference, document.at(2)),
        prepared_at=time_of(head, PREPARED, where.get(PORT), flags),
        carrier=vessel.carrier,
        voyage=vessel.voyage,
        loading_voyage=loading_voyage(head, flags),
        vessel_imo=vessel.imo,
        vessel_call_sign=vessel.call_sign,
        vessel_name=vessel.name,
        port=where.get(PORT),
        next_port=where.get(NEXT_PORT),
        departure=time_of(head, DEPARTURE, where.get(PORT), flags),
        arrival=time_of(head, ARRIVAL, where.get(NEXT_PORT), flags),
        containers=tuple(container for cell in cells for container in read_containers(cell, flags)),
        flags=flags.sealed(),
    )


def _sections(segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """Segments of the vessel, and of each stowage cell."""
    head: list[Segment] = []
    cells: list[list[Segment]] = []
    current = head
    for segment in segments:
        if segment.tag == "LOC" and segment.at(0) == CELL:
            current = []
            cells.append(current)
        current.append(segment)
    return head, cells


def build(plan: BayPlan) -> bytes:
    """The message of a record, D95B; `parse` gives it back, but for flags and fractions of a second."""
    prepared = to_datetime(plan.prepared_at or plan.departure or 0).strftime("%y%m%d:%H%M")
    return write_interchange(
        KIND, "D95B", _written(plan), reference=plan.reference[-14:].strip() or "1", prepared=prepared
    )


def _written(plan: BayPlan) -> Iterator[Segment]:
    vessel = Vessel(plan.voyage, plan.vessel_imo, plan.vessel_call_sign, plan.vessel_name, plan.carrier)
    yield Segment("BGM", ((), (plan.reference,), (plan.function or "",)))
    yield from write_time("137", plan.prepared_at, plan.port)
    yield write_vessel(vessel)
    yield from write_place(PORT, plan.port)
    yield from write_place(NEXT_PORT, plan.next_port)
    yield from write_time("133", plan.departure, plan.port)
    yield from write_time("132", plan.arrival, plan.next_port)
    yield from write_loading_voyage(plan.loading_voyage)
    yield from write_call_sign(vessel)
    for container in plan.containers:
        yield from _written_cell(container)


def _written_cell(container: VoyageContainer) -> Iterator[Segment]:
    yield Segment("LOC", ((CELL,), (container.position or "", "", "5")))
    parts = list(written_container(container))
    for about in _ORDER:
        yield from (segment for what, segment in parts if what == about)
