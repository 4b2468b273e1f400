"""Records as tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftc.records import Record
from aftc.streams import STREAMS, party_merge, table_row
from aftc.testing import a_booking
from tests.streams.valid_records import RECORDS
from tests.streams.valid_values import UNHURRIED
from training.world import columns
from training.world.columns import TableWriter, table_of
from training.world.dispatch import Delivery
from training.world.tables import RECORD_TYPES, Recorded, RecordTables, read_records, record_table


def test_every_stream_has_its_record() -> None:
    """No stream is without a table, but for rows of tables, which no one sends."""
    assert RECORD_TYPES.keys() == STREAMS.keys() - {party_merge.NAME, table_row.NAME}


@pytest.mark.parametrize("stream", list(RECORD_TYPES))
def test_records_are_read_back_as_they_were(stream: str) -> None:
    """Random records of every stream, with names, times and faults, come back equal and in order."""

    @settings(UNHURRIED, max_examples=20)
    @given(st.lists(RECORDS[stream], max_size=5))
    def check(records: list[Record]) -> None:
        sent = [
            Delivery(stream, f"N{place}", place, record, ("D",), ("typo",) * place)
            for place, record in enumerate(records)
        ]
        with TemporaryDirectory() as folder:
            path = Path(folder) / "some.parquet"
            with TableWriter(path, record_table(stream)) as writer:
                for each in sent:
                    writer.put(each)
            expected = [Recorded(each.name, each.received or 0, each.faults, each.record) for each in sent]
            assert list(read_records(path, stream)) == expected

    check()


def test_memory_holds_one_row_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ten rows in groups of four are three groups, in their order."""
    monkeypatch.setattr(columns, "_ROWS", 4)
    record = a_booking()
    with TableWriter(tmp_path / "some.parquet", record_table("ferry_booking")) as writer:
        for number in range(10):
            writer.put(Delivery("ferry_booking", f"N{number}", number, record, ()))
    assert pq.ParquetFile(tmp_path / "some.parquet").metadata.num_row_groups == 3
    assert [row.received for row in read_records(tmp_path / "some.parquet", "ferry_booking")] == list(range(10))


def test_lost_and_garbled_messages_are_no_records(tmp_path: Path) -> None:
    """What never arrived or arrived otherwise than sent is left out, and said so."""
    record = a_booking()
    sent = [
        Delivery("ferry_booking", "WHOLE", 5, record, ()),
        Delivery("ferry_booking", "CUT", 7, record, (), ("truncated",), b"half"),
        Delivery("ferry_booking", "LOST", None, record, (), ("lost",)),
    ]
    with RecordTables(tmp_path, "week-003") as tables:
        assert [tables.put(each) for each in sent] == [True, False, False]
    path = tmp_path / "records" / "ferry_booking" / "week-003.parquet"
    assert tables.digests.keys() == {"records/ferry_booking/week-003.parquet"}
    assert [row.name for row in read_records(path, "ferry_booking")] == ["WHOLE"]


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of a journey."""

    place: str
    grams: int | None


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey."""

    name: str
    best: Leg | None
    legs: tuple[Leg, ...]


def test_columns_follow_from_the_fields() -> None:
    """A dataclass is a struct, a tuple a list, None a null; a table without rows has its columns."""
    table = table_of(Journey)
    leg = pa.struct([("place", pa.string()), ("grams", pa.int64())])
    assert table.schema == pa.schema([("name", pa.string()), ("best", leg), ("legs", pa.list_(leg))])
    rows = [Journey("A", None, (Leg("x", 1), Leg("y", None))), Journey("B", Leg("z", 2), ())]
    made = pa.record_batch(table.turn(rows), schema=table.schema)
    assert made.to_pylist() == [
        {"name": "A", "best": None, "legs": [{"place": "x", "grams": 1}, {"place": "y", "grams": None}]},
        {"name": "B", "best": {"place": "z", "grams": 2}, "legs": []},
    ]
    assert pa.record_batch(table.turn([]), schema=table.schema).num_rows == 0
