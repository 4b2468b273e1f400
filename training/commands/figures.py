"""Figures of an evaluation as text for a terminal."""

from __future__ import annotations

from aftc.clock import format_instant
from aftc.records import Threat
from training.card import percent, spoken
from training.evaluation import Evaluation, ThreatFigures

__all__ = ["figures_text"]


def figures_text(evaluation: Evaluation) -> str:
    """What the model and its rivals find of any threat, then one line for each kind of threat."""
    whole = evaluation.of(Threat.ANY)
    basis = "the truth of every consignment" if evaluation.basis == "truth" else "examined rows, weighted"
    lines = [
        f"Test period {format_instant(evaluation.since)} to {format_instant(evaluation.until)}: "
        f"{evaluation.rows:,} consignments, {evaluation.units:,} units; by {basis}; 95 % intervals",
        f"{'any threat':<22}{'average precision':>28}" + _heads(whole),
        *(_line(whole, each.name) for each in whole.standings),
        *(
            f"{each.threat.value + ' (model)':<22}{spoken(each.standing('model').average_precision):>28}"
            for each in evaluation.threats
            if each.threat is not Threat.ANY
        ),
    ]
    return "\n".join([*lines, *_findings(evaluation)])


def _heads(figures: ThreatFigures) -> str:
    return "".join(f"{'precision at ' + percent(each.share):>28}" for each in figures.standings[0].capacities)


def _line(figures: ThreatFigures, name: str) -> str:
    standing = figures.standing(name)
    columns = (standing.average_precision, *(each.precision for each in standing.capacities))
    return f"{name:<22}" + "".join(f"{spoken(each):>28}" for each in columns)


def _findings(evaluation: Evaluation) -> list[str]:
    found = []
    if evaluation.legacy is not None:
        legacy = evaluation.legacy
        found.append(
            f"The legacy rule found something in {spoken(legacy.hit_rate)} of the {legacy.units:,} units it chose; "
            f"the model at the same number: {spoken(legacy.model.precision)}"
        )
    if evaluation.unmatched:
        found.append(f"{evaluation.unmatched:,} consignments of the period are not in the truth and were left out")
    if evaluation.leak is not None:
        told = f"average precision of the model less that of the oracle {spoken(evaluation.leak.difference)}"
        found.append(("LEAK ALARM: " if evaluation.leak.alarm else "No leak: ") + told)
    return found
