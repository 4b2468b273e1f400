"""The card's tree: nothing goes out with a place left open."""

from __future__ import annotations

import pytest

from aftc.errors import BundleError
from aftc.models.card import Section, Table, Template, fill, render

TEMPLATE = Template(
    title="Card of {name}",
    paragraphs=("Made from {rows} rows.",),
    tables=("finds",),
    sections=(
        Template("Rule", ("It found {hits}.",), optional=True),
        Template("Groups", (), ("groups",), optional=True),
        Template("Limits", ("None is known.",)),
    ),
)
FINDS = Table(("threat", "finds"), (("any", "3"), ("a|b", "1")))


def test_a_filled_card_is_markdown() -> None:
    """Headings by depth, paragraphs, tables with their bars escaped; sections that nothing fills are left out."""
    filled = fill(TEMPLATE, {"name": "run 1", "rows": "12"}, {"finds": FINDS})
    assert render(filled) == (
        "# Card of run 1\n\nMade from 12 rows.\n\n"
        "| threat | finds |\n| --- | --- |\n| any | 3 |\n| a\\|b | 1 |\n\n"
        "## Limits\n\nNone is known.\n"
    )


def test_optional_sections_stand_where_they_are_filled() -> None:
    """A value or a table that is given brings its section."""
    groups = Table(("group",), (("x",),))
    filled = fill(TEMPLATE, {"name": "1", "rows": "12", "hits": "5"}, {"finds": FINDS, "groups": groups})
    assert [each.title for each in filled.sections] == ["Rule", "Groups", "Limits"]
    assert filled.sections[0] == Section("Rule", ("It found 5.",))


@pytest.mark.parametrize(
    ("values", "tables", "missing"),
    [
        ({"name": "1"}, {"finds": FINDS}, "rows"),
        ({"name": "1", "rows": ""}, {"finds": FINDS}, "rows"),
        ({"rows": "1"}, {"finds": FINDS}, "name"),
        ({"name": "1", "rows": "1"}, {}, "finds"),
        ({"name": "1", "rows": "1"}, {"finds": Table(("threat",), ())}, "finds"),
    ],
)
def test_a_place_left_open_is_an_error(values: dict[str, str], tables: dict[str, Table], missing: str) -> None:
    """An absent or empty value, or an empty table, is named."""
    with pytest.raises(BundleError, match=f"none for {missing}"):
        fill(TEMPLATE, values, tables)
