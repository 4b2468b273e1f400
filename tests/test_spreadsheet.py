"""Exported tables: no spreadsheet runs what a sender wrote."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.errors import InputError
from aftc.spreadsheet import cell, write_csv


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\t=", " =", "\r\n@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(begin: str) -> None:
    """Whatever a cell begins with that spreadsheets run, an apostrophe stands before it."""
    shown = str(cell(f"{begin}cmd|' /C calc'!A0"))
    assert shown[0] == "'"
    assert shown[1:].lstrip("\\trn ")[:1] in "=+-@＝＋－＠c"


@given(text=st.text())
def test_no_text_begins_as_a_formula_does(text: str) -> None:
    """After the cell is made, nothing at its beginning runs, also behind spaces."""
    shown = cell(text)
    assert isinstance(shown, str)
    assert not shown.lstrip().startswith(("=", "+", "-", "@"))
    assert not set(shown) & {"\t", "\r", "\n"}


def test_a_table_is_read_back(tmp_path: Path) -> None:
    """Numbers stay numbers, commas and quotes are quoted, None is an empty cell."""
    rows: list[tuple[str | int | None, ...]] = [(1, 'a "b", c', None), (-2, "=1+1", "x")]
    assert write_csv(tmp_path / "t.csv", ("n", "text", "more"), rows) == 2
    with (tmp_path / "t.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["n", "text", "more"], ["1", 'a "b", c', ""], ["-2", "'=1+1", "x"]]


def test_no_file_is_written_over(tmp_path: Path) -> None:
    """What stands at the path stays."""
    (tmp_path / "t.csv").write_text("mine")
    with pytest.raises(InputError, match="a file that is not there yet"):
        write_csv(tmp_path / "t.csv", ("n",), [])
    assert (tmp_path / "t.csv").read_text() == "mine"
