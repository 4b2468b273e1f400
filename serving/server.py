"""One scorer process: what it opens, in which order, and how it ends."""

from __future__ import annotations

import logging
import math
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.connection import Connection, wait

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from aftc.audit.log import AuditLog
from aftc.clock import SECOND
from aftc.errors import AftcError, InputError
from aftc.state import Snapshots, read_watermark
from serving.metrics import Metrics
from serving.models import CurrentModel
from serving.opening import open_scored
from serving.plan import Plan, Started, clock
from serving.scoring import Scoring
from serving.service import REQUEST_LIMIT_BYTES, ScorerService
from serving.signals import RELOAD, STOP, words_of_signals
from serving.spool import Spool
from serving.wire import scorer_pb2, scorer_pb2_grpc

__all__ = ["ScorerServer", "serve"]

SERVICE = scorer_pb2.DESCRIPTOR.services_by_name["Scorer"].full_name
GRACE_SECONDS = 10.0  # that calls in flight are given to end
LOOK_SECONDS = 1.0  # between looks at which bundle is current
QUEUED_CALLS = 256  # beyond these a caller is told to come back: waiting longer helps nobody
_LOG = logging.getLogger("aftc.serving")


class ScorerServer:
    """A scorer that serves from its construction until `stop`.

    The order is: state, bundle, audit log, spool, then the port; so it is never asked for what it cannot do, and
    its health is SERVING only once all of them stand.

    Raises:
        AftcError: whatever is missing, damaged or does not fit together.
    """

    def __init__(self, plan: Plan) -> None:
        store = plan.settings.store
        with ExitStack() as opened:
            self.metrics = Metrics()
            opened.callback(self.metrics.close)
            state = open_scored(plan.settings)
            opened.callback(state.close)
            self.model = CurrentModel(store, refused=self.metrics.bundles_refused.inc)
            audit = AuditLog(store / "audit", now=clock, sync=plan.settings.audit_sync)
            opened.callback(audit.close)
            self.metrics.watch_watermark(lambda: _watermark_age(state))
            scoring = Scoring(state, audit, self.model)
            scoring.warm()
            service = ScorerService(scoring, Spool(store / "spool", clock), self.metrics)
            self._health = health.HealthServicer()
            self._server = _grpc_server(plan.threads, service, self._health)
            self.port = _bind(self._server, plan)
            self.metrics_port = self._publish(plan)
            self._server.start()
            self._report(health_pb2.HealthCheckResponse.SERVING)
            self._opened = opened.pop_all()

    def stop(self) -> None:
        """Refuse new calls, let those in flight end, sync and close."""
        self._report(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._server.stop(GRACE_SECONDS).wait()
        self._opened.close()

    def _publish(self, plan: Plan) -> int | None:
        if plan.metrics_port is None:
            return None
        try:
            return self.metrics.publish(plan.host, plan.metrics_port + plan.worker if plan.metrics_port else 0)
        except OSError as error:
            raise InputError("a free port for metrics", f"{plan.metrics_port}: {error.strerror}") from error

    def _report(self, status: int) -> None:
        for service in ("", SERVICE):
            self._health.set(service, status)


def serve(plan: Plan, supervisor: Connection) -> None:
    """Run one worker until the supervisor says so, dies, or SIGTERM comes. The target of a worker process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    # Ctrl-C reaches the whole group, but the supervisor decides.
    with words_of_signals({signal.SIGTERM: STOP, signal.SIGINT: None, signal.SIGHUP: None}) as words:
        try:
            server = ScorerServer(plan)
        except AftcError as error:
            supervisor.send(str(error))
            return
        supervisor.send(Started(server.port, server.metrics_port))
        while (word := _next_word(supervisor, words)) != STOP:
            server.model.look(again=word == RELOAD)
        server.stop()


def _next_word(supervisor: Connection, words: Connection) -> str | None:
    """What was said, None after `LOOK_SECONDS` of silence."""
    ready = wait([supervisor, words], LOOK_SECONDS)
    if words in ready:
        return str(words.recv())
    try:
        return str(supervisor.recv()) if ready else None
    except EOFError:
        return STOP  # the supervisor died


def _grpc_server(threads: int, service: ScorerService, checks: health.HealthServicer) -> grpc.Server:
    server = grpc.server(
        ThreadPoolExecutor(threads, thread_name_prefix="call"),
        options=(
            ("grpc.so_reuseport", 1),
            ("grpc.max_receive_message_length", REQUEST_LIMIT_BYTES),
        ),
        maximum_concurrent_rpcs=QUEUED_CALLS,
    )
    scorer_pb2_grpc.add_ScorerServicer_to_server(service, server)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection((SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    return server


def _bind(server: grpc.Server, plan: Plan) -> int:
    host = f"[{plan.host}]" if ":" in plan.host else plan.host
    try:
        return server.add_insecure_port(f"{host}:{plan.port}")
    except RuntimeError as error:
        raise InputError("a free port", f"{plan.host}:{plan.port}", advice="choose another with --port") from error


def _watermark_age(state: Snapshots) -> float:
    """Seconds; NaN while the state cannot be read, which must not hide the other metrics."""
    try:
        with state.snapshot() as view:
            return (clock() - read_watermark(view).known_at) / SECOND
    except AftcError:
        return math.nan
