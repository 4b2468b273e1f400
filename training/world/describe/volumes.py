"""Volumes: consignments and messages by week, mode and stream."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.exhibits import Exhibit, Picture, Section, Table
from training.world.describe.leads import leads, speakers
from training.world.describe.marks import columns, counts_axis, panels, weeks_axis
from training.world.describe.rhythm import rhythm
from training.world.describe.sources import Source
from training.world.describe.words import capital, count, label, listed, several, share
from training.world.parameters import Ints

__all__ = ["volumes"]


def volumes(source: Source) -> Section:
    """The section on how much arrives and how much is told of it."""
    consignments, messages = source.consignments, source.messages
    by_mode = consignments.mode.counts()
    order = np.argsort(-by_mode, kind="stable")
    shares = [f"{label(consignments.mode.names[one])} {share(by_mode[one] / len(consignments))}" for one in order]
    return Section(
        anchor="volumes",
        title="Volumes and rhythm",
        introduction="How much arrives, how, and when; and how much is said about it before.",
        exhibits=(
            _arrivals(source),
            rhythm(consignments),
            _messages(source),
            speakers(consignments, messages),
            leads(consignments, messages),
        ),
        point=f"By mode: {listed(shares)} of the consignments.",
    )


def _arrivals(source: Source) -> Exhibit:
    consignments = source.consignments
    weeks, modes = consignments.weeks, consignments.mode
    grid = np.zeros((len(modes.names), len(weeks)), dtype=np.int64)
    np.add.at(grid, (modes.place, consignments.by_week.place), 1)
    names = [label(name) for name in modes.names]
    total = grid.sum(axis=0)
    busiest = int(np.argmax(total))
    rows = [
        (str(week), *(count(one) for one in grid[:, place]), count(total[place]))
        for place, week in enumerate(weeks.tolist())
    ]
    span = source.parameters.days % 7
    short = f" The last week has only {several(span, 'day')}." if span and len(weeks) > 1 else ""
    return Exhibit(
        title="Consignments by week",
        finding=(
            f"A mean of {count(len(consignments) / len(weeks))} consignments arrive in a week; the most, "
            f"{count(total[busiest])}, in week {weeks[busiest]}.{short}"
        ),
        picture=_weekly(
            "Consignments that arrive in each week, by mode; all panels have one scale.", names, grid, weeks
        ),
        tables=(Table("Consignments by week and mode", ("week", *names, "all"), rows),),
    )


def _messages(source: Source) -> Exhibit:
    messages = source.messages
    if not len(messages):
        return Exhibit("Messages by week", "The world has no messages.")
    made = messages.made.sum(axis=1)
    names = [label(name) for name in messages.streams]
    most = int(np.argmax(made))
    rows = [
        (str(week), *(count(one) for one in messages.made[:, place]), count(messages.made[:, place].sum()))
        for place, week in enumerate(messages.weeks.tolist())
    ]
    rows.append(("all", *(count(one) for one in made), count(made.sum())))
    each = len(messages) / len(source.consignments)
    return Exhibit(
        title="Messages by week",
        finding=(
            f"{capital(several(len(messages), 'message'))} were made, {each:.1f} for each consignment; most of them, "
            f"{share(made[most] / made.sum())}, are {names[most]}."
        ),
        picture=_weekly(
            "Messages made for each week’s traffic, lost ones included; each panel has a scale of its own.",
            names,
            messages.made,
            messages.weeks,
            shared=False,
        ),
        tables=(Table("Messages by week and stream", ("week", *names, "all"), rows),),
    )


def _weekly(caption: str, names: list[str], grid: Ints, weeks: Ints, *, shared: bool = True) -> Picture:
    """Small panels of bars, one a row of the grid."""

    def drawn(figure: Figure, narrow: bool) -> None:
        axes = panels(figure, len(names), 2 if narrow else 3, sharex=True, sharey=shared)
        for one, name, heights in zip(axes, names, grid, strict=True):
            columns(one, weeks, heights)
            one.set_title(name, fontsize=8 if narrow else 9)
            weeks_axis(one, weeks)
            counts_axis(one.yaxis)
        figure.supxlabel("week", fontsize=9)

    return Picture(caption, drawn, 0.5 + 1.45 * -(-len(names) // 3), 0.5 + 1.25 * -(-len(names) // 2))
