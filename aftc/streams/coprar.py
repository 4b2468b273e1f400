"""Container discharge or loading order COPRAR, D95B and later releases: what a terminal is to load or to discharge.

Each EQD opens a container; what follows belongs to it, and what precedes all of them to the vessel's call. Times are
read in the clock of the port where the order is carried out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aftc.clock import to_datetime
from aftc.records import ContainerOrder, OrderKind, VoyageContainer
from aftc.streams.bounds import MOST_CONTAINERS, bound
from aftc.streams.edifact import Envelope, Segment, write_interchange
from aftc.streams.edifact_parts import begins_with, document_of, messages_of, places, time_of, write_place, write_time
from aftc.streams.values import Flags, reference, whole_number
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

NAME, KIND = "coprar", "COPRAR"

# UN/EDIFACT 1001: the codes of D95B's practice, then those of later directories; 3227: where each is carried out.
KINDS = {
    "45": OrderKind.LOADING,
    "43": OrderKind.DISCHARGE,
    "121": OrderKind.LOADING,
    "118": OrderKind.DISCHARGE,
}
PORTS = {OrderKind.LOADING: "9", OrderKind.DISCHARGE: "11"}
PREPARED, ARRIVAL, DEPARTURE = ("137",), ("178", "132"), ("136", "133")  # 2005: actual before estimated
CONTAINERS = "16"  # 6069: number of equipment
_ORDER = ("equipment", "reference", "place", "mass", "temperature", "seal", "text", "hazard", "operator")


def sniff(head: bytes) -> bool:
    """Whether the first bytes begin an interchange whose first message is a COPRAR."""
    return begins_with(head, KIND)


def parse(raw: bytes) -> tuple[ContainerOrder, ...]:
    """The orders of an interchange.

    Raises:
        MalformedMessage: broken syntax or counts, another message type among them, or no document number.
        OversizeMessage: too many messages, segments or containers.
    """
    return tuple(_order(envelope) for envelope in messages_of(raw, KIND))


def _order(envelope: Envelope) -> ContainerOrder:
    flags = Flags(envelope.flags)
    head, boxes, count = _sections(envelope.segments)
    bound(len(boxes), MOST_CONTAINERS, "containers")
    document, number = document_of(head, flags)
    kind = KINDS.get(document.at(0) or "")
    if kind is None:
        flags.add("BGM/1001", "neither a loading nor a discharging order", document.at(0))
    where = places(head, flags)
    port = where.get(PORTS[kind]) if kind else where.get("9") or where.get("11")
    vessel = read_vessel(head, flags)
    return ContainerOrder(
        reference=number,
        kind=kind,
        function=flags.take("BGM/1225", reference, document.at(2)),
        prepared_at=time_of(head, PREPARED, port, flags),
        carrier=vessel.carrier,
        voyage=vessel.voyage,
        loading_voyage=loading_voyage(head, flags),
        vessel_imo=vessel.imo,
        vessel_call_sign=vessel.call_sign,
        vessel_name=vessel.name,
        port=port,
        arrival=time_of(head, ARRIVAL, port, flags),
        departure=time_of(head, DEPARTURE, port, flags),
        total_containers=flags.take("CNT+16/6066", whole_number, count),
        containers=tuple(container for box in boxes for container in read_containers(box, flags)),
        flags=flags.sealed(),
    )


def _sections(segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]], str | None]:
    """Segments of the vessel's call, those of each container, and the number of containers as stated."""
    head: list[Segment] = []
    boxes: list[list[Segment]] = []
    current, count = head, None
    for segment in segments:
        if segment.tag == "CNT":
            count = segment.at(0, 1) if segment.at(0) == CONTAINERS else count
            continue
        if segment.tag == "EQD":
            current = []
            boxes.append(current)
        current.append(segment)
    return head, boxes, count


def build(order: ContainerOrder) -> bytes:
    """The message of a record, D95B; `parse` gives it back, but for flags and fractions of a second."""
    prepared = to_datetime(order.prepared_at or order.departure or 0).strftime("%y%m%d:%H%M")
    return write_interchange(
        KIND, "D95B", _written(order), reference=order.reference[-14:].strip() or "1", prepared=prepared
    )


def _written(order: ContainerOrder) -> Iterator[Segment]:
    vessel = Vessel(order.voyage, order.vessel_imo, order.vessel_call_sign, order.vessel_name, order.carrier)
    code = next((code for code, kind in KINDS.items() if kind is order.kind), "")
    yield Segment("BGM", ((code,), (order.reference,), (order.function or "",)))
    yield from write_time("137", order.prepared_at, order.port)
    yield write_vessel(vessel)
    yield from write_loading_voyage(order.loading_voyage)
    yield from write_call_sign(vessel)
    yield from write_place(PORTS[order.kind] if order.kind else "9", order.port)
    yield from write_time("132", order.arrival, order.port)
    yield from write_time("133", order.departure, order.port)
    for container in order.containers:
        yield from _written_box(container)
    if order.total_containers is not None:
        yield Segment("CNT", ((CONTAINERS, str(order.total_containers)),))


def _written_box(container: VoyageContainer) -> Iterator[Segment]:
    parts = list(written_container(container))
    for about in _ORDER:
        yield from (segment for what, segment in parts if what == about)
    if container.position is not None:
        yield Segment("LOC", ((CELL,), (container.position, "", "5")))
