"""The gRPC face of the scorer: decode, call, encode. What went wrong becomes a status, never a default."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import grpc

from aftc.audit.record import AuditRecord
from aftc.errors import AftcError, AuditError, InputError, MessageError, StateUnreachable, UnknownSubject
from aftc.records import Threat
from aftc.streams import outcome, read
from serving.messages import decode_consignment, decode_examination, enum_of
from serving.metrics import Metrics
from serving.replies import explanation_reply, score_reply, spool_reply
from serving.scoring import Scoring
from serving.spool import Spool
from serving.wire import scorer_pb2 as wire
from serving.wire import scorer_pb2_grpc

__all__ = ["REQUEST_LIMIT_BYTES", "ScorerService"]

REQUEST_LIMIT_BYTES = 1 << 20  # one mebibyte: the largest entry summary of 999 goods items is far smaller
REQUEST_ID_LIMIT = 128  # characters
CONSIGNMENT_ID_LIMIT = 1_024  # characters, far above any real id; what is refused is told back, in a header of 16 KiB
OUTCOME_SOURCE = "RecordOutcome"
_LOG = logging.getLogger("aftc.serving")
_Request = TypeVar("_Request")
_Reply = TypeVar("_Reply")


class ScorerService(scorer_pb2_grpc.ScorerServicer):
    """Answers the calls of the contract.

    Args:
        scoring: The scoring path.
        spool: Where messages wait for the one writer.
        metrics: What is counted.
    """

    def __init__(self, scoring: Scoring, spool: Spool, metrics: Metrics) -> None:
        self._scoring = scoring
        self._spool = spool
        self._metrics = metrics

    def Score(self, request: wire.ScoreRequest, context: grpc.ServicerContext) -> wire.ScoreReply:  # noqa: N802  (the contract's name)
        """One consignment's probabilities and reasons."""
        return self._answer("Score", self._score, request, context)

    def Explain(self, request: wire.ExplainRequest, context: grpc.ServicerContext) -> wire.ExplainReply:  # noqa: N802  (the contract's name)
        """All contributions to one score."""
        return self._answer("Explain", self._explain, request, context)

    def Ingest(self, request: wire.IngestRequest, context: grpc.ServicerContext) -> wire.SpoolReply:  # noqa: N802  (the contract's name)
        """Keep one raw message for the writer."""
        return self._answer("Ingest", self._ingest, request, context)

    def RecordOutcome(self, request: wire.RecordOutcomeRequest, context: grpc.ServicerContext) -> wire.SpoolReply:  # noqa: N802  (the contract's name)
        """Keep one outcome for the writer."""
        return self._answer("RecordOutcome", self._record_outcome, request, context)

    def _score(self, request: wire.ScoreRequest) -> wire.ScoreReply:
        return score_reply(self._scored(request))

    def _explain(self, request: wire.ExplainRequest) -> wire.ExplainReply:
        threat = Threat(enum_of(Threat, request.threat) or Threat.ANY)
        given = request.WhichOneof("subject") == "score_id"
        record = self._scoring.past(request.score_id) if given else self._scored(request)
        return explanation_reply(record, self._scoring.explain(record, threat), request.request_id)

    def _scored(self, request: wire.ScoreRequest | wire.ExplainRequest) -> AuditRecord:
        request_id = request.request_id
        if len(request_id) > REQUEST_ID_LIMIT:
            raise InputError(f"a request id of at most {REQUEST_ID_LIMIT} characters", str(len(request_id)))
        if request.WhichOneof("subject") == "consignment":
            return self._scoring.score_inline(decode_consignment(request.consignment), request_id)
        if not request.consignment_id:
            raise InputError("a consignment id or a consignment", "neither")
        if len(request.consignment_id) > CONSIGNMENT_ID_LIMIT:
            found = f"one of {len(request.consignment_id)}"
            raise InputError(f"a consignment id of at most {CONSIGNMENT_ID_LIMIT} characters", found)
        return self._scoring.score_ingested(request.consignment_id, request_id)

    def _ingest(self, request: wire.IngestRequest) -> wire.SpoolReply:
        received = request.received_at if request.HasField("received_at") else None
        return spool_reply(self._spool.keep(request.raw, source=request.source, received_at=received))

    def _record_outcome(self, request: wire.RecordOutcomeRequest) -> wire.SpoolReply:
        if not request.HasField("examination"):
            raise InputError("an examination", "none")
        raw = outcome.build(decode_examination(request.examination))
        read(raw, limit_bytes=REQUEST_LIMIT_BYTES)  # what would be quarantined later is refused now
        return spool_reply(self._spool.keep(raw, source=OUTCOME_SOURCE))

    def _answer(
        self, method: str, call: Callable[[_Request], _Reply], request: _Request, context: grpc.ServicerContext
    ) -> _Reply:
        began = time.perf_counter()
        status = grpc.StatusCode.OK
        try:
            return call(request)
        except Exception as error:  # a handler's own exception would leave as text that callers must not see
            status, text = _status(error)
            if status is grpc.StatusCode.INTERNAL:
                _LOG.exception("%s failed", method)
            _abort(context, status, text)
        finally:
            self._metrics.seconds.labels(method).observe(time.perf_counter() - began)
            self._metrics.requests.labels(method, status.name).inc()


def _status(error: Exception) -> tuple[grpc.StatusCode, str]:
    """Status and text for the caller."""
    match error:
        case UnknownSubject():
            return grpc.StatusCode.NOT_FOUND, str(error)
        case InputError() | MessageError():
            return grpc.StatusCode.INVALID_ARGUMENT, str(error)
        case AuditError() | StateUnreachable():
            return grpc.StatusCode.UNAVAILABLE, str(error)
        case AftcError():
            return grpc.StatusCode.FAILED_PRECONDITION, str(error)
        case OSError():
            return grpc.StatusCode.UNAVAILABLE, "the store cannot be written or read; nothing was kept"
        case _:
            return grpc.StatusCode.INTERNAL, "the scorer failed; its log has the details"


def _abort(context: Any, status: grpc.StatusCode, text: str) -> NoReturn:
    context.abort(status, text)
    raise AssertionError("abort returned")
