"""Change over time: how the rate and the finds move from week to week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.world.describe.consignments import ANY, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.marks import line, panels, shares_axis, weeks_axis
from training.world.describe.mixes import ends, mix
from training.world.describe.networks import networks
from training.world.describe.rates import Rate, apart, rate, rates
from training.world.describe.sources import Source
from training.world.describe.words import label, share
from training.world.parameters import Ints

__all__ = ["dynamics"]


def dynamics(source: Source) -> Section:
    """The section on change."""
    consignments = source.consignments
    early, late = ends(consignments)
    first, last = rate(consignments.y, early), rate(consignments.y, late)
    return Section(
        anchor="dynamics",
        title="Change over time",
        introduction=(
            f"This world’s regime is “{source.parameters.regime}”. Adversaries react to what is found: they change "
            "names, brokers, goods and routes. The first and the last part of the run, a quarter of its weeks each, "
            "are compared."
        ),
        exhibits=(
            _rate_by_week(consignments),
            _by_mode(consignments),
            _finds(consignments),
            networks(consignments),
            mix(consignments, consignments.method, "Methods by week", "method"),
            mix(consignments, consignments.scheme, "Threats of the schemes by week", "threat"),
        ),
        point=(
            "All arrivals lie in one week, so nothing can be said of change."
            if len(consignments.weeks) == 1
            else f"The true rate is {first} in the first part of the run and {last} in the last; {apart(first, last)}."
        ),
    )


def _rate_by_week(consignments: Consignments) -> Exhibit:
    weeks, overall = consignments.weeks, rate(consignments.y)
    given = rates(consignments.y, consignments.by_week)
    known = [place for place, each in enumerate(given) if each.rows]
    most, least = max(known, key=lambda one: given[one].value), min(known, key=lambda one: given[one].value)
    differing = sum(each.differs(overall.value) for each in given)
    return Exhibit(
        title="True rate by week",
        finding=(
            f"The rate lies between {share(given[least].value)} (week {weeks[least]}) and {share(given[most].value)} "
            f"(week {weeks[most]}). Weeks whose interval excludes the rate of the whole run, {share(overall.value)}: "
            f"{differing} of {len(known)}; one in twenty would by chance."
            if len(known) > 1
            else f"All arrivals lie in one week; the rate is {overall}."
        ),
        picture=Picture(
            "Share of consignments with a threat aboard by week, with its 95 % interval.",
            lambda figure, _: _panels(figure, weeks, {"": given}, 1),
            2.2,
            2.2,
        ),
        tables=(_table("Consignments with a threat aboard, by week", weeks, {"all": given}),),
    )


def _by_mode(consignments: Consignments) -> Exhibit:
    modes, weeks = consignments.mode, consignments.weeks
    early, late = ends(consignments)
    rows = {label(name): modes.place == place for place, name in enumerate(modes.names)}
    given = {name: rates(consignments.y, consignments.by_week, mine) for name, mine in rows.items()}
    moves = {
        name: (rate(consignments.y, early & mine), rate(consignments.y, late & mine)) for name, mine in rows.items()
    }
    known = [name for name, pair in moves.items() if pair[0].rows and pair[1].rows]
    moved = max(known, key=lambda name: abs(moves[name][1].value - moves[name][0].value), default="")
    return Exhibit(
        title="True rate by week and mode",
        finding=(
            f"From the first to the last part of the run, {moved} moves most: from {moves[moved][0]} to "
            f"{moves[moved][1]}."
            if moved and len(weeks) > 1
            else "There are too few weeks to compare."
        ),
        picture=Picture(
            "Share of consignments with a threat aboard by week, with its 95 % interval; all panels have one scale.",
            lambda figure, narrow: _panels(figure, weeks, given, 2 if narrow else 3),
            0.5 + 1.4 * -(-len(given) // 3),
            0.5 + 1.3 * -(-len(given) // 2),
        ),
        tables=(_table("Rate of any threat by week and mode (95 % interval)", weeks, given),),
    )


def _finds(consignments: Consignments) -> Exhibit:
    found, weeks = consignments.found[:, ANY], consignments.weeks
    among = {"share of the examined": consignments.examined, "share of those with a threat": consignments.y}
    given = {name: rates(found, consignments.by_week, rows) for name, rows in among.items()}
    hit, caught = (rate(found, rows) for rows in among.values())
    return Exhibit(
        title="Finds by week",
        finding=(
            f"Over the whole run {hit} of the examined consignments had a find, and {caught} of those with a threat "
            "were found."
            if hit.rows and caught.rows
            else "Nothing was examined, or nothing was aboard."
        ),
        picture=Picture(
            "Share of consignments with a find by week, with its 95 % interval; each panel has a scale of its own.",
            lambda figure, narrow: _panels(figure, weeks, given, 1 if narrow else 2, sharey=False),
            2.3,
            3.8,
        )
        if hit.rows and caught.rows
        else None,
        tables=(_table("Finds by week (95 % interval)", weeks, given),),
    )


def _panels(figure: Figure, weeks: Ints, given: dict[str, list[Rate]], across: int, *, sharey: bool = True) -> None:
    axes = panels(figure, len(given), across, sharex=True, sharey=sharey)
    for one, (name, each) in zip(axes, given.items(), strict=True):
        _drawn(one, weeks, each)
        one.set_title(name)
        one.set_xlabel("")
    for one in axes:  # when all is drawn, so that a common scale holds all of it
        one.set_ylim(bottom=0)
    figure.supxlabel("week", fontsize=9)


def _drawn(axes: Axes, weeks: Ints, given: Sequence[Rate]) -> None:
    known = [place for place, each in enumerate(given) if each.rows]
    value, low, high = (np.array([getattr(given[place], name) for place in known]) for name in ("value", "low", "high"))
    line(axes, weeks[known], value, low, high)
    weeks_axis(axes, weeks)
    shares_axis(axes.yaxis)
    axes.set_xlabel("week")


def _table(caption: str, weeks: Ints, given: dict[str, list[Rate]]) -> Table:
    rows = [(str(week), *(str(each[place]) for each in given.values())) for place, week in enumerate(weeks.tolist())]
    return Table(caption, ("week", *given), rows)
