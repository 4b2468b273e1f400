"""Mixes: which methods and threats the schemes are made of, week by week."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from training.world.describe.consignments import Category, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.grids import cells
from training.world.describe.marks import heights
from training.world.describe.words import count, label, level, share
from training.world.parameters import Flags, Floats, Ints

__all__ = ["ends", "mix"]

_PARTS: Final = 4  # the first and the last of so many parts of the weeks are compared
_MOST_NAMED: Final = 12  # weeks below the grid; on a narrow one half as many


def ends(consignments: Consignments) -> tuple[Flags, Flags]:
    """Rows of the first and of the last quarter of the weeks, at least one week each."""
    week = consignments.by_week
    part = max(1, len(week.names) // _PARTS)
    return week.place < part, week.place >= len(week.names) - part


def mix(consignments: Consignments, words: Category, title: str, head: str) -> Exhibit:
    """Shares of each week's schemes, and how far the mix moved.

    Args:
        consignments: The world.
        words: What the schemes are told apart by; the empty word is no scheme.
        title: Of the exhibit.
        head: What a word is.
    """
    if not words.named():
        return Exhibit(title, "No consignment belongs to a scheme.")
    overall = words.counts()
    places = sorted((place for place, _ in words.named()), key=lambda place: (-overall[place], place))
    names = [label(words.names[place]) for place in places]
    week = consignments.by_week
    counts = np.array([week.counts(words.place == place) for place in places])
    total = counts.sum(axis=0)
    values: Floats = np.where(total > 0, counts / np.maximum(total, 1), np.nan)
    early, late = (words.counts(rows)[places] for rows in ends(consignments))
    return Exhibit(
        title=title,
        finding=(
            _shift(names, early, late)
            if len(week.names) > 1 and early.sum() and late.sum()
            else f"There are too few weeks with schemes to compare; most frequent is {names[0]}."
        ),
        picture=Picture(
            f"Share of each {head} among the week’s consignments of schemes; darker is more.",
            lambda figure, narrow: _drawn(figure, values, names, week.names, narrow),
            *heights(names, 0.8),
        ),
        tables=(
            Table(
                f"Share of each {head} among the consignments of schemes, by week",
                ("week", "consignments", *names),
                [
                    (one, count(total[place]), *(share(value) for value in values[:, place]))
                    for place, one in enumerate(week.names)
                ],
            ),
        ),
    )


def _shift(names: list[str], early: Ints, late: Ints) -> str:
    before, after = early / early.sum(), late / late.sum()
    up, down = int(np.argmax(after - before)), int(np.argmin(after - before))
    moved = share(float(np.abs(after - before).sum() / 2))
    return (
        f"From the first to the last part of the run {moved} of the mix shifts: most gained “{names[up]}” "
        f"({share(before[up])} to {share(after[up])}), most lost “{names[down]}” ({share(before[down])} to "
        f"{share(after[down])})."
    )


def _drawn(figure: Figure, values: Floats, names: list[str], weeks: tuple[str, ...], narrow: bool) -> None:
    axes = figure.subplots()
    step = -(-len(weeks) // (_MOST_NAMED // 2 if narrow else _MOST_NAMED))
    heads = [week if place % step == 0 else "" for place, week in enumerate(weeks)]
    cells(figure, axes, values, names, heads, spoken=level, written=False, narrow=narrow)
    axes.set_xlabel("week")
