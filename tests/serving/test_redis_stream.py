"""A Redis stream reaches the writer, against a real server: at least once in, one effect, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

from aftc.clock import HOUR, SECOND
from aftc.config import Settings
from aftc.errors import HistoryError, InputError
from aftc.history.identity import store_identity
from aftc.history.journal import Journal
from aftc.records import JournalEntry, Message
from aftc.streams import ens, ferry_booking
from aftc.streams.not_kept import MOST_FILE_BYTES
from aftc.testing import ARRIVAL, a_booking, a_roro_entry
from serving.arrivals import Arrived, follow
from serving.ingest import Ingest
from serving.redis_stream import SILENT_MS, Entry, RedisSource, RedisStream, message_of
from serving.stream_arrivals import DELETED, take_stream
from tests.serving.a_redis import STREAM, RedisServer

AFTC = Path(sys.executable).with_name("aftc")
BOOKING, ENTRY = ferry_booking.build(a_booking()), ens.build(a_roro_entry())
OTHER = ferry_booking.build(a_booking(booking_reference="BK-OTHER"))
THREE = (
    Message(BOOKING, ARRIVAL - 3 * HOUR, "carrier"),
    Message(ENTRY, ARRIVAL - 2 * HOUR, ""),
    Message(OTHER, ARRIVAL - HOUR, "port of Dover"),
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server with an empty memory."""
    running = RedisServer(tmp_path)
    yield running
    running.stop()


def _stream(server: RedisServer) -> RedisStream:
    return RedisStream(RedisSource(server.url, None, STREAM, "aftc", "a-store"))


def _take(store: Path, stream: RedisStream, most: int = 100) -> tuple[Arrived, Ingest]:
    with Ingest(Settings(store=store)) as ingest:
        return take_stream(ingest, stream, lambda: ARRIVAL, most), ingest


def _journal(store: Path) -> list[JournalEntry]:
    return list(Journal(store / "journal").entries())


def _pending(server: RedisServer) -> int:
    pending: int = server.client.xpending(STREAM, "aftc")["pending"]
    return pending


def test_entries_are_journaled_in_their_order_and_acknowledged(server: RedisServer, tmp_path: Path) -> None:
    """Three entries are taken as received by the server, told by stream, id and sender, and none stays pending."""
    server.put(THREE)
    arrived, ingest = _take(tmp_path / "store", _stream(server))
    entries = _journal(tmp_path / "store")
    assert (arrived.entries, dict(ingest.tally.taken)) == (3, {"ferry_booking": 2, "ens": 1})
    assert [(entry.raw, entry.known_at) for entry in entries] == [(each.raw, each.known_at) for each in THREE]
    first = f"redis:messages/{THREE[0].known_at // 1_000}-0"
    assert entries[0].source == f"{first} carrier"
    assert entries[2].source.endswith("-0 port_of_Dover")
    assert _pending(server) == 0


def test_a_part_at_a_time_is_taken(server: RedisServer, tmp_path: Path) -> None:
    """What a commit does not hold waits for the next, and nothing is left in the end."""
    server.put(Message(b"%d" % number, ARRIVAL - HOUR + number * SECOND, "") for number in range(300))
    stream = _stream(server)
    store = tmp_path / "store"
    taken = [_take(store, stream, most=64)[0].entries for _ in range(7)]
    assert sum(taken) == 300
    assert max(taken) < 128
    assert taken[-1] == 0
    assert [entry.raw for entry in _journal(store)] == [b"%d" % number for number in range(300)]


class _Dying(RedisStream):
    """A stream whose reader dies before it acknowledges."""

    def acknowledge(self, entries: object) -> None:
        """Never comes to it."""
        raise KeyboardInterrupt


def test_what_was_journaled_and_not_acknowledged_has_one_effect(server: RedisServer, tmp_path: Path) -> None:
    """A reader that dies between journal and acknowledgement leaves entries pending; the next finds them known."""
    server.put(THREE)
    with pytest.raises(KeyboardInterrupt):
        _take(tmp_path / "store", _Dying(RedisSource(server.url, None, STREAM, "aftc", "a-store")), most=2)
    assert _pending(server) == 3
    _, ingest = _take(tmp_path / "store", _stream(server))
    assert (ingest.tally.duplicates, ingest.tally.taken.total()) == (3, 0)
    assert [entry.raw for entry in _journal(tmp_path / "store")] == [each.raw for each in THREE]
    assert _pending(server) == 0


def test_what_was_delivered_and_not_journaled_is_taken(server: RedisServer, tmp_path: Path) -> None:
    """Nothing is acknowledged where the journal refused, and all of it comes again."""
    server.put(THREE)
    with Ingest(Settings(store=tmp_path / "store")) as ingest:
        (tmp_path / "store" / "journal").write_bytes(b"a file where the journal's folder should be made")
        with pytest.raises((HistoryError, OSError)):
            take_stream(ingest, _stream(server), lambda: ARRIVAL, 100)
    assert _pending(server) == 3
    (tmp_path / "store" / "journal").unlink()
    assert _take(tmp_path / "again", _stream(server))[1].tally.taken.total() == 3
    assert _pending(server) == 0


def test_a_silent_consumer_is_taken_over_and_a_busy_one_is_not(server: RedisServer, tmp_path: Path) -> None:
    """Entries of a consumer that fell silent are taken, in their order before new ones; others stay its own."""
    server.put(THREE[:2])
    server.client.xgroup_create(STREAM, "aftc", id="0")
    for consumer in ("dead", "busy"):
        server.client.xreadgroup("aftc", consumer, {STREAM: ">"}, count=1)
    dead = server.client.xpending_range(STREAM, "aftc", "-", "+", 9, consumername="dead")
    server.client.xclaim(STREAM, "aftc", "dead", 0, [each["message_id"] for each in dead], idle=SILENT_MS + 1)
    server.put(THREE[2:])
    _take(tmp_path / "store", _stream(server))
    assert [entry.raw for entry in _journal(tmp_path / "store")] == [BOOKING, OTHER]
    assert [each["name"] for each in server.client.xinfo_consumers(STREAM, "aftc") if each["pending"]] == [b"busy"]


def test_a_group_belongs_to_one_store(server: RedisServer, tmp_path: Path) -> None:
    """A second store at the same group is refused before anything is delivered to it; at its own it gets all."""
    server.put(THREE[:2])
    _take(tmp_path / "store", _stream(server))
    server.put(THREE[2:])
    with pytest.raises(InputError, match="--group NAME"):
        _take(tmp_path / "second", RedisStream(RedisSource(server.url, None, STREAM, "aftc", "another")))
    assert (
        _take(tmp_path / "second", RedisStream(RedisSource(server.url, None, STREAM, "own", "another")))[0].entries == 3
    )
    assert _take(tmp_path / "store", _stream(server))[0].entries == 1


def test_a_store_is_named_once(tmp_path: Path) -> None:
    """The name stays, and two stores differ in it."""
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert store_identity(one) == store_identity(one) != store_identity(other)


def test_poison_is_quarantined_with_its_bytes(server: RedisServer, tmp_path: Path) -> None:
    """Entries that hold no message, nothing, or no format that is known are journaled and stop nobody."""
    server.client.xadd(STREAM, {"gmrId": "GMRA00000001", "payload": b"\xff\x00"})
    server.client.xadd(STREAM, {"raw": ""})
    server.client.xadd(STREAM, {"raw": b"\x00" * 9})
    server.client.xadd(STREAM, {"raw": BOOKING, "trace": "left aside"})
    _, ingest = _take(tmp_path / "store", _stream(server))
    first, *others = (entry.raw for entry in _journal(tmp_path / "store"))
    assert others == [b"", b"\x00" * 9, BOOKING]
    assert json.loads(first)["fields"] == [["Z21ySWQ=", "R01SQTAwMDAwMDAx"], ["cGF5bG9hZA==", "/wA="]]
    assert [each.found for each in ingest.tally.refused] == [
        "JSON of messageType redisEntryWithoutRaw",
        "an empty message",
        "UTF-32 or binary",
    ]
    assert dict(ingest.tally.taken) == {"ferry_booking": 1}
    assert _pending(server) == 0


def test_an_entry_too_large_is_quarantined_and_the_next_is_taken(server: RedisServer, tmp_path: Path) -> None:
    """A message above the limit of the settings is refused unread; of one above what is kept, a note is."""
    server.put([Message(b"[" * 10_000_001, ARRIVAL - HOUR, ""), THREE[2]])
    _, ingest = _take(tmp_path / "store", _stream(server))
    assert [each.reason for each in ingest.tally.refused] == ["oversize"]
    assert dict(ingest.tally.taken) == {"ferry_booking": 1}
    huge = message_of(Entry("1-0", {b"raw": bytes(MOST_FILE_BYTES + 1)}), STREAM, ARRIVAL)
    assert json.loads(huge.raw)["bytes"] == MOST_FILE_BYTES + 1


def test_fewer_entries_are_asked_for_where_they_are_large(server: RedisServer) -> None:
    """After an entry of eight megabytes one is read at once, and the order is kept."""
    sizes = (1, 8_000_000, 2, 3)
    server.put(Message(b"x" * size, ARRIVAL + number * SECOND, "") for number, size in enumerate(sizes))
    stream = _stream(server)
    server.put(Message(b"x", ARRIVAL + HOUR + number * SECOND, "") for number in range(64))
    read = [len(entries) for entries in iter(stream.read, [])]
    assert read == [64] + [1] * 4


def test_an_entry_deleted_before_it_was_read_is_told(server: RedisServer, tmp_path: Path) -> None:
    """An entry that a producer trimmed after it was delivered is counted as such, and is not asked for again."""
    server.put(THREE)
    server.client.xgroup_create(STREAM, "aftc", id="0")
    server.client.xreadgroup("aftc", "aftc", {STREAM: ">"}, count=2)
    server.client.xtrim(STREAM, maxlen=2, approximate=False)
    arrived, _ = _take(tmp_path / "store", _stream(server))
    assert (arrived.entries, dict(+arrived.skipped)) == (3, {DELETED: 1})
    assert [entry.raw for entry in _journal(tmp_path / "store")] == [ENTRY, OTHER]
    assert _pending(server) == 0


def test_an_id_ahead_of_the_clock_does_not_push_the_timeline(server: RedisServer, tmp_path: Path) -> None:
    """An entry whose sender chose an id of next year is known from now."""
    server.put([Message(BOOKING, ARRIVAL + 9_000 * HOUR, "")])
    _take(tmp_path / "store", _stream(server))
    assert [entry.known_at for entry in _journal(tmp_path / "store")] == [ARRIVAL]


@pytest.mark.parametrize("url", ["http://127.0.0.1", "redis://127.0.0.1:port"])
def test_a_url_that_is_none_is_refused(url: str) -> None:
    """What is wrong with it is said at once."""
    with pytest.raises(InputError, match="redis://HOST:PORT/DB"):
        RedisStream(RedisSource(url, None, STREAM, "aftc", "a-store"))


def test_a_stream_of_another_kind_is_told(server: RedisServer) -> None:
    """A key that is no stream is an error that names it, and shows no password."""
    server.client.set(STREAM, "a string")
    stream = RedisStream(
        RedisSource(server.url.replace("redis://", "redis://:secret@"), None, STREAM, "aftc", "a-store")
    )
    with pytest.raises(InputError, match=rf"messages of 127.0.0.1:{server.port}") as refused:
        stream.read()
    assert "secret" not in str(refused.value)


def test_following_outlives_the_server(server: RedisServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that crashes, and comes back without memory of the group, is waited for and followed again."""
    words, told = Pipe(duplex=False)
    stream = _stream(server)
    second: list[RedisServer] = []
    looks = iter(range(1_000))

    def take() -> Arrived:
        look = next(looks)
        if look == 1:
            server.stop()
        if look == 3:
            second.append(RedisServer(tmp_path, port=server.port))
            second[0].put(THREE[1:])
        arrived = take_stream(ingest, stream, lambda: ARRIVAL, 100)
        if second:
            told.send("stop")
        return arrived

    server.put(THREE[:1])
    (tmp_path / "spool").mkdir()
    try:
        with Ingest(Settings(store=tmp_path / "store")) as ingest:
            arrived = follow(ingest, tmp_path / "spool", lambda: ARRIVAL, words, take, every=0.0)
    finally:
        for each in second:
            each.stop()
    assert arrived.entries == 3
    assert [entry.raw for entry in _journal(tmp_path / "store")] == [each.raw for each in THREE]
    said = capsys.readouterr().err
    assert said.count("trying again") == 1
    assert said.count("answers again") == 1


def _command(server: RedisServer, store: Path, *more: str) -> list[str]:
    redis = ["--from-redis", server.url, "--stream", STREAM]
    return [str(AFTC), "ingest", *redis, "--store", str(store), "--json", *more]


def test_the_command_takes_what_waits_and_ends(tmp_path: Path) -> None:
    """`aftc ingest --from-redis` accounts for each entry, with the password of the environment, and not without it."""
    server = RedisServer(tmp_path, password="secret")
    try:
        server.put(THREE)
        command = _command(server, tmp_path / "store")
        refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        environment = {**os.environ, "AFTC_REDIS_PASSWORD": "secret"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environment)
    finally:
        server.stop()
    assert (refused.returncode != 0, "AFTC_REDIS_PASSWORD" in refused.stderr + refused.stdout) == (True, True)
    told = json.loads(done.stdout)
    assert (told["entries"], told["taken"], told["files"]) == (3, 3, 0)


def test_the_command_follows_the_stream_until_sigterm(server: RedisServer, tmp_path: Path) -> None:
    """`--follow` takes spool and stream, and ends with its tally when it is told to stop."""
    server.put(THREE)
    process = subprocess.Popen(
        _command(server, tmp_path / "store", "--follow"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert f"the stream messages of 127.0.0.1:{server.port}" in process.stderr.readline()
        os.kill(process.pid, signal.SIGTERM)
        answer, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert json.loads(answer)["taken"] == 3


@pytest.mark.parametrize(
    "given", [["--stream", "x"], ["--from-redis", "redis://127.0.0.1"], ["--from-redis", "u", "."]]
)
def test_half_a_source_is_refused(tmp_path: Path, given: list[str]) -> None:
    """A server without a stream, a stream without a server, or either with a path is an error before anything runs."""
    command = [str(AFTC), "ingest", *given, "--store", str(tmp_path / "store")]
    assert subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 2
    assert not (tmp_path / "store").exists()
