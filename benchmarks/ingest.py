"""Ingest, stage by stage: the same messages read, linked, extracted and sighted, and taken whole.

The stages run one after the other over memory, each on what the one before gave; the whole is the real writer with
its journal, lake and synced state. Shares are of the whole's time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aftc.clock import day_of
from aftc.config import Settings
from aftc.features.extract import extract
from aftc.features.sightings import sight
from aftc.linking import link
from aftc.records import Message
from aftc.state import MemoryState
from aftc.streams import Reading, read
from aftc.streams.spool import load, order, scan
from serving.ingest import Ingest

__all__ = ["measure"]


def measure(store: Path, folder: Path) -> Mapping[str, Any]:
    """Measure over the messages of a folder.

    Args:
        store: Where the temporary store of the whole run is put beside.
        folder: Messages with their received times.

    Returns:
        Messages, rate of the whole (messages/s), share of each stage.
    """
    messages = [load(each, 0) for each in order(scan([folder]), 0)]
    settings = Settings()
    read_seconds, readings = _read(messages, settings)
    link_seconds, sight_seconds = _apply(messages, readings, settings)
    store.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=store.parent) as scratch:
        started = time.perf_counter()
        with Ingest(replace(settings, store=Path(scratch))) as ingest:
            for _ in ingest.take(messages):
                pass
        whole = time.perf_counter() - started
    return {
        "messages": len(messages),
        "messages_per_second": round(len(messages) / whole, 1),
        "share_read": round(read_seconds / whole, 3),
        "share_link": round(link_seconds / whole, 3),
        "share_extract_and_sight": round(sight_seconds / whole, 3),
        "share_journal_lake_and_state": round(1 - (read_seconds + link_seconds + sight_seconds) / whole, 3),
    }


def _read(messages: list[Message], settings: Settings) -> tuple[float, list[Reading]]:
    started = time.perf_counter()
    readings = [read(message.raw, limit_bytes=settings.max_message_bytes) for message in messages]
    return time.perf_counter() - started, readings


def _apply(messages: list[Message], readings: list[Reading], settings: Settings) -> tuple[float, float]:
    state = MemoryState()
    linking = sighting = 0.0
    for sequence, (message, reading) in enumerate(zip(messages, readings, strict=True), start=1):
        started = time.perf_counter()
        linked = link(
            state,
            reading.records,
            stream=reading.stream,
            sequence=sequence,
            known_at=message.known_at,
            settings=settings,
        )
        between = time.perf_counter()
        for version in linked.versions:
            for owned in extract(version).owned:
                sight(state, owned, sequence=sequence, day=day_of(message.known_at))
        linking += between - started
        sighting += time.perf_counter() - between
    return linking, sighting
