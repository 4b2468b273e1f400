"""The command `aftc ingest`: files, folders or the spool through the one writer, with a tally of every file."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import InputError
from aftc.records import Message

__all__ = ["INGEST", "REBUILD"]

SHOWN = 12  # reasons and quarantined messages in the text; all of them are in the JSON
BAR_CELLS = 30


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders; none: the spool")
    parser.add_argument(
        "--as-arrived",
        action="store_true",
        help="number messages older than the newest in the journal as they arrive, instead of refusing them",
    )


def _run(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.streams.spool import load, order, scan
    from serving.ingest import Ingest

    gc.freeze()  # what the libraries made when imported lives as long as the process: not to be walked again and again
    started, now = time.perf_counter(), time.time_ns() // 1000
    from_spool = not arguments.paths
    paths = arguments.paths or [settings.store / "spool"]
    if from_spool and not paths[0].is_dir():
        raise InputError("PATH, or messages in the spool", f"no path and no {paths[0]}", advice="name files or folders")
    files = scan(paths)
    ordered = order(files, now)
    progress = _Progress(len(ordered))
    with Ingest(settings, progress.recovered) as ingest:
        messages: Iterator[Message] = (load(each, now) for each in ordered)
        for dealt in ingest.take(messages, as_arrived=arguments.as_arrived or from_spool):
            progress.advance(dealt)
        tally = ingest.tally
    progress.end()
    if from_spool:
        for each in ordered:
            each.path.unlink(missing_ok=True)
    skipped = Counter(each.skipped for each in files if each.skipped is not None)
    if tally.duplicates:
        skipped["the same bytes as a message in the journal"] = tally.duplicates
    seconds = time.perf_counter() - started
    payload = _payload(len(files), skipped, seconds, tally)
    nothing = bool(files) and not tally.taken and bool(tally.quarantined)
    return Reply(payload, _text(payload, settings), status=1 if nothing else 0)


def _payload(files: int, skipped: Counter[str], seconds: float, tally: Any) -> dict[str, Any]:
    reasons = Counter(f"expected {each.expected}, found {each.found}" for each in tally.quarantined)
    return {
        "files": files,
        "taken": tally.taken.total(),
        "quarantined": len(tally.quarantined),
        "skipped": skipped.total(),
        "recovered": tally.recovered,
        "taken_by_stream": dict(sorted(tally.taken.items())),
        "skipped_by_reason": dict(skipped.most_common()),
        "quarantined_by_reason": dict(reasons.most_common()),
        "quarantine": [
            {
                "source": each.source,
                "sequence": each.sequence,
                "stage": each.stage,
                "expected": each.expected,
                "found": each.found,
            }
            for each in tally.quarantined
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
    lines = [
        f"{payload['files']:,} files: {payload['taken']:,} taken, {payload['quarantined']:,} quarantined, "
        f"{payload['skipped']:,} skipped",
        f"{payload['seconds']:.1f} s, {payload['messages_per_second']:,.0f} messages/s",
    ]
    lines += _table("taken by stream", payload["taken_by_stream"])
    lines += _table("joined by", payload["links_by_key"])
    lines += _table("skipped", payload["skipped_by_reason"])
    lines += _table("quarantined", payload["quarantined_by_reason"])
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
    """A bar on standard error, where that is a terminal."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = sys.stderr.isatty()

    @property
    def recovered(self) -> Callable[[int], None]:
        """Told of journal entries that an interrupted run left."""
        return lambda count: self._write(f"recovering {count:,} journaled messages")

    def advance(self, count: int) -> None:
        """Some more messages are durable."""
        self._done += count
        filled = BAR_CELLS * self._done // max(1, self._total)
        self._write(f"[{'#' * filled}{'.' * (BAR_CELLS - filled)}] {self._done:,} of {self._total:,} messages")

    def end(self) -> None:
        """Leave the line."""
        if self._shown and self._total:
            print(file=sys.stderr)

    def _write(self, line: str) -> None:
        if self._shown:
            print(f"\r{line}", end="", file=sys.stderr, flush=True)


def _configure_nothing(_: argparse.ArgumentParser) -> None:
    """For a command without arguments of its own."""


def _rebuild(_: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.journal import Journal
    from serving.ingest import Ingest

    last = Journal(settings.store / "journal").last()[0]
    if not last:
        raise InputError("a journal to rebuild from", f"none in {settings.store}", advice="run 'aftc ingest PATH...'")
    progress = _Progress(last)
    with Ingest(settings, progress.advance, rebuild=True) as ingest:
        applied = ingest.tally.recovered
    progress.end()
    return Reply({"applied": applied}, f"state rebuilt from {applied:,} journaled messages; restart the scorers")


REBUILD = Command(
    "state rebuild", "make the online state again from the journal, all of it", _configure_nothing, _rebuild
)
INGEST = Command("ingest", "messages into journal, lake and online state; accounts for every file", _configure, _run)
