"""The marks that pictures are made of: bars, dots with intervals, lines, and their scales."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from training.world.describe.palette import ACCENT, PAPER, PRIMARY
from training.world.describe.rates import Rate
from training.world.parameters import Floats, Ints

__all__ = [
    "columns",
    "counts_axis",
    "dots",
    "fitted",
    "heights",
    "lengths",
    "line",
    "panels",
    "root_axis",
    "shares_axis",
    "weeks_axis",
]

_LONGEST: Final = 44  # letters of a name on one line; the table has all of it
_NARROW_LONGEST: Final = 22
_ROW: Final = 0.27  # inches from one row of marks to the next
_TALL_ROW: Final = 0.36  # where names take two lines
_ROOT_TICKS: Final = (0, 0.01, 0.05, 0.2, 0.5, 1)
_MOST_WEEKS_NAMED: Final = 6
_WEEK_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 1000)
_STEPS: Final = (1, 2, 2.5, 5, 10)  # of ticks


def panels(figure: Figure, number: int, across: int, *, sharex: bool = False, sharey: bool = False) -> list[Axes]:
    """So many panels, row by row; places without one stay empty."""
    grid = figure.subplots(-(-number // across), across, squeeze=False, sharex=sharex, sharey=sharey)
    for axes in grid.flat[number:]:
        axes.set_visible(False)
    return list(grid.flat[:number])


def fitted(name: str, narrow: bool) -> str:
    """A name that fits beside a picture: on a narrow one over two lines."""
    width = _NARROW_LONGEST if narrow else _LONGEST
    return "\n".join(wrap(name, width, max_lines=2 if narrow else 1, placeholder="…"))


def heights(names: Sequence[str], beside: float) -> tuple[float, float]:
    """Inches that a wide and a narrow picture with these rows need.

    Args:
        names: Of the rows.
        beside: Inches above and below the rows.
    """
    wrapped = any(len(name) > _NARROW_LONGEST for name in names)
    return beside + _ROW * len(names), beside + (_TALL_ROW if wrapped else _ROW) * len(names)


def columns(axes: Axes, places: Ints | Floats, heights: Ints | Floats, *, width: float = 0.85) -> None:
    """Upright bars."""
    axes.bar(places, heights, width=width, color=PRIMARY, linewidth=0)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def lengths(
    axes: Axes, names: Sequence[str], values: Sequence[float], spoken: Sequence[str], *, narrow: bool = False
) -> None:
    """Lying bars, the first on top, each with its figure at the end."""
    places = np.arange(len(names))
    axes.barh(places, values, height=0.62, color=PRIMARY, linewidth=0)
    for place, value, text in zip(places, values, spoken, strict=True):
        axes.annotate(text, (value, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=9)
    _named_rows(axes, names, narrow)
    axes.set_xlim(0, max([*values, 1e-9]) * 1.32)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0, labelbottom=False)


def dots(
    axes: Axes, names: Sequence[str], given: Sequence[Rate], *, reference: Rate | None = None, narrow: bool = False
) -> None:
    """Rates as dots on their 95 % intervals, the first on top; a line stands for the rate of all."""
    if reference is not None and reference.rows:
        axes.axvline(reference.value, color=ACCENT, linestyle=(0, (4, 3)), linewidth=1.2, zorder=1)
    drawn = [(place, each) for place, each in enumerate(given) if each.rows]
    places = [place for place, _ in drawn]
    axes.hlines(places, [each.low for _, each in drawn], [each.high for _, each in drawn], color=PRIMARY, linewidth=2.4)
    axes.plot(
        [each.value for _, each in drawn], places, "o", color=PRIMARY, markersize=7, markeredgecolor=PAPER, zorder=3
    )
    _named_rows(axes, names, narrow)
    axes.set_xlim(left=0)
    axes.grid(axis="x")
    shares_axis(axes.xaxis)


def line(
    axes: Axes, places: Ints | Floats, values: Floats, low: Floats | None = None, high: Floats | None = None
) -> None:
    """A line over its band; a lone point is marked."""
    if low is not None and high is not None:
        axes.fill_between(places, low, high, color=PRIMARY, alpha=0.22, linewidth=0)
        if len(places) == 1:
            axes.vlines(places, low, high, color=PRIMARY, linewidth=2.4)
    axes.plot(places, values, color=PRIMARY, marker="o" if len(places) == 1 else None)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def shares_axis(axis: Axis) -> None:
    """Ticks in percent."""
    axis.set_major_locator(MaxNLocator(5, steps=_STEPS))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:g} %"))


def root_axis(axes: Axes) -> None:
    """A square-root scale of shares along the foot: small and large ones are seen together."""
    axes.set_xscale("function", functions=(lambda value: np.sqrt(np.maximum(value, 0)), np.square))
    ticks = [tick for tick in _ROOT_TICKS if tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [f"{tick * 100:g} %" for tick in ticks])


def counts_axis(axis: Axis) -> None:
    """Ticks in whole numbers with separators."""
    axis.set_major_locator(MaxNLocator(4, integer=True, steps=_STEPS))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def weeks_axis(axes: Axes, weeks: Ints) -> None:
    """Ticks at whole weeks."""
    axes.set_xlim(weeks[0] - 0.6, weeks[-1] + 0.6)
    step = next(step for step in _WEEK_STEPS if len(weeks) <= _MOST_WEEKS_NAMED * step)
    axes.set_xticks([week for week in weeks.tolist() if week % step == 0] or weeks[:1].tolist())


def _named_rows(axes: Axes, names: Sequence[str], narrow: bool) -> None:
    axes.set_yticks(range(len(names)), [fitted(name, narrow) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
