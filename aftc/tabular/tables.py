"""Tables as files: CSV line by line, Parquet batch by batch, every content a text; memory does not grow with the table.

CSV is read by the standard library's reader, which gives each broken line by itself, where a columnar reader would lose
the block around it.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from aftc.errors import InputError
from aftc.tabular.mapping import Csv
from aftc.tabular.rows import BrokenLine

__all__ = ["SUFFIXES", "CsvTable", "ParquetTable", "Table", "find_tables", "open_table"]

SUFFIXES: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet")
LONGEST_LINE: Final = 1_000_000  # characters read at once: a longer line is no row
BATCH_ROWS: Final = 4_096
LINE_SHOWN: Final = 100_000  # characters kept of a broken line
EXACT_FLOAT: Final = 2.0**53  # below it, floats of whole numbers are those numbers

_ESCAPED: Final = re.compile(r"[\\\x00-\x1f\x7f\ud800-\udfff]")


class CsvTable:
    """A CSV file with a header.

    Raises:
        InputError: it cannot be read, or has no header.
    """

    def __init__(self, path: Path, how: Csv) -> None:
        self.path = path
        self._how = how
        with self._opened() as lines:
            try:
                first = next(self._reader(_Lines(lines)), None)
            except (csv.Error, OSError, EOFError, UnicodeError) as error:
                raise self._unreadable(error) from error
        if not first:
            raise InputError("a table with a header", "an empty first line", advice="add it", subject=str(path))
        self.header = tuple(each.strip() for each in first)

    def rows(self, columns: Sequence[str]) -> Iterator[Sequence[str] | BrokenLine]:
        """The contents of some columns, row for row; a line that is no row as it came. Empty lines are none.

        Raises:
            InputError: the file cannot be read further.
        """
        places = [self.header.index(name) for name in columns]
        with self._opened() as opened:
            lines = _Lines(opened)
            reader = self._reader(lines)
            next(reader, None)
            while True:
                lines.taken.clear()
                try:
                    row = next(reader, None)
                except csv.Error as error:
                    yield BrokenLine("a row of a CSV table", str(error), _escaped("".join(lines.taken)))
                    continue
                except (OSError, EOFError, UnicodeError) as error:
                    raise self._unreadable(error) from error
                if row is None:
                    return
                if len(row) == len(self.header):
                    yield [row[place] for place in places]
                elif row:
                    expected, found = f"{len(self.header)} cells, as the header has", f"{len(row)} cells"
                    yield BrokenLine(expected, found, _escaped("".join(lines.taken)))

    def _opened(self) -> IO[str]:
        encoding = "utf-8-sig" if self._how.encoding.lower() in ("utf-8", "utf8") else self._how.encoding
        try:
            if self.path.suffix == ".gz":
                return gzip.open(self.path, "rt", encoding=encoding, errors="surrogateescape", newline="")
            return self.path.open(encoding=encoding, errors="surrogateescape", newline="")
        except OSError as error:
            raise self._unreadable(error) from error

    def _reader(self, lines: _Lines) -> Any:
        return csv.reader(lines, delimiter=self._how.delimiter, quotechar=self._how.quote, strict=True)

    def _unreadable(self, error: Exception) -> InputError:
        advice = "check the file, and csv.encoding in the mapping"
        return InputError(f"a CSV table in {self._how.encoding}", str(error), advice=advice, subject=str(self.path))


class _Lines:
    """The lines of a file, none longer than the bound, and those that went into the row at hand."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line


class ParquetTable:
    """A Parquet file.

    Raises:
        InputError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        try:
            self._schema = pq.read_schema(path)
        except (pa.ArrowException, OSError) as error:
            raise InputError("a Parquet table", str(error), advice="check the file", subject=str(path)) from error
        self.header = tuple(self._schema.names)

    def rows(self, columns: Sequence[str]) -> Iterator[Sequence[str] | BrokenLine]:
        """The contents of some columns, row for row; one row group's columns are in memory at a time.

        Raises:
            InputError: a column of nested or binary values, or the file cannot be read further.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        for name in columns:
            kind = self._schema.field(name).type
            if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
                found = f"{kind} in '{name}'"
                raise InputError("a column of texts, numbers or times", found, subject=str(self.path))
        try:
            with pq.ParquetFile(self.path) as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=list(columns), use_threads=False):
                    yield from zip(*(_texts(batch[name]) for name in columns), strict=True)
        except (pa.ArrowException, OSError) as error:
            raise InputError("a Parquet table", str(error), advice="check the file", subject=str(self.path)) from error


Table = CsvTable | ParquetTable


def find_tables(paths: Sequence[Path]) -> list[Path]:
    """The tables that are named, and those in folders, each once, in the order of their names.

    Raises:
        InputError: nothing there, or no table.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if _is_table(each)) if path.is_dir() else [path]
        if not path.exists() or not inside or not all(_is_table(each) for each in inside):
            what = f"{path}" if path.exists() else f"nothing at {path}"
            raise InputError(f"tables: {', '.join(SUFFIXES)}", what, advice="with --mapping, PATH is a table")
        found.update(dict.fromkeys(inside))
    return list(found)


def open_table(path: Path, how: Csv) -> Table:
    """A table, by the end of its name.

    Raises:
        InputError: it cannot be read.
    """
    return ParquetTable(path) if path.suffix.lower() == ".parquet" else CsvTable(path, how)


def _is_table(path: Path) -> bool:
    name = path.name.lower()
    return path.is_file() and name.endswith(SUFFIXES) and not name.startswith((".", "_"))


def _texts(column: Any) -> list[str]:
    """The values of a column as texts: numbers as short as they are exact, times as ISO 8601, none as empty."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):  # nanoseconds are cut off: an instant holds microseconds
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [_text(each) for each in column.to_pylist()]


def _text(value: Any) -> str:
    if value is None or value != value:  # NaN is what some writers put for nothing
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if abs(value) < EXACT_FLOAT and value.is_integer() else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _escaped(line: str) -> str:
    """A broken line as a message can hold it: bytes that the character set lacks, and controls, are escapes."""

    def escape(found: re.Match[str]) -> str:
        code = ord(found[0])
        return "\\\\" if found[0] == "\\" else f"\\x{code - 0xDC00 if code >= 0xDC80 else code:02x}"

    shown = line[:LINE_SHOWN]
    return _ESCAPED.sub(escape, shown) + (f"... {len(line)} characters" if len(line) > LINE_SHOWN else "")
