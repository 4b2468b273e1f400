"""Where a store's state stands, and how another takes its place: whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from aftc.state import State

__all__ = ["begun", "put_in_place", "settle"]

_MADE: Final = "state.made"
_FORMER: Final = "state.former"


def begun(store: Path) -> Path:
    """Folder of a state that is being made; one that an earlier run has left there is of no use."""
    return store / "state.begun"


def put_in_place(state: State, store: Path) -> State:
    """Let a state that was made take the place of the store's, durably; the same one, opened where it now stands."""
    state.sync()
    state.close()
    begun(store).rename(store / _MADE)
    settle(store)
    return State(store / "state", writable=True)


def settle(store: Path) -> None:
    """Finish what a rebuild has left, if it was ended when its state was whole; the writer's alone."""
    state, made, former = store / "state", store / _MADE, store / _FORMER
    if made.exists():
        shutil.rmtree(former, ignore_errors=True)
        if state.exists():
            state.rename(former)
        made.rename(state)
        _sync(store)
    for left in (former, begun(store)):
        shutil.rmtree(left, ignore_errors=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
