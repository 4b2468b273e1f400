"""A state of a few records whose commits can be told apart, and what its mirror holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aftc.history.changes import Noted, begin_changes, note_changes
from aftc.mirror.form import MIRRORED
from aftc.mirror.publishing import Published, Publisher
from aftc.mirror.reading import RedisState
from aftc.state import State, read_watermark, write_watermark
from tests.serving.a_redis import RedisServer

KEYS = tuple(f"key {number}".encode() for number in range(40))
SPREAD = ("links", "entities", "owners")
"""Tables that hold the same in each record: which commit wrote it."""


def commit(state: State, number: int, keys: tuple[bytes, ...] = KEYS) -> None:
    """Write a commit's number into records of several tables, as the fold's commits do."""
    with state.transaction() as transaction:
        begin_changes(transaction)
        noted, before = Noted(transaction), read_watermark(transaction)
        for table in SPREAD:
            noted.put_many(table, [(key, str(number).encode()) for key in keys])
        write_watermark(noted, number, number)
        note_changes(transaction, before, noted.keys)


def a_state(folder: Path) -> State:
    """With one commit."""
    state = State(folder / "state", writable=True)
    commit(state, 1)
    return state


def publisher_of(server: RedisServer, kept_seconds: float = 60.0) -> Publisher:
    """A publisher to a server."""
    return Publisher(server.url, None, "a-store", kept_seconds=kept_seconds)


def published(publisher: Publisher, state: State) -> Published:
    """What a look at a state leads to."""
    with state.snapshot() as snapshot:
        return publisher.publish(snapshot, read_watermark(snapshot).known_at)


def rows_of(state: State) -> dict[str, dict[bytes, bytes]]:
    """Every record that is mirrored."""
    with state.snapshot() as snapshot:
        return {table: dict(snapshot.rows(table)) for table in MIRRORED}


def differences(server: RedisServer, rows: Mapping[str, Mapping[bytes, bytes]]) -> list[str]:
    """Where a mirror is not what it should be, record for record, with nothing beside them."""
    mirror = RedisState(server.url, None)
    found = []
    try:
        with mirror.snapshot() as view:
            generation = server.client.hget("{aftc:state}", "generation").decode()
            for table, expected in rows.items():
                held = dict(zip(expected, view.get_many(table, list(expected)), strict=True))
                if held != expected:
                    found.append(f"{table}: other values")
                count = server.client.hlen(f"{{aftc:state}}:{generation}:{table}") - 1
                if count != len(expected):
                    found.append(f"{table}: {count} records for {len(expected)}")
    finally:
        mirror.close()
    return found
