"""A state made again is the state that live updates left, byte for byte, whatever was wrong with the former one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aftc.config import Settings
from aftc.errors import HistoryError, StateError
from aftc.features.state_records import faults
from aftc.history.lake import Lake
from aftc.records import Message
from aftc.state import TABLES, State
from aftc.streams import outcome
from aftc.testing import ARRIVAL, an_examination
from serving.ingest import Ingest
from serving.opening import open_state
from serving.rebuild import Rebuilt, rebuild_state

Rows = dict[str, list[tuple[bytes, bytes]]]


def rows_of(store: Path) -> Rows:
    """Every row of the state."""
    state = State(store / "state")
    with state.snapshot() as snapshot:
        rows = {table: list(snapshot.rows(table)) for table in TABLES}
    state.close()
    return rows


def faults_of(store: Path) -> list[str]:
    """What is found wrong with the state."""
    state = State(store / "state")
    with state.snapshot() as snapshot:
        found = list(faults(snapshot))
    state.close()
    return found


def rebuild(store: Path, *, from_journal: bool = False) -> Rebuilt:
    """Make the state of a store again."""
    return rebuild_state(Settings(store=store), lambda _: None, from_journal=from_journal)


def harm(store: Path, table: str) -> None:
    """Flip one bit of the longest value of a table, where it lies in the file."""
    path = store / "state" / "data.mdb"
    raw = max((value for _, value in rows_of(store)[table]), key=len)
    data = bytearray(path.read_bytes())
    place = data.find(raw)
    assert place > 0
    while place > 0:  # older pages hold older copies
        data[place + len(raw) // 2] ^= 4
        place = data.find(raw)
    path.write_bytes(data)


@pytest.mark.parametrize("from_journal", [False, True])
def test_a_rebuilt_state_is_the_same_state(store: Path, from_journal: bool) -> None:
    """Made from the lake's sightings or from the journal alone, every record's bytes are those of live updates."""
    before, lake = rows_of(store), {name: Lake(store / "lake").read(name) for name in ("versions", "sightings")}
    rebuilt = rebuild(store, from_journal=from_journal)
    assert rows_of(store) == before
    assert len(before["owners"]) > 10
    assert {name: Lake(store / "lake").read(name) for name in lake} == lake
    assert (rebuilt.applied, rebuilt.reason) == (34 if from_journal else 0, "")
    if not from_journal:
        assert rebuilt.refilled is not None
        assert rebuilt.refilled.entities == len(before["entities"])
        assert rebuilt.refilled.sightings == lake["sightings"].num_rows


def test_what_the_state_has_not_applied_is_caught_up_from_the_journal(store: Path) -> None:
    """A state of some messages ago is filled as of then, though the lake is ahead, and the journal gives the rest."""
    early = shutil.copytree(store / "state", store.parent / "early")
    examination = an_examination(examination_id="LATE", arrival=ARRIVAL)
    with Ingest(Settings(store=store)) as ingest:
        for _ in ingest.take([Message(outcome.build(examination), ingest.known_at + 1, "late")]):
            pass
    expected = rows_of(store)
    shutil.rmtree(store / "state")
    shutil.copytree(early, store / "state")
    rebuilt = rebuild(store)
    assert rebuilt.applied == 1
    assert rebuilt.refilled is not None
    assert rebuilt.refilled.sequence == 34
    assert rows_of(store) == expected


@pytest.mark.parametrize("table", ["entities", "owners"])
def test_damaged_history_is_made_again_from_sightings(store: Path, table: str) -> None:
    """A flipped bit in a record of the history costs the history alone."""
    before = rows_of(store)
    harm(store, table)
    assert len(faults_of(store)) == 1
    assert rebuild(store).refilled is not None
    assert rows_of(store) == before


@pytest.mark.parametrize("table", ["links", "consignments", "movements", "digests"])
def test_damaged_linking_is_refused_and_made_again_from_the_journal(store: Path, table: str) -> None:
    """A flipped bit in linking's tables is never used: the error names the record and the command, which mends it."""
    before = rows_of(store)
    harm(store, table)
    with pytest.raises(StateError, match=rf"{table} b'.*run 'aftc state rebuild'"):
        rows_of(store)
    assert any(each.startswith(f"{table} b'") for each in faults_of(store))
    rebuilt = rebuild(store)
    assert rebuilt.refilled is None
    assert rebuilt.applied == 34
    assert f"{table} b'" in rebuilt.reason
    assert rows_of(store) == before


def _truncate(state: Path) -> None:
    os.truncate(state / "data.mdb", 3 * 4096)


def _ruin(state: Path) -> None:
    (state / "data.mdb").write_bytes(b"\x00" * 8192)


def _lose(state: Path) -> None:
    shutil.rmtree(state)


@pytest.mark.parametrize("loss", [_truncate, _ruin, _lose])
def test_a_state_that_cannot_be_opened_is_refused_and_made_again(store: Path, loss: Callable[[Path], None]) -> None:
    """Cut off, overwritten or gone: refused with advice, and made again from the journal."""
    before = rows_of(store)
    loss(store / "state")
    with pytest.raises(HistoryError, match="; run 'aftc "):
        open_state(Settings(store=store))
    assert rebuild(store).applied == 34
    assert rows_of(store) == before


def test_a_lake_behind_its_state_is_refused_and_mended(store: Path) -> None:
    """A lake restored from an older backup is not written on: what it lacks comes from the journal, once."""
    versions, before = Lake(store / "lake").read("versions"), rows_of(store)
    shutil.rmtree(store / "lake" / "versions")
    with pytest.raises(HistoryError, match=r"versions up to message \d+.*run 'aftc state rebuild'"):
        Ingest(Settings(store=store))
    assert rebuild(store).applied == 34
    assert Lake(store / "lake").read("versions").equals(versions)
    assert rows_of(store) == before
    with Ingest(Settings(store=store)):
        pass


_KILLED = """
import os, signal, sys
from pathlib import Path
from aftc.config import Settings
from serving import rebuild, states
from aftc.state import State
last, store = sys.argv[1], Path(sys.argv[2])

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if last == "filling":
    rebuild.refill = kill
elif last == "made":
    states.settle = kill
else:
    rename = Path.rename
    Path.rename = lambda self, to: kill() if self.name == "state.made" else rename(self, to)
rebuild.rebuild_state(Settings(store=store), lambda _: None)
"""


@pytest.mark.parametrize(("last", "there"), [("filling", True), ("made", True), ("moved", False)])
def test_a_killed_rebuild_leaves_a_state_or_is_finished(store: Path, last: str, there: bool) -> None:
    """Killed while it fills, the former state is there; killed when the new one is whole, the next writer ends it."""
    before = rows_of(store)
    killed = subprocess.run([sys.executable, "-c", _KILLED, last, str(store)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (store / "state").exists() == there
    if there:
        assert rows_of(store) == before
    with Ingest(Settings(store=store)):
        pass
    assert rows_of(store) == before
    assert {path.name for path in store.iterdir() if path.name.startswith("state")} == {"state"}
