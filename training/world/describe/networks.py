"""Networks: how many are at work each week, and how long they last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.consignments import ANY, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.marks import columns, counts_axis, panels, weeks_axis
from training.world.describe.words import capital, count, several, share
from training.world.parameters import Flags, Ints

__all__ = ["networks"]

_NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class _Lives:
    """Networks of a run.

    Attributes:
        active: int64[weeks], networks with a consignment.
        lasted: int64[networks], weeks from the first consignment to the last.
        cut: bool[networks], at work in the run's first or last week: it may have lasted longer.
        found: bool[networks], whether any of its consignments was found.
    """

    active: Ints
    lasted: Ints
    cut: Flags
    found: Flags

    @property
    def by_length(self) -> Ints:
        """int64[], networks that lasted one week, two weeks, and so on."""
        return np.bincount(self.lasted)[1:]


def networks(consignments: Consignments) -> Exhibit:
    """Networks by week and by the weeks that they last."""
    title, weeks = "Networks at work", consignments.weeks
    if not (consignments.network != _NOBODY).any():
        return Exhibit(title, "No consignment belongs to a network.")
    lives = _lives(consignments)
    number, median = len(lives.lasted), int(np.median(lives.lasted))
    return Exhibit(
        title=title,
        finding=(
            f"{capital(several(number, 'network sends', 'networks send'))} consignments, in the mean week "
            f"{lives.active.mean():.1f} of them. Half last {several(median, 'week')} or less, as far as the run shows; "
            f"{count(lives.cut.sum())} are at work in its first or last week and may last longer. "
            f"{share(float(lives.found.mean()))} had at least one find."
        ),
        picture=Picture(
            "Networks at work by week, and how many weeks each lasts.",
            lambda figure, narrow: _drawn(figure, weeks, lives, 1 if narrow else 2),
            2.3,
            3.9,
        ),
        tables=(
            Table(
                "Networks with a consignment, by week",
                ("week", "networks"),
                [(str(week), count(one)) for week, one in zip(weeks.tolist(), lives.active, strict=True)],
            ),
            Table(
                "Networks by how long they last",
                ("weeks from first to last consignment", "networks"),
                [(str(length), count(one)) for length, one in enumerate(lives.by_length, start=1)],
            ),
        ),
    )


def _lives(consignments: Consignments) -> _Lives:
    rows, weeks = consignments.network != _NOBODY, len(consignments.weeks)
    who, place = np.unique(consignments.network[rows], return_inverse=True)
    week = consignments.by_week.place[rows]
    first, last = np.full(len(who), weeks), np.full(len(who), -1)
    np.minimum.at(first, place, week)
    np.maximum.at(last, place, week)
    return _Lives(
        active=np.bincount(np.unique(place * weeks + week) % weeks, minlength=weeks),
        lasted=last - first + 1,
        cut=(first == 0) | (last == weeks - 1),
        found=np.bincount(place, weights=consignments.found[rows, ANY], minlength=len(who)) > 0,
    )


def _drawn(figure: Figure, weeks: Ints, lives: _Lives, across: int) -> None:
    axes = panels(figure, 2, across)
    lengths = np.arange(1, len(lives.by_length) + 1)
    pairs = (
        (weeks, lives.active, "networks with a consignment", "week"),
        (
            lengths,
            lives.by_length,
            "networks by how long they last",
            "weeks from first to last consignment",
        ),
    )
    for one, (places, heights, title, below) in zip(axes, pairs, strict=True):
        columns(one, places, heights)
        one.set(title=title, xlabel=below)
        weeks_axis(one, places)
        counts_axis(one.yaxis)
