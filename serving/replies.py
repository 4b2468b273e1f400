"""Records and explanations as wire replies. Only translation: nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable

from aftc.audit.record import AuditRecord
from aftc.features.feature import Standing
from aftc.scoring import Explanation, FeatureReason, Reason
from serving.messages import enum_value
from serving.spool import Spooled
from serving.wire import scorer_pb2 as wire

__all__ = ["explanation_reply", "score_reply", "spool_reply"]

THOUSANDTHS = 1_000
_STANDINGS = {Standing.FACT: wire.STANDING_FACT, Standing.ASSESSMENT: wire.STANDING_ASSESSMENT}


def score_reply(record: AuditRecord) -> wire.ScoreReply:
    """The reply to a score, from its audit record alone."""
    assessment = record.assessment
    return wire.ScoreReply(
        score_id=record.score_id,
        request_id=record.request_id,
        consignment_id=record.subject.consignment_id,
        version=record.subject.version,
        mode=enum_value(record.subject.mode),
        threats=[
            wire.ThreatScore(
                threat=enum_value(each.threat),
                probability=each.probability,
                margin=each.margin,
                percentile=each.thousandths / THOUSANDTHS,
                percentile_among=each.among,
                fallback=each.fallback,
            )
            for each in assessment.threats
        ],
        reasons=_reasons(assessment.reasons),
        streams_known=assessment.streams_known,
        streams_missing=assessment.streams_missing,
        watermark=wire.Watermark(sequence=record.basis.sequence, known_at=record.basis.known_at),
        bundle_digest=record.basis.bundle,
        degradations=assessment.degradations,
        flags=assessment.flags,
    )


def explanation_reply(record: AuditRecord, explanation: Explanation, request_id: str) -> wire.ExplainReply:
    """The reply to a request for an explanation of a recorded score."""
    return wire.ExplainReply(
        score_id=record.score_id,
        request_id=request_id,
        consignment_id=record.subject.consignment_id,
        version=record.subject.version,
        threat=enum_value(explanation.threat),
        base=explanation.base,
        margin=explanation.margin,
        probability=explanation.probability,
        reasons=_reasons(explanation.reasons),
        bundle_digest=record.basis.bundle,
        watermark=wire.Watermark(sequence=record.basis.sequence, known_at=record.basis.known_at),
    )


def spool_reply(spooled: Spooled) -> wire.SpoolReply:
    """The acknowledgement of a message that is durable."""
    return wire.SpoolReply(digest=spooled.digest, spool_name=spooled.name, received_at=spooled.received_at)


def _reasons(reasons: Iterable[Reason]) -> list[wire.Reason]:
    return [
        wire.Reason(
            group=reason.group,
            sentence=reason.features[0].sentence,
            standing=_STANDINGS[reason.features[0].standing],
            contribution=reason.contribution,
            features=[_feature(each) for each in reason.features],
        )
        for reason in reasons
    ]


def _feature(each: FeatureReason) -> wire.FeatureValue:
    return wire.FeatureValue(
        name=each.name,
        value=each.value,
        contribution=each.contribution,
        unit=each.unit,
        sentence=each.sentence,
        standing=_STANDINGS[each.standing],
    )
