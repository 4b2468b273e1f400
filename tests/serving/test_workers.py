"""`aftc serve` as a process: announced, killed, told, stopped."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from aftc.audit.shards import check_shard, find_record, records, shard_paths
from aftc.testing import a_version
from serving.messages import encode
from serving.wire import scorer_pb2 as wire
from tests.serving.a_service import AFTC, SECONDS, service_of, stub_of
from training.promote import promote

CALLERS = 4


def _request() -> wire.ScoreRequest:
    request = wire.ScoreRequest()
    encode(a_version(), request.consignment)
    return request


def _score_until_it_dies(port: int, named: list[str]) -> None:
    with stub_of(port) as stub:
        try:
            while True:
                named.append(stub.Score(_request(), timeout=SECONDS).score_id)
        except grpc.RpcError:
            return


def test_a_killed_scorer_loses_no_acknowledged_score(store: Path) -> None:
    """After SIGKILL of both workers under load every acknowledged score id has its record, sound and in place."""
    acknowledged: list[str] = []
    with service_of(store, "--workers", "2") as service, ThreadPoolExecutor(CALLERS) as callers:
        calls = [callers.submit(_score_until_it_dies, service.port, acknowledged) for _ in range(CALLERS)]
        with stub_of(service.port) as stub:
            acknowledged.extend(stub.Score(_request(), timeout=SECONDS).score_id for _ in range(100))
        os.kill(service.process.pid, signal.SIGSTOP)  # so that the dead stay dead
        for worker in service.workers():
            os.kill(worker, signal.SIGKILL)
        service.process.kill()
        for call in calls:
            call.result(SECONDS)
    assert len(acknowledged) >= 100
    assert all(find_record(store / "audit", each).score_id == each for each in acknowledged)
    assert all(check_shard(path).damaged == () for path in shard_paths(store / "audit"))


def test_a_dead_worker_is_replaced(store: Path) -> None:
    """The supervisor says which process died and which serves in its place, and calls are answered again."""
    with service_of(store) as service:
        (worker,) = service.workers()
        os.kill(worker, signal.SIGKILL)
        assert int(service.line(r"process (\d+) ended")[1]) == worker
        assert int(service.line(r"process (\d+) serves in its place")[1]) == service.workers()[0]
        with stub_of(service.port) as stub:
            assert stub.Score(_request(), timeout=SECONDS, wait_for_ready=True).score_id


def test_sigterm_ends_calls_in_flight(store: Path) -> None:
    """Under load of four callers, every score that was recorded was also answered, and the service exits with 0."""
    answered: list[str] = []
    with service_of(store) as service, ThreadPoolExecutor(CALLERS) as callers:
        calls = [callers.submit(_score_until_it_dies, service.port, answered) for _ in range(CALLERS)]
        with stub_of(service.port) as stub:
            answered.extend(stub.Score(_request(), timeout=SECONDS).score_id for _ in range(100))
        service.process.send_signal(signal.SIGTERM)
        for call in calls:
            call.result(SECONDS)
        assert service.process.wait(SECONDS) == 0
    recorded = [record.score_id for path in shard_paths(store / "audit") for record in records(path)]
    assert len(recorded) >= 100
    assert sorted(recorded) == sorted(answered)


def test_an_orphaned_worker_stops(store: Path) -> None:
    """When the supervisor is killed its workers end by themselves: nothing is left on the port."""
    with service_of(store) as service:
        (worker,) = service.workers()
        watched = os.pidfd_open(worker)
        service.process.kill()
        service.process.wait(SECONDS)
        ended, _, _ = select.select([watched], [], [], SECONDS)
        os.close(watched)
        assert ended == [watched]


def test_sigterm_at_the_start_is_heard(store: Path) -> None:
    """A service told to stop while its workers begin does not wait for them to serve, and exits with 0."""
    command = [str(AFTC), "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not children.read_text():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=SECONDS)
    assert (process.returncode, told.splitlines()[-1]) == (0, "stopped")


def test_sighup_takes_the_current_bundle(
    store: Path, tmp_path: Path, make_bundle: Callable[[Path, Path, int], None]
) -> None:
    """A reload is answered with the promoted bundle, without a call refused."""
    make_bundle(store, tmp_path / "other", 2)
    with service_of(store) as service, stub_of(service.port) as stub:
        promoted = promote(store, tmp_path / "other")
        service.process.send_signal(signal.SIGHUP)
        assert service.line(r"bundle ([0-9a-f]+) is now serving")[1] == promoted.digest[:12]
        assert stub.Score(_request(), timeout=SECONDS).bundle_digest == promoted.digest


def test_a_worker_that_cannot_start_says_why(store: Path) -> None:
    """The worker's own sentence is the command's one line, with exit status 2."""
    (store / "current").unlink()
    command = [str(AFTC), "serve", "--port", "0", "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("aftc: bundle:")
    assert done.stderr.count("\n") == 1


def test_a_taken_port_is_told(store: Path) -> None:
    """Although workers share a port, two services cannot take the same one by mistake."""
    with service_of(store) as service:
        command = [str(AFTC), "serve", "--port", str(service.port), "--store", str(store)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 2
    assert "--port" in done.stderr
