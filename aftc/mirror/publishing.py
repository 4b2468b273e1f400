"""The publisher: brings a mirror to where a snapshot of the state stands, whole or by what commits wrote.

It may be killed anywhere. What it had begun is taken back by the next one, from what each key held before; a generation
that was not whole yet was read by nobody and is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any, Final, Protocol

from aftc.clock import Instant
from aftc.errors import HistoryError, StateUnreachable
from aftc.history.changes import changed_since, last_commit
from aftc.mirror.form import (
    APPLY,
    ARRIVE,
    BEAT,
    BEGIN,
    COMMIT,
    DROP,
    FILL,
    FLIP,
    FORM,
    MIRRORED,
    RESTORE,
    ROLL_BACK,
    SLICE,
    TAG,
    TRIM,
    sealed,
)
from aftc.mirror.server import Server, Word
from aftc.state import View, read_watermark

__all__ = ["KEPT_SECONDS", "Published", "Publisher"]

KEPT_SECONDS: Final = 60.0
"""How long a snapshot can be read once a commit has followed it: a score takes milliseconds, a folder more."""

ANSWER_SECONDS: Final = 30.0
SLICE_BYTES: Final = 1_000_000  # of one script: a reader waits for at most one
NO_COMMIT: Final = b"-"


class Stored(View, Protocol):
    """A snapshot of the state, all of which can be read through."""

    def rows(self, table: str) -> Iterator[tuple[bytes, bytes]]:
        """All rows of a table in key order."""

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""


@dataclass(frozen=True, slots=True)
class Published:
    """What one look at the state led to.

    Attributes:
        sequence: Of the last message that the mirror has now.
        records: Written.
        whole: All of them, into a new generation.
    """

    sequence: int
    records: int
    whole: bool


class Publisher:
    """The one publisher of a mirror, from its construction on: a former one can change nothing any more.

    Args:
        url: Of the server.
        password: None: as the URL says.
        store: Name of the store that is mirrored.
        clock: Seconds that only go forward.
        kept_seconds: How long snapshots can be read after a commit has followed them.

    Raises:
        HistoryError: the mirror is that of another store, or the server may throw records away.
        InputError: a URL that is none.
        StateUnreachable: the server does not answer.
    """

    def __init__(
        self,
        url: str,
        password: str | None,
        store: str,
        *,
        clock: Callable[[], float] = monotonic,
        kept_seconds: float = KEPT_SECONDS,
    ) -> None:
        self._server = Server(url, password, seconds=ANSWER_SECONDS, tries=0)
        self._clock = clock
        self._kept_seconds = kept_seconds
        try:
            self._require_lasting()
            self._begin(store)
        except BaseException:
            self._server.close()
            raise

    @property
    def place(self) -> str:
        """Where the mirror is, for people."""
        return self._server.place

    def close(self) -> None:
        """Leave the server; the mirror stays."""
        self._server.close()

    def publish(self, snapshot: Stored, known_at: Instant, *, whole: bool = False) -> Published:
        """Bring the mirror to where a snapshot stands.

        Args:
            snapshot: Of the state.
            known_at: Of the newest message of the journal: what scorers measure the mirror's lag by.
            whole: Fill it anew, whatever it holds.

        Raises:
            HistoryError: another publisher has taken over, or the server did not keep all that it was given.
            StateUnreachable: the server does not answer, or fell back to an earlier copy of itself: begin again.
        """
        self._forget()
        commit = last_commit(snapshot) or NO_COMMIT
        changed = None if whole or not self._version else changed_since(snapshot, self._commit)
        if changed is None:
            records = self._fill(snapshot, commit, known_at)
        else:
            records = self._follow(snapshot, changed, commit) if commit != self._commit else 0
            self._run(BEAT, self._generation, self._version, known_at)
        return Published(read_watermark(snapshot).sequence, records, changed is None)

    def _begin(self, store: str) -> None:
        answer = self._server.run(BEGIN, store, FORM)
        if answer[0] != b"ok":
            kind, found = (each.decode(errors="replace") for each in answer)
            raise HistoryError(
                f"a mirror of the store {store}, of form {FORM}",
                f"one of the {kind} {found}",
                advice="publish to another database of the server (redis://HOST:PORT/DB), "
                "or where that mirror is no more needed flush its database",
                subject=self.place,
            )
        _, epoch, generation, at, made = answer
        self._epoch = int(epoch)
        self._generation: bytes = generation
        version, applying, oldest, commit = at or (None, None, None, None)
        self._commit: bytes = commit or NO_COMMIT
        self._version = int(version or 0)
        now = self._clock()
        self._undone = [(each, now) for each in range(int(oldest or 0) + 1, self._version + 1)]  # a version, since when
        self._former: list[tuple[bytes, float]] = []  # generations that scorers may still read
        for each in made:
            if generation and int(each) < int(generation):
                self._former.append((each, now))
            elif each != generation:
                self._run(DROP, each, *MIRRORED)
        if applying is not None:
            self._roll_back()

    def _require_lasting(self) -> None:
        policy = self._server.policy()
        if policy != "noeviction":
            raise HistoryError(
                "a server that throws nothing away (maxmemory-policy noeviction)",
                policy,
                advice="set it: a record that is gone would be read as no history",
                subject=self.place,
            )

    def _roll_back(self) -> None:
        """Take back a commit that was not ended."""
        for table in MIRRORED:
            undo = f"{TAG}:{self._generation.decode()}:undo:{self._version + 1}:{table}"
            fields = self._server.fields(undo)
            while some := list(islice(fields, SLICE)):
                self._run(RESTORE, self._generation, self._version, table, *some)
        self._run(ROLL_BACK, self._generation, self._version, *MIRRORED)

    def _follow(self, snapshot: Stored, changed: Mapping[str, Iterable[bytes]], commit: bytes) -> int:
        """One commit of the mirror: all keys that those of the state have written since."""
        records = 0
        for table in MIRRORED:
            for words in _slices(table, _values(snapshot, table, sorted(changed.get(table, ())))):
                records += len(words) // 2
                self._run(APPLY, self._generation, self._version, table, *words)
        self._run(COMMIT, self._generation, self._version, commit)
        self._version += 1
        self._commit = commit
        self._undone.append((self._version, self._clock()))
        return records

    def _fill(self, snapshot: Stored, commit: bytes, known_at: Instant) -> int:
        """A new generation with everything, which takes the place of the former in one step."""
        generation: bytes = self._run(ARRIVE)[1]
        counts = snapshot.counts()
        for table in MIRRORED:
            self._run(FILL, generation, table, b"", b"")
            for words in _slices(table, snapshot.rows(table)):
                self._run(FILL, generation, table, *words)
        kept = self._server.count([f"{TAG}:{generation.decode()}:{table}" for table in MIRRORED])
        expected = [counts[table] + 1 for table in MIRRORED]
        if kept != expected:
            raise HistoryError(f"{sum(expected)} records in the mirror", f"{sum(kept)}", subject=self.place)
        self._run(FLIP, generation, commit, known_at)
        if self._version:
            self._former.append((self._generation, self._clock()))
        self._generation, self._version, self._commit, self._undone = generation, 1, commit, []
        return sum(counts[table] for table in MIRRORED)

    def _forget(self) -> None:
        """Give up snapshots that have been followed by commits for long enough."""
        until = self._clock() - self._kept_seconds
        while self._former and self._former[0][1] <= until:
            self._run(DROP, self._former.pop(0)[0], *MIRRORED)
        old = [version for version, since in self._undone if since <= until]
        if old:
            self._run(TRIM, self._generation, old[-1], *MIRRORED)
            self._undone = self._undone[len(old) :]

    def _run(self, script: str, *words: Word) -> Any:
        answer = self._server.run(script, self._epoch, *words)
        if answer[0] == b"epoch" and int(answer[1]) > self._epoch:
            raise HistoryError(
                "to be the one publisher of this mirror",
                "another one that took over",
                advice="stop one of them",
                subject=self.place,
            )
        if answer[0] != b"ok":
            raise StateUnreachable(
                f"the mirror as it was left at version {self._version}",
                "another: the server was emptied, or fell back to an earlier copy of itself",
                advice="begin again",
                subject=self.place,
            )
        return answer


def _values(snapshot: View, table: str, keys: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What a snapshot holds of some keys."""
    for first in range(0, len(keys), SLICE):
        some = keys[first : first + SLICE]
        for key, value in zip(some, snapshot.get_many(table, some), strict=True):
            if value is not None:
                yield key, bytes(value)


def _slices(table: str, rows: Iterable[tuple[bytes, bytes]]) -> Iterator[list[bytes]]:
    """Keys and sealed values one after the other, as much of them as one script takes."""
    words: list[bytes] = []
    size = 0
    for key, value in rows:
        words += (key, sealed(table, key, value))
        size += len(key) + len(value)
        if len(words) >= 2 * SLICE or size >= SLICE_BYTES:
            yield words
            words, size = [], 0
    if words:
        yield words
