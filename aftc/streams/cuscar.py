"""Customs cargo report CUSCAR, D95B and later releases: one vessel call, its bills of lading and its containers.

The groups are told apart by the segments that open them: CNI (or, under one CNI, the next bill's RFF) opens a bill,
EQD a container; what follows belongs to it, and what precedes both to the vessel call. Masses are grams in the
record; local times are read in the zone of the port they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aftc.clock import to_datetime
from aftc.records import Equipment, Manifest
from aftc.streams.bounds import MOST_BILLS, bound
from aftc.streams.cuscar_bills import by_bill, read_bill, write_bill
from aftc.streams.edifact import Envelope, Segment, write_interchange
from aftc.streams.edifact_equipment import fullness, goods_mass, seals, write_equipment, write_gross_mass, write_seals
from aftc.streams.edifact_parts import (
    begins_with,
    document_of,
    messages_of,
    party,
    places,
    time_of,
    write_party,
    write_place,
    write_time,
)
from aftc.streams.values import Flags, reference
from aftc.streams.vessels import Vessel, read_vessel, write_call_sign, write_vessel

__all__ = ["NAME", "build", "parse", "sniff"]

NAME, KIND = "cuscar", "CUSCAR"

PREPARED, DEPARTURE, ARRIVAL = ("137",), ("136", "133"), ("178", "132")  # 2005: actual before estimated


def sniff(head: bytes) -> bool:
    """Whether the first bytes begin an interchange whose first message is a CUSCAR."""
    return begins_with(head, KIND)


def parse(raw: bytes) -> tuple[Manifest, ...]:
    """The manifests of an interchange.

    Raises:
        MalformedMessage: broken syntax or counts, another message type among them, or no document number.
        OversizeMessage: too many messages, segments or bills.
    """
    return tuple(_manifest(envelope) for envelope in messages_of(raw, KIND))


def _manifest(envelope: Envelope) -> Manifest:
    flags = Flags(envelope.flags)
    head, consignments, containers = _sections(envelope.segments)
    document, number = document_of(head, flags)
    bills = [bill for consignment in consignments for bill in by_bill(consignment)]
    bound(len(bills), MOST_BILLS, "bills")
    where = places(head, flags)
    vessel = read_vessel(head, flags)
    return Manifest(
        reference=number,
        function=flags.take("BGM/1225", reference, document.at(2)),
        prepared_at=time_of(head, PREPARED, where.get("11"), flags),
        carrier=party(head, ("CA",), flags),
        voyage=vessel.voyage,
        vessel_imo=vessel.imo,
        vessel_call_sign=vessel.call_sign,
        vessel_name=vessel.name,
        load_port=where.get("9"),
        discharge_port=where.get("11"),
        departure=time_of(head, DEPARTURE, where.get("9"), flags),
        arrival=time_of(head, ARRIVAL, where.get("11"), flags),
        bills=tuple(read_bill(bill, flags) for bill in bills),
        equipment=tuple(_equipment(containers, flags)),
        flags=flags.sealed(),
    )


def _sections(segments: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]], list[list[Segment]]]:
    """Segments of the vessel call, of each consignment, of each container."""
    head: list[Segment] = []
    consignments: list[list[Segment]] = []
    containers: list[list[Segment]] = []
    current = head
    for segment in segments:
        if segment.tag == "CNI":
            current = []
            consignments.append(current)
        elif segment.tag == "EQD":
            current = []
            containers.append(current)
        current.append(segment)
    return head, consignments, containers


def _equipment(containers: list[list[Segment]], flags: Flags) -> Iterator[Equipment]:
    for segments in containers:
        eqd = segments[0]
        number = flags.take("EQD/8260", reference, eqd.at(1))
        if eqd.at(0) != "CN" or number is None:
            flags.add("EQD", "not a container with a number", eqd.at(0))
            continue
        yield Equipment(
            number=number,
            size_type=flags.take("EQD/8155", reference, eqd.at(2)),
            laden=fullness(eqd, flags),
            gross_mass_g=goods_mass(segments, flags),
            seals=seals(segments, flags),
        )


def build(manifest: Manifest) -> bytes:
    """The message of a record, D95B; `parse` gives it back, but for flags and fractions of a second."""
    prepared = to_datetime(manifest.prepared_at or manifest.departure or manifest.arrival or 0).strftime("%y%m%d:%H%M")
    return write_interchange(
        KIND, "D95B", _written(manifest), reference=manifest.reference[-14:].strip() or "1", prepared=prepared
    )


def _written(manifest: Manifest) -> Iterator[Segment]:
    yield Segment("BGM", (("85",), (manifest.reference,), (manifest.function or "",)))
    yield from write_time("137", manifest.prepared_at, manifest.discharge_port)
    vessel = Vessel(manifest.voyage, manifest.vessel_imo, manifest.vessel_call_sign, manifest.vessel_name)
    yield from write_call_sign(vessel)
    yield from write_party("CA", manifest.carrier)
    yield write_vessel(vessel)
    yield from write_place("9", manifest.load_port)
    yield from write_time("133", manifest.departure, manifest.load_port)
    yield from write_place("11", manifest.discharge_port)
    yield from write_time("132", manifest.arrival, manifest.discharge_port)
    for number, bill in enumerate(manifest.bills, start=1):
        yield from write_bill(number, bill)
    for container in manifest.equipment:
        yield from _written_equipment(container)


def _written_equipment(container: Equipment) -> Iterator[Segment]:
    yield write_equipment(container.number, container.size_type, container.laden)
    yield from write_gross_mass(container.gross_mass_g)
    yield from write_seals(container.seals)
