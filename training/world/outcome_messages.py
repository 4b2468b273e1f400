"""Outcomes of selections as they are recorded: hours after arrival, and for a few first wrong, then corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aftc.clock import MINUTE
from aftc.records import Examination, Find, OutcomeKind, Selection, SelectionReason, Threat, Unit
from training.world.dispatch import Dispatch, delays
from training.world.draws import ALPHANUMERIC, codes
from training.world.examinations import KINDS
from training.world.imagined import World
from training.world.lanes import ROUTES
from training.world.threats import THREATS

__all__ = ["outcome_dispatches"]

_METHODS = ("scan and search", "dog", "documents and search", "full strip")
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


def outcome_dispatches(world: World) -> Iterator[Dispatch]:
    """All outcome messages, in no order of time."""
    rng = world.draws.of("outcome messages")
    aboard = _aboard(world)
    chosen = [unit for unit, selected in enumerate(world.selections.selected.tolist()) if selected]
    names, ids = codes(rng, 2 * len(chosen), 12, ALPHANUMERIC), codes(rng, len(chosen), 10, ALPHANUMERIC)
    waits, picks = delays(rng, 2 * len(chosen)).tolist(), rng.random((len(chosen), 5)).tolist()
    for place, unit in enumerate(chosen):
        case = _Case(unit, tuple(aboard.get(unit, ())), f"EX{ids[place]}", tuple(picks[place]))
        final = _examination(world, case)
        first = _mistaken(final) if world.examinations.corrected[unit] else final
        yield Dispatch("outcome", names[2 * place], first.recorded_at + waits[2 * place], first)
        if first is not final:
            later = final.recorded_at + int(1 + picks[place][4] * 5 * 24) * 60 * MINUTE
            corrected = replace(final, revision=1, recorded_at=later)
            yield Dispatch("outcome", names[2 * place + 1], later + waits[2 * place + 1], corrected)


def _aboard(world: World) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    consignments = world.traffic.consignments
    for row, (unit, units) in enumerate(zip(consignments.unit.tolist(), consignments.units.tolist(), strict=True)):
        for extra in range(units):
            found.setdefault(unit + extra, []).append(row)
    return found


def _examination(world: World, case: _Case) -> Examination:
    units, examinations, unit = world.traffic.units, world.examinations, case.unit
    kind = KINDS[int(examinations.kind[unit])]
    searched = kind in (OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE)
    references = tuple(_reference(world, row, case.picks[0]) for row in case.aboard)
    named = references if case.picks[1] < _NAMES_ALL else ()
    return Examination(
        examination_id=case.examination_id,
        revision=0,
        unit=Unit(units.kind[unit], units.number[unit]),
        outcome=kind,
        selection=_selection(world, unit),
        consignments=named,
        finds=_finds(world, case) if kind is OutcomeKind.POSITIVE else (),
        method=_METHODS[int(case.picks[2] * len(_METHODS))] if searched else None,
        place=_place(world, unit),
        arrival=int(units.arrival[unit]),
        started_at=int(examinations.started[unit]) if searched else None,
        ended_at=int(examinations.ended[unit]) if searched else None,
        recorded_at=int(examinations.recorded[unit]),
    )


def _selection(world: World, unit: int) -> Selection:
    selections = world.selections
    reasons = (
        SelectionReason("rule", float(selections.rule[unit]), bool(selections.rule_fired[unit])),
        SelectionReason("random", float(selections.random[unit]), bool(selections.random_fired[unit])),
    )
    return Selection(int(selections.issued[unit]), reasons, float(selections.combined[unit]))


def _finds(world: World, case: _Case) -> tuple[Find, ...]:
    """One find for each threat in each consignment that this unit hides."""
    examinations = world.examinations
    found = []
    for row in case.aboard:
        if int(examinations.hiding[row]) != case.unit:
            continue
        reference = _reference(world, row, case.picks[0]) if examinations.named[case.unit] else None
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


def _reference(world: World, row: int, pick: float) -> str:
    consignments = world.traffic.consignments
    if pick < _BY_UCR and consignments.ucr[row]:
        return consignments.ucr[row]
    return world.traffic.reference(row)


def _place(world: World, unit: int) -> str:
    crossings = world.traffic.crossings
    if unit < len(crossings.lane):
        return ROUTES[int(crossings.route[unit])].arrival
    return world.traffic.calls.discharge_port[int(world.traffic.boxes.call[unit - len(crossings.lane)])]
