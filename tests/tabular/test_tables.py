"""Tables as files: CSV and Parquet give the same texts, broken lines come singly, memory stays flat."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aftc.errors import InputError
from aftc.tabular import BrokenLine, find_tables, open_table
from aftc.tabular.mapping import Csv


def _csv(
    tmp_path: Path, text: str | bytes, how: Csv | None = None, columns: tuple[str, ...] = ("a", "b")
) -> list[object]:
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    rows = open_table(path, how or Csv()).rows(columns)
    return [each if isinstance(each, BrokenLine) else tuple(each) for each in rows]


def test_columns_are_chosen_in_the_order_asked(tmp_path: Path) -> None:
    """Quoted commas and line ends belong to their cells; empty lines are no rows."""
    text = '\ufeffb,c,a\r\n"1,5",x,"two\nlines"\r\n\r\n2,y,\r\n'
    assert _csv(tmp_path, text) == [("two\nlines", "1,5"), ("", "2")]


def test_how_a_table_is_written_is_the_mapping_s_to_say(tmp_path: Path) -> None:
    """Another delimiter, quote and character set, and a compressed file."""
    how = Csv(delimiter=";", quote="'", encoding="latin-1")
    assert _csv(tmp_path, "a;b\n'x;y';é\n".encode("latin-1"), how) == [("x;y", "é")]
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert list(open_table(path, Csv()).rows(("b",))) == [["2"]]


def test_a_broken_line_costs_no_other(tmp_path: Path) -> None:
    """Too few, too many, text after a quote: each comes with what was wrong and its line; the rows around it stand."""
    rows = _csv(tmp_path, 'a,b\n1,2\n3\n4,5,6\n7,"8"9\n10,11\n')
    assert (rows[0], rows[-1]) == (("1", "2"), ("10", "11"))
    few, many, quoted = rows[1:-1]
    assert few == BrokenLine("2 cells, as the header has", "1 cells", "3\\x0a")
    assert many == BrokenLine("2 cells, as the header has", "3 cells", "4,5,6\\x0a")
    assert isinstance(quoted, BrokenLine)
    assert quoted.line == '7,"8"9\\x0a'


def test_a_quote_that_never_closes_is_bounded(tmp_path: Path) -> None:
    """It takes the rows up to the reader's bound and no more; the ones after that are rows again."""
    rows = _csv(tmp_path, 'a,b\n1,"2\n' + "3,4\n" * 50_000)
    assert isinstance(rows[0], BrokenLine)
    assert "field larger than field limit" in rows[0].found
    assert rows[-1] == ("3", "4")
    assert len(rows) > 15_000


def test_bytes_that_are_no_text_are_kept_or_marked(tmp_path: Path) -> None:
    """In a row they are for the writer to mark; in a broken line they stand as escapes."""
    row, broken = _csv(tmp_path, b"a,b\n\xff,1\n\xff\\\n")
    assert row == ("\udcff", "1")
    assert isinstance(broken, BrokenLine)
    assert broken.line == "\\xff\\\\\\x0a"


@pytest.mark.parametrize("content", [b"", b"\n1,2\n"])
def test_a_table_without_a_header_is_refused(tmp_path: Path, content: bytes) -> None:
    """A table begins with its header."""
    with pytest.raises(InputError, match="a table with a header"):
        _csv(tmp_path, content)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    """Broken files, and a character set that is not the table's, are errors of the input."""
    with pytest.raises(InputError, match="a CSV table in utf-16"):
        _csv(tmp_path, b"a,b\n1,2\n3", Csv(encoding="utf-16"))
    for name in ("a.parquet", "a.csv.gz"):
        (tmp_path / name).write_bytes(b"no table")
        with pytest.raises(InputError, match="table"):
            list(open_table(tmp_path / name, Csv()).rows(("a",)))


def test_parquet_gives_texts(tmp_path: Path) -> None:
    """Every kind of column becomes the text that a careful CSV writer would write; nothing and NaN are empty."""
    moment = datetime(2026, 3, 1, 9, 20, tzinfo=UTC)
    columns = {
        "whole": pa.array([7, None]),
        "float": pa.array([20.7, float("nan")]),
        "round": pa.array([97061800.0, 1e300]),
        "exact": pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
        "truth": pa.array([True, False]),
        "day": pa.array([date(2026, 3, 1), None]),
        "time": pa.array([moment, None], pa.timestamp("ns", "UTC")),
        "local": pa.array([moment.replace(tzinfo=None), None], pa.timestamp("ms")),
        "coded": pa.array(["x", None]).dictionary_encode(),
    }
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table(columns), path)
    table = open_table(path, Csv())
    assert table.header == tuple(columns)
    first, second = (
        dict(zip(columns, row, strict=True)) for row in table.rows(tuple(columns)) if not isinstance(row, BrokenLine)
    )
    assert first == {
        "whole": "7",
        "float": "20.7",
        "round": "97061800",
        "exact": "1.50",
        "truth": "true",
        "day": "2026-03-01",
        "time": "2026-03-01T09:20:00+00:00",
        "local": "2026-03-01T09:20:00",
        "coded": "x",
    }
    assert {name: text for name, text in second.items() if text} == {"round": "1e+300", "truth": "false"}


def test_nested_columns_are_refused(tmp_path: Path) -> None:
    """A list is no content of a cell; it costs nothing where no mapping asks for it."""
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": pa.array([[1]]), "b": pa.array([1])}), path)
    with pytest.raises(InputError, match=r"a column of texts, numbers or times, found list<.*> in 'a'"):
        list(open_table(path, Csv()).rows(("a",)))
    assert list(open_table(path, Csv()).rows(("b",))) == [("1",)]


def test_tables_are_found_in_folders(tmp_path: Path) -> None:
    """Tables in their order, each once; hidden files and others are passed over, a folder without any is refused."""
    for name in ("b.csv", "a.parquet", "_metadata.parquet", ".c.csv", "notes.md"):
        (tmp_path / name).touch()
    assert [each.name for each in find_tables([tmp_path, tmp_path / "b.csv"])] == ["a.parquet", "b.csv"]
    for path in (tmp_path / "notes.md", tmp_path / "none.csv"):
        with pytest.raises(InputError, match="with --mapping, PATH is a table"):
            find_tables([path])


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    """Ten times the rows take no more memory: less than 2 MB either way."""
    peaks = []
    for rows in (5_000, 50_000):
        path = tmp_path / "table.csv"
        path.write_text("a,b\n" + "some content,and more\n" * rows)
        tracemalloc.start()
        assert sum(1 for _ in open_table(path, Csv()).rows(("a", "b"))) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 2_000_000
