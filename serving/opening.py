"""Opening a state to score from: only one that this version understands and that keeps up with its journal."""

from __future__ import annotations

from aftc.clock import MINUTE, format_instant
from aftc.config import Settings
from aftc.errors import AftcError, HistoryError
from aftc.features.catalogue import SCHEMA
from aftc.history.journal import Journal
from aftc.state import State, Watermark, read_watermark

__all__ = ["open_state"]


def open_state(settings: Settings) -> State:
    """The store's state, read only.

    Raises:
        HistoryError: there is none, it is unreadable, holds another layout of keys and measures, or is behind the
            journal by more than the settings allow.
        StateError: what it says of itself is damaged.
    """
    folder = settings.store / "state"
    state = State(folder)
    try:
        with state.snapshot() as view:
            layout, watermark = view.get("meta", b"layout"), read_watermark(view)
        _check_layout(layout, folder=str(folder))
        _check_lag(watermark, settings)
    except AftcError:
        state.close()
        raise
    return state


def _check_layout(layout: bytes | None, *, folder: str) -> None:
    if layout != SCHEMA.layout.encode():
        raise HistoryError(
            f"a state of the layout {SCHEMA.layout[:12]}",
            f"one of {layout.decode()[:12]}" if layout else "one of none",
            advice="score with the version that wrote it, or apply its journal to a new store: "
            "aftc ingest --from-store OLD --store NEW",
            subject=folder,
        )


def _check_lag(watermark: Watermark, settings: Settings) -> None:
    sequence, known_at = Journal(settings.store / "journal").last()
    if known_at - watermark.known_at > settings.max_state_lag_minutes * MINUTE:
        raise HistoryError(
            f"a state at most {settings.max_state_lag_minutes} minutes behind message {sequence} of the journal",
            f"one as of {format_instant(watermark.known_at)}",
            advice="run 'aftc ingest': it applies what is left",
            subject=str(settings.store),
        )
