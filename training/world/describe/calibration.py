"""Whether the oracle’s chances come true: tenths of the consignments, and tenths of the highest tenth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.world.describe.chances import gap
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.marks import panels, root_axis
from training.world.describe.palette import ACCENT, PAPER, PRIMARY
from training.world.describe.rates import Rate, rate_of
from training.world.describe.words import count, share, signed
from training.world.parameters import Ints

__all__ = ["calibration"]

_TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class _Tenth:
    """A tenth of the consignments by their chance: the mean chance, and the rate that came of it."""

    name: str
    chance: float
    came: Rate

    @property
    def covered(self) -> bool:
        """Whether the interval of the rate covers the mean chance."""
        return not self.came.differs(self.chance)


def calibration(consignments: Consignments) -> Exhibit:
    """Chance against rate."""
    order = np.argsort(consignments.p, kind="stable")
    all_ = _tenths(consignments, order, "tenth")
    highest = _tenths(consignments, np.array_split(order, _TENTHS)[-1], "hundredth")
    whole = gap(consignments.p, int(consignments.y.sum()))
    covered = sum(each.covered for each in (*all_, *highest))
    return Exhibit(
        title="Whether the chances come true",
        finding=(
            f"The chances add up to {count(whole.expected)} consignments with a threat; {count(whole.happened)} have "
            f"one, a gap of {signed(whole.deviations)} standard deviations, "
            f"{'more than chance explains' if whole.far else 'within what chance explains'}. In {covered} of "
            f"{len(all_) + len(highest)} groups the interval of the rate covers the mean chance."
        ),
        picture=Picture(
            "Mean chance (diamond) and the rate that came of it (dot, with its 95 % interval): for tenths of all "
            "consignments from the lowest chance to the highest, and for the highest tenth cut again in ten. The "
            "scale is that of square roots.",
            lambda figure, narrow: _drawn(figure, all_, highest, 1 if narrow else 2),
            3.5,
            5.6,
        ),
        tables=tuple(
            Table(caption, ("group", "consignments", "mean chance", "rate", "95 % interval"), _rows(given))
            for caption, given in (
                ("Chance and rate, tenths of all consignments", all_),
                ("Chance and rate, the highest tenth cut in ten", highest),
            )
        ),
    )


def _tenths(consignments: Consignments, order: Ints, word: str) -> list[_Tenth]:
    """Ten groups of these rows, as even as can be; fewer where there are fewer rows."""
    parts = [rows for rows in np.array_split(order, _TENTHS) if len(rows)]
    return [
        _Tenth(
            name=f"{word} {place}",
            chance=float(consignments.p[rows].mean()),
            came=rate_of(int(consignments.y[rows].sum()), len(rows)),
        )
        for place, rows in enumerate(parts, start=1)
    ]


def _rows(given: list[_Tenth]) -> list[tuple[str, ...]]:
    return [
        (each.name, count(each.came.rows), share(each.chance), share(each.came.value), each.came.interval)
        for each in given
    ]


def _drawn(figure: Figure, all_: list[_Tenth], highest: list[_Tenth], across: int) -> None:
    axes = panels(figure, 2, across)
    for one, given, title in zip(
        axes, (all_, highest), ("tenths of all", "the highest tenth, cut in ten"), strict=True
    ):
        _compare(one, given)
        one.set_title(title)
    marks, names = axes[0].get_legend_handles_labels()
    figure.legend(marks, names, loc="outside lower left", ncols=2)


def _compare(axes: Axes, given: list[_Tenth]) -> None:
    places = range(len(given))
    axes.hlines(
        places, [each.came.low for each in given], [each.came.high for each in given], color=PRIMARY, linewidth=2.4
    )
    rates = [each.came.value for each in given]
    axes.plot(rates, places, "o", color=PRIMARY, markersize=7, markeredgecolor=PAPER, label="rate that came", zorder=3)
    chances = [each.chance for each in given]
    axes.plot(chances, places, "D", color=ACCENT, markersize=7, markerfacecolor="none", label="mean chance", zorder=4)
    axes.set_yticks(places, [str(place + 1) for place in places])
    axes.set_ylim(-0.6, len(given) - 0.4)
    axes.set_xlim(0, 1.08 * max(each.came.high for each in given))
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    root_axis(axes)
