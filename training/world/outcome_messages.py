"""Outcomes of selections as they are recorded: hours after arrival, and for a few first wrong, then corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan, prod

import numpy as np
from msgspec.structs import replace

from aftc.clock import HOUR
from aftc.records import Examination, Find, OutcomeKind, Selection, SelectionReason, Threat, Unit
from training.world.cast import Cast
from training.world.consignments import AIR, PARCEL
from training.world.dispatch import Dispatch, delays
from training.world.examinations import KINDS, MEANS_OF_SEARCH
from training.world.finds import concealment, grams, substance
from training.world.lanes import ROUTES
from training.world.selection import REASONS
from training.world.simulation import Week
from training.world.threats import THREATS
from training.world.traffic import Traffic

__all__ = ["examination_ids", "outcome_dispatches", "place_of_arrival", "rows_aboard"]

_SEARCHED = (OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE)
_NAMES_ALL, _NAMES_BY_AIR, _NAMES_PARCELS = 0.92, 0.97, 0.995  # shares of outcomes that name the consignments aboard
_BY_UCR = 0.08  # share of outcomes that give consignments by UCR where they have one
_CORRECTED_WITHIN_HOURS = 120
_DIGITS = 9  # of chances and their combination


@dataclass(frozen=True, slots=True)
class _Case:
    """A selected unit with the consignments aboard (rows), how each is named, and the picks that settle the wording."""

    unit: int
    aboard: tuple[int, ...]
    references: tuple[str, ...]
    examination_id: str
    picks: list[float]


def outcome_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:  # noqa: ARG001  # families are called alike
    """All outcome messages, in no order of time."""
    draws, traffic, examinations = week.arrivals.draws, week.arrivals.traffic, week.examinations
    rng, chosen = draws.of("outcome messages"), np.flatnonzero(week.selections.selected).tolist()
    names, ids = draws.codes("outcome names", 2 * len(chosen), 12), examination_ids(week)
    waits, picks = delays(rng, 2 * len(chosen)).tolist(), rng.random((len(chosen), 5)).tolist()
    deviates, aboard = rng.normal(0.0, 1.0, len(traffic.consignments.unit)).tolist(), rows_aboard(traffic)
    for place, unit in enumerate(chosen):
        rows, pick = aboard[unit], picks[place]
        references = tuple(_reference(week, row, pick[0]) for row in rows)
        case = _Case(unit, tuple(rows), references, ids[unit], pick)
        about = tuple(traffic.reference(row) for row in rows)
        final = _examination(week, case, deviates)
        first = _mistaken(final) if examinations.corrected[unit] else final
        yield Dispatch("outcome", names[2 * place], first.recorded_at + waits[2 * place], first, about)
        if first is not final:
            later = final.recorded_at + int(1 + pick[4] * _CORRECTED_WITHIN_HOURS) * HOUR
            corrected = replace(final, revision=1, recorded_at=later)
            yield Dispatch("outcome", names[2 * place + 1], later + waits[2 * place + 1], corrected, about)


def examination_ids(week: Week) -> dict[int, str]:
    """By selected unit the examination that its selection leads to."""
    chosen = np.flatnonzero(week.selections.selected).tolist()
    codes = week.arrivals.draws.codes("examinations", len(chosen), 10)
    return {unit: f"EX{code}" for unit, code in zip(chosen, codes, strict=True)}


def rows_aboard(traffic: Traffic) -> dict[int, list[int]]:
    """By unit the rows of the consignments aboard."""
    found: dict[int, list[int]] = defaultdict(list)
    consignments = traffic.consignments
    for row, (unit, units) in enumerate(zip(consignments.unit.tolist(), consignments.units.tolist(), strict=True)):
        for extra in range(units):
            found[unit + extra].append(row)
    return found


def _examination(week: Week, case: _Case, deviates: list[float]) -> Examination:
    units, examinations, unit = week.arrivals.traffic.units, week.examinations, case.unit
    kind = KINDS[int(examinations.kind[unit])]
    searched = kind in _SEARCHED
    names_all = {AIR: _NAMES_BY_AIR, PARCEL: _NAMES_PARCELS}.get(int(units.mode[unit]), _NAMES_ALL)
    return Examination(
        examination_id=case.examination_id,
        revision=0,
        unit=Unit(units.kind[unit], units.number[unit]),
        outcome=kind,
        selection=_selection(week, unit),
        consignments=case.references if case.picks[1] < names_all else (),
        finds=tuple(_finds(week, case, deviates)) if kind is OutcomeKind.POSITIVE else (),
        method=MEANS_OF_SEARCH[int(examinations.means[unit])] if searched else None,
        place=place_of_arrival(week.arrivals.traffic, unit),
        arrival=int(units.arrival[unit]),
        started_at=int(examinations.started[unit]) if searched else None,
        ended_at=int(examinations.ended[unit]) if searched else None,
        recorded_at=int(examinations.recorded[unit]),
    )


def _selection(week: Week, unit: int) -> Selection:
    """Every reason in use with its chance, fired or not."""
    selections = week.selections
    columns = zip(REASONS, selections.chance[unit].tolist(), selections.fired[unit].tolist(), strict=True)
    reasons = tuple(
        SelectionReason(name, round(chance, _DIGITS), fired) for name, chance, fired in columns if not isnan(chance)
    )
    combined = 1.0 - prod(1.0 - each.probability for each in reasons)
    return Selection(int(selections.issued[unit]), reasons, round(combined, _DIGITS))


def _finds(week: Week, case: _Case, deviates: list[float]) -> Iterator[Find]:
    """One find for each threat in each consignment that this unit hides; `deviates` settle how much it is."""
    examinations, consignments = week.examinations, week.arrivals.traffic.consignments
    for row, reference in zip(case.aboard, case.references, strict=True):
        if int(examinations.hiding[row]) != case.unit:
            continue
        method, mode = int(week.arrivals.marks.method[row]), int(consignments.mode[row])
        for index in np.flatnonzero(examinations.found[row]).tolist():
            threat = THREATS[index]
            yield Find(
                threat=threat,
                consignment=reference if examinations.named[case.unit] else None,
                substance=substance(threat, method, case.picks[2]),
                quantity_g=grams(threat, method, mode, int(consignments.mass[row]), deviates[row]),
                concealment=concealment(method, case.picks[3]),
            )


def _mistaken(final: Examination) -> Examination:
    """What a first, wrong record says: a find taken for none, or a harmless one taken for a find."""
    if final.outcome is OutcomeKind.POSITIVE:
        return replace(final, outcome=OutcomeKind.NEGATIVE, finds=())
    reference = final.consignments[0] if final.consignments else None
    suspected = Find(Threat.OTHER, reference, "suspected, sent to the laboratory", None, None)
    return replace(final, outcome=OutcomeKind.POSITIVE, finds=(suspected,))


def _reference(week: Week, row: int, pick: float) -> str:
    """How the officer names a consignment: by its document, now and then by its UCR."""
    consignments = week.arrivals.traffic.consignments
    if pick < _BY_UCR and consignments.ucr[row]:
        return consignments.ucr[row]
    return week.arrivals.traffic.reference(row)


def place_of_arrival(traffic: Traffic, unit: int) -> str:
    """Port or airport (UN/LOCODE) where a unit arrives."""
    if unit < traffic.first_box:
        return ROUTES[int(traffic.crossings.route[unit])].arrival
    if unit < traffic.first_uld:
        return traffic.calls.discharge_port[int(traffic.boxes.call[unit - traffic.first_box])]
    return traffic.flights.arrival_airport[int(traffic.ulds.flight[unit - traffic.first_uld])]
