"""Detection: how much of what was aboard examined units was found, and how soon that was known."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from aftc.clock import DAY, HOUR
from training.labels import THREATS
from training.world.describe.consignments import ANY, NEVER, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.marks import shares_axis
from training.world.describe.palette import DASHES, SERIES
from training.world.describe.rate_exhibits import rate_picture, rate_table
from training.world.describe.rates import Rate, apart, rate, rates
from training.world.describe.sources import Source
from training.world.describe.words import count, duration, label, listed, share
from training.world.parameters import Ints

__all__ = ["detection"]

_QUANTILES: Final = (0.1, 0.5, 0.9)
_LIMITS: Final = {"a day": DAY, "three days": 3 * DAY}
_STEPS: Final = 200  # points of a drawn curve


def detection(source: Source) -> Section:
    """The section on what examinations see."""
    consignments = source.consignments
    whole = rate(consignments.found[:, ANY], consignments.examined & consignments.y)
    return Section(
        anchor="detection",
        title="Detection",
        introduction=(
            "An examination does not find all that is there, and what it finds is recorded only after a while."
        ),
        exhibits=(_by_threat(consignments), _by_method(consignments), _delay(consignments)),
        point=(
            f"Examinations found {whole} of the threats aboard the units that they searched."
            if whole.rows
            else "No examined consignment carried a threat, so there was nothing to find."
        ),
    )


def _by_threat(consignments: Consignments) -> Exhibit:
    searched = consignments.examined
    given = {
        label(name): rate(consignments.found[:, place], searched & consignments.holds[:, place])
        for place, name in enumerate(THREATS)
    }
    title = "Sensitivity by threat"
    spurious = int((consignments.found & ~consignments.holds)[:, ANY].sum())
    told = f" {count(spurious)} finds are recorded where nothing was aboard." if spurious else ""
    if not any(each.rows for each in given.values()):
        return Exhibit(title, f"No examined consignment carried a threat.{told}")
    return Exhibit(
        title=title,
        finding=f"{_span({name: each for name, each in given.items() if name != label('any')})}{told}",
        picture=rate_picture(list(given), list(given.values())),
        tables=(_table("Found, of consignments in examined units that carry the threat", "threat", given),),
    )


def _by_method(consignments: Consignments) -> Exhibit:
    methods = consignments.method
    per_method = rates(consignments.found[:, ANY], methods, consignments.examined & consignments.y)
    given = {label(name): per_method[place] for place, name in methods.named()}
    title = "Sensitivity by method"
    if not any(each.rows for each in given.values()):
        return Exhibit(title, "No examined consignment of a scheme carried a threat.")
    return Exhibit(
        title=title,
        finding=_span(given),
        picture=rate_picture(list(given), list(given.values())),
        tables=(_table("Found, of consignments in examined units that carry any threat", "method", given),),
    )


def _span(given: dict[str, Rate]) -> str:
    known = {name: each for name, each in given.items() if each.rows}
    best, worst = max(known, key=lambda name: known[name].value), min(known, key=lambda name: known[name].value)
    if known[best].value == known[worst].value:
        return f"All are found alike, {known[best]}." if len(known) > 1 else f"Found of {best}: {known[best]}."
    return (
        f"Found most often: “{best}”, {known[best]}; least often: “{worst}”, {known[worst]}; "
        f"{apart(known[best], known[worst])}."
    )


def _table(caption: str, head: str, given: dict[str, Rate]) -> Table:
    return rate_table(caption, head, list(given), list(given.values()), rows="aboard", hits="found")


def _delay(consignments: Consignments) -> Exhibit:
    title = "Delay until recorded"
    recorded = consignments.recorded != NEVER
    waits = consignments.recorded - consignments.arrival
    kinds = [
        (label(name), np.sort(waits[recorded & (consignments.outcome.place == place)]))
        for place, name in consignments.outcome.named()
    ]
    kinds = sorted(((name, each) for name, each in kinds if len(each)), key=lambda pair: (-len(pair[1]), pair[0]))
    if not kinds:
        return Exhibit(title, "No outcome was recorded.")
    known = waits[recorded]
    median, late = np.quantile(known, (0.5, 0.9)).tolist()
    within = [f"{share(float((known <= limit).mean()))} within {word}" for word, limit in _LIMITS.items()]
    drawn = kinds[: len(SERIES)]
    rows = [(name, count(len(each)), *(duration(one) for one in np.quantile(each, _QUANTILES))) for name, each in kinds]
    head = ("outcome", "recorded", "a tenth within", "half within", "nine tenths within")
    return Exhibit(
        title=title,
        finding=(
            f"Half of the outcomes are recorded within {duration(median)} of the arrival, nine in ten within "
            f"{duration(late)}; {listed(within)}."
        ),
        picture=Picture(
            f"Share of outcomes recorded by hours since arrival: {listed([name for name, _ in drawn])}.",
            lambda figure, narrow: _curves(figure, drawn, float(np.quantile(known, 0.99)), 1 if narrow else 2),
            2.8,
            2.7,
        ),
        tables=(Table("Time from arrival to record, by outcome", head, rows),),
    )


def _curves(figure: Figure, kinds: list[tuple[str, Ints]], end: float, across: int) -> None:
    axes = figure.subplots()
    places = np.linspace(0, end, _STEPS)
    for (name, each), colour, dashes in zip(kinds, SERIES, DASHES, strict=False):
        reached = np.searchsorted(each, places, side="right") / len(each)
        axes.plot(places / HOUR, reached, color=colour, linestyle=dashes, label=name)
    axes.set(xlabel="hours since arrival", ylim=(0, 1.02), xlim=(0, end / HOUR))
    shares_axis(axes.yaxis)
    axes.grid(axis="y")
    axes.legend(loc="lower right", ncols=across)
