"""Scores, explanations, replays and timelines for people: text, and payloads for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aftc.audit.record import AuditRecord
from aftc.audit.replay import ReplayReport
from aftc.audit.shards import Shard
from aftc.clock import format_instant
from aftc.models.manifest import ALL_MODES
from aftc.scoring import Explanation, FeatureReason, Reason, ThreatScore
from serving.files import FileScores, Refused

__all__ = [
    "explanation_payload",
    "explanation_text",
    "file_scores_payload",
    "file_scores_text",
    "replay_payload",
    "replay_text",
    "score_payload",
    "score_text",
    "shards_payload",
    "shards_text",
]

SHOWN_REASONS = 4  # headings in the text of one consignment; JSON has all
PERCENT = 100
THOUSANDTHS = 1_000


def score_payload(record: AuditRecord) -> dict[str, Any]:
    """One score as JSON can hold it."""
    assessment = record.assessment
    return {
        "score_id": record.score_id,
        "consignment_id": record.subject.consignment_id,
        "version": record.subject.version,
        "mode": record.subject.mode.value,
        "threats": [
            {
                "threat": each.threat.value,
                "probability": each.probability,
                "margin": each.margin,
                "percentile": each.thousandths / THOUSANDTHS,
                "percentile_among": each.among,
                "fallback": each.fallback,
            }
            for each in assessment.threats
        ],
        "reasons": [_reason_payload(each) for each in assessment.reasons],
        "streams_known": list(assessment.streams_known),
        "streams_missing": list(assessment.streams_missing),
        "degradations": list(assessment.degradations),
        "flags": list(assessment.flags),
        "watermark": {"sequence": record.basis.sequence, "known_at": format_instant(record.basis.known_at)},
        "bundle": record.basis.bundle,
    }


def score_text(record: AuditRecord) -> str:
    """One score: a line a threat, then why, then what is missing."""
    subject, assessment = record.subject, record.assessment
    known = ", ".join(assessment.streams_known) or "none"
    lines = [f"{subject.consignment_id}  {subject.mode.value}  version {subject.version}  score {record.score_id}"]
    lines += [f"  {_threat_line(each)}" for each in assessment.threats]
    lines += [f"  {_reason_line(each)}" for each in assessment.reasons[:SHOWN_REASONS]]
    lines.append(f"  streams known: {known}; missing: {', '.join(assessment.streams_missing) or 'none'}")
    if assessment.degradations:
        lines.append(f"  less than complete: {', '.join(assessment.degradations)}")
    return "\n".join(lines)


def file_scores_payload(scores: FileScores) -> dict[str, Any]:
    """What became of some files, as JSON can hold it."""
    return {
        "scores": [score_payload(each.record) for each in scores.scored],
        "unscored": [_refused_payload(each) for each in scores.unscored],
        "taken": list(scores.taken),
        "silent": list(scores.silent),
        "quarantined": [_refused_payload(each) for each in scores.quarantined],
        "skipped": [{"source": source, "reason": reason} for source, reason in scores.skipped],
    }


def file_scores_text(scores: FileScores) -> str:
    """What became of some files: the scores, riskiest first, then what was not scored."""
    ordered = sorted(scores.scored, key=lambda each: -each.record.assessment.threats[0].probability)
    parts = [score_text(each.record) for each in ordered]
    parts += [f"{each.source}: not scored: {_refused_words(each)}" for each in scores.unscored]
    parts += [f"{each.source}: quarantined: {_refused_words(each)}" for each in scores.quarantined]
    parts += [f"{source}: speaks of no consignment" for source in scores.silent]
    parts += [f"{source}: skipped: {reason}" for source, reason in scores.skipped]
    return "\n".join(parts) or "no files"


def _refused_payload(each: Refused) -> dict[str, str]:
    return {
        "source": each.source,
        "stage": each.stage,
        "expected": each.expected,
        "found": each.found,
        "advice": each.advice,
    }


def _refused_words(each: Refused) -> str:
    return f"expected {each.expected}, found {each.found}" + (f"; {each.advice}" if each.advice else "")


def explanation_payload(record: AuditRecord, explanation: Explanation) -> dict[str, Any]:
    """An explanation as JSON can hold it."""
    return {
        "score_id": record.score_id,
        "consignment_id": record.subject.consignment_id,
        "threat": explanation.threat.value,
        "base": explanation.base,
        "margin": explanation.margin,
        "probability": explanation.probability,
        "reasons": [_reason_payload(each) for each in explanation.reasons],
    }


def explanation_text(record: AuditRecord, explanation: Explanation) -> str:
    """An explanation as a waterfall: base, headings with their features, margin."""
    lines = [
        f"{record.score_id}  consignment {record.subject.consignment_id}  threat {explanation.threat.value}",
        f"  {explanation.base:+8.3f}  base: nothing known",
    ]
    for reason in explanation.reasons:
        lines.append(f"  {reason.contribution:+8.3f}  {reason.group}")
        moved = [each for each in reason.features if each.contribution]
        lines += [f"      {each.contribution:+8.3f}  {_feature_words(each)}" for each in moved]
    lines.append(f"  {explanation.margin:+8.3f}  margin, so {explanation.probability:.1%}")
    return "\n".join(lines)


def replay_payload(report: ReplayReport) -> dict[str, Any]:
    """A replay as JSON can hold it."""
    return {
        "score_id": report.score_id,
        "identical": report.identical,
        "compared": dict(report.compared),
        "differences": [
            {"part": each.part, "expected": each.expected, "found": each.found} for each in report.differences
        ],
        "basis": {
            "sequence": report.record.basis.sequence,
            "known_at": format_instant(report.record.basis.known_at),
            "bundle": report.record.basis.bundle,
            "schema": report.record.basis.schema,
        },
    }


def replay_text(report: ReplayReport) -> str:
    """A replay: identical, or every difference."""
    basis = report.record.basis
    stands = f"as known at message {basis.sequence} ({format_instant(basis.known_at)}), bundle {basis.bundle[:12]}"
    values = sum(count for _, count in report.compared)
    if report.identical:
        parts = ", ".join(f"{name} {count}" for name, count in report.compared)
        return f"{report.score_id}: identical, bit for bit, {stands}\n  {values} values compared: {parts}"
    lines = [f"{report.score_id}: {len(report.differences)} differences, {stands}"]
    lines += [f"  {each.part}: recorded {each.expected}, made again {each.found}" for each in report.differences]
    return "\n".join(lines)


def shards_payload(shards: Sequence[Shard]) -> dict[str, Any]:
    """A check of the audit log as JSON can hold it."""
    return {
        "records": sum(each.records for each in shards),
        "damaged": sum(len(each.damaged) for each in shards),
        "shards": [
            {
                "shard": each.name,
                "records": each.records,
                "damaged_at": list(each.damaged),
                "torn_bytes": each.torn_bytes,
            }
            for each in shards
        ],
    }


def shards_text(shards: Sequence[Shard]) -> str:
    """A check of the audit log: one line in all, and one for each shard with a fault."""
    lines = [f"{sum(each.records for each in shards):,} sound records in {len(shards)} shards"]
    for each in shards:
        if each.torn_bytes:
            lines.append(
                f"  {each.name}: {each.torn_bytes} bytes at the end are no whole record: an append "
                f"that a crash broke off, or a cut; which of the two, a shard alone cannot tell"
            )
        lines += [f"  {each.name}: DAMAGED record at byte {offset}" for offset in each.damaged]
    return "\n".join(lines)


def _reason_payload(reason: Reason) -> dict[str, Any]:
    return {
        "group": reason.group,
        "sentence": reason.features[0].sentence,
        "standing": reason.features[0].standing.value,
        "contribution": reason.contribution,
        "features": [
            {
                "name": each.name,
                "value": each.value,
                "contribution": each.contribution,
                "unit": each.unit,
                "sentence": each.sentence,
                "standing": each.standing.value,
            }
            for each in reason.features
        ],
    }


def _threat_line(each: ThreatScore) -> str:
    among = "consignments" if each.among == ALL_MODES else f"{each.among} consignments"
    share = " (a share of any)" if each.fallback else ""
    place = f"above {each.thousandths * PERCENT / THOUSANDTHS:.1f} % of {among}"
    return f"{each.threat.value:<16}{each.probability:>7.1%}  {place}{share}"


def _reason_line(reason: Reason) -> str:
    return f"{reason.contribution:+.2f}  {reason.group}: {_feature_words(reason.features[0])}"


def _feature_words(each: FeatureReason) -> str:
    return f"{each.sentence} [{each.standing.value}]"
