"""The containers of bay plans and container orders: what the segments of one say, read and written side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from aftc.records import VoyageContainer
from aftc.streams.edifact import Segment
from aftc.streams.edifact_equipment import (
    fullness,
    gross_mass,
    hazards,
    seals,
    set_temperature,
    verified_mass,
    write_equipment,
    write_gross_mass,
    write_hazards,
    write_seals,
    write_temperature,
    write_verified_mass,
)
from aftc.streams.edifact_parts import free_text, places, write_free_text, write_place
from aftc.streams.values import Flags, reference

__all__ = ["CELL", "read_containers", "written_container"]

# UN/EDIFACT 3227: places by function, the earlier releases' codes after the later ones'.
LOADING, DISCHARGE, DELIVERY, CELL = ("9", "6"), ("11", "12"), ("7", "83"), "147"
OPERATOR = ("CF", "CA")  # 3035: container operator, carrier
BOOKING = "BN"  # 1153


def read_containers(segments: Sequence[Segment], flags: Flags) -> Iterator[VoyageContainer]:
    """The containers of one group of segments: one, or several that stand as one (a bundle of flats).

    What the group says is said of the first; the others have its place and ports, and no mass of their own.
    """
    boxes = [each for each in segments if each.tag == "EQD"]
    numbered = []
    for eqd in boxes:
        number = flags.take("EQD/8260", reference, eqd.at(1))
        if eqd.at(0) != "CN" or number is None:
            flags.add("EQD", "not a container with a number", eqd.at(0))
        else:
            numbered.append((eqd, number))
    if not numbered:
        return
    where = places(segments, flags)
    first, number = numbered[0]
    whole = VoyageContainer(
        number=number,
        size_type=_size_type(first, flags),
        laden=fullness(first, flags),
        position=where.get(CELL),
        gross_mass_g=gross_mass(segments, flags),
        verified_mass_g=verified_mass(segments, flags),
        load_port=_first(where, LOADING),
        discharge_port=_first(where, DISCHARGE),
        place_of_delivery=_first(where, DELIVERY),
        booking=_booking(segments, flags),
        carrier=_operator(segments, flags),
        description=free_text(segments, flags),
        temperature_dc=set_temperature(segments, flags),
        hazards=hazards(segments, flags),
        seals=seals(segments, flags),
    )
    yield whole
    for eqd, other in numbered[1:]:
        yield replace(
            VoyageContainer(other, _size_type(eqd, flags), fullness(eqd, flags), whole.position),
            load_port=whole.load_port,
            discharge_port=whole.discharge_port,
            place_of_delivery=whole.place_of_delivery,
            carrier=whole.carrier,
        )


def _size_type(eqd: Segment, flags: Flags) -> str | None:
    """Size and type as a code, or in words where the code is left out."""
    return flags.take("EQD/8155", reference, eqd.at(2) or eqd.at(2, 3))


def _first(where: dict[str, str], functions: tuple[str, ...]) -> str | None:
    return next((where[each] for each in functions if each in where), None)


def _booking(segments: Sequence[Segment], flags: Flags) -> str | None:
    named = (each.at(0, 1) for each in segments if each.tag == "RFF" and each.at(0) == BOOKING)
    return flags.take("RFF+BN/1154", reference, next(named, None))


def _operator(segments: Sequence[Segment], flags: Flags) -> str | None:
    named = (each.at(1) for each in segments if each.tag == "NAD" and each.at(0) in OPERATOR)
    return flags.take("NAD/3039", reference, next(named, None))


def written_container(container: VoyageContainer) -> Iterator[tuple[str, Segment]]:
    """The container's segments in no order, each with what it is about: the two messages differ in the order alone."""
    yield "equipment", write_equipment(container.number, container.size_type, container.laden)
    if container.booking is not None:
        yield "reference", Segment("RFF", ((BOOKING, container.booking),))
    for function, place in zip(
        ("9", "11", "83"), (container.load_port, container.discharge_port, container.place_of_delivery), strict=True
    ):
        yield from (("place", each) for each in write_place(function, place))
    yield from (("mass", each) for each in write_gross_mass(container.gross_mass_g))
    yield from (("mass", each) for each in write_verified_mass(container.verified_mass_g))
    yield from (("temperature", each) for each in write_temperature(container.temperature_dc))
    yield from (("seal", each) for each in write_seals(container.seals))
    yield from (("text", each) for each in write_free_text(container.description))
    yield from (("hazard", each) for each in write_hazards(container.hazards))
    if container.carrier is not None:
        yield "operator", Segment("NAD", (("CF",), (container.carrier, "172", "20")))
