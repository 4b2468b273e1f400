"""Lodgements: which consignments are declared in one message, under which numbers, and when customs registers them.

Several families of messages name a declaration, so its numbers and its registration follow from the week alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import MINUTE, Instant
from aftc.records import Party
from training.world.consignments import PARCEL
from training.world.movement_references import movement_reference
from training.world.simulation import Arrivals

__all__ = ["Lodgement", "addressee", "lodgements", "numbered"]

_TOGETHER = 0.5  # share of shared units whose consignments are declared in one message
_PARCELS_TOGETHER = 0.35  # share of devices whose parcels are declared several in one message
_PARCELS = (3, 11)  # so many, the last excluded
_BRANCH = "0000000000"  # of a trader who has but one
_USUAL_MINUTES, _MOST_MINUTES = 3.0, 15  # from declaration to registration


@dataclass(frozen=True, slots=True)
class Lodgement:
    """One declaration.

    Attributes:
        rows: Of its consignments, in the order of its goods items.
        lrn: The declarant's number for it.
        mrn: The customs office's number for it.
        registered: When it got that number (event time).
    """

    rows: tuple[int, ...]
    lrn: str
    mrn: str
    registered: Instant


def lodgements(arrivals: Arrivals) -> list[Lodgement]:
    """The declarations of a week, of all consignments but empty movements."""
    groups = _groups(arrivals)
    lrns = arrivals.draws.codes("lrns", len(groups), 16)
    waits = 1 + arrivals.draws.of("registrations").exponential(_USUAL_MINUTES, len(groups)).astype(np.int64)
    declared = arrivals.paperwork.declared.tolist()
    return [
        Lodgement(rows, lrn, movement_reference(declared[rows[0]], lrn), declared[rows[0]] + wait * MINUTE)
        for rows, lrn, wait in zip(groups, lrns, np.minimum(waits, _MOST_MINUTES).tolist(), strict=True)
    ]


def addressee(declarant: Party | None) -> str | None:
    """How customs addresses a declarant: by number and branch."""
    return f"{declarant.eori}/{_BRANCH}" if declarant and declarant.eori else None


def numbered(declarant: Party | None) -> Party | None:
    """A declarant as customs names one: by the number alone, where there is one."""
    return Party(eori=declarant.eori) if declarant and declarant.eori else declarant


def _groups(arrivals: Arrivals) -> list[tuple[int, ...]]:
    """The consignments that share a declaration: of a unit all or none, of a device's parcels so many at a time."""
    traffic = arrivals.traffic
    picks = arrivals.draws.of("joint declarations").random((len(traffic.units.number), 2)).tolist()
    units, modes = traffic.consignments.unit.tolist(), traffic.consignments.mode.tolist()
    groups: list[tuple[int, ...]] = []
    shared: dict[int, list[int]] = {}
    for row, document in enumerate(traffic.consignments.document):
        together = _PARCELS_TOGETHER if modes[row] == PARCEL else _TOGETHER
        if not document:
            continue
        if picks[units[row]][0] < together:
            shared.setdefault(units[row], []).append(row)
        else:
            groups.append((row,))
    for unit, aboard in shared.items():
        most = len(aboard)
        if modes[aboard[0]] == PARCEL:
            most = _PARCELS[0] + int(picks[unit][1] * (_PARCELS[1] - _PARCELS[0]))
        groups.extend(tuple(aboard[start : start + most]) for start in range(0, len(aboard), most))
    return groups
