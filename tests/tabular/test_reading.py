"""Mappings: taken, or refused before a row is read, with where, what was expected and what came."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftc.errors import InputError
from aftc.tabular import read_mapping
from tests.tabular.a_mapping import MAPPING, mapping_of

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "mappings").glob("*.toml"))


def test_comments_and_order_do_not_count(tmp_path: Path) -> None:
    """The digest is that of what a mapping says, however it is written; another unit is another mapping."""
    digest = mapping_of(tmp_path).digest
    table, _, rest = MAPPING.strip().partition("\n")
    swapped = rest.replace('missing = ["-"]', f'missing = ["-"] # none\n{table}')
    assert mapping_of(tmp_path, swapped).digest == digest
    assert mapping_of(tmp_path, MAPPING.replace('unit = "kg"', 'unit = "t"')).digest != digest


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ('table = "port"', "table = ", "TOML in"),
        ('table = "port"', 'table = "a/b"', "matching regex"),
        ('table = "port"', "", "missing required field `table`"),
        ("[goods]", '[goods]\ncolour = "Red"', r"unknown field `colour` - at `\$.goods`"),
        ('unit = "kg"', 'unit = "stone"', r"Invalid enum value 'stone' - at `\$.goods.gross_mass.unit`"),
        ('{ column = "Kilos", unit = "kg" }', '"Kilos"', r"at `\$.goods.gross_mass`"),
        ('reference = "No"', "", "one of reference and mrn at declaration .* found neither"),
        ('reference = "No"', 'reference = "No"\nmrn = "No"', "one of reference and mrn at declaration .* found both"),
        ('reference = "No"', "reference = []", "a column, or several at declaration.reference"),
        ('"Lodged", zone', '"Lodged", format = "%d %b %Y", zone', "at declaration.declared .* found %b, where"),
        ('"Lodged", zone', '"Lodged", format = "%H:%M", zone', "found no year, month and day"),
        ('"Lodged", zone = "Europe/London"', '"Lodged", format = "%Y-%m-%d"', "a zone: the format has none"),
        ('"Lodged", zone = "Europe/London"', '"Lodged", zone = "Europe/Dover"', "'Europe/Dover', no zone"),
        ('"Lodged", zone', '"Lodged", time = "25:00", zone', "'25:00', no such time of day"),
        ('currency_column = "Money"', 'currency = "pounds"', "a currency of three capital letters"),
        (', currency_column = "Money"', "", "one of currency and currency_column at goods.value .* found neither"),
        ('{ value = "random" }', "{ }", "one of column and value at selection.reason"),
        ('coke = "cocaine"', 'coke = "snow"', "one of cocaine, .* at outcome.finds.0 .* found 'snow'"),
        ('recorded = { column = "Seen", zone = "Europe/London" }', "", "a label has a clock of its own"),
        ("[selection]", "[csv]\nencoding = 'utf-9'\n[selection]", "a character set that Python knows"),
        ('yes = ["Y"]', 'yes = ["N"]', "both: 'N'"),
        ('probability = { column = "P" }', "", "a column, or 'unknown' at selection.probability"),
        ('probability = { column = "P" }', 'probability = "P"', "found 'P'"),
        ('{ column = "Checked", yes = ["Y"], no = ["N", ""] }', '"some"', "'every row', 'labelled rows' or a column"),
        ('{ column = "Checked", yes = ["Y"], no = ["N", ""] }', '"every row"', "no probability or reason"),
        ('reason = { value = "random" }', 'reason = { column = "P", means = { a = "luck" } }', "found 'luck'"),
        ("[parties.consignee]", "[parties.buyer]", "Invalid enum value 'buyer'"),
    ],
)
def test_an_impossible_mapping_is_refused(tmp_path: Path, before: str, after: str, error: str) -> None:
    """Each thing that cannot be is refused with its place, what was expected, and what came."""
    assert before in MAPPING
    with pytest.raises(InputError, match=error):
        mapping_of(tmp_path, MAPPING.replace(before, after))


def test_a_label_without_a_selection_is_refused(tmp_path: Path) -> None:
    """How rows came to be examined is said, never assumed; and a selection without an outcome is none."""
    with pytest.raises(InputError, match="how rows came to be examined, for weights rest on it"):
        mapping_of(tmp_path, MAPPING.partition("[selection]")[0])
    head, _, rest = MAPPING.partition("[outcome]")
    with pytest.raises(InputError, match="what the selection led to"):
        mapping_of(tmp_path, head + "[selection]" + rest.partition("[selection]")[2])


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The path is named, and the option to correct."""
    with pytest.raises(InputError, match="check --mapping"):
        read_mapping(tmp_path / "no.toml")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_mappings(tmp_path: Path, path: Path) -> None:
    """Every committed example can be read, and docs/tabular.md shows it in full."""
    text = path.read_text(encoding="utf-8")
    assert mapping_of(tmp_path, text).table == path.stem
    assert text.strip() in (path.parents[1] / "tabular.md").read_text(encoding="utf-8")
