"""Ingest: the one writer. Numbers messages, makes them durable, applies them to state and lake.

Order within a commit: journal first (the only source), then the lake, then the state, whose watermark says how far
all three agree. After a crash the journal may be ahead and the lake too, the state never: applying the journal's
entries after the watermark again gives the same rows, and the lake leaves out those it has.
"""

from __future__ import annotations

import fcntl
import gc
import os
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from aftc.clock import Instant, format_instant
from aftc.config import Settings
from aftc.errors import HistoryError, MessageError
from aftc.features.catalogue import SCHEMA
from aftc.features.entity_records import note_form, require_form
from aftc.history.batches import batches
from aftc.history.changes import Noted, begin_changes, note_changes
from aftc.history.derivation import bind_derivation
from aftc.history.fold import Applied, apply
from aftc.history.journal import Journal
from aftc.history.lake import Lake
from aftc.history.quarantine import Cause, cause
from aftc.history.refill import note_lake, require_lake
from aftc.history.tables import UNRECOGNISED, LakeRows
from aftc.overlay import Overlay
from aftc.records import JournalEntry, Message
from aftc.state import State, read_watermark
from serving.states import begun, put_in_place, settle

__all__ = ["Ingest", "Quarantined", "Tally", "collect_rarely"]

REFUSED_KEPT = 100_000  # quarantined messages told one by one; all of them are in the lake's table
COLLECT_EVERY = 20_000  # objects made and kept between two looks for cycles: records have none


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be read, and why."""

    source: str
    sequence: int
    stream: str
    reason: str
    stage: str
    expected: str
    found: str


@dataclass(slots=True)
class Tally:
    """What an ingest has done so far.

    Attributes:
        quarantined: Messages by stream, reason and what was expected; `refused` has the first of them one by one.
        consignments: New ones less those that others took over.
    """

    taken: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    quarantined: Counter[Cause] = field(default_factory=Counter)
    refused: list[Quarantined] = field(default_factory=list)
    recovered: int = 0
    versions: int = 0
    consignments: int = 0
    outcomes: int = 0
    sightings: int = 0
    links: Counter[str] = field(default_factory=Counter)

    @property
    def messages(self) -> int:
        """Messages journaled: taken and quarantined."""
        return self.taken.total() + self.quarantined.total()

    def add(self, entry: JournalEntry, applied: Applied) -> None:
        """Count one applied message."""
        if applied.quarantined is not None:
            error = applied.quarantined
            stream = error.stream or UNRECOGNISED
            self.quarantined[cause(stream, error.reason, error.expected, error.found)] += 1
            if len(self.refused) < REFUSED_KEPT:
                why = (error.stage, error.expected, error.found)
                self.refused.append(Quarantined(entry.source, entry.sequence, stream, error.reason, *why))
            return
        self.taken[applied.stream or ""] += 1
        self.versions += len(applied.versions)
        self.outcomes += len(applied.outcomes)
        self.sightings += len(applied.sightings)
        for version, _ in applied.versions:
            self.consignments += (version.version == 1) - (version.joined_into is not None)
            self.links.update(link.key for link in version.links if link.sequence == entry.sequence)


class Ingest:
    """The one writer of a store.

    Args:
        settings: The store and its limits.
        on_recovered: Told how many journal entries an interrupted run had left to apply, as they are applied.
        make_state: Makes another state in a folder, which takes the place of the store's once it is caught up.

    Raises:
        HistoryError: another process is the writer, the store cannot be written, or it was derived otherwise.
    """

    def __init__(
        self,
        settings: Settings,
        on_recovered: Callable[[int], None] | None = None,
        *,
        make_state: Callable[[Lake, Path], State] | None = None,
    ) -> None:
        self._settings = settings
        settings.store.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.callback(os.close, _lock(settings))
            bind_derivation(settings)
            settle(settings.store)
            self._journal = opened.enter_context(Journal(settings.store / "journal"))
            self._lake = Lake(settings.store / "lake")
            self.tally = Tally()
            if make_state is None:
                self._state = State(settings.store / "state", writable=True)
            else:
                self._state = make_state(self._lake, begun(settings.store))
            opened.callback(lambda: self._state.close())
            self._mark_layout()
            self._recover(on_recovered)
            if make_state is not None:
                self._state = put_in_place(self._state, settings.store)
            self._sequence, self._known_at = self._journal.last()
            self._opened = opened.pop_all()

    def __enter__(self) -> Ingest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the store to the next writer."""
        self._opened.close()

    @property
    def known_at(self) -> Instant:
        """Known-at of the newest journaled message; 0 in an empty store."""
        return self._known_at

    def number_of(self, digest: bytes) -> int | None:
        """Sequence of the newest message of this SHA-256; None where the journal holds none."""
        with self._state.snapshot() as snapshot:
            held = snapshot.get("digests", digest)
        return None if held is None else int.from_bytes(held, "big")

    def tried(self, message: Message) -> MessageError | None:
        """Why a message would be quarantined if it were taken now; None where it would not. Nothing changes."""
        entry = JournalEntry(self._sequence + 1, self._known_at, sha256(message.raw).digest(), "", message.raw)
        with self._state.snapshot() as snapshot:
            (applied,) = apply(Overlay(snapshot), [entry], self._settings)
        return applied.quarantined

    def take(self, messages: Iterable[Message], *, as_arrived: bool = False, again: bool = False) -> Iterator[int]:
        """Journal and apply messages in the order given, commit by commit.

        Messages that the journal already holds, byte for byte, are left out and counted.

        Args:
            messages: In ascending known-at.
            as_arrived: Number older messages as they arrive: known-at becomes that of the newest before them.
            again: Take what the journal holds once more, each at most once: a retry of what was quarantined.

        Yields:
            The number of messages dealt with by each commit, after it is durable.

        Raises:
            HistoryError: a message is older than the newest journaled one and `as_arrived` is not set.
        """
        dealt = 0
        for batch in batches(messages, self._settings.commit_messages):
            self._commit(batch, as_arrived, again)
            dealt += len(batch)
            yield len(batch)
        if dealt:
            self._lake.compact()

    def _commit(self, messages: Iterable[Message], as_arrived: bool, again: bool) -> None:
        entries = self._numbered(messages, as_arrived, again)
        if entries:
            self._journal.append(entries)
            self._sequence, self._known_at = entries[-1].sequence, entries[-1].known_at
            self._apply(entries)

    def _numbered(self, messages: Iterable[Message], as_arrived: bool, again: bool) -> list[JournalEntry]:
        """Entries for the messages that the journal does not hold yet."""
        entries: list[JournalEntry] = []
        sequence, known_at = self._sequence, self._known_at
        held: set[bytes] = set()
        with self._state.snapshot() as snapshot:
            for message in messages:
                digest = sha256(message.raw).digest()
                if digest in held or (not again and snapshot.get("digests", digest) is not None):
                    self.tally.duplicates += 1
                    continue
                if message.known_at < known_at and not as_arrived:
                    raise _older(message, known_at)
                sequence, known_at = sequence + 1, max(known_at, message.known_at)
                held.add(digest)
                entries.append(JournalEntry(sequence, known_at, digest, message.source, message.raw))
        return entries

    def _apply(self, batch: list[JournalEntry], quarantined: Container[int] = frozenset()) -> None:
        rows = LakeRows()
        with self._state.transaction() as transaction:
            noted, before = Noted(transaction), read_watermark(transaction)
            done = apply(noted, batch, self._settings, quarantined=quarantined)
            for entry, applied in zip(batch, done, strict=True):
                rows.add(entry, applied)
                self.tally.add(entry, applied)
            tables = rows.tables()
            self._lake.append(tables, through=batch[-1].sequence)
            note_lake(noted, tables)
            note_changes(transaction, before, noted.keys)

    def _mark_layout(self) -> None:
        """Scorers read layout and form from the state itself, which may travel without its store."""
        with self._state.transaction() as transaction:
            layout = SCHEMA.layout.encode()
            former = transaction.get("meta", b"layout")
            if read_watermark(transaction).sequence:
                require_form(transaction, str(self._state.folder))
            note_form(transaction)
            transaction.put("meta", b"layout", layout)
            begin_changes(transaction, anew=former != layout)

    def _recover(self, on_recovered: Callable[[int], None] | None) -> None:
        with self._state.snapshot() as snapshot:
            after = read_watermark(snapshot).sequence
            require_lake(snapshot, self._lake)
        last = self._journal.last()[0]
        if last < after:
            raise HistoryError(
                f"a journal up to {after}, as the state has applied",
                f"one up to {last}",
                advice="the journal is the only source: restore it from its backup",
                subject=str(self._settings.store),
            )
        quarantined = self._lake.quarantined(after=after) if last > after else frozenset()
        for batch in batches(self._journal.entries(after=after), self._settings.commit_messages):
            self._apply(batch, quarantined)
            self.tally.recovered += len(batch)
            if on_recovered is not None:
                on_recovered(len(batch))
        self.tally = Tally(recovered=self.tally.recovered)  # what was applied again was counted when it first came


def collect_rarely() -> None:
    """For a process that ingests: what is loaded by now lives as long as it, and is not walked again and again."""
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)


def _older(message: Message, known_at: Instant) -> HistoryError:
    return HistoryError(
        f"messages received at or after {format_instant(known_at)}, the newest in the journal",
        f"one received {format_instant(message.known_at)}",
        advice="a lake is one timeline: put older history into a new store (--store FOLDER), "
        "or number it as it arrives now with --as-arrived",
        subject=message.source,
    )


def _lock(settings: Settings) -> int:
    descriptor = os.open(settings.store / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise HistoryError(
            "to be the one writer of this store",
            "another process that holds it",
            advice="wait until it ends, or stop it",
            subject=str(settings.store),
        ) from error
    return descriptor
