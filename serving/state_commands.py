"""`aftc state stat`, `verify` and `publish`: what the online state holds, whether it is sound, its mirror in Redis."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from aftc.cli import Command, Reply
from aftc.clock import format_instant
from aftc.config import Settings

if TYPE_CHECKING:
    from aftc.state import State

__all__ = ["STATE"]

MOST_TOLD = 20
UNSOUND = 1  # damage that was found is itself the finding


def _configure_nothing(_: argparse.ArgumentParser) -> None:
    """For a command without arguments of its own."""


@contextmanager
def _opened(settings: Settings) -> Iterator[State]:
    from serving.opening import open_state

    state = open_state(settings)
    try:
        yield state
    finally:
        state.close()


def _stat(_: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.features.state_records import sizes
    from aftc.state import read_watermark

    with _opened(settings) as state, state.snapshot() as snapshot:
        watermark, records, found = read_watermark(snapshot), snapshot.counts(), sizes(snapshot)
        size = state.size()
    payload = {
        "sequence": watermark.sequence,
        "known_at": format_instant(watermark.known_at),
        "file_bytes": size,
        "records": records,
        "bytes_each": {name: asdict(each) for name, each in found.items()},
    }
    lines = [f"applied up to message {watermark.sequence:,}, {payload['known_at']}; {size:,} bytes in the file"]
    lines += [f"  {count:>12,}  {table}" for table, count in records.items()]
    lines += [
        f"{name}: {each.records:,}; bytes of the median one {each.median:,}, "
        f"of 99 in 100 at most {each.most:,}, of the largest {each.largest:,}"
        for name, each in found.items()
    ]
    return Reply(payload, "\n".join(lines))


def _verify(_: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.features.state_records import faults

    with _opened(settings) as state, state.snapshot() as snapshot:
        records = snapshot.counts()
        found = faults(snapshot)
        told = list(islice(found, MOST_TOLD))
        more = sum(1 for _ in found)
    checked = records["entities"] + records["owners"]
    payload = {"checked": checked, "faults": len(told) + more, "first": told}
    if not told:
        return Reply(payload, f"{records['entities']:,} entities and {records['owners']:,} owners: all sound")
    lines = [*told, *([f"and {more:,} more"] if more else []), "run 'aftc state rebuild': the journal has everything"]
    return Reply(payload, "\n".join(lines), status=UNSOUND)


def _configure_publish(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--redis", metavar="URL", required=True, help="server that is to hold the mirror")
    parser.add_argument("--once", action="store_true", help="end when the mirror stands where the state does")
    parser.add_argument("--whole", action="store_true", help="begin by filling the mirror anew")


def _publish(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from serving.publishing import Mirroring, follow
    from serving.signals import STOP, words_of_signals

    with Mirroring(settings, arguments.redis, whole=arguments.whole) as mirroring:
        published = mirroring.look()
        if not arguments.once:
            with words_of_signals({signal.SIGTERM: STOP, signal.SIGINT: STOP}) as words:
                line = f"publishing {settings.store} to {mirroring.place}; stop with Ctrl-C or SIGTERM"
                print(line, file=sys.stderr, flush=True)
                published = follow(mirroring, words) or published
        payload = {**asdict(published), "records": mirroring.records}
    return Reply(payload, f"published up to message {published.sequence:,}; {mirroring.records:,} records written")


STATE = (
    Command("state stat", "what the online state holds, in records and bytes", _configure_nothing, _stat),
    Command("state verify", "check every record of the online history", _configure_nothing, _verify),
    Command("state publish", "mirror the online state in Redis, for scorers elsewhere", _configure_publish, _publish),
)
