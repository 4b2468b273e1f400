"""`aftc state publish`: looks at the store's state again and again, and brings its mirror to where it stands."""

from __future__ import annotations

import fcntl
import os
import sys
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final

from aftc.config import Settings
from aftc.errors import HistoryError, InputError, StateUnreachable
from aftc.history.identity import store_identity
from aftc.history.journal import Journal
from aftc.mirror.publishing import Published, Publisher
from aftc.state import State

__all__ = ["Mirroring", "follow"]

LOOK_SECONDS: Final = 1.0  # between looks: what a mirror is behind by, and a commit takes
MOST_WAIT_SECONDS: Final = 32.0  # between tries at a server that does not answer


class Mirroring:
    """One store's mirror, and this process as its publisher.

    Args:
        settings: The store.
        url: Of the server.
        whole: Fill the mirror anew at the first look.

    Raises:
        HistoryError: another process publishes this store, or as of `Publisher`.
        InputError: no store there, or a URL that is none.
    """

    def __init__(self, settings: Settings, url: str, *, whole: bool) -> None:
        self.records = 0
        self._settings = settings
        self._url = url
        self._whole = whole
        if not (settings.store / "state" / "data.mdb").exists():
            raise InputError(
                "a store with a state", f"none in {settings.store}", advice="run 'aftc ingest PATH...' first"
            )
        self._lock = _lock(settings)
        try:
            self._publisher: Publisher | None = self._begun()
        except BaseException:
            os.close(self._lock)
            raise
        self.place = self._publisher.place

    def __enter__(self) -> Mirroring:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._publisher is not None:
            self._publisher.close()
        os.close(self._lock)

    def look(self) -> Published:
        """Bring the mirror to where the state stands now.

        Raises:
            HistoryError: the state cannot be opened, another publisher took over, or (`StateUnreachable`) the server
                does not answer: the next look begins again with what it then holds.
        """
        if self._publisher is None:
            self._publisher = self._begun()
        known_at = Journal(self._settings.store / "journal").last()[1]
        state = State(self._settings.store / "state")  # each time: a rebuild puts another in its place
        try:
            with state.snapshot() as snapshot:
                published = self._publisher.publish(snapshot, known_at, whole=self._whole)
        except StateUnreachable:
            self._publisher.close()
            self._publisher = None
            raise
        finally:
            state.close()
        self._whole = False
        self.records += published.records
        return published

    def _begun(self) -> Publisher:
        store = store_identity(self._settings.store)
        return Publisher(self._url, self._settings.redis_password or None, store)


def follow(mirroring: Mirroring, words: Connection) -> Published | None:
    """Keep a mirror where its state stands until a word comes; a silent server is tried again, ever later.

    Returns:
        What the last look led to; None where there was none.
    """
    published, wait = None, LOOK_SECONDS
    while not words.poll(wait):
        try:
            published = mirroring.look()
        except StateUnreachable as error:
            if wait == LOOK_SECONDS:
                _say(f"{error}; trying again")
            wait = min(2 * wait, MOST_WAIT_SECONDS)
            continue
        if wait != LOOK_SECONDS:
            _say("the server answers again")
        wait = LOOK_SECONDS
        if published.whole:
            _say(f"filled anew: {published.records:,} records, up to message {published.sequence:,}")
    return published


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _lock(settings: Settings) -> int:
    descriptor = os.open(settings.store / "publisher.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise HistoryError(
            "to be the one publisher of this store",
            "another process that holds it",
            advice="wait until it ends, or stop it",
            subject=str(settings.store),
        ) from error
    return descriptor
