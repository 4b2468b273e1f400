"""A model card as a tree of sections, and its Markdown.

A template is data: titles, sentences with named places, and the names of tables. Filling it gives the card, or an error
that names what is missing: a card never goes out with a place left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from aftc.errors import BundleError

__all__ = ["Section", "Table", "Template", "fill", "render"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a head and rows of equal width."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a card: paragraphs, then tables, then parts of its own."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A section before it is filled.

    Attributes:
        title: May hold places too.
        paragraphs: Sentences with places such as `{sequence}`.
        tables: Names of tables.
        sections: Parts of its own.
        optional: The section is left out where a value or table that it names is not given.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    sections: tuple[Template, ...] = ()
    optional: bool = False


def fill(template: Template, values: Mapping[str, str], tables: Mapping[str, Table]) -> Section:
    """Fill a template's places.

    Args:
        template: The tree.
        values: Texts by the name of their place; an empty text counts as not given.
        tables: By name; a table without rows counts as not given.

    Raises:
        BundleError: a section that is not optional names a value or table that is not given.
    """
    missing = sorted({name for name in _names(template) if not values.get(name)} | set(_tables(template, tables)))
    if missing:
        raise BundleError(
            "a value for every place of the card", f"none for {', '.join(missing)}", subject=template.title
        )
    return Section(
        title=template.title.format_map(values),
        paragraphs=tuple(each.format_map(values) for each in template.paragraphs),
        tables=tuple(tables[name] for name in template.tables),
        sections=tuple(fill(each, values, tables) for each in template.sections if _stands(each, values, tables)),
    )


def render(section: Section, *, level: int = 1) -> str:
    """The section as Markdown, its title as a heading of this level."""
    parts = [f"{'#' * level} {section.title}", *section.paragraphs, *(_markdown(each) for each in section.tables)]
    parts += [render(each, level=level + 1).rstrip("\n") for each in section.sections]
    return "\n\n".join(parts) + "\n"


def _names(template: Template) -> Iterator[str]:
    for text in (template.title, *template.paragraphs):
        yield from (name for _, name, _, _ in Formatter().parse(text) if name)


def _tables(template: Template, tables: Mapping[str, Table]) -> Iterator[str]:
    return (name for name in template.tables if name not in tables or not tables[name].rows)


def _stands(template: Template, values: Mapping[str, str], tables: Mapping[str, Table]) -> bool:
    given = all(values.get(name) for name in _names(template)) and not any(_tables(template, tables))
    return given or not template.optional


def _markdown(table: Table) -> str:
    rows = [table.head, tuple("---" for _ in table.head), *table.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
