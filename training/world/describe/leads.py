"""What is known when: which streams speak of which mode, and how long before arrival."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aftc.clock import DAY, HOUR
from training.world.describe.consignments import NEVER, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.grids import cells
from training.world.describe.marks import fitted, heights
from training.world.describe.messages import Messages
from training.world.describe.palette import ACCENT, PAPER, PRIMARY
from training.world.describe.words import count, duration, label, share
from training.world.parameters import Floats

__all__ = ["leads", "speakers"]

_QUANTILES: Final = (0.1, 0.5, 0.9)


def speakers(consignments: Consignments, messages: Messages) -> Exhibit:
    """Which share of each mode's consignments a stream speaks of."""
    title = "Which stream speaks of whom"
    if not len(messages):
        return Exhibit(title, "No stream speaks: the world has no messages.")
    modes = consignments.mode
    spoken_of = np.array([modes.counts(messages.first[name] != NEVER) for name in messages.streams])
    grid = spoken_of / np.maximum(modes.counts(), 1)
    heard = np.zeros(len(consignments), dtype=np.bool_)
    for name in messages.streams:
        heard |= messages.first[name] != NEVER
    silent = int((~heard).sum())
    heads = [label(name) for name in modes.names]
    names = [label(name) for name in messages.streams]
    rows = [(name, *(share(value) for value in values)) for name, values in zip(names, grid, strict=True)]
    strangers = (
        f" {count(messages.strangers)} times a message is about a document that the truth does not know."
        if messages.strangers
        else ""
    )

    def drawn(figure: Figure, narrow: bool) -> None:
        turned = heads if narrow else [head.replace(" ", "\n", 1) for head in heads]
        cells(figure, figure.subplots(), grid, names, turned, spoken=lambda value: f"{value * 100:.0f}", upright=narrow)

    return Exhibit(
        title=title,
        finding=(
            f"Of {count(silent)} consignments ({share(silent / len(heard))}) no message arrived at all."
            if silent
            else "At least one message arrived about every consignment."
        )
        + strangers,
        picture=Picture(
            "Percentage of each mode’s consignments about which at least one message of the stream arrived.",
            drawn,
            0.8 + 0.3 * len(names),
            1.5 + 0.3 * len(names),
        ),
        tables=(Table("Share of consignments that a stream speaks of, by mode", ("stream", *heads), rows),),
    )


def leads(consignments: Consignments, messages: Messages) -> Exhibit:
    """How long before the arrival the first message of each stream comes."""
    title = "What is known when"
    told = [(name, rows) for name in messages.streams if len(rows := messages.told(name))]
    if not told:
        return Exhibit(title, "No message arrived, so nothing was known of any consignment.")
    spans = [np.quantile(consignments.arrival[rows] - messages.first[name][rows], _QUANTILES) for name, rows in told]
    order = np.argsort([-middle for _, middle, _ in spans], kind="stable").tolist()
    names, spans = [label(told[one][0]) for one in order], [spans[one] for one in order]
    lines = [
        (name, count(len(told[one][1])), *(_lead(value) for value in span))
        for name, one, span in zip(names, order, spans, strict=True)
    ]
    return Exhibit(
        title=title,
        finding=(
            f"First to speak are {names[0]}: half of the consignments that they concern are known "
            f"{_lead(spans[0][1])}. Last are {names[-1]}, {_lead(spans[-1][1])}."
        ),
        picture=Picture(
            "When the first message of a stream about a consignment is received: the median, and the span of the "
            "middle eight tenths. The dashed line is the arrival.",
            lambda figure, narrow: _spans(figure, names, spans, narrow),
            *heights(names, 0.8),
        ),
        tables=(
            Table(
                "First message received about a consignment, by stream",
                ("stream", "consignments", "one in ten later than", "median", "one in ten earlier than"),
                lines,
            ),
        ),
    )


def _lead(micros: float) -> str:
    return f"{duration(micros)} {'before' if micros >= 0 else 'after'} arrival"


def _spans(figure: Figure, names: Sequence[str], spans: Sequence[Floats], narrow: bool) -> None:
    axes: Axes = figure.subplots()
    unit, word = (DAY, "days") if max(abs(np.array(spans)).max(), 0) > 4 * DAY else (HOUR, "hours")
    places = range(len(names))
    late, middle, early = np.array(spans).T / unit
    axes.hlines(places, -late, -early, color=PRIMARY, linewidth=2.4)
    axes.plot(-middle, places, "o", color=PRIMARY, markersize=7, markeredgecolor=PAPER, zorder=3)
    axes.axvline(0, color=ACCENT, linestyle=(0, (4, 3)), linewidth=1.2)
    axes.set_yticks(places, [fitted(name, narrow) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel(f"{word} from arrival")
