"""Doubts about bay plans and container orders: the vessel, the ports, the cells, and what containers hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from aftc.records import BayPlan, ContainerOrder, VoyageContainer
from aftc.reference.check_digits import locode_fault
from aftc.streams.quality.check import (
    HEAVIEST_CONTAINER_G,
    LOCODE,
    NO_LOCODE,
    Check,
    Doubts,
    Numbers,
    checks_of,
    container_checks,
    earlier,
    misformed,
    vessel_check,
)

__all__ = ["STOWAGE", "in_no_hazard_list"]

BAY_PLAN, ORDER = "baplie", "coprar"

_CELL = re.compile(r"[0-9]{7}")
_TYPE = re.compile(r"[A-Z0-9]{2}([A-Z])[A-Z0-9]")  # ISO 6346 size and type: the third sign is the group of types
_REFRIGERATED = "RH"
_MASSES = ("gross_mass_g", "verified_mass_g")
_UN_NUMBER = re.compile(r"[0-9]{4}")
_CLASS = re.compile(r"[1-9](?:\.[1-6][A-HJ-LNS]?)?")  # of the IMDG Code, with the compatibility group of explosives

Voyage = BayPlan | ContainerOrder


def _backwards(plan: BayPlan) -> Doubts:
    if earlier(plan.arrival, plan.departure):
        yield "arrival", None


def _left_before(order: ContainerOrder) -> Doubts:
    if earlier(order.departure, order.arrival):
        yield "departure", None


def _nowhere(plan: BayPlan) -> Doubts:
    if plan.port is not None and plan.port == plan.next_port:
        yield "next_port", plan.next_port


def _absent(voyage: Voyage) -> Doubts:
    for name in ("port", "voyage"):
        if getattr(voyage, name) is None:
            yield name, None
    if not voyage.containers:
        yield "containers", None


def _ports(voyage: Voyage) -> Doubts:
    named = [voyage.port, voyage.next_port] if isinstance(voyage, BayPlan) else [voyage.port]
    for each in voyage.containers:
        named += (each.load_port, each.discharge_port)
    return misformed((("ports", port) for port in dict.fromkeys(named)), locode_fault)


def _numbers(voyage: Voyage) -> Numbers:
    return (("containers", number) for number in dict.fromkeys(each.number for each in voyage.containers))


def _relisted(voyage: Voyage) -> Doubts:
    counts = Counter(each.number for each in voyage.containers)
    return (("containers", number) for number, count in counts.items() if count > 1)


def _named(voyage: Voyage) -> Iterator[tuple[str, VoyageContainer]]:
    return ((f"containers[{place}]", each) for place, each in enumerate(voyage.containers, start=1))


def _cells(voyage: Voyage) -> Doubts:
    for field, each in _named(voyage):
        if each.position is not None and not _CELL.fullmatch(each.position):
            yield f"{field}/position", each.position


def _stacked(voyage: Voyage) -> Doubts:
    counts = Counter(each.position for each in voyage.containers if each.position and each.laden)
    return (("containers", position) for position, count in counts.items() if count > 1)


def _weightless(voyage: Voyage) -> Doubts:
    for field, each in _named(voyage):
        yield from ((f"{field}/{name}", None) for name in _MASSES if getattr(each, name) == 0)


def _overfull(voyage: Voyage) -> Doubts:
    for field, each in _named(voyage):
        for name in _MASSES:
            if (getattr(each, name) or 0) > HEAVIEST_CONTAINER_G:
                yield f"{field}/{name}", f"{getattr(each, name)} g"


def _warm(voyage: Voyage) -> Doubts:
    for field, each in _named(voyage):
        kind = _TYPE.fullmatch(each.size_type or "")
        if each.temperature_dc is not None and kind and kind[1] not in _REFRIGERATED:
            yield f"{field}/size_type", each.size_type


def in_no_hazard_list(hazard_class: str | None, un_number: str | None) -> Iterator[tuple[str, object]]:
    """What of a class and a UN number has not the form of one."""
    if hazard_class is not None and not _CLASS.fullmatch(hazard_class):
        yield "hazard_class", hazard_class
    if un_number is not None and not _UN_NUMBER.fullmatch(un_number):
        yield "un_number", un_number


def _hazardous(voyage: Voyage) -> Doubts:
    for field, each in _named(voyage):
        for hazard in each.hazards:
            for name, found in in_no_hazard_list(hazard.hazard_class, hazard.un_number):
                yield f"{field}/hazards/{name}", found


def _miscounted(order: ContainerOrder) -> Doubts:
    if order.total_containers is not None and order.total_containers != len(order.containers):
        yield "total_containers", f"{order.total_containers} stated, {len(order.containers)} listed"


def _of_both(stream: str) -> tuple[Check[Voyage], ...]:
    check = checks_of(stream)
    return (
        vessel_check(stream),
        check("missing", "the port, the voyage, or any container", _absent),
        check(NO_LOCODE, LOCODE, _ports),
        *container_checks(stream, "a container", _numbers),
        check("listed twice", "one container, two entries", _relisted),
        check("not of the form of a stowage cell", "seven digits: bay, row and tier", _cells),
        check("two laden containers in it", "one stowage cell", _stacked),
        check("zero", "a container's mass", _weightless),
        check("heavier than containers carry", "a container of more than 36 t", _overfull),
        check("not a refrigerated container", "one that is set to a temperature", _warm),
        check("not of the IMDG Code", "a class, or a UN number of other than four digits", _hazardous),
    )


STOWAGE: tuple[Check[Any], ...] = (
    Check(BAY_PLAN, "before departure", "the arrival is earlier than the departure", _backwards),
    Check(BAY_PLAN, "the port of departure too", "the next port is the one that the vessel leaves", _nowhere),
    *_of_both(BAY_PLAN),
    Check(ORDER, "before arrival", "the vessel leaves the port earlier than it arrives", _left_before),
    Check(ORDER, "not the number of containers", "the stated number is another", _miscounted),
    *_of_both(ORDER),
)
