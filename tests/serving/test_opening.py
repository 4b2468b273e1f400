"""A scorer opens only a state that it understands and that keeps up with its journal."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from aftc.clock import MINUTE
from aftc.config import Settings
from aftc.errors import HistoryError
from aftc.history.journal import Journal
from aftc.records import JournalEntry
from aftc.state import State, Watermark, read_watermark
from serving.ingest import Ingest
from serving.opening import open_state
from serving.rebuild import rebuild_state


def _watermark(store: Path) -> Watermark:
    state = open_state(Settings(store=store))
    with state.snapshot() as view:
        watermark = read_watermark(view)
    state.close()
    return watermark


def _journal_ahead(store: Path, minutes: int) -> None:
    watermark = _watermark(store)
    known_at = watermark.known_at + minutes * MINUTE
    with Journal(store / "journal") as journal:
        journal.append([JournalEntry(watermark.sequence + 1, known_at, sha256(b"x").digest(), "later", b"x")])


def test_a_state_that_keeps_up_is_opened(store: Path) -> None:
    """A state as far as its journal, and one a few minutes behind, are served from."""
    assert _watermark(store).sequence == 34
    _journal_ahead(store, 30)
    assert _watermark(store).sequence == 34


def test_a_state_that_is_behind_is_refused(store: Path) -> None:
    """Beyond the set lag the error says how to catch up."""
    _journal_ahead(store, 61)
    with pytest.raises(HistoryError, match="run 'aftc ingest'"):
        open_state(Settings(store=store))
    open_state(Settings(store=store, max_state_lag_minutes=90)).close()


def test_another_layout_is_refused(store: Path) -> None:
    """Records written by other definitions of keys and measures are not read as if they were these."""
    state = State(store / "state", writable=True)
    with state.transaction() as transaction:
        transaction.put("meta", b"layout", b"0" * 64)
    state.close()
    with pytest.raises(HistoryError, match="a state of the layout"):
        open_state(Settings(store=store))


@pytest.mark.parametrize(("form", "words"), [(b"1", "form 1"), (b"", "an older form")])
def test_records_of_another_form_are_refused_and_made_again(store: Path, form: bytes, words: str) -> None:
    """Not by scorers alone: nothing is added to them either. A rebuild makes them of the form that is read."""
    state = State(store / "state", writable=True)
    with state.transaction() as transaction:
        transaction.put("meta", b"form", form)
    state.close()
    with pytest.raises(HistoryError, match=rf"records of form 2, found records of {words}; run 'aftc state rebuild'"):
        open_state(Settings(store=store))
    with pytest.raises(HistoryError, match="run 'aftc state rebuild'"):
        Ingest(Settings(store=store))
    assert rebuild_state(Settings(store=store), lambda _: None).refilled is not None
    open_state(Settings(store=store)).close()
    Ingest(Settings(store=store)).close()


def test_a_ruined_state_is_told(store: Path) -> None:
    """A file that is no database is an error with advice, not a traceback."""
    (store / "state" / "data.mdb").write_bytes(b"\x00" * 8192)
    with pytest.raises(HistoryError, match="state rebuild"):
        open_state(Settings(store=store))
