"""The report as one HTML page that needs nothing else: escaped, with headings in order and words for every picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import Final

from training.world.describe.drawing import draw
from training.world.describe.exhibits import Exhibit, Section, Table
from training.world.describe.style import STYLE

__all__ = ["Head", "page"]

_FEW: Final = 6  # columns that fit without breaking their lines


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the sections.

    Attributes:
        figures: Names and values of the main figures.
        terms: Words that the page uses, and what they mean.
        colophon: What the page was made from.
    """

    title: str
    lead: str
    notice: str
    figures: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str]]
    colophon: str


def page(head: Head, sections: Sequence[Section]) -> str:
    """The whole page."""
    return "\n".join(_page(head, sections)) + "\n"


def _page(head: Head, sections: Sequence[Section]) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en-GB">'
    yield '<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(head.title)}</title>"
    yield f'<meta name="description" content="{escape(head.lead)}">'
    yield f"<style>\n{STYLE}\n</style>\n</head>\n<body>"
    yield '<a class="skip" href="#main">To the main points</a>'
    yield f'<header>\n<h1>{escape(head.title)}</h1>\n<p class="lead">{escape(head.lead)}</p>'
    yield f'<p class="notice">{escape(head.notice)}</p>\n</header>'
    yield '<main id="main">'
    yield from _summary(head, sections)
    number = 0
    for section in sections:
        yield f'<section aria-labelledby="{section.anchor}">\n<h2 id="{section.anchor}">{escape(section.title)}</h2>'
        yield f'<p class="introduction">{escape(section.introduction)}</p>'
        for exhibit in section.exhibits:
            number += exhibit.picture is not None
            yield from _exhibit(exhibit, number)
        yield "</section>"
    yield from _terms(head.terms)
    yield f"</main>\n<footer><p>{escape(head.colophon)}</p></footer>\n</body>\n</html>"


def _summary(head: Head, sections: Sequence[Section]) -> Iterator[str]:
    yield '<dl class="figures">'
    yield from (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in head.figures)
    yield '</dl>\n<nav aria-labelledby="points">\n<h2 id="points">Main points</h2>\n<ul>'
    for section in sections:
        yield f'<li><a href="#{section.anchor}">{escape(section.title)}</a> {escape(section.point)}</li>'
    yield '<li><a href="#terms">Words and methods</a> What the words of this page mean.</li>\n</ul>\n</nav>'


def _exhibit(exhibit: Exhibit, number: int) -> Iterator[str]:
    yield f"<h3>{escape(exhibit.title)}</h3>\n<p>{escape(exhibit.finding)}</p>"
    if exhibit.picture is not None:
        yield f"<figure>\n{draw(exhibit.picture, f'figure-{number}', exhibit.finding)}"
        yield f"<figcaption>Figure {number}. {escape(exhibit.picture.caption)}</figcaption>\n</figure>"
    if exhibit.picture is None:
        yield from chain.from_iterable(_table(table) for table in exhibit.tables)
    elif exhibit.tables:
        yield f"<details>\n<summary>{'Table' if len(exhibit.tables) == 1 else 'Tables'} of Figure {number}</summary>"
        yield from chain.from_iterable(_table(table) for table in exhibit.tables)
        yield "</details>"


def _table(table: Table) -> Iterator[str]:
    kind = ' class="words"' if table.head[1:] == ("value",) else ' class="few"' if len(table.head) <= _FEW else ""
    caption = escape(table.caption)
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}">'
    yield f"<table{kind}>\n<caption><span>{caption}</span></caption>"
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for first, *others in table.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _terms(terms: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield '<section aria-labelledby="terms">\n<h2 id="terms">Words and methods</h2>\n<dl class="glossary">'
    yield from (f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in terms)
    yield "</dl>\n</section>"
