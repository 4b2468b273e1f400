"""Ingest, stage by stage and taken whole: its rate on one core, and its memory as the run goes on.

The stages run one after the other over the first messages in memory, each on what the one before gave. The whole is the
real writer with its journal, lake and synced state, over all messages, read from their files as they are taken.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aftc.clock import day_of
from aftc.config import Settings
from aftc.errors import MessageError
from aftc.features.extract import extract
from aftc.features.sightings import sight
from aftc.linking import link
from aftc.overlay import MemoryState
from aftc.records import Message
from aftc.streams import Reading, read
from aftc.streams.spool import SpoolFile, order, scan
from serving.arrivals import messages_of
from serving.ingest import Ingest, collect_rarely

__all__ = ["measure"]

STAGED_MESSAGES = 20_000
MARKS = 10  # times at which memory is looked at, evenly along the run
KIB_PER_MIB = 1024
_ANONYMOUS = re.compile(r"RssAnon:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A moment of the run: messages dealt with, processor and wall seconds, anonymous memory in MiB."""

    dealt: int
    processor: float
    wall: float
    memory: float


def measure(store: Path, folder: Path) -> Mapping[str, Any]:
    """Measure over the messages of a folder.

    Args:
        store: Where the temporary store of the whole run is put beside.
        folder: Messages with their received times.

    Returns:
        Messages; rates of the whole (messages/s, by wall and by processor time); processor microseconds that a message
        takes, whole and in each stage; anonymous memory along the run (MiB: what the process holds itself, without the
        pages of the state's file).
    """
    collect_rarely()  # as the command does
    files = order(scan([folder]), 0)
    stages = _stages(list(islice(_messages(files), STAGED_MESSAGES)))
    store.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=store.parent) as scratch:
        marks = _whole(files, Path(scratch))
    dealt, first, last = marks[-1].dealt, marks[0], marks[-1]
    processor = last.processor - first.processor
    step = max(1, len(marks) // MARKS)
    return {
        "messages": dealt,
        "messages_per_second": round(dealt / (last.wall - first.wall), 1),
        "messages_per_processor_second": round(dealt / processor, 1),
        "microseconds_a_message": {"whole": round(1e6 * processor / dealt, 1), **stages},
        "memory_mib": {f"{mark.dealt:,}": round(mark.memory) for mark in marks[::-step][::-1]},
    }


def _messages(files: Sequence[SpoolFile]) -> Iterator[Message]:
    return messages_of(files, 0, Counter())


def _whole(files: Sequence[SpoolFile], store: Path) -> list[_Mark]:
    with Ingest(replace(Settings(), store=store)) as ingest:
        dealt = 0
        marks = [_mark(dealt)]
        for more in ingest.take(_messages(files)):
            dealt += more
            marks.append(_mark(dealt))
    return marks


def _mark(dealt: int) -> _Mark:
    found = _ANONYMOUS.search(Path("/proc/self/status").read_text(encoding="ascii"))
    memory = int(found[1]) / KIB_PER_MIB if found else float("nan")
    return _Mark(dealt, time.process_time(), time.perf_counter(), memory)


def _stages(messages: list[Message]) -> Mapping[str, float]:
    """Processor microseconds a message of each stage."""
    settings = Settings()
    started = time.process_time()
    readings = [_read(message, settings) for message in messages]
    reading = time.process_time() - started
    linking = sighting = 0.0
    state = MemoryState()
    for sequence, (message, told) in enumerate(zip(messages, readings, strict=True), start=1):
        if told is None:
            continue
        started = time.process_time()
        linked = link(
            state,
            told.records,
            stream=told.stream,
            sequence=sequence,
            known_at=message.known_at,
            settings=settings,
        )
        between = time.process_time()
        for version in linked.versions:
            sight(state, extract(version).owned, sequence=sequence, day=day_of(message.known_at))
        linking += between - started
        sighting += time.process_time() - between
    spent = {"read": reading, "link": linking, "extract and sight": sighting}
    return {stage: round(1e6 * seconds / len(messages), 1) for stage, seconds in spent.items()}


def _read(message: Message, settings: Settings) -> Reading | None:
    try:
        return read(message.raw, limit_bytes=settings.max_message_bytes)
    except MessageError:
        return None
