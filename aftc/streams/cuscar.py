"""Customs cargo report CUSCAR, D95B and later releases: one vessel call, its bills of lading and its containers.

The groups are told apart by the segments that open them: CNI (or, under one CNI, the next bill's RFF) opens a bill,
EQD a container; what follows belongs to it, and what precedes both to the vessel call. Masses are grams in the
record; local times are read in the zone of the port they are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aftc.clock import to_datetime
from aftc.errors import MalformedMessage
from aftc.records import Equipment, Manifest, Seal
from aftc.streams.bounds import MOST_BILLS, bound
from aftc.streams.cuscar_bills import by_bill, read_bill, write_bill
from aftc.streams.cuscar_segments import (
    gross_mass,
    party,
    places,
    time_of,
    write_gross_mass,
    write_party,
    write_place,
    write_time,
)
from aftc.streams.edifact import (
    Envelope,
    Segment,
    looks_like_edifact,
    message_type,
    read_interchange,
    write_interchange,
)
from aftc.streams.values import Flags, reference, text

__all__ = ["NAME", "build", "parse", "sniff"]

NAME = "cuscar"

# UN/EDIFACT 1131: code lists of the vessel's identity in TDT.
CALL_SIGN, VESSEL_NUMBER, LLOYDS = "103", "146", "11"
FULLNESS = {"4": False, "5": True}  # 8169
DEPARTURE, ARRIVAL = ("136", "133"), ("178", "132")  # 2005: actual before estimated

_IMO = re.compile(r"(?:IMO ?)?([0-9]{7})")


def sniff(head: bytes) -> bool:
    """Whether the first bytes begin an interchange whose first message is a CUSCAR."""
    found = message_type(head) if looks_like_edifact(head) else None
    return found is not None and found[0] == "CUSCAR"


def parse(raw: bytes) -> tuple[Manifest, ...]:
    """The manifests of an interchange.

    Raises:
        MalformedMessage: broken syntax or counts, another message type among them, or no document number.
        OversizeMessage: too many messages, segments or bills.
    """
    envelopes = read_interchange(raw)
    for envelope in envelopes:
        if envelope.kind != "CUSCAR":
            raise MalformedMessage("an interchange of CUSCAR alone", envelope.kind or "a message without type")
    return tuple(_manifest(envelope) for envelope in envelopes)


@dataclass(frozen=True, slots=True)
class _Vessel:
    voyage: str | None = None
    imo: str | None = None
    call_sign: str | None = None
    name: str | None = None


def _manifest(envelope: Envelope) -> Manifest:
    flags = Flags(envelope.flags)
    head, consignments, containers = _sections(envelope.segments)
    document = next((each for each in head if each.tag == "BGM"), None)
    if document is None or not (number := flags.take("BGM/1004", reference, document.at(1))):
        raise MalformedMessage("BGM with the document number", "none" if document is None else str(document.at(1)))
    bills = [bill for consignment in consignments for bill in by_bill(consignment)]
    bound(len(bills), MOST_BILLS, "bills")
    where = places(head, flags)
    vessel = _vessel(head, flags)
    return Manifest(
        reference=number,
        function=flags.take("BGM/1225", reference, document.at(2)),
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


def _vessel(head: Sequence[Segment], flags: Flags) -> _Vessel:
    legs = [each for each in head if each.tag == "TDT"]
    leg = next((each for each in legs if each.at(0) == "20"), legs[0] if legs else None)
    if leg is None:
        return _Vessel()
    identity = flags.take("TDT/8213", reference, leg.at(7))
    imo = _imo(identity, leg.at(7, 1), leg.at(7, 2))
    call_sign = None if imo else identity
    for rff in (each for each in head if each.tag == "RFF" and each.at(0) == "VM"):
        named = flags.take("RFF+VM/1154", reference, rff.at(0, 1))
        if call_sign is None:
            call_sign = named
        elif imo is None:
            imo = _imo(named, None, None)
    return _Vessel(
        voyage=flags.take("TDT/8028", reference, leg.at(1)),
        imo=imo,
        call_sign=call_sign,
        name=flags.take("TDT/8212", text, leg.at(7, 3)),
    )


def _imo(identity: str | None, code_list: str | None, agency: str | None) -> str | None:
    """The IMO number in a vessel's identity, where that is what it is."""
    number = _IMO.fullmatch(identity or "")
    if number is None or code_list == CALL_SIGN:
        return identity if code_list == VESSEL_NUMBER or agency == LLOYDS else None
    return number[1]


def _equipment(containers: list[list[Segment]], flags: Flags) -> Iterator[Equipment]:
    for segments in containers:
        eqd = segments[0]
        number = flags.take("EQD/8260", reference, eqd.at(1))
        if eqd.at(0) != "CN" or number is None:
            flags.add("EQD", "not a container with a number", eqd.at(0))
            continue
        if eqd.at(5) not in (None, *FULLNESS):
            flags.add("EQD/8169", "neither empty nor full", eqd.at(5))
        yield Equipment(
            number=number,
            size_type=flags.take("EQD/8155", reference, eqd.at(2)),
            laden=FULLNESS.get(eqd.at(5) or ""),
            gross_mass_g=gross_mass(segments, flags),
            seals=tuple(_seals(segments, flags)),
        )


def _seals(segments: Sequence[Segment], flags: Flags) -> Iterator[Seal]:
    for sel in (each for each in segments if each.tag == "SEL"):
        number = flags.take("SEL/9308", reference, sel.at(0))
        if number:
            yield Seal(number, flags.take("SEL/9303", reference, sel.at(1)))


def build(manifest: Manifest) -> bytes:
    """The message of a record, D95B; `parse` gives it back, but for flags and fractions of a second."""
    prepared = to_datetime(manifest.departure or manifest.arrival or 0).strftime("%y%m%d:%H%M")
    return write_interchange(
        "CUSCAR", "D95B", _written(manifest), reference=manifest.reference[-14:].strip() or "1", prepared=prepared
    )


def _written(manifest: Manifest) -> Iterator[Segment]:
    yield Segment("BGM", (("85",), (manifest.reference,), (manifest.function or "",)))
    if manifest.vessel_imo and manifest.vessel_call_sign:
        yield Segment("RFF", (("VM", manifest.vessel_call_sign),))
    yield from write_party("CA", manifest.carrier)
    identity = (manifest.vessel_imo or manifest.vessel_call_sign or "",)
    vessel = (*identity, VESSEL_NUMBER if manifest.vessel_imo else CALL_SIGN, "", manifest.vessel_name or "")
    yield Segment("TDT", (("20",), (manifest.voyage or "",), ("1",), (), (), (), (), vessel))
    yield from write_place("9", manifest.load_port)
    yield from write_time("133", manifest.departure, manifest.load_port)
    yield from write_place("11", manifest.discharge_port)
    yield from write_time("132", manifest.arrival, manifest.discharge_port)
    for number, bill in enumerate(manifest.bills, start=1):
        yield from write_bill(number, bill)
    for container in manifest.equipment:
        yield from _written_equipment(container)


def _written_equipment(container: Equipment) -> Iterator[Segment]:
    fullness = {None: "", False: "4", True: "5"}[container.laden]
    size_type = (container.size_type, "102", "5") if container.size_type else ()
    yield Segment("EQD", (("CN",), (container.number,), size_type, (), (), (fullness,)))
    yield from write_gross_mass(container.gross_mass_g)
    for seal in container.seals:
        yield Segment("SEL", ((seal.number,), (seal.issuer or "",)))
