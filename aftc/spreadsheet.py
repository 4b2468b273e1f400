"""Tables for people's spreadsheets: CSV in which no cell is a formula.

A spreadsheet runs a cell that begins with =, +, - or @, also behind a tab or line end; what senders wrote must never
be run by those who look at it. Such a cell gets an apostrophe in front, which spreadsheets take for "this is text".
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from aftc.errors import InputError
from aftc.printable import printable

__all__ = ["cell", "write_csv"]

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | int | float | None


def cell(value: Value) -> str | int | float | None:
    r"""A value as a cell: numbers as they are, text that nothing runs and nothing hides in.

    >>> cell("=HYPERLINK(1)"), cell("-5"), cell(-5), cell("\t=1"), cell("1-2"), cell(" @A1")
    ("'=HYPERLINK(1)", "'-5", -5, "'\\t=1", '1-2', "' @A1")
    """
    if not isinstance(value, str):
        return value
    runs = value.startswith(_RUNS) or value.lstrip().startswith(_RUNS)
    return ("'" if runs else "") + printable(value)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write a table; the number of its rows.

    Raises:
        InputError: something stands at the path.
    """
    written = 0
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(columns)
            for row in rows:
                table.writerow([cell(each) for each in row])
                written += 1
    except FileExistsError as error:
        raise InputError("a file that is not there yet", str(path), advice="name another one") from error
    return written
