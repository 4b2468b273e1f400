"""A grid of cells, darker for more: what many rates at once look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from training.world.describe.marks import fitted
from training.world.describe.palette import BLACK, EMPTY, HEAT, PAPER, luminance
from training.world.describe.words import share
from training.world.parameters import Floats

__all__ = ["cells"]

_CONTRAST: Final = 4.5  # of text to its ground (WCAG 2.2, AA)
_SIZE, _NARROW_SIZE = 8, 7  # points of the figures in the cells


def cells(
    figure: Figure,
    axes: Axes,
    values: Floats,
    rows: Sequence[str],
    heads: Sequence[str],
    *,
    spoken: Callable[[float], str] = share,
    written: bool = True,
    upright: bool = False,
    narrow: bool = False,
    root: bool = False,
) -> None:
    """A grid of cells; NaN stays blank.

    Args:
        figure: Takes the scale.
        axes: Take the cells.
        values: float64[rows, heads], not negative.
        rows: Names of the rows, the first on top.
        heads: Names of the columns.
        spoken: How a value reads.
        written: Whether each cell states its figure; else a scale stands beside the grid.
        upright: Whether the columns' names are turned.
        narrow: Whether long names take two lines.
        root: Whether darkness goes by the square root, where a few cells are far above the others.
    """
    norm = PowerNorm(0.5 if root else 1.0, 0, float(np.nanmax(np.append(values, 1e-9))))
    axes.set_facecolor(EMPTY)
    axes.pcolormesh(np.ma.masked_invalid(values), cmap=HEAT, norm=norm, edgecolors=PAPER, linewidth=0.8)
    axes.set_ylim(len(rows), 0)
    axes.set_yticks(np.arange(len(rows)) + 0.5, [fitted(name, narrow) for name in rows])
    axes.set_xticks(np.arange(len(heads)) + 0.5, list(heads), rotation=90 if upright else 0)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    if written:
        _write(axes, values, norm, spoken, _NARROW_SIZE if narrow else _SIZE)
    else:
        _scale(figure, axes, norm, spoken)


def _write(axes: Axes, values: Floats, norm: PowerNorm, spoken: Callable[[float], str], size: int) -> None:
    """Each cell's figure, in white or black, whichever can be read."""
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        ground = luminance(*HEAT(float(norm(value)))[:3])
        colour = PAPER if 1.05 / (ground + 0.05) >= _CONTRAST else BLACK
        axes.text(column + 0.5, row + 0.5, spoken(float(value)), ha="center", va="center", color=colour, fontsize=size)


def _scale(figure: Figure, axes: Axes, norm: PowerNorm, spoken: Callable[[float], str]) -> None:
    ticks = FuncFormatter(lambda value, _: spoken(value))
    bar = figure.colorbar(ScalarMappable(norm, HEAT), ax=axes, shrink=0.8, aspect=14, pad=0.02, format=ticks)
    bar.outline.set_visible(False)
    if bar.solids is not None:  # as the library types it
        bar.solids.set_edgecolor("face")  # no seams between the shades
