"""Round trips of `Score` under one and several callers, and where the server's time goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import grpc
import numpy as np

from aftc.audit.log import AuditLog
from aftc.clock import day_of
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import extract
from aftc.features.online import window_sums
from aftc.state import State, read_watermark
from benchmarks.running_scorer import RunningScorer, standing_consignments
from serving.inline import stored_version
from serving.models import CurrentModel
from serving.plan import clock
from serving.replies import score_reply
from serving.scoring import Scoring
from serving.wire import scorer_pb2, scorer_pb2_grpc

__all__ = ["Load", "load", "stages"]

CALLERS = (1, 8)
CALL_SECONDS = 5.0
WARM_CALLS = 100
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Load:
    """Round trips under a number of callers: milliseconds, and calls a second over all of them."""

    callers: int
    calls: int
    p50_ms: float
    p99_ms: float
    calls_per_second: float


def load(store: Path, calls: int) -> Mapping[str, Any]:
    """Score that many ingested consignments by id, over one connection a caller; warm, one worker."""
    identities = standing_consignments(store)
    chosen = [identities[place * len(identities) // calls] for place in range(calls)]
    with RunningScorer(store) as scorer:
        _under_load(scorer.address, chosen[:WARM_CALLS], 1)
        measured = [_under_load(scorer.address, chosen, callers) for callers in CALLERS]
    return {f"{each.callers} caller(s)": _words(each) for each in measured}


def stages(store: Path, calls: int) -> Mapping[str, Any]:
    """Median microseconds of each stage of a score by id, in this process and without gRPC."""
    state = State(store / "state")
    chosen = standing_consignments(store)[:calls]
    with TemporaryDirectory() as folder:
        audit = AuditLog(Path(folder), now=clock)
        try:
            return _stages(state, audit, CurrentModel(store, refused=lambda: None), chosen)
        finally:
            audit.close()
            state.close()


def _under_load(address: str, chosen: Sequence[str], callers: int) -> Load:
    shares = [chosen[first::callers] for first in range(callers)]
    started = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        seconds = [each for share in pool.map(lambda share: _call(address, share), shares) for each in share]
    elapsed = time.perf_counter() - started
    p50, p99 = (float(each) * 1000 for each in np.percentile(seconds, (50, 99)))
    return Load(callers, len(seconds), round(p50, 3), round(p99, 3), round(len(seconds) / elapsed, 1))


def _call(address: str, chosen: Sequence[str]) -> list[float]:
    options = (("grpc.use_local_subchannel_pool", 1),)  # otherwise callers of one process share a connection
    seconds = []
    with grpc.insecure_channel(address, options) as channel:
        stub = scorer_pb2_grpc.ScorerStub(channel)
        for identity in chosen:
            started = time.perf_counter()
            stub.Score(scorer_pb2.ScoreRequest(consignment_id=identity), timeout=CALL_SECONDS)
            seconds.append(time.perf_counter() - started)
    return seconds


def _words(each: Load) -> str:
    return f"p50 {each.p50_ms} ms, p99 {each.p99_ms} ms, {each.calls_per_second} calls/s over {each.calls} calls"


def _stages(state: State, audit: AuditLog, current: CurrentModel, chosen: Sequence[str]) -> Mapping[str, Any]:
    scoring, model = Scoring(state, audit, current), current.now
    records = [scoring.score_ingested(identity, "") for identity in chosen]
    with state.snapshot() as view:
        day = day_of(read_watermark(view).known_at)
        versions = [version for identity in chosen if (version := stored_version(view, identity)) is not None]
        extracted = [extract(version) for version in versions]
        sums = [window_sums(view, SCHEMA, each.slots, each.owners, day=day) for each in extracted]
        reads = {
            "read the version": _median(lambda identity: stored_version(view, identity), chosen),
            "extract": _median(extract, versions),
            "read the windows": _median(
                lambda each: window_sums(view, SCHEMA, each.slots, each.owners, day=day), extracted
            ),
        }
    assessed = list(zip(versions, extracted, sums, strict=True))
    return {
        **reads,
        "assemble, score, give reasons": _median(lambda each: model.assess(*each), assessed),
        "audit record": _median(lambda each: audit.append("", each.subject, each.basis, each.assessment), records),
        "reply": _median(lambda each: score_reply(each).SerializeToString(), records),
        "all but the reply, in one": _median(lambda identity: scoring.score_ingested(identity, ""), chosen),
    }


def _median(call: Callable[[_Item], object], inputs: Sequence[_Item]) -> str:
    seconds = []
    for each in inputs:
        started = time.perf_counter()
        call(each)
        seconds.append(time.perf_counter() - started)
    return f"{np.median(seconds) * 1e6:.0f} us"
