"""What the report is made of: sections of exhibits, each a finding, a picture and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from matplotlib.figure import Figure

__all__ = ["Draw", "Exhibit", "Picture", "Section", "Table"]

Draw: TypeAlias = Callable[[Figure, bool], None]  # a figure, and whether it is for a narrow screen


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words; the first column heads its row, the others are figures and stand to the right.

    Attributes:
        caption: What the rows are.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing at two widths.

    Attributes:
        caption: What is shown and how it is to be read.
        height: Inches, on paper and wide screens.
        narrow_height: Inches, on a phone.
    """

    caption: str
    draw: Draw
    height: float
    narrow_height: float


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A finding and what it rests on.

    Attributes:
        title: What is asked.
        finding: The answer, computed.
        picture: None where there is nothing to draw; the finding then says why.
        tables: Every figure drawn.
    """

    title: str
    finding: str
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report.

    Attributes:
        anchor: Its name in links.
        introduction: Which question it answers, for whom.
        point: Its main finding, for the head of the page.
    """

    anchor: str
    title: str
    introduction: str
    exhibits: tuple[Exhibit, ...]
    point: str
