"""Opening a state to score from: only one that this version understands and that keeps up with its journal.

It is the store's own, or a mirror of it in Redis; a mirror tells itself how far the journal was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftc.clock import MINUTE, Instant, format_instant
from aftc.config import Settings
from aftc.errors import AftcError, HistoryError
from aftc.features.catalogue import SCHEMA
from aftc.features.entity_records import require_form
from aftc.history.journal import Journal
from aftc.state import Snapshots, State, Watermark, read_watermark

if TYPE_CHECKING:
    from aftc.mirror.reading import RedisState

__all__ = ["open_scored", "open_state"]


def open_scored(settings: Settings) -> Snapshots:
    """The state that the settings say to score from.

    Raises:
        HistoryError: as of `open_state`; nothing is published where the mirror should be, its publisher has been silent
            for longer than a state may lag, or (`StateUnreachable`) its server does not answer.
        InputError: a URL that is none, or the package that speaks to the server is not installed.
        StateError: as of `open_state`.
    """
    return _open_mirror(settings) if settings.state else open_state(settings)


def _open_mirror(settings: Settings) -> RedisState:
    from aftc.mirror.reading import RedisState

    state = RedisState(settings.state, settings.redis_password or None)
    try:
        with state.snapshot() as view:
            place = f"the mirror at {state.server.place}"
            _check_layout(view.get("meta", b"layout"), folder=place)
            require_form(view, place)
            watermark, standing = read_watermark(view), view.standing
        _check_following(standing.silent_seconds, settings, place)
        _check_lag(watermark, standing.known_at, settings, place)
    except AftcError:
        state.close()
        raise
    return state


def _check_following(silent_seconds: int, settings: Settings, place: str) -> None:
    if silent_seconds > settings.max_state_lag_minutes * 60:
        raise HistoryError(
            f"a publisher that was heard of within {settings.max_state_lag_minutes} minutes",
            f"one silent for {silent_seconds // 60}",
            advice="run 'aftc state publish --redis URL' where the store is",
            subject=place,
        )


def open_state(settings: Settings) -> State:
    """The store's state, read only.

    Raises:
        HistoryError: there is none, it is unreadable, holds another layout of keys and measures or records of
            another form, or is behind the journal by more than the settings allow.
        StateError: what it says of itself is damaged.
    """
    folder = settings.store / "state"
    state = State(folder)
    try:
        with state.snapshot() as view:
            _check_layout(view.get("meta", b"layout"), folder=str(folder))
            require_form(view, str(folder))
            watermark = read_watermark(view)
        _check_lag(watermark, Journal(settings.store / "journal").last()[1], settings, str(settings.store))
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


def _check_lag(watermark: Watermark, known_at: Instant, settings: Settings, place: str) -> None:
    if known_at - watermark.known_at > settings.max_state_lag_minutes * MINUTE:
        raise HistoryError(
            f"a state at most {settings.max_state_lag_minutes} minutes behind its journal, {format_instant(known_at)}",
            f"one as of {format_instant(watermark.known_at)}",
            advice="run 'aftc ingest' where the store is: it applies what is left",
            subject=place,
        )
