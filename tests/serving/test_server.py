"""One scorer process: it serves only when everything stands, and swaps its bundle as a whole."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import grpc
import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from aftc.config import Settings
from aftc.errors import AftcError, BundleError, HistoryError, InputError
from aftc.models.placed import placed_folder
from aftc.testing import a_version
from serving.messages import encode
from serving.plan import Plan
from serving.server import ScorerServer
from serving.wire import scorer_pb2 as wire
from serving.wire import scorer_pb2_grpc
from training.promote import promote

SECONDS = 20.0


def _plan(store: Path, **given: Any) -> Plan:
    return Plan(**{"settings": Settings(store=store), "host": "127.0.0.1", "port": 0, "threads": 2, **given})


def _score(port: int) -> wire.ScoreReply:
    request = wire.ScoreRequest()
    encode(a_version(), request.consignment)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = scorer_pb2_grpc.ScorerStub(channel)
        reply: wire.ScoreReply = stub.Score(request, timeout=SECONDS)
    return reply


def _no_state(store: Path) -> None:
    (store / "state" / "data.mdb").unlink()


def _no_bundle(store: Path) -> None:
    (store / "current").unlink()


def _nonsense(store: Path) -> None:
    (store / "current").write_text("../../elsewhere\n")


def _flipped_bit(store: Path) -> None:
    graph = placed_folder(store, (store / "current").read_text().strip()) / "model.onnx"
    raw = bytearray(graph.read_bytes())
    raw[len(raw) // 2] ^= 1
    graph.write_bytes(raw)


def _other_key(store: Path) -> None:
    (store / "keys" / "bundle.pub").unlink()


@pytest.mark.parametrize(
    ("spoil", "error", "told"),
    [
        (_no_state, HistoryError, "run 'aftc ingest"),
        (_no_bundle, BundleError, "run 'aftc train'"),
        (_nonsense, BundleError, "the digest of a bundle"),
        (_flipped_bit, BundleError, "model.onnx"),
        (_other_key, BundleError, "bundle.pub"),
    ],
)
def test_it_refuses_to_start(store: Path, spoil: Callable[[Path], None], error: type[AftcError], told: str) -> None:
    """Without a state, or with a bundle that must not be loaded, nothing listens and the file is named."""
    spoil(store)
    with pytest.raises(error, match=re.escape(told)):
        ScorerServer(_plan(store))


def test_a_taken_port_is_told(store: Path) -> None:
    """A port of another program is an error that names the option."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError, match="--port"):
            ScorerServer(_plan(store, port=taken.getsockname()[1]))


def test_health_follows_the_service(store: Path) -> None:
    """SERVING while it serves, for the server and the service."""
    server = ScorerServer(_plan(store))
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for service in ("", "aftc.v1.Scorer"):
            asked = health_pb2.HealthCheckRequest(service=service)
            reply = stub.Check(asked, timeout=SECONDS)  # type: ignore[attr-defined]  # made by its constructor
            assert reply.status == health_pb2.HealthCheckResponse.SERVING
    server.stop()


def test_a_new_bundle_is_swapped_in(
    store: Path, tmp_path: Path, make_bundle: Callable[[Path, Path, int], None]
) -> None:
    """Once another bundle is current, scores name it and its margins; the past score keeps its own."""
    server = ScorerServer(_plan(store))
    before = _score(server.port)
    make_bundle(store, tmp_path / "other", 2)
    promoted = promote(store, tmp_path / "other")
    server.model.look()
    after = _score(server.port)
    assert (before.bundle_digest, after.bundle_digest) == (promoted.previous, promoted.digest)
    assert before.threats[0].margin != after.threats[0].margin
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = scorer_pb2_grpc.ScorerStub(channel)
        told = stub.Explain(wire.ExplainRequest(score_id=before.score_id), timeout=SECONDS)
    assert (told.bundle_digest, told.margin) == (before.bundle_digest, before.threats[0].margin)
    server.stop()


@pytest.mark.parametrize("spoil", [_flipped_bit, _nonsense, _no_bundle])
def test_a_bad_bundle_leaves_the_old_one_serving(
    store: Path,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    make_bundle: Callable[[Path, Path, int], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An alarm is raised once, and scores go on as before."""
    server = ScorerServer(_plan(store))
    before = _score(server.port)
    make_bundle(store, tmp_path / "other", 2)
    promote(store, tmp_path / "other")
    spoil(store)
    with caplog.at_level(logging.ERROR, "aftc.serving"):
        server.model.look()
        server.model.look()
    after = _score(server.port)
    assert (after.bundle_digest, after.threats) == (before.bundle_digest, before.threats)
    assert [record.getMessage().split()[0] for record in caplog.records] == ["ALARM"]
    server.stop()


def test_metrics_count_calls(store: Path) -> None:
    """Calls by status, their time and the watermark's age are published."""
    server = ScorerServer(_plan(store, metrics_port=0))
    for _ in range(3):
        _score(server.port)
    with urlopen(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=SECONDS) as reply:
        text = reply.read().decode()
    server.stop()
    assert 'aftc_requests_total{method="Score",status="OK"} 3.0' in text
    assert 'aftc_request_seconds_count{method="Score"} 3.0' in text
    assert float(text.split("\naftc_watermark_age_seconds ")[1].split()[0]) > 0
    assert "aftc_bundles_refused_total 0.0" in text


def test_scores_are_the_same_in_every_thread(store: Path) -> None:
    """Sixty concurrent calls give one vector of margins, bit for bit."""
    server = ScorerServer(_plan(store, threads=4))
    request = wire.ScoreRequest()
    encode(a_version(), request.consignment)
    with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = scorer_pb2_grpc.ScorerStub(channel)
        calls = [stub.Score.future(request, timeout=SECONDS) for _ in range(60)]
        margins = {np.float64(call.result().threats[0].margin).tobytes() for call in calls}
    server.stop()
    assert len(margins) == 1
