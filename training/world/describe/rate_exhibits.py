"""Rates as a picture of dots and as a table: the form that most findings have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure

from training.world.describe.exhibits import Picture, Table
from training.world.describe.marks import dots, heights
from training.world.describe.rates import Rate
from training.world.describe.words import count, share

__all__ = ["rate_picture", "rate_table"]

_READ: Final = "Dots are rates, bars their 95 % intervals"


def rate_picture(names: Sequence[str], given: Sequence[Rate], reference: Rate | None = None, note: str = "") -> Picture:
    """Rates, the first on top.

    Args:
        names: Of the rates.
        given: The rates; those without rows are left blank.
        reference: A rate that a dashed line stands for.
        note: What the caption says beside how to read the marks.
    """

    def drawn(figure: Figure, narrow: bool) -> None:
        dots(figure.subplots(), names, given, reference=reference, narrow=narrow)

    line = "; the dashed line is the rate of all consignments." if reference else "."
    return Picture(f"{_READ}{line} {note}".rstrip(), drawn, *heights(names, 0.5))


def rate_table(
    caption: str,
    head: str,
    names: Sequence[str],
    given: Sequence[Rate],
    rows: str = "consignments",
    hits: str = "of which",
) -> Table:
    """Names with their rates."""
    lines = [
        (name, count(each.rows), count(each.hits), share(each.value), each.interval)
        for name, each in zip(names, given, strict=True)
    ]
    return Table(caption, (head, rows, hits, "rate", "95 % interval"), lines)
