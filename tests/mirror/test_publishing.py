"""A mirror equals its state at a commit, record for record: filled, followed, and after whatever ends its publisher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aftc.errors import HistoryError, StateUnreachable
from aftc.history import changes
from aftc.state import State
from tests.mirror.a_mirror import KEYS, a_state, commit, differences, published, publisher_of, rows_of
from tests.serving.a_redis import RedisServer


def test_a_mirror_is_filled_and_followed(server: RedisServer, tmp_path: Path) -> None:
    """Whole at first; then a commit costs the records that it wrote; several commits are one, none costs nothing."""
    state, publisher = a_state(tmp_path), publisher_of(server)
    first = published(publisher, state)
    assert (first.whole, first.records, first.sequence) == (True, 3 * len(KEYS) + 1, 1)
    assert differences(server, rows_of(state)) == []
    assert published(publisher, state).records == 0
    commit(state, 2, KEYS[:2])
    commit(state, 3, KEYS[1:3])
    later = published(publisher, state)
    assert (later.whole, later.records, later.sequence) == (False, 3 * 3 + 1, 3)
    assert differences(server, rows_of(state)) == []


def test_another_publisher_goes_on_where_the_first_left(server: RedisServer, tmp_path: Path) -> None:
    """It writes what the first had not, and the first, should it still run, changes nothing any more."""
    state, first = a_state(tmp_path), publisher_of(server)
    published(first, state)
    commit(state, 2, KEYS[:2])
    second = publisher_of(server)
    assert published(second, state).records == 7
    commit(state, 3)
    with pytest.raises(HistoryError, match="another one that took over"):
        published(first, state)
    assert published(second, state).sequence == 3
    assert differences(server, rows_of(state)) == []


def test_a_state_of_other_commits_is_mirrored_anew(server: RedisServer, tmp_path: Path) -> None:
    """A state that was made again, though it stands at the same message, is not taken for the one that was mirrored."""
    state, publisher = a_state(tmp_path), publisher_of(server)
    published(publisher, state)
    other = State(tmp_path / "other" / "state", writable=True)
    commit(other, 1, KEYS[:5])
    assert published(publisher, other).whole
    assert differences(server, rows_of(other)) == []


def test_a_mirror_left_behind_too_long_is_filled_anew(
    server: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the state has given up what it noted of the commits since, nothing is guessed."""
    state, publisher = a_state(tmp_path), publisher_of(server)
    published(publisher, state)
    monkeypatch.setattr(changes, "KEPT_BYTES", 3 * sum(map(len, KEYS)) + 100)
    for number in range(2, 6):
        commit(state, number)
    with state.snapshot() as snapshot:
        assert snapshot.counts()["changes"] == 2
    assert published(publisher, state).whole
    assert differences(server, rows_of(state)) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from aftc.mirror import publishing
from aftc.mirror.server import Server
from aftc.state import State
at, url = int(sys.argv[1]), sys.argv[2]
publishing.SLICE = 7
run, calls = Server.run, 0

def dying(self, *words):
    global calls
    calls += 1
    if calls == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(self, *words)

Server.run = dying
publisher = publishing.Publisher(url, None, "a-store")
state = State(Path(sys.argv[3]))
with state.snapshot() as snapshot:
    publisher.publish(snapshot, 0, whole=len(sys.argv) > 4)
print(calls)
"""


def _ended(server: RedisServer, state: State, at: int, *more: str) -> int:
    """Run a publisher that is killed before its call of a number; 0 when it came to its end before."""
    command = [sys.executable, "-c", _KILLED, str(at), server.url, str(state.folder), *more]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ, timeout=60)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    return ended.returncode


@pytest.mark.parametrize("whole", [False, True])
def test_a_publisher_killed_between_any_two_steps(server: RedisServer, tmp_path: Path, whole: bool) -> None:
    """After every kill the mirror is the former commit or already the new one, whole; the next completes it."""
    state = a_state(tmp_path)
    published(publisher_of(server), state)
    number, kills, at = 1, 0, 1
    while True:
        before = rows_of(state)
        number += 1
        commit(state, number, KEYS[:20])
        ended = _ended(server, state, at, *(["whole"] if whole else []))
        second = _ended(server, state, at // 2 + 2) if ended and not whole else 0  # it may die as it takes back
        stands = [rows for rows in (before, rows_of(state)) if not differences(server, rows)]
        assert stands, f"killed before call {at}: the mirror is a mixture"
        again = publisher_of(server)
        assert not published(again, state).whole
        again.close()
        assert differences(server, rows_of(state)) == []
        if ended == 0:
            break
        kills += 1 + (second != 0)
        at += 4 if whole else 2
    assert kills >= 7
    made = map(int, server.client.smembers("{aftc:state}:made"))
    assert max(made) == int(server.client.hget("{aftc:state}", "generation"))  # what was not whole is no more


def test_snapshots_are_given_up_in_time(server: RedisServer, tmp_path: Path) -> None:
    """What commits kept of former values is deleted once nobody may read it, and the former generation with it."""
    state, publisher = a_state(tmp_path), publisher_of(server, kept_seconds=0.0)
    published(publisher, state)
    for number in (2, 3, 4):
        commit(state, number)
        published(publisher, state)
    with state.snapshot() as snapshot:
        publisher.publish(snapshot, 0, whole=True)
    published(publisher, state)
    assert not [key for key in server.client.scan_iter() if b":undo:" in key]
    assert server.client.smembers("{aftc:state}:made") == {b"2"}
    assert not server.client.exists("{aftc:state}:1:entities")
    assert differences(server, rows_of(state)) == []


def test_another_store_is_refused(server: RedisServer, tmp_path: Path) -> None:
    """A mirror belongs to one store."""
    from aftc.mirror.publishing import Publisher

    published(publisher_of(server), a_state(tmp_path))
    with pytest.raises(HistoryError, match=r"a mirror of the store b-store.*the store a-store.*another database"):
        Publisher(server.url, None, "b-store")


def test_a_server_that_throws_records_away_is_refused(server: RedisServer) -> None:
    """A record that was evicted would be read as no history."""
    server.client.config_set("maxmemory-policy", "allkeys-lru")
    with pytest.raises(HistoryError, match=r"noeviction.*allkeys-lru"):
        publisher_of(server)


def test_a_server_that_was_emptied_is_noticed(server: RedisServer, tmp_path: Path) -> None:
    """The publisher says so, and one that begins again fills it."""
    state, publisher = a_state(tmp_path), publisher_of(server)
    published(publisher, state)
    server.client.flushall()
    commit(state, 2)
    with pytest.raises(StateUnreachable, match="begin again"):
        published(publisher, state)
    assert published(publisher_of(server), state).whole
    assert differences(server, rows_of(state)) == []
