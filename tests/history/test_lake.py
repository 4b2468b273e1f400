"""The lake appends once, whatever is repeated, and reads as of any message."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from aftc.errors import HistoryError
from aftc.history.lake import COMPACT_ABOVE_FILES, Lake
from aftc.history.tables import SCHEMAS


def _quarantined(*sequences: int) -> dict[str, pa.Table]:
    schema = SCHEMAS["quarantine"]
    words = ("source", "digest", 5, "ens", "malformed", "streams", "a", "b", "c")
    rows = [(number, number * 10, *words) for number in sequences]
    columns = [pa.array(column, type=field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return {"quarantine": pa.table(columns, schema=schema)}


def test_appending_again_adds_only_what_is_new(tmp_path: Path) -> None:
    """A group repeated after a crash, with other bounds, leaves each row once."""
    lake = Lake(tmp_path)
    lake.append(_quarantined(1, 2, 3), through=3)
    lake.append(_quarantined(1, 2, 3), through=3)
    lake.append(_quarantined(2, 3, 4, 5), through=5)
    assert lake.read("quarantine")["sequence"].to_pylist() == [1, 2, 3, 4, 5]
    assert lake.through("quarantine") == 5


def test_reading_as_of_a_message(tmp_path: Path) -> None:
    """Rows after the named sequence are left out; columns come as asked, without the one that orders them."""
    lake = Lake(tmp_path)
    lake.append(_quarantined(1, 2, 3), through=3)
    read = lake.read("quarantine", up_to=2, columns=("known_at",))
    assert read.to_pydict() == {"known_at": [10, 20]}


def test_a_table_without_rows_reads_empty(tmp_path: Path) -> None:
    """A table nobody has written has its columns and no rows; one that is not of the lake is refused."""
    lake = Lake(tmp_path)
    assert lake.read("versions").schema == SCHEMAS["versions"]
    assert lake.read("versions", columns=("mode",)).column_names == ["mode"]
    assert lake.through("versions") == 0
    with pytest.raises(HistoryError, match="one of the tables"):
        lake.read("nothing")


def test_compaction_keeps_every_row(tmp_path: Path) -> None:
    """Many small files become few, the rows and the mark of the last message stay."""
    lake = Lake(tmp_path)
    last = COMPACT_ABOVE_FILES + 2
    for number in range(1, last + 1):
        lake.append(_quarantined(number), through=number)
    before = lake.read("quarantine")
    lake.compact()
    assert lake.read("quarantine").equals(before)
    assert lake.through("quarantine") == last
    lake.append(_quarantined(last), through=last)
    assert len(lake.read("quarantine")) == last
