"""Rates by country of origin and chapter of the HS code."""

from __future__ import annotations

from textwrap import shorten
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from aftc.reference.hs import description
from training.world.describe.consignments import Category, Consignments
from training.world.describe.exhibits import Exhibit, Picture, Table
from training.world.describe.grids import cells
from training.world.describe.rate_exhibits import rate_table
from training.world.describe.rates import Rate, rate, rate_of
from training.world.describe.words import count, several
from training.world.parameters import Floats

__all__ = ["goods"]

_FEWEST: Final = 30  # consignments of a pair below which its rate says nothing
_ORIGINS, _CHAPTERS = 16, 18  # drawn, the busiest
_NARROW_CHAPTERS: Final = 9
_LISTED: Final = 60  # pairs in the table
_LETTERS: Final = 48  # of a chapter with its description


def goods(consignments: Consignments) -> Exhibit:
    """A map of the rate for each origin and chapter."""
    title = "By origin and HS chapter"
    origins, chapters = consignments.origin, consignments.chapter
    pair = origins.place * len(chapters.names) + chapters.place
    shape = (len(origins.names), len(chapters.names))
    rows = np.bincount(pair, minlength=shape[0] * shape[1]).reshape(shape)
    hits = np.bincount(pair[consignments.y], minlength=shape[0] * shape[1]).reshape(shape)
    judged = [
        (country, chapter)
        for country, name in origins.named()
        for chapter, code in chapters.named()
        if rows[country, chapter] >= _FEWEST
    ]
    if not judged:
        return Exhibit(title, f"No pair of origin and HS chapter has {_FEWEST} consignments: too few to compare.")
    overall = rate(consignments.y)
    given = {each: rate_of(int(hits[each]), int(rows[each])) for each in judged}
    top = max(judged, key=lambda each: (given[each].value, -each[0], -each[1]))
    above = sum(each.low > overall.value for each in given.values())
    values = np.where(rows >= _FEWEST, hits / np.maximum(rows, 1), np.nan)
    height = 0.9 + 0.24 * min(_ORIGINS, len(origins.named()))
    return Exhibit(
        title=title,
        finding=(
            f"Of {several(len(judged), 'pair')} of origin and chapter with {_FEWEST} consignments or more, {above} "
            f"have a rate whose interval lies above that of all. The highest is {origins.names[top[0]]} with chapter "
            f"{chapters.names[top[1]]}: {given[top]}."
        ),
        picture=Picture(
            f"Percentage of consignments with a threat aboard, for the busiest origins and chapters. "
            f"Cells with fewer than {_FEWEST} consignments are blank.",
            lambda figure, narrow: _drawn(figure, values, origins, chapters, _NARROW_CHAPTERS if narrow else _CHAPTERS),
            height,
            height,
        ),
        tables=(_table(given, origins, chapters),),
    )


def _drawn(figure: Figure, values: Floats, origins: Category, chapters: Category, most: int) -> None:
    countries, codes = _busiest(origins, _ORIGINS), _busiest(chapters, most)
    names, heads = [origins.names[one] for one in countries], [chapters.names[one] for one in codes]
    axes = figure.subplots()
    cells(figure, axes, values[np.ix_(countries, codes)], names, heads, spoken=lambda value: f"{value * 100:.0f}")
    axes.set(xlabel="HS chapter", ylabel="origin")


def _table(given: dict[tuple[int, int], Rate], origins: Category, chapters: Category) -> Table:
    listed = sorted(given, key=lambda each: (-given[each].value, each))[:_LISTED]
    return rate_table(
        f"Pairs of origin and HS chapter by their rate, {count(len(listed))} of {count(len(given))}",
        "origin and chapter",
        [f"{origins.names[one]}, {_goods(chapters.names[two])}" for one, two in listed],
        [given[each] for each in listed],
    )


def _goods(chapter: str) -> str:
    """A chapter with the beginning of its description."""
    return shorten(f"{chapter} {(description(chapter) or '').partition(';')[0]}".strip(), _LETTERS, placeholder=" …")


def _busiest(words: Category, most: int) -> list[int]:
    counts = words.counts()
    busy = sorted((place for place, _ in words.named()), key=lambda place: (-counts[place], place))[:most]
    return sorted(busy)  # by name, so that one can be looked up
