"""Outcomes of selections as they are recorded: hours after arrival, and for a few first wrong, then corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isnan, prod

from aftc.clock import MINUTE
from aftc.records import Examination, Find, OutcomeKind, Selection, SelectionReason, Threat, Unit
from training.world.cast import Cast
from training.world.dispatch import Dispatch, delays
from training.world.examinations import KINDS, MEANS_OF_SEARCH
from training.world.lanes import ROUTES
from training.world.selection import REASONS
from training.world.simulation import Week
from training.world.threats import THREATS

__all__ = ["outcome_dispatches"]

_CONCEALMENTS = ("within the load", "vehicle cavity", "false wall", "hand luggage")
_SUBSTANCES = {
    Threat.COCAINE: "cocaine hydrochloride",
    Threat.HEROIN: "diamorphine",
    Threat.OPIOIDS_NPS: "new psychoactive substance",
    Threat.CANNABIS: "herbal cannabis",
    Threat.FIREARMS: "self-loading pistol",
    Threat.TOBACCO_EXCISE: "cigarettes",
    Threat.OTHER: "other restricted goods",
}
_NAMES_ALL = 0.92  # share of outcomes that name the consignments aboard
_BY_UCR = 0.08  # share of named consignments that the officer gives by UCR where it has one


@dataclass(frozen=True, slots=True)
class _Case:
    """A selected unit with the consignments aboard (rows) and the picks that settle the record's wording."""

    unit: int
    aboard: tuple[int, ...]
    examination_id: str
    picks: tuple[float, ...]


def outcome_dispatches(cast: Cast, week: Week) -> Iterator[Dispatch]:  # noqa: ARG001  # families are called alike
    """All outcome messages, in no order of time."""
    rng = week.arrivals.draws.of("outcome messages")
    aboard = _aboard(week)
    chosen = [unit for unit, selected in enumerate(week.selections.selected.tolist()) if selected]
    names, ids = (
        week.arrivals.draws.codes("outcome names", 2 * len(chosen), 12),
        week.arrivals.draws.codes("examinations", len(chosen), 10),
    )
    waits, picks = delays(rng, 2 * len(chosen)).tolist(), rng.random((len(chosen), 5)).tolist()
    for place, unit in enumerate(chosen):
        case = _Case(unit, tuple(aboard.get(unit, ())), f"EX{ids[place]}", tuple(picks[place]))
        about = tuple(week.arrivals.traffic.reference(row) for row in case.aboard)
        final = _examination(week, case)
        first = _mistaken(final) if week.examinations.corrected[unit] else final
        yield Dispatch("outcome", names[2 * place], first.recorded_at + waits[2 * place], first, about)
        if first is not final:
            later = final.recorded_at + int(1 + picks[place][4] * 5 * 24) * 60 * MINUTE
            corrected = replace(final, revision=1, recorded_at=later)
            yield Dispatch("outcome", names[2 * place + 1], later + waits[2 * place + 1], corrected, about)


def _aboard(week: Week) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    consignments = week.arrivals.traffic.consignments
    for row, (unit, units) in enumerate(zip(consignments.unit.tolist(), consignments.units.tolist(), strict=True)):
        for extra in range(units):
            found.setdefault(unit + extra, []).append(row)
    return found


def _examination(week: Week, case: _Case) -> Examination:
    units, examinations, unit = week.arrivals.traffic.units, week.examinations, case.unit
    kind = KINDS[int(examinations.kind[unit])]
    searched = kind in (OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE)
    references = tuple(_reference(week, row, case.picks[0]) for row in case.aboard)
    named = references if case.picks[1] < _NAMES_ALL else ()
    return Examination(
        examination_id=case.examination_id,
        revision=0,
        unit=Unit(units.kind[unit], units.number[unit]),
        outcome=kind,
        selection=_selection(week, unit),
        consignments=named,
        finds=_finds(week, case) if kind is OutcomeKind.POSITIVE else (),
        method=MEANS_OF_SEARCH[int(examinations.means[unit])] if searched else None,
        place=_place(week, unit),
        arrival=int(units.arrival[unit]),
        started_at=int(examinations.started[unit]) if searched else None,
        ended_at=int(examinations.ended[unit]) if searched else None,
        recorded_at=int(examinations.recorded[unit]),
    )


def _selection(week: Week, unit: int) -> Selection:
    selections = week.selections
    columns = zip(REASONS, selections.chance[unit].tolist(), selections.fired[unit].tolist(), strict=True)
    reasons = tuple(SelectionReason(name, chance, fired) for name, chance, fired in columns if not isnan(chance))
    return Selection(int(selections.issued[unit]), reasons, 1.0 - prod(1.0 - each.probability for each in reasons))


def _finds(week: Week, case: _Case) -> tuple[Find, ...]:
    """One find for each threat in each consignment that this unit hides."""
    examinations = week.examinations
    found = []
    for row in case.aboard:
        if int(examinations.hiding[row]) != case.unit:
            continue
        reference = _reference(week, row, case.picks[0]) if examinations.named[case.unit] else None
        for index, threat in enumerate(THREATS):
            if examinations.found[row, index]:
                grams = int(10 ** (2.5 + 3.0 * case.picks[3]))
                concealment = _CONCEALMENTS[int(case.picks[4] * len(_CONCEALMENTS))]
                found.append(Find(threat, reference, _SUBSTANCES[threat], grams, concealment))
    return tuple(found)


def _mistaken(final: Examination) -> Examination:
    """What a first, wrong record says: a find taken for none, or a harmless one taken for a find."""
    if final.outcome is OutcomeKind.POSITIVE:
        return replace(final, outcome=OutcomeKind.NEGATIVE, finds=())
    reference = final.consignments[0] if final.consignments else None
    suspected = Find(Threat.OTHER, reference, "suspected, sent to the laboratory", None, None)
    return replace(final, outcome=OutcomeKind.POSITIVE, finds=(suspected,))


def _reference(week: Week, row: int, pick: float) -> str:
    consignments = week.arrivals.traffic.consignments
    if pick < _BY_UCR and consignments.ucr[row]:
        return consignments.ucr[row]
    return week.arrivals.traffic.reference(row)


def _place(week: Week, unit: int) -> str:
    traffic = week.arrivals.traffic
    if unit < traffic.first_box:
        return ROUTES[int(traffic.crossings.route[unit])].arrival
    if unit < traffic.first_uld:
        return traffic.calls.discharge_port[int(traffic.boxes.call[unit - traffic.first_box])]
    return traffic.flights.arrival_airport[int(traffic.ulds.flight[unit - traffic.first_uld])]
