"""The oracle’s chances: how they are spread, and whether they come true."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.world.describe.chances import gap
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.marks import columns, panels, shares_axis
from training.world.describe.palette import ACCENT, PAPER, PRIMARY
from training.world.describe.rates import Rate, rate_of
from training.world.describe.words import count, share
from training.world.parameters import Floats, Ints

__all__ = ["calibration", "distribution"]

_TENTHS: Final = 10
_EDGES: Final = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


def distribution(consignments: Consignments) -> Exhibit:
    """How many consignments, and how much of the threat, lies at each height of the chance."""
    place = np.clip(np.searchsorted(_EDGES, consignments.p, side="right") - 1, 0, len(_EDGES) - 2)
    rows = np.bincount(place, minlength=len(_EDGES) - 1)
    hits = np.bincount(place[consignments.y], minlength=len(_EDGES) - 1)
    names = [f"{low * 100:g}–{high * 100:g} %" for low, high in pairwise(_EDGES)]
    parts = rows / rows.sum(), hits / max(hits.sum(), 1)
    low, middle, high = np.quantile(consignments.p, (0.1, 0.5, 0.99))

    def drawn(figure: Figure, _: bool) -> None:
        axes = panels(figure, 2, 1, sharex=True)
        for one, values, head in zip(
            axes, parts, ("share of consignments", "share of those with a threat"), strict=True
        ):
            columns(one, np.arange(len(values)), values)
            one.set_title(head)
            shares_axis(one.yaxis)
        axes[1].set_xticks(np.arange(len(_EDGES)) - 0.5, [f"{edge * 100:g}" for edge in _EDGES])
        axes[1].set_xlabel("the oracle’s chance of any threat (%)")

    lines = [
        (name, count(one), share(a), count(two), share(b))
        for name, one, a, two, b in zip(names, rows, parts[0], hits, parts[1], strict=True)
    ]
    return Exhibit(
        title="How the chances are spread",
        finding=(
            f"The median chance is {share(middle)}; one consignment in ten lies below {share(low)}, one in a hundred "
            f"above {share(high)}. The mean is {share(float(consignments.p.mean()))}."
        ),
        picture=Picture("Consignments by the oracle’s chance; the steps of the scale are not even.", drawn, 3.3, 3.3),
        tables=(
            Table(
                "Consignments by the oracle’s chance of any threat",
                ("chance", "consignments", "share", "with a threat", "share of these"),
                lines,
            ),
        ),
    )


def calibration(consignments: Consignments) -> Exhibit:
    """Tenths of the consignments by chance, and the rate that came of each."""
    tenths = [rows for rows in np.array_split(np.argsort(consignments.p, kind="stable"), _TENTHS) if len(rows)]
    chance = np.array([consignments.p[rows].mean() for rows in tenths])
    came = [rate_of(int(consignments.y[rows].sum()), len(rows)) for rows in tenths]
    apart = sum(each.differs(value) for each, value in zip(came, chance.tolist(), strict=True))
    whole = gap(consignments.p, int(consignments.y.sum()))
    verdict = "more than chance explains" if whole.far else "within what chance explains"
    names = [f"{place}" for place in range(1, len(tenths) + 1)]
    rows = [
        (f"tenth {name}", count(each.rows), share(value), share(each.value), each.interval)
        for name, value, each in zip(names, chance.tolist(), came, strict=True)
    ]

    def drawn(figure: Figure, _: bool) -> None:
        _compare(figure.subplots(), names, chance, came)

    return Exhibit(
        title="Whether the chances come true",
        finding=(
            f"The chances add up to {count(whole.expected)} consignments with a threat; {count(whole.happened)} have "
            f"one, a gap of {whole.deviations:+.1f} standard deviations, {verdict}. In {len(tenths) - apart} of "
            f"{len(tenths)} tenths the interval of the rate covers the mean chance."
        ),
        picture=Picture(
            "Tenths of the consignments from the lowest chance to the highest: the mean chance (diamond) and the rate "
            "that came of it (dot, with its 95 % interval). The scale is logarithmic.",
            drawn,
            3.3,
            3.3,
        ),
        tables=(
            Table(
                "Chance and rate by tenth of the chance",
                ("tenth", "consignments", "mean chance", "rate", "95 % interval"),
                rows,
            ),
        ),
    )


def _compare(axes: Axes, names: list[str], chance: Floats, came: list[Rate]) -> None:
    places: Ints = np.arange(len(names))
    floor = max(min([*chance[chance > 0], *(each.value for each in came if each.value > 0), 1.0]) / 3, 1e-6)
    axes.hlines(
        places,
        [max(each.low, floor) for each in came],
        [max(each.high, floor) for each in came],
        color=PRIMARY,
        linewidth=2.4,
    )
    seen = [place for place in places.tolist() if came[place].value > 0]
    axes.plot(
        [came[place].value for place in seen],
        seen,
        "o",
        color=PRIMARY,
        markersize=7,
        markeredgecolor=PAPER,
        label="rate that came",
    )
    axes.plot(chance, places, "D", color=ACCENT, markersize=7, markerfacecolor="none", label="mean chance", zorder=3)
    axes.set_xscale("log")
    axes.set_yticks(places, names)
    axes.set_ylim(-0.5, len(names) - 0.5)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.set(xlabel="rate", ylabel="tenth by chance", xlim=(floor, None))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value * 100:g} %")
    axes.legend(loc="lower right")
