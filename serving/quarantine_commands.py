"""The commands `aftc quarantine list|show|retry|count`: what could not be read, why, and whether it can be now."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aftc.cli import Command, Reply
from aftc.clock import Instant, parse_instant
from aftc.config import Settings
from aftc.errors import InputError, MalformedMessage

if TYPE_CHECKING:
    from aftc.history.quarantine import Held, Quarantine, Wanted

__all__ = ["QUARANTINE"]

SHOWN = 100  # messages that are listed where --limit says nothing
FOUND = 1  # exit status where nothing could be taken


def _instant(word: str) -> Instant:
    try:
        return parse_instant(word if len(word) > len("2026-03-01") else f"{word}T00:00:00Z")
    except MalformedMessage as error:
        raise argparse.ArgumentTypeError(f"{word!r} is no time as 2026-03-01 or 2026-03-01T09:20:00Z") from error


def _count(word: str) -> int:
    if not word.isascii() or not word.isdigit():
        raise argparse.ArgumentTypeError(f"{word!r} is no whole number")
    return int(word)


def _configure_wanted(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", metavar="R", help="only these: malformed, oversize, unknown format, ...")
    parser.add_argument("--stream", metavar="S", help="only those that this stream recognised, or 'unrecognised'")
    parser.add_argument("--since", metavar="T", type=_instant, help="only those received from this day or time on")


def _wanted(arguments: argparse.Namespace) -> Wanted:
    from aftc.history.quarantine import Wanted

    return Wanted(arguments.reason, arguments.stream, arguments.since)


def _require_store(settings: Settings) -> None:
    """Raise `InputError` where there is no store: it must not be made by asking."""
    if not (settings.store / "state" / "data.mdb").exists():
        found = f"none in {settings.store}"
        raise InputError("a store with messages", found, advice="run 'aftc ingest PATH...' first, or name its --store")


@contextmanager
def _quarantine(settings: Settings) -> Iterator[Quarantine]:
    """The quarantine of a store, while others write to it or not."""
    from aftc.history.derivation import require_derivation
    from aftc.history.lake import Lake
    from aftc.history.quarantine import Quarantine
    from aftc.state import State

    _require_store(settings)
    require_derivation(settings)
    state = State(settings.store / "state")
    try:
        with state.snapshot() as view:

            def number_of(digest: bytes) -> int | None:
                held = view.get("digests", digest)
                return None if held is None else int.from_bytes(held, "big")

            yield Quarantine(Lake(settings.store / "lake"), number_of)
    finally:
        state.close()


def _configure_list(parser: argparse.ArgumentParser) -> None:
    _configure_wanted(parser)
    parser.add_argument("--limit", metavar="N", type=_count, help=f"at most so many, the newest ({SHOWN})")
    parser.add_argument("--csv", metavar="FILE", type=Path, help="all of them, or --limit, into a new CSV file")


def _list(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from serving.quarantine_render import list_payload, list_text, write_list

    limit = arguments.limit if arguments.csv or arguments.limit is not None else SHOWN
    with _quarantine(settings) as quarantine:
        held, total = quarantine.held(_wanted(arguments), limit)
    if arguments.csv:
        rows = write_list(arguments.csv, held)
        return Reply({"total": total, "rows": rows, "csv": str(arguments.csv)}, f"{rows:,} rows in {arguments.csv}")
    return Reply(list_payload(held, total), list_text(held, total))


def _count_causes(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from serving.causes import causes_payload, causes_text

    with _quarantine(settings) as quarantine:
        causes = quarantine.causes(_wanted(arguments))
    payload: dict[str, Any] = {"total": causes.total(), **causes_payload(causes)}
    return Reply(payload, "\n".join((f"{payload['total']:,} messages in quarantine", *causes_text(payload))))


def _configure_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="ID", type=_count, help="its number, as 'aftc quarantine list' gives it")
    parser.add_argument("--raw", metavar="FILE", type=Path, help="write its bytes, unchanged, into a new file")


def _show(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.journal import Journal
    from serving.quarantine_render import show_payload, show_text
    from serving.retry import today

    with _quarantine(settings) as quarantine:
        held = quarantine.named(arguments.number)
    entry = Journal(settings.store / "journal").entry(held.sequence, known_at=held.known_at)
    if arguments.raw:
        _write_raw(arguments.raw, entry.raw)
        written = f"{len(entry.raw):,} bytes in {arguments.raw}"
        return Reply({"sequence": held.sequence, "bytes": len(entry.raw), "file": str(arguments.raw)}, written)
    verdict = today(entry, settings)
    return Reply(show_payload(held, entry.raw, verdict), show_text(held, entry.raw, verdict))


def _write_raw(path: Path, raw: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(raw)
    except FileExistsError as error:
        raise InputError("a file that is not there yet", str(path), advice="name another one") from error


def _configure_retry(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("numbers", metavar="ID", nargs="*", type=_count, help="as 'aftc quarantine list' gives them")
    parser.add_argument("--all", action="store_true", help="every message, or those that the conditions name")
    _configure_wanted(parser)


def _retry(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.journal import Journal
    from aftc.history.lake import Lake
    from aftc.history.quarantine import Quarantine
    from serving.ingest import Ingest
    from serving.quarantine_render import retry_payload, retry_text
    from serving.retry import Retry, retry

    conditions = (arguments.reason, arguments.stream, arguments.since)
    if bool(arguments.numbers) == arguments.all:
        raise InputError("ID..., or --all", "both" if arguments.all else "neither")
    if arguments.numbers and any(each is not None for each in conditions):
        raise InputError("ID... alone, or --all with conditions", "ID... with conditions")
    _require_store(settings)
    with Ingest(settings) as ingest:
        rows = _asked(Quarantine(Lake(settings.store / "lake"), ingest.number_of), arguments)
        journal = Journal(settings.store / "journal")
        done = list(retry(ingest, journal, rows, time.time_ns() // 1_000, settings.commit_messages))
    results = {each.result for each in done}
    status = FOUND if Retry.REFUSED in results and Retry.TAKEN not in results else 0
    return Reply(retry_payload(done), retry_text(done), status)


def _asked(quarantine: Quarantine, arguments: argparse.Namespace) -> Sequence[Held]:
    if not arguments.all:
        return [quarantine.named(number) for number in dict.fromkeys(arguments.numbers)]
    held, _ = quarantine.held(_wanted(arguments))
    return [each for each in held if each.retried_as is None]


QUARANTINE = (
    Command("quarantine list", "messages that could not be read, and why", _configure_list, _list),
    Command("quarantine show", "one of them with its bytes, safely shown", _configure_show, _show),
    Command("quarantine retry", "read them again and take what can be read now", _configure_retry, _retry),
    Command("quarantine count", "how many there are, by reason and stream", _configure_wanted, _count_causes),
)
