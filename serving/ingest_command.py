"""The command `aftc ingest`: files, the spool or a Redis stream through the one writer, with a tally of all."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aftc.cli import Command, Reply
from aftc.clock import Instant
from aftc.config import Settings
from aftc.errors import InputError
from serving.causes import causes_payload, causes_text

if TYPE_CHECKING:
    from serving.arrivals import Arrived
    from serving.ingest import Ingest, Tally

__all__ = ["INGEST", "REBUILD"]

SHOWN = 12  # reasons and streams in the text; all of them are in the JSON
BAR_CELLS = 30

Given = TypeVar("Given")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders; none: the spool")
    parser.add_argument(
        "--as-arrived",
        action="store_true",
        help="number messages older than the newest in the journal as they arrive, instead of refusing them",
    )
    parser.add_argument(
        "--from-store", type=Path, metavar="FOLDER", help="apply the journal of another store, as it was received"
    )
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="each PATH is a table (CSV, Parquet) whose columns FILE describes"
    )
    parser.add_argument(
        "--follow", action="store_true", help="without PATH: take messages as they come to the spool, until stopped"
    )
    parser.add_argument(
        "--from-redis", metavar="URL", help="without PATH: take what waits in a stream of a Redis server too"
    )
    parser.add_argument("--stream", metavar="NAME", help="the stream of --from-redis")
    parser.add_argument("--group", metavar="NAME", default="aftc", help="its consumer group (default: aftc)")


def _run(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from serving.ingest import collect_rarely

    collect_rarely()
    started = time.perf_counter()
    waiting = arguments.follow or arguments.from_redis
    if sum(map(bool, (waiting, arguments.paths, arguments.from_store))) > 1:
        expected = "one of PATH, --from-store, and --follow or --from-redis"
        raise InputError(expected, "several", advice="run them one after the other")
    if bool(arguments.from_redis) != bool(arguments.stream):
        raise InputError("--from-redis URL and --stream NAME together", "one of them", advice="give both, or neither")
    if arguments.mapping and not arguments.paths:
        raise InputError("PATH: the tables that --mapping describes", "none", advice="name CSV or Parquet files")
    rows = entries = None
    if arguments.mapping:
        files, rows, tally = _take_tables(arguments.paths, arguments.mapping, settings, arguments.as_arrived)
        skipped: Counter[str] = Counter()
    elif arguments.from_store:
        files, skipped, tally = _take_journal(arguments.from_store, settings)
    elif arguments.paths:
        files, skipped, tally = _take_paths(arguments.paths, settings, arguments.as_arrived)
    else:
        files, entries, skipped, tally = _take_waiting(arguments, settings)
    if tally.duplicates:
        skipped["the same bytes as a message in the journal"] = tally.duplicates
    payload = _payload(files, skipped, time.perf_counter() - started, tally)
    if rows is not None:
        payload["rows"] = rows
    if arguments.from_redis:
        payload["entries"] = entries
    nothing = bool(files or entries) and not tally.taken and bool(tally.quarantined)
    return Reply(payload, _text(payload, settings), status=1 if nothing else 0)


def _take_paths(paths: Sequence[Path], settings: Settings, as_arrived: bool) -> tuple[int, Counter[str], Tally]:
    from aftc.streams.spool import order, scan
    from serving.arrivals import messages_of, skips
    from serving.ingest import Ingest

    now = _clock()
    files = scan(paths)
    skipped = skips(files)
    ordered = order(files, now)
    progress = _Progress(len(ordered), "files")
    with Ingest(settings, progress.recovered) as ingest:
        for _ in ingest.take(messages_of(progress.passing(ordered), now, skipped), as_arrived=as_arrived):
            progress.show()
    progress.end()
    return len(files), skipped, ingest.tally


def _take_tables(paths: Sequence[Path], mapping: Path, settings: Settings, as_arrived: bool) -> tuple[int, int, Tally]:
    from serving.ingest import Ingest
    from serving.tables import GatheredRows

    with GatheredRows(paths, mapping, _clock()) as gathered:
        progress = _Progress(gathered.messages, "messages")
        with Ingest(settings, progress.recovered) as ingest:
            for _ in ingest.take(progress.passing(gathered.ordered()), as_arrived=as_arrived):
                progress.show()
        progress.end()
        return gathered.tables, gathered.rows, ingest.tally


def _take_journal(store: Path, settings: Settings) -> tuple[int, Counter[str], Tally]:
    from aftc.history.journal import Journal
    from aftc.records import Message
    from serving.ingest import Ingest

    journal = Journal(store / "journal")
    last = journal.last()[0]
    if not last or store.resolve() == settings.store.resolve():
        raise InputError("another store with a journal", str(store), advice="check --from-store and --store")
    progress = _Progress(last, "messages")
    with Ingest(settings, progress.recovered) as ingest:
        entries = progress.passing(journal.entries())
        for _ in ingest.take(Message(entry.raw, entry.known_at, entry.source) for entry in entries):
            progress.show()
    progress.end()
    return last, Counter(), ingest.tally


def _take_waiting(arguments: argparse.Namespace, settings: Settings) -> tuple[int, int, Counter[str], Tally]:
    from serving.arrivals import follow, take_spool
    from serving.ingest import Ingest
    from serving.signals import STOP, words_of_signals

    folder = settings.store / "spool"
    if not (arguments.follow or arguments.from_redis or folder.is_dir()):
        raise InputError("PATH, or messages in the spool", f"no path and no {folder}", advice="name files or folders")
    folder.mkdir(parents=True, exist_ok=True)
    with Ingest(settings) as ingest:
        place, take_more = _redis(arguments, settings, ingest) if arguments.from_redis else ("", None)
        if arguments.follow:
            with words_of_signals({signal.SIGTERM: STOP, signal.SIGINT: STOP}) as words:
                print(
                    f"taking messages as they come to {folder}{place}; stop with Ctrl-C or SIGTERM",
                    file=sys.stderr,
                    flush=True,
                )
                arrived = follow(ingest, folder, _clock, words, take_more)
        else:
            arrived = take_spool(ingest, folder, _clock)
            while take_more is not None and (more := take_more()).entries:
                arrived.add(replace(more, left=arrived.left))
    skipped = arrived.left + arrived.skipped
    return arrived.files + arrived.left.total(), arrived.entries, skipped, ingest.tally


def _redis(arguments: argparse.Namespace, settings: Settings, ingest: Ingest) -> tuple[str, Callable[[], Arrived]]:
    """Where the stream is, for people, and what takes a commit of it; a server that is not there is told at once."""
    from aftc.history.identity import store_identity
    from serving.redis_stream import RedisSource, RedisStream
    from serving.stream_arrivals import take_stream

    password = settings.redis_password or None
    owner = store_identity(settings.store)
    stream = RedisStream(RedisSource(arguments.from_redis, password, arguments.stream, arguments.group, owner))
    stream.take_over()
    return f" and to the stream {stream.place}", partial(take_stream, ingest, stream, _clock, settings.commit_messages)


def _clock() -> Instant:
    return time.time_ns() // 1_000


def _payload(files: int, skipped: Counter[str], seconds: float, tally: Tally) -> dict[str, Any]:
    return {
        "files": files,
        "parts": tally.messages + skipped.total(),
        "taken": tally.taken.total(),
        "quarantined": tally.quarantined.total(),
        "skipped": skipped.total(),
        "recovered": tally.recovered,
        "taken_by_stream": dict(sorted(tally.taken.items())),
        "skipped_by_reason": dict(skipped.most_common()),
        **causes_payload(tally.quarantined),
        "quarantine": [
            {
                "source": each.source,
                "sequence": each.sequence,
                "stream": each.stream,
                "reason": each.reason,
                "stage": each.stage,
                "expected": each.expected,
                "found": each.found,
            }
            for each in tally.refused
        ],
        "consignments": tally.consignments,
        "versions": tally.versions,
        "outcomes": tally.outcomes,
        "sightings": tally.sightings,
        "links_by_key": dict(tally.links.most_common()),
        "seconds": round(seconds, 3),
        "messages_per_second": round(tally.messages / seconds, 1) if seconds else 0.0,
    }


def _text(payload: dict[str, Any], settings: Settings) -> str:
    parts = "" if payload["parts"] == payload["files"] else f" of {payload['parts']:,} parts"
    entries = f", {payload['entries']:,} entries of the stream" if "entries" in payload else ""
    whence = f"{payload['files']:,} files{entries}{parts}"
    if "rows" in payload:
        whence = f"{payload['files']:,} tables, {payload['rows']:,} rows, {payload['parts']:,} messages"
    lines = [
        f"{whence}: {payload['taken']:,} taken, {payload['quarantined']:,} quarantined, {payload['skipped']:,} skipped",
        f"{payload['seconds']:.1f} s, {payload['messages_per_second']:,.0f} messages/s",
    ]
    lines += _table("taken by stream", payload["taken_by_stream"])
    lines += _table("joined by", payload["links_by_key"])
    lines += _table("skipped", payload["skipped_by_reason"])
    lines += causes_text(payload)
    lines.append(
        f"{payload['consignments']:,} new consignments in {payload['versions']:,} versions, "
        f"{payload['outcomes']:,} outcomes, {payload['sightings']:,} sightings, in {settings.store}"
    )
    return "\n".join(lines)


def _table(title: str, counts: dict[str, int]) -> Sequence[str]:
    if not counts:
        return ()
    shown = [f"  {count:>9,}  {name}" for name, count in list(counts.items())[:SHOWN]]
    more = [f"  {len(counts) - SHOWN} more: see --json"] if len(counts) > SHOWN else []
    return (title, *shown, *more)


class _Progress:
    """A bar on standard error, where that is a terminal.

    Args:
        total: How much there is.
        what: Of what.
    """

    def __init__(self, total: int, what: str) -> None:
        self._total = total
        self._what = what
        self._done = 0
        self._shown = sys.stderr.isatty()

    @property
    def recovered(self) -> Callable[[int], None]:
        """Told of journal entries that an interrupted run left."""
        return lambda count: self._write(f"recovering {count:,} journaled messages")

    def passing(self, given: Iterable[Given]) -> Iterator[Given]:
        """The same, counted as they pass."""
        for each in given:
            yield each
            self._done += 1

    def advance(self, count: int) -> None:
        """Some more are durable."""
        self._done += count
        self.show()

    def show(self) -> None:
        """Draw what has passed."""
        filled = BAR_CELLS * self._done // max(1, self._total)
        self._write(f"[{'#' * filled}{'.' * (BAR_CELLS - filled)}] {self._done:,} of {self._total:,} {self._what}")

    def end(self) -> None:
        """Leave the line."""
        if self._shown and self._total:
            print(file=sys.stderr)

    def _write(self, line: str) -> None:
        if self._shown:
            print(f"\r{line}", end="", file=sys.stderr, flush=True)


def _configure_rebuild(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from-journal", action="store_true", help="apply every journaled message again, linking's tables included"
    )


def _rebuild(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.journal import Journal
    from serving.rebuild import rebuild_state

    last = Journal(settings.store / "journal").last()[0]
    if not last:
        raise InputError("a journal to rebuild from", f"none in {settings.store}", advice="run 'aftc ingest PATH...'")
    progress = _Progress(last, "messages")
    rebuilt = rebuild_state(settings, progress.advance, from_journal=arguments.from_journal)
    progress.end()
    refilled, lines = rebuilt.refilled, [rebuilt.reason] if rebuilt.reason else []
    if refilled is not None:
        lines.append(
            f"{refilled.entities:,} entities and {refilled.owners:,} owners from {refilled.sightings:,} sightings, "
            f"up to message {refilled.sequence:,}; linking's tables kept, all sound"
        )
    lines.append(f"{rebuilt.applied:,} messages applied from the journal; restart the scorers")
    payload = {"applied": rebuilt.applied, "reason": rebuilt.reason, "refilled": refilled and asdict(refilled)}
    return Reply(payload, "\n".join(lines))


REBUILD = Command(
    "state rebuild",
    "make the online state again, from the lake's sightings and the journal",
    _configure_rebuild,
    _rebuild,
)
INGEST = Command("ingest", "messages into journal, lake and online state; accounts for every file", _configure, _run)
