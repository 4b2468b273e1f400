"""A snapshot of a mirror is one commit, whatever is written meanwhile; and nothing is read that cannot be trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from aftc.errors import HistoryError, StateError, StateUnreachable
from aftc.mirror import form, publishing, reading
from aftc.mirror.reading import MirrorView, RedisState
from aftc.state import State, read_watermark
from tests.mirror.a_mirror import KEYS, SPREAD, a_state, commit, published, publisher_of
from tests.serving.a_redis import RedisServer


def _seen(view: MirrorView) -> set[int]:
    """The commits that a snapshot shows, read in several round trips."""
    seen = {read_watermark(view).sequence}
    for start in range(0, len(KEYS), 10):
        for table in SPREAD:
            seen.update(int(value or b"0") for value in view.get_many(table, KEYS[start : start + 10]))
    return seen


def _hammered(server: RedisServer, state: State, commits: int) -> list[set[int]]:
    """What readers saw in each snapshot while commits were published."""
    publisher, mirror = publisher_of(server), RedisState(server.url, None)
    published(publisher, state)
    ended, found = Event(), []

    def read() -> None:
        while not ended.is_set():
            with mirror.snapshot() as view:
                found.append(_seen(view))

    readers = [Thread(target=read) for _ in range(2)]
    for each in readers:
        each.start()
    for number in range(2, 2 + commits):
        commit(state, number)
        published(publisher, state)
    ended.set()
    for each in readers:
        each.join()
    mirror.close()
    return found


def test_readers_amid_commits_never_see_a_mixture(
    server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every snapshot shows one commit in all records and in the watermark, though commits come in many pieces."""
    monkeypatch.setattr(publishing, "SLICE", 3)
    found = _hammered(server, a_state(tmp_path), 60)
    assert len(found) > 20
    assert {len(each) for each in found} == {1}
    assert len(set.union(*found)) > 5  # they did follow


def test_without_what_commits_keep_they_would(
    server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same readers with a script that takes what stands do see mixtures: the test above can fail."""
    monkeypatch.setattr(publishing, "SLICE", 3)
    monkeypatch.setattr(reading, "READ", form.READ.replace("if value then", "if false then"))
    assert max(len(each) for each in _hammered(server, a_state(tmp_path), 60)) > 1


def test_a_snapshot_outlives_commits_and_a_new_filling(server: RedisServer, tmp_path: Path) -> None:
    """Several commits later, and when the mirror was filled anew, it shows what it did; keys new since are none."""
    state, publisher, mirror = a_state(tmp_path), publisher_of(server), RedisState(server.url, None)
    published(publisher, state)
    with mirror.snapshot() as view:
        assert view.get("entities", KEYS[0]) == b"1"
        for number in (2, 3):
            commit(state, number, (*KEYS, b"new"))
            published(publisher, state)
        with state.snapshot() as snapshot:
            publisher.publish(snapshot, 0, whole=True)
        assert _seen(view) == {1}
        assert view.get("links", b"new") is None
    with mirror.snapshot() as view:
        assert _seen(view) == {3}
    mirror.close()


def test_a_snapshot_that_is_kept_no_more_is_refused(server: RedisServer, tmp_path: Path) -> None:
    """Never mixed: the error says to score again."""
    state, publisher, mirror = a_state(tmp_path), publisher_of(server, kept_seconds=0.0), RedisState(server.url, None)
    published(publisher, state)
    with mirror.snapshot() as view:
        commit(state, 2)
        published(publisher, state)
        published(publisher, state)
        with pytest.raises(StateUnreachable, match="score again"):
            view.get("entities", KEYS[0])
    mirror.close()


def test_many_keys_and_tables_are_one_round_trip(server: RedisServer, tmp_path: Path) -> None:
    """More keys than a command takes, of several tables, in one call; what was read is not asked for again."""
    state, mirror = a_state(tmp_path), RedisState(server.url, None)
    many = tuple(f"{number:06}".encode() for number in range(2_500))
    commit(state, 2, many)
    published(publisher_of(server), state)
    with mirror.snapshot() as view:
        assert view.get("entities", b"first") is None  # the server knows the script now
        before = _calls(server)
        view.fetch({table: [*many, b"none"] for table in SPREAD})
        assert all(view.get_many(table, [*many, b"none"]) == [b"2"] * len(many) + [None] for table in SPREAD)
        assert _calls(server) - before == 1
    mirror.close()


def _calls(server: RedisServer) -> int:
    return int(server.client.info("commandstats")["cmdstat_evalsha"]["calls"])


def _nothing(server: RedisServer) -> None:
    server.client.flushall()


def _other_form(server: RedisServer) -> None:
    server.client.hset("{aftc:state}", "form", "0")


def _a_table_less(server: RedisServer) -> None:
    server.client.delete("{aftc:state}:1:entities")


def _another_bit(server: RedisServer) -> None:
    raw = server.client.hget("{aftc:state}:1:entities", KEYS[0])
    server.client.hset("{aftc:state}:1:entities", KEYS[0], bytes([raw[0] ^ 4]) + raw[1:])


def _misplaced(server: RedisServer) -> None:
    server.client.hset("{aftc:state}:1:entities", KEYS[0], server.client.hget("{aftc:state}:1:entities", KEYS[1]))


def _gone(server: RedisServer) -> None:
    server.stop()


@pytest.mark.parametrize(
    ("harm", "kind", "words"),
    [
        (_nothing, HistoryError, "found none; run 'aftc state publish --redis URL'"),
        (_other_form, HistoryError, "found one of form 0; run 'aftc state publish"),
        (_a_table_less, StateError, "no longer holds; run 'aftc state publish --redis URL --whole'"),
        (_another_bit, StateError, "entities b'key 0'.*fails its check; run 'aftc state publish --redis URL --whole'"),
        (_misplaced, StateError, "entities b'key 0'.*fails its check"),
        (_gone, StateUnreachable, "a Redis server that answers.*check the server"),
    ],
)
def test_what_cannot_be_trusted_is_refused(
    server: RedisServer, tmp_path: Path, harm: Callable[[RedisServer], None], kind: type[Exception], words: str
) -> None:
    """Nothing published, another form, a table or a bit lost, no server: each with the command that mends it."""
    published(publisher_of(server), a_state(tmp_path))
    mirror = RedisState(server.url, None)
    harm(server)
    with pytest.raises(kind, match=words), mirror.snapshot() as view:
        view.get("entities", KEYS[0])
    mirror.close()
