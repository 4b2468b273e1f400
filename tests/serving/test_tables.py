"""Tables through the one writer: into the lake and the training set, once, whatever happens on the way."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from aftc.cli import run
from aftc.clock import DAY, Instant, parse_instant
from aftc.config import Settings
from aftc.errors import HistoryError, InputError
from aftc.features.catalogue import SCHEMA
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.history.quarantine import Quarantine, Wanted
from aftc.records import Message, Threat
from aftc.state import TABLES, State
from serving.ingest import Ingest, Tally
from serving.ingest_command import INGEST
from serving.retry import Retry, retry
from serving.tables import GatheredRows
from tests.tabular.a_mapping import HEADER, MAPPING
from training.building import build_training_set

NOW = parse_instant("2026-06-01T00:00:00Z")
ROWS = 60


def _lines(rows: int = ROWS) -> list[str]:
    """Rows of one buyer after the other, over sixty days, half of them examined, some of these with a find."""
    lines = []
    for row in range(rows):
        day, result = f"2026-{2 + row // 28:02d}-{1 + row % 28:02d}", "coke" if row % 6 == 0 else "none"
        checked = "Y" if row % 2 == 0 else "N"
        cells = (f"D{row}", day, "sea", "080390", "CO", "100.5", "9", "EUR", f"B{row % 4}", "bananas")
        lines.append(
            ",".join((*cells, checked, result if checked == "Y" else "", f"2026-05-{1 + row % 28:02d}", "0.5"))
        )
    return lines


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """The mapping's file."""
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING)
    return path


def _table(folder: Path, lines: list[str], name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((",".join(HEADER), *lines)) + "\n")
    return path


def _ingest(store: Path, table: Path, mapping: Path, now: Instant = NOW) -> Tally:
    with GatheredRows([table], mapping, now) as gathered, Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take(gathered.ordered()):
            pass
        return ingest.tally


def _contents(store: Path) -> tuple[list[tuple[int, Instant, bytes]], dict[str, list[tuple[bytes, bytes]]]]:
    """Journal and state, but for where messages came from."""
    state = State(store / "state")
    with state.snapshot() as snapshot:
        rows = {table: list(snapshot.rows(table)) for table in TABLES}
    state.close()
    return [(each.sequence, each.known_at, each.raw) for each in Journal(store / "journal").entries()], rows


def test_rows_become_training_rows(tmp_path: Path, mapping: Path) -> None:
    """Sixty declarations and thirty outcomes are linked, and give sixty rows, thirty with labels, ten with a find."""
    tally = _ingest(tmp_path / "store", _table(tmp_path, _lines()), mapping)
    assert dict(tally.taken) == {"table_row": 90}
    assert (tally.consignments, tally.outcomes) == (60, 30)
    made = build_training_set(Lake(tmp_path / "store" / "lake"), Settings(store=tmp_path / "store"), SCHEMA)
    assert (len(made), int(made.labels.examined.sum())) == (60, 30)
    assert int((made.labels.of(Threat.COCAINE) == 1).sum()) == 10
    assert set(made.weights.values.tolist()) == {0.0, 2.0}


def test_a_second_ingest_changes_nothing(tmp_path: Path, mapping: Path) -> None:
    """The same table, its rows in any order, is known by its rows' bytes."""
    lines = _lines()
    _ingest(tmp_path / "store", _table(tmp_path, lines), mapping)
    before = _contents(tmp_path / "store")
    random.Random(3).shuffle(lines)
    tally = _ingest(tmp_path / "store", _table(tmp_path, lines, "again.csv"), mapping)
    assert (tally.messages, tally.duplicates) == (0, 90)
    assert _contents(tmp_path / "store") == before


def test_the_order_of_a_table_does_not_count(tmp_path: Path, mapping: Path) -> None:
    """Shuffled rows give the same journal and the same state."""
    lines = _lines()
    _ingest(tmp_path / "one", _table(tmp_path, lines), mapping)
    random.Random(5).shuffle(lines)
    _ingest(tmp_path / "other", _table(tmp_path, lines), mapping)
    assert _contents(tmp_path / "one") == _contents(tmp_path / "other")


@pytest.mark.parametrize("after", [1, 7, 40, 89])
def test_an_interrupted_ingest_goes_on(tmp_path: Path, mapping: Path, after: int) -> None:
    """Stopped after any message and run again, it ends as one in one go."""
    table = _table(tmp_path, _lines())
    _ingest(tmp_path / "whole", table, mapping)
    with GatheredRows([table], mapping, NOW) as gathered, Ingest(Settings(store=tmp_path / "store")) as ingest:
        first: list[Message] = [message for _, message in zip(range(after), gathered.ordered(), strict=False)]
        for _ in ingest.take(first):
            pass
    _ingest(tmp_path / "store", table, mapping)
    assert _contents(tmp_path / "store") == _contents(tmp_path / "whole")


def test_bad_rows_are_quarantined_and_the_others_taken(tmp_path: Path, mapping: Path) -> None:
    """A broken line, a bad clock, a bad label and a bad mass: three rows refused with reasons, one flagged."""
    lines = _lines()
    lines[3] = "D3,2026-02-04,sea"
    lines[5] = lines[5].replace("2026-02-06", "6 Feb")
    lines[8] = lines[8].replace(",none,", ",maybe,")
    lines[9] = lines[9].replace("100.5", "heavy")
    tally = _ingest(tmp_path / "store", _table(tmp_path, lines), mapping)
    assert tally.taken.total() == 87
    rows = Lake(tmp_path / "store" / "lake").read("quarantine").to_pylist()
    assert {(row["stream"], row["reason"]) for row in rows} == {("table_row", "malformed")}
    assert sorted((row["source"].rpartition("!")[2], row["expected"]) for row in rows) == [
        ("4", "14 cells, as the header has"),
        ("6", "a date or time in Lodged"),
        ("9", "a label of the mapping in Result"),
    ]
    held = [entry.known_at for entry in Journal(tmp_path / "store" / "journal").entries()]
    assert held == sorted(held)


def test_a_retry_needs_neither_table_nor_mapping(tmp_path: Path, mapping: Path) -> None:
    """A row in quarantine is read again from its own bytes, and refused again for the same reason."""
    lines = _lines()
    lines[5] = lines[5].replace("2026-02-06", "6 Feb")
    table = _table(tmp_path, lines)
    _ingest(tmp_path / "store", table, mapping)
    table.unlink()
    mapping.unlink()
    store = tmp_path / "store"
    with Ingest(Settings(store=store)) as ingest:
        rows, _ = Quarantine(Lake(store / "lake"), ingest.number_of).held(Wanted())
        (done,) = retry(ingest, Journal(store / "journal"), rows, NOW + DAY, 100)
    assert done.result is Retry.REFUSED
    assert done.expected == "a date or time in Lodged"


def test_nothing_is_known_after_now(tmp_path: Path, mapping: Path) -> None:
    """A clock of the future is no known-at: what is here is known now."""
    table = _table(tmp_path, _lines())
    now = parse_instant("2026-02-10T00:00:00Z")
    with GatheredRows([table], mapping, now) as gathered:
        assert max(each.known_at for each in gathered.ordered()) == now


def test_older_tables_are_refused(tmp_path: Path, mapping: Path) -> None:
    """A table with history from before the newest message is refused with what to do."""
    lines = _lines()
    _ingest(tmp_path / "store", _table(tmp_path, lines[30:]), mapping)
    with pytest.raises(HistoryError, match="--as-arrived"):
        _ingest(tmp_path / "store", _table(tmp_path, lines), mapping)


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ('"Kilos"', '"Weight"', "the column 'Weight' once"),
        ('"Lodged", zone', '"Lodged", format = "%d/%m/%Y", zone', "a date or time in Lodged, in at least one row"),
    ],
)
def test_a_mapping_that_does_not_fit_writes_nothing(
    tmp_path: Path, mapping: Path, before: str, after: str, error: str
) -> None:
    """An unknown column, or a clock that no row has, is refused before there is a store."""
    mapping.write_text(MAPPING.replace(before, after))
    with pytest.raises(InputError, match=error):
        _ingest(tmp_path / "store", _table(tmp_path, _lines()), mapping)
    assert not (tmp_path / "store").exists()


def test_the_command_tells_rows_and_messages(tmp_path: Path, mapping: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command ingests a table; without a table the option is refused."""
    table, store = _table(tmp_path, _lines()), tmp_path / "store"
    given = ["--mapping", str(mapping), "--store", str(store)]
    assert run([INGEST], ["ingest", str(table), *given]) == 0
    assert "1 tables, 60 rows, 90 messages: 90 taken, 0 quarantined, 0 skipped" in capsys.readouterr().out
    assert run([INGEST], ["ingest", *given]) != 0
    assert "PATH: the tables that --mapping describes" in capsys.readouterr().err
