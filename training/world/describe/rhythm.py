"""Rhythm: on which days and at which hours consignments arrive."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from aftc.clock import DAY, HOUR
from training.world.describe.consignments import Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.grids import cells
from training.world.describe.words import label, level, share
from training.world.parameters import Floats, Ints

__all__ = ["rhythm"]

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHORT_DAYS: Final = ("M", "T", "W", "T", "F", "S", "S")
_FULL_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_THURSDAY: Final = 3  # 1970-01-01, where instants begin
_HOURS: Final = 24


def rhythm(consignments: Consignments) -> Exhibit:
    """Arrivals by weekday and hour, each mode for itself."""
    names = [label(name) for name in consignments.mode.names]
    weekday = (consignments.arrival // DAY + _THURSDAY) % len(_DAYS)
    hour = consignments.arrival % DAY // HOUR
    by_day, by_hour = _shares(consignments, weekday, len(_DAYS)), _shares(consignments, hour, _HOURS)
    days, hours = np.bincount(weekday, minlength=len(_DAYS)), np.bincount(hour, minlength=_HOURS)

    def drawn(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots(2, 1, height_ratios=[1, 1])
        cells(
            figure, axes[0], by_day, names, _SHORT_DAYS if narrow else _DAYS, spoken=lambda value: f"{value * 100:.0f}"
        )
        axes[0].set_title("percentage by weekday")
        heads = [f"{one:02d}" if one % (6 if narrow else 3) == 0 else "" for one in range(_HOURS)]
        cells(figure, axes[1], by_hour, names, heads, spoken=level, written=False)
        axes[1].set_title("percentage by hour (UTC)")

    busy, calm = int(np.argmax(days)), int(np.argmin(days))
    return Exhibit(
        title="Weekly and daily rhythm",
        finding=(
            f"{_FULL_DAYS[busy]} is the busiest day with {share(days[busy] / days.sum())} of all arrivals, "
            f"{_FULL_DAYS[calm]} the calmest with {share(days[calm] / days.sum())}. The hour from "
            f"{int(np.argmax(hours)):02d}:00 UTC sees the most arrivals, {share(hours.max() / hours.sum())}."
        ),
        picture=Picture(
            "Share of each mode’s arrivals by weekday and by hour of the day; darker is more.",
            drawn,
            0.7 + 0.62 * len(names),
            0.9 + 0.62 * len(names),
        ),
        tables=(
            _table("Arrivals by weekday, share of each mode", "weekday", _FULL_DAYS, names, by_day),
            _table(
                "Arrivals by hour, share of each mode",
                "hour (UTC)",
                [f"{one:02d}" for one in range(_HOURS)],
                names,
                by_hour,
            ),
        ),
    )


def _shares(consignments: Consignments, part: Ints, parts: int) -> Floats:
    """float64[modes, parts]: share of a mode's arrivals."""
    grid = np.zeros((len(consignments.mode.names), parts))
    np.add.at(grid, (consignments.mode.place, part), 1.0)
    return np.asarray(grid / grid.sum(axis=1, keepdims=True))


def _table(caption: str, head: str, parts: list[str] | tuple[str, ...], names: list[str], grid: Floats) -> Table:
    rows = [(part, *(share(value) for value in grid[:, place])) for place, part in enumerate(parts)]
    return Table(caption, (head, *names), rows)
