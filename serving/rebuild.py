"""A state made again beside the one that is served, caught up from the journal, and put in its place when it is whole.

A rebuild that is ended before leaves the former state as it was; one that is ended between its last two steps is
finished by the next writer.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aftc.config import Settings
from aftc.errors import AftcError
from aftc.history.lake import Lake
from aftc.history.refill import Refilled, refill
from aftc.state import State
from serving.ingest import Ingest

__all__ = ["Rebuilt", "rebuild_state"]


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild did.

    Attributes:
        applied: Journal entries applied.
        refilled: What the lake gave; None where the whole journal was applied.
        reason: Why it was, where that was not asked for.
    """

    applied: int = 0
    refilled: Refilled | None = None
    reason: str = ""


def rebuild_state(settings: Settings, on_recovered: Callable[[int], None], *, from_journal: bool = False) -> Rebuilt:
    """Make a store's state again.

    Args:
        settings: The store.
        on_recovered: Told how many journal entries were applied, as they are.
        from_journal: Take nothing but the journal.

    Raises:
        HistoryError: as of `Ingest`.
    """
    rebuilt = Rebuilt()
    with Ingest(settings, on_recovered, make_state=partial(_make, rebuilt, settings.store, from_journal)) as ingest:
        rebuilt.applied = ingest.tally.recovered
    return rebuilt


def _make(rebuilt: Rebuilt, store: Path, from_journal: bool, lake: Lake, folder: Path) -> State:
    """A new state in a folder: filled, or empty where the whole journal is to be applied."""
    shutil.rmtree(folder, ignore_errors=True)
    state = State(folder, writable=True)
    if from_journal:
        return state
    try:
        with closing(State(store / "state")) as former:
            rebuilt.refilled = refill(former, lake, state)
    except AftcError as error:
        rebuilt.reason = f"{type(error).__name__}: {error}"
        state.close()
        return _make(rebuilt, store, True, lake, folder)
    return state
