"""Cargo aboard: what every message about a voyage's containers says alike, whoever writes it.

Bay plans, loading orders and electronic bills speak of the same containers; what they share (who is in which, what it
weighs, its booking) is settled here, by draws of its own, so that each may be written without the others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from aftc.records import Hazard, VoyageContainer
from training.world.cast import Cast
from training.world.consignments import SEA
from training.world.dangerous_goods import HAZARD_CLASSES
from training.world.goods import COMMODITIES
from training.world.papers import Paper, papers
from training.world.simulation import Arrivals

__all__ = ["TARE_G", "Aboard", "aboard"]

TARE_G = {"2": 2_300_000, "4": 3_900_000}  # empty container of twenty and forty feet, grams
_VERIFIED = 0.95  # share of containers whose mass is stated as verified; of the others the shippers' own sum is
_BOOKING_SIGNS = 10
_REEFER = "45R1"
_SET_TO = {"02": -180, "03": -180, "06": 20, "08": 130}  # tenths of a degree, by HS chapter
_CHILLED = 40


@dataclass(frozen=True, slots=True)
class Aboard:
    """The goods of all calls.

    Attributes:
        papers: Of the consignments in containers, by call, in order of their documents.
        bookings: The carrier's booking of each consignment, by row.
        containers: By call, in order of their numbers, without the cell they stand in.
    """

    papers: list[list[Paper]]
    bookings: list[str]
    containers: list[list[VoyageContainer]]


def aboard(cast: Cast, arrivals: Arrivals) -> Aboard:
    """What is aboard in each call of a week."""
    traffic = arrivals.traffic
    rows = np.flatnonzero(traffic.consignments.mode == SEA).tolist()
    bookings = arrivals.draws.codes("sea bookings", len(traffic.consignments.unit), _BOOKING_SIGNS)
    by_call: list[list[Paper]] = [[] for _ in traffic.calls.voyage]
    by_box: dict[int, list[Paper]] = defaultdict(list)
    call_of, first = traffic.boxes.call.tolist(), traffic.first_box
    for paper in sorted(papers(cast, arrivals, rows), key=lambda each: each.document):
        by_call[call_of[paper.unit - first]].append(paper)
        for unit in range(paper.unit, paper.unit + paper.units):
            by_box[unit - first].append(paper)
    return Aboard(by_call, bookings, _containers(cast, arrivals, by_box, bookings))


def _containers(
    cast: Cast, arrivals: Arrivals, by_box: dict[int, list[Paper]], bookings: list[str]
) -> list[list[VoyageContainer]]:
    traffic, carriage = arrivals.traffic, arrivals.carriage
    boxes, calls, first = traffic.boxes, traffic.calls, traffic.first_box
    verified = (arrivals.draws.of("verified masses").random(len(boxes.number)) < _VERIFIED).tolist()
    weighed, stated = carriage.weighed_mass.tolist(), arrivals.paperwork.manifest_mass.tolist()
    found: list[list[VoyageContainer]] = [[] for _ in calls.voyage]
    for box in sorted(range(len(boxes.number)), key=boxes.number.__getitem__):
        call, size, within = int(boxes.call[box]), boxes.size_type[box], by_box[box]
        tare = TARE_G[size[0]]
        shipped = sum(stated[paper.row] // paper.units for paper in within) + tare
        found[call].append(
            VoyageContainer(
                number=boxes.number[box],
                size_type=size,
                laden=True,
                gross_mass_g=None if verified[box] else shipped,
                verified_mass_g=weighed[first + box] + tare if verified[box] else None,
                load_port=calls.load_port[call],
                discharge_port=calls.discharge_port[call],
                booking=bookings[within[0].row] if within else None,
                carrier=cast.carriers.owners[int(cast.carriers.operator[int(calls.vessel[call])])],
                temperature_dc=_set_to(within) if size == _REEFER else None,
                hazards=_hazards(within),
            )
        )
    return found


def _set_to(within: list[Paper]) -> int:
    chapter = COMMODITIES[within[0].commodity].hs_code[:2] if within else ""
    return _SET_TO.get(chapter, _CHILLED)


def _hazards(within: list[Paper]) -> tuple[Hazard, ...]:
    numbers = dict.fromkeys(paper.un_number for paper in within if paper.un_number is not None)
    return tuple(Hazard(HAZARD_CLASSES[number], number) for number in numbers)
