"""`aftc state publish` and scorers of what it publishes: as from LMDB, bit for bit, and refused where it must be."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import grpc
import pytest

from aftc.audit.log import AuditLog
from aftc.audit.record import AuditRecord
from aftc.clock import HOUR
from aftc.config import Settings
from aftc.errors import HistoryError, InputError, StateUnreachable
from aftc.history.journal import Journal
from aftc.mirror.reading import RedisState
from aftc.records import Message
from aftc.state import Snapshots, State, read_watermark
from aftc.streams import outcome, party_merge
from aftc.testing import ARRIVAL, an_examination
from serving.files import score_files
from serving.ingest import Ingest
from serving.models import CurrentModel
from serving.opening import open_scored
from serving.plan import Plan
from serving.publishing import Mirroring
from serving.scoring import Scoring
from serving.server import ScorerServer
from serving.wire import scorer_pb2, scorer_pb2_grpc
from tests.mirror.a_mirror import differences, rows_of
from tests.parties.decided import a_merge
from tests.serving.a_redis import RedisServer
from training.world.generation import generate
from training.world.parameters import WorldParameters

AFTC = Path(sys.executable).with_name("aftc")
SECONDS = 60.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A server of its own for each test."""
    server = RedisServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def elsewhere(store: Path, tmp_path: Path) -> Path:
    """A scorer's store on another machine: bundles and keys, no journal, no state."""
    copied = tmp_path / "elsewhere"
    shutil.copytree(store, copied, ignore=shutil.ignore_patterns("state", "journal", "lake", "audit", "*.lock"))
    return copied


def _publish(store: Path, server: RedisServer) -> None:
    with Mirroring(Settings(store=store), server.url, whole=False) as mirroring:
        mirroring.look()


def _take(store: Path, *messages: bytes) -> None:
    with Ingest(Settings(store=store)) as ingest:
        at = ingest.known_at + HOUR
        for _ in ingest.take(Message(raw, at, "later") for raw in messages):
            pass


def _merge(store: Path) -> None:
    """A merge, so that a score reads the histories of further members; and an outcome."""
    examination = an_examination(examination_id="LATE", arrival=ARRIVAL)
    _take(store, party_merge.build(a_merge(applied=True, decided_at=ARRIVAL)), outcome.build(examination))


def _stands(store: Path, server: RedisServer) -> bool:
    state = State(store / "state")
    try:
        return not differences(server, rows_of(state))
    finally:
        state.close()


def _scores(state: Snapshots, store: Path, folder: Path, identities: tuple[str, ...]) -> list[AuditRecord]:
    audit = AuditLog(folder, now=count(ARRIVAL).__next__)
    try:
        scoring = Scoring(state, audit, CurrentModel(store, refused=lambda: None))
        return [scoring.score_ingested(each, "") for each in identities]
    finally:
        audit.close()


def test_scores_are_those_of_the_store(
    store: Path, elsewhere: Path, server: RedisServer, consignment_ids: tuple[str, ...], tmp_path: Path
) -> None:
    """By id and from raw files, on a machine without the store: every integer, float and reason is the same."""
    _merge(store)
    _publish(store, server)
    mirrored = open_scored(Settings(store=elsewhere, state=server.url))
    own = State(store / "state")
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "merge.json").write_bytes(party_merge.build(a_merge(applied=False, decided_at=ARRIVAL + HOUR)))
    for entry in list(Journal(store / "journal").entries())[::3]:
        (raw / f"{entry.sequence}").write_bytes(entry.raw.replace(b"CMR-", b"CMX-"))
    made = []
    for state, place in ((own, store), (mirrored, elsewhere)):
        scores = _scores(state, place, tmp_path / f"audit-{place.name}", consignment_ids)
        audit = AuditLog(tmp_path / f"files-{place.name}", now=count(ARRIVAL).__next__)
        scoring = Scoring(state, audit, CurrentModel(place, refused=lambda: None))
        files = score_files([raw], state, scoring, Settings(store=place), ARRIVAL)
        audit.close()
        made.append(
            [(each.subject, each.basis, each.assessment) for each in scores]
            + [(each.record.subject, each.record.basis, each.record.assessment) for each in files.scored]
        )
        state.close()
    assert len(made[0]) > len(consignment_ids) + 3
    for one, other in zip(*made, strict=True):
        assert one[:2] == other[:2]
        assert one[2].inputs.vector == other[2].inputs.vector
        assert one[2] == other[2]


def test_a_score_takes_three_round_trips(
    store: Path, server: RedisServer, consignment_ids: tuple[str, ...], tmp_path: Path
) -> None:
    """A snapshot with its watermark, the version, all records of its entities; more only where parties are merged."""
    _publish(store, server)
    state = RedisState(server.url, None)
    _scores(state, store, tmp_path / "warm", consignment_ids[:1])
    before = _calls(server)
    _scores(state, store, tmp_path / "audit", consignment_ids)
    assert _calls(server) - before == 3 * len(consignment_ids)
    state.close()


def _calls(server: RedisServer) -> int:
    return int(server.client.info("commandstats")["cmdstat_evalsha"]["calls"])


def test_a_service_answers_from_the_mirror(
    store: Path, elsewhere: Path, server: RedisServer, consignment_ids: tuple[str, ...]
) -> None:
    """Over gRPC, with what was published since it started; while the server is down callers are told to come again."""
    _publish(store, server)
    settings = Settings(store=elsewhere, state=server.url)
    scorer = ScorerServer(Plan(settings, "127.0.0.1", 0, threads=2, metrics_port=0))
    try:
        with grpc.insecure_channel(f"127.0.0.1:{scorer.port}") as channel:
            stub: Any = scorer_pb2_grpc.ScorerStub(channel)
            request = scorer_pb2.ScoreRequest(consignment_id=consignment_ids[0])
            first = stub.Score(request, timeout=SECONDS)
            _merge(store)
            _publish(store, server)
            assert stub.Score(request, timeout=SECONDS).watermark.sequence == first.watermark.sequence + 2
            server.stop()
            with pytest.raises(grpc.RpcError) as refused:
                stub.Score(request, timeout=SECONDS)
            assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
            again = RedisServer(server.folder, port=server.port)
            try:
                _publish(store, again)
                assert stub.Score(request, timeout=SECONDS).watermark.sequence == first.watermark.sequence + 2
            finally:
                again.stop()
    finally:
        scorer.stop()


def test_a_mirror_that_is_not_kept_up_is_refused(store: Path, elsewhere: Path, server: RedisServer) -> None:
    """A publisher silent for an hour, a state an hour behind its journal, and another layout: as of the store's own."""
    settings = Settings(store=elsewhere, state=server.url)
    with pytest.raises(HistoryError, match=r"found none; run 'aftc state publish"):
        open_scored(settings)
    _publish(store, server)
    open_scored(settings).close()
    at = "{aftc:state}:1:at"
    beat, known_at = (int(each) for each in server.client.hmget(at, "beat", "known_at"))
    server.client.hset(at, "beat", beat - 3_700)
    with pytest.raises(HistoryError, match=r"one silent for 61; run 'aftc state publish"):
        open_scored(settings)
    open_scored(replace(settings, max_state_lag_minutes=90)).close()
    server.client.hset(at, mapping={"beat": beat, "known_at": known_at + 2 * HOUR})
    with pytest.raises(HistoryError, match=r"behind its journal.*run 'aftc ingest'"):
        open_scored(settings)
    state = State(store / "state", writable=True)
    with state.transaction() as transaction:
        transaction.put("meta", b"layout", b"0" * 64)
    state.close()
    with Mirroring(Settings(store=store), server.url, whole=True) as mirroring:
        mirroring.look()
    with pytest.raises(HistoryError, match="a state of the layout"):
        open_scored(settings)


def test_no_server_and_no_url_are_told(elsewhere: Path, server: RedisServer) -> None:
    """A scorer does not start without its state, and says what to look at; nor does it wait for ever."""
    server.stop()
    began = time.monotonic()
    with pytest.raises(StateUnreachable, match="check the server"):
        open_scored(Settings(store=elsewhere, state=server.url))
    assert time.monotonic() - began < SECONDS
    with pytest.raises(InputError, match="redis://HOST:PORT/DB"):
        open_scored(Settings(store=elsewhere, state="http://127.0.0.1"))


def test_one_process_publishes_a_store(store: Path, server: RedisServer) -> None:
    """A second one is refused before it takes anything over."""
    with Mirroring(Settings(store=store), server.url, whole=False) as mirroring:
        mirroring.look()
        with pytest.raises(HistoryError, match="to be the one publisher of this store"):
            Mirroring(Settings(store=store), server.url, whole=False)
        mirroring.look()


def test_a_rebuilt_state_is_mirrored_anew(store: Path, server: RedisServer) -> None:
    """The publisher that follows sees that another state stands there, and mirrors that one."""
    from serving.rebuild import rebuild_state

    with Mirroring(Settings(store=store), server.url, whole=False) as mirroring:
        assert mirroring.look().whole
        assert not mirroring.look().whole
        rebuild_state(Settings(store=store), lambda _: None)
        assert mirroring.look().whole
    assert _stands(store, server)


def _world(folder: Path, consignments: int) -> Path:
    generate(folder, replace(WorldParameters(), seed=11, days=20, consignments=consignments), None)
    return folder / "messages"


def _follow(store: Path, server: RedisServer) -> subprocess.Popen[bytes]:
    command = [str(AFTC), "state", "publish", "--redis", server.url, "--store", str(store)]
    with store.with_suffix(".published").open("ab") as said:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)


def _prove(tmp_path: Path, server: RedisServer, consignments: int, kills: int) -> None:
    """Ingest a world while a publisher that follows it is killed again and again, and a reader looks on."""
    store = tmp_path / "store"
    messages = _world(tmp_path / "world", consignments)
    with Ingest(Settings(store=store)):
        pass
    _publish(store, server)
    environment = {**os.environ, "AFTC_COMMIT_MESSAGES": "40"}
    command = [str(AFTC), "ingest", str(messages), "--store", str(store)]
    ingest = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    mirror, killed = RedisState(server.url, None), 0
    seen: set[int] = set()
    try:
        while killed < kills:
            publisher = _follow(store, server)
            until = _writes(server) + 200 * 3 ** (killed % 3)
            while publisher.poll() is None and (_writes(server) < until or (killed == 2 and len(seen) == 1)):
                seen.add(_through(mirror))
            assert publisher.poll() is None, store.with_suffix(".published").read_text()
            publisher.send_signal(signal.SIGKILL)
            publisher.wait()
            killed += 1
        assert ingest.wait(600) == 0
    finally:
        ingest.kill()
        ingest.wait()
        mirror.close()
    once = [str(AFTC), "state", "publish", "--redis", server.url, "--once", "--store", str(store)]
    assert subprocess.run(once, check=False).returncode == 0
    assert len(seen) > 1
    assert _stands(store, server)


def _writes(server: RedisServer) -> int:
    told = server.client.info("commandstats")
    return int(told.get("cmdstat_hset", {"calls": 0})["calls"])


def _through(mirror: RedisState) -> int:
    """The last message of a snapshot."""
    with mirror.snapshot() as view:
        return read_watermark(view).sequence


def test_a_killed_publisher_leaves_no_trace(tmp_path: Path, server: RedisServer) -> None:
    """Killed three times while a world is ingested, and run once more, the mirror equals the state."""
    _prove(tmp_path, server, 150, kills=3)


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_twenty_kills_of_a_publisher_leave_no_trace(tmp_path: Path, server: RedisServer) -> None:
    """The same with twenty kills and a world ten times as large."""
    _prove(tmp_path, server, 1_500, kills=20)
