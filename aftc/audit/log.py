"""The audit log's writing end: one process appends to one shard of its own.

An append is one write to the operating system, done before the score is answered: a killed process loses nothing
that it acknowledged. Against a loss of power the shard is synced: in mode `group` a thread does so at most some 50 ms
after an append; in mode `strict` the append waits for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from aftc.audit.record import AuditRecord, Basis, Subject, encode
from aftc.audit.shards import MAGIC, frame, score_name, shard_path
from aftc.clock import Instant
from aftc.errors import AuditError, InputError
from aftc.scoring import Assessment

__all__ = ["GROUP", "STRICT", "AuditLog"]

GROUP, STRICT = "group", "strict"
GROUP_SECONDS = 0.04  # between syncs of mode `group`; with the sync itself about 50 ms


class AuditLog:
    """This process's end of the log; safe to use from several threads.

    After a failed write or sync nothing follows in that shard: the next append begins another.

    Args:
        folder: The log's folder; made where there is none.
        now: The clock (instant); it names shards and dates records, nothing else.
        sync: `group` or `strict`.

    Raises:
        InputError: another mode of syncing.
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path, *, now: Callable[[], Instant], sync: str = GROUP) -> None:
        if sync not in (GROUP, STRICT):
            raise InputError(f"{GROUP} or {STRICT} as AFTC_AUDIT_SYNC", repr(sync))
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._now = now
        self._shard = _OpenShard(folder, now())
        self._appending = Lock()
        self._syncer = None if sync == STRICT else _GroupSync(lambda: self._shard.sync())

    def append(self, request_id: str, subject: Subject, basis: Basis, assessment: Assessment) -> AuditRecord:
        """Write the record of a score, and name the score by its place.

        Raises:
            AuditError: the record could not be written or synced; the score must not be answered.
        """
        with self._appending:
            if self._shard.broken:
                self._shard.close()
                self._shard = _OpenShard(self.folder, self._now())
            shard = self._shard
            record = AuditRecord(shard.next_name, shard.records, self._now(), request_id, subject, basis, assessment)
            shard.append(encode(record))
        if self._syncer is None:
            shard.sync()
        else:
            self._syncer.soon()
        return record

    def close(self) -> None:
        """Sync what is left and close the shard."""
        if self._syncer is not None:
            self._syncer.stop()
        with self._appending:
            if not self._shard.broken:
                self._shard.sync()
            self._shard.close()


class _OpenShard:
    """A new shard that this process appends to."""

    def __init__(self, folder: Path, started: Instant) -> None:
        self.name, self._file = _create(folder, started)
        self.records = 0
        self.broken = False
        self._end = self._synced = len(MAGIC)
        self._syncing = Lock()

    @property
    def next_name(self) -> str:
        """Score id of the record that comes next."""
        return score_name(self.name, self.records, self._end)

    def append(self, body: bytes) -> None:
        """Write one record; the caller holds the lock of appends."""
        whole = frame(body)
        try:
            written = os.write(self._file, whole)
        except OSError as error:
            raise self._failure(error.strerror or str(error)) from error
        if written < len(whole):
            raise self._failure(f"{written} of {len(whole)} bytes written")
        self._end += written
        self.records += 1

    def sync(self) -> None:
        """Return once everything appended before the call is durable; one sync serves all who wait."""
        end = self._end
        with self._syncing:
            if self._synced >= end:
                return
            if self.broken:
                raise self._failure("a shard that broke while its records waited to be synced")
            reached = self._end
            try:
                os.fdatasync(self._file)
            except OSError as error:
                raise self._failure(error.strerror or str(error)) from error
            self._synced = reached

    def close(self) -> None:
        """Close the file, once no sync is using it."""
        with self._syncing:
            self.broken = True
            os.close(self._file)

    def _failure(self, found: str) -> AuditError:
        self.broken = True
        advice = "free space or repair the disk; the next score begins a new shard"
        return AuditError("a durable audit record", found, advice=advice, subject=f"shard {self.name}")


class _GroupSync:
    """A thread that syncs soon after being told that something was appended."""

    def __init__(self, sync: Callable[[], None]) -> None:
        self._sync = sync
        self._waiting, self._closing = Event(), Event()
        self._thread = Thread(target=self._run, name="audit-sync", daemon=True)
        self._thread.start()

    def soon(self) -> None:
        """Sync within the group's time."""
        self._waiting.set()

    def stop(self) -> None:
        """End the thread."""
        self._closing.set()
        self._waiting.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._waiting.wait()
            self._closing.wait(GROUP_SECONDS)
            self._waiting.clear()
            with suppress(AuditError):  # the shard is marked broken: the next append leaves it
                self._sync()


def _create(folder: Path, started: Instant) -> tuple[str, int]:
    """Create a shard that no other process has, named by the time; returns its name and descriptor."""
    while True:
        name = f"{started:x}"
        try:
            file = os.open(shard_path(folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o640)
        except FileExistsError:
            started += 1  # another process started in the same microsecond
            continue
        os.write(file, MAGIC)
        os.fsync(file)
        parent = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
        return name, file
