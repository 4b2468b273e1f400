"""The gRPC face, against a real server on loopback: what it answers, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import grpc
import pytest
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from aftc.audit.lake_history import LakeHistory
from aftc.audit.replay import replay
from aftc.audit.shards import find_record
from aftc.clock import HOUR
from aftc.history.lake import Lake
from aftc.records import OutcomeKind, Threat
from aftc.streams import ens, outcome
from aftc.streams.spool import load, order, scan
from aftc.testing import ARRIVAL, a_roro_entry, a_version, an_examination
from serving.messages import encode, enum_value
from serving.wire import scorer_pb2 as wire

SECONDS = 20.0


class Serving(Protocol):
    """What the fixture gives."""

    store: Path
    channel: grpc.Channel
    stub: Any


def _inline(**given: Any) -> wire.Consignment:
    message = wire.Consignment()
    encode(a_version(**{"consignment_id": "", **given}), message)
    return message


def _refusal(call: Callable[[], object]) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as refused:
        call()
    return refused.value.code(), refused.value.details() or ""


def test_a_score_says_everything_it_rests_on(serving: Serving, consignment_ids: tuple[str, ...]) -> None:
    """Threats, reasons in words, streams, watermark, bundle and score id come with every score."""
    for identity in consignment_ids:
        reply = serving.stub.Score(wire.ScoreRequest(consignment_id=identity, request_id="r-1"), timeout=SECONDS)
        record = find_record(serving.store / "audit", reply.score_id)
        assert (reply.consignment_id, reply.request_id, record.request_id) == (identity, "r-1", "r-1")
        assert [each.threat for each in reply.threats] == [wire.THREAT_ANY, wire.THREAT_COCAINE]
        assert [each.fallback for each in reply.threats] == [False, True]
        assert reply.threats[1].probability == pytest.approx(reply.threats[0].probability * 0.25)
        assert all(0 <= each.percentile <= 1 and each.percentile_among == "all" for each in reply.threats)
        assert all(each.sentence and each.standing and each.features for each in reply.reasons)
        assert (reply.watermark.sequence, reply.watermark.known_at) == (record.basis.sequence, record.basis.known_at)
        assert reply.bundle_digest == record.basis.bundle
        assert "percentile_among_all_modes" in reply.degradations


def test_reasons_sum_to_the_margin(serving: Serving, consignment_ids: tuple[str, ...]) -> None:
    """Base and headings give the margin within 1e-6, and each heading is the sum of all its features."""
    reply = serving.stub.Score(wire.ScoreRequest(consignment_id=consignment_ids[0]), timeout=SECONDS)
    told = serving.stub.Explain(wire.ExplainRequest(score_id=reply.score_id), timeout=SECONDS)
    assert told.base + sum(each.contribution for each in told.reasons) == pytest.approx(told.margin, abs=1e-6)
    assert told.margin == reply.threats[0].margin
    assert [each.contribution for each in told.reasons] == [each.contribution for each in reply.reasons]
    for each in told.reasons:
        assert sum(feature.contribution for feature in each.features) == pytest.approx(each.contribution, abs=1e-9)


def test_the_missing_streams_are_named(serving: Serving) -> None:
    """A container of which only the manifest is known says that the entry summary is missing."""
    reply = serving.stub.Score(wire.ScoreRequest(consignment=_inline(entry=None)), timeout=SECONDS)
    assert (list(reply.streams_known), list(reply.streams_missing)) == (["cuscar"], ["ens"])
    assert "streams_missing" in reply.degradations


def test_an_inline_consignment_scores_as_the_ingested_one(serving: Serving, consignment_ids: tuple[str, ...]) -> None:
    """The same consignment given inline, without its ids, has the same margins: its own history is subtracted."""
    for identity in consignment_ids:
        by_id = serving.stub.Score(wire.ScoreRequest(consignment_id=identity), timeout=SECONDS)
        record = find_record(serving.store / "audit", by_id.score_id)
        version = LakeHistory(Lake(serving.store / "lake")).version(identity, record.basis.sequence)
        given = wire.Consignment()
        encode(version, given)
        given.ClearField("consignment_id")
        given.ClearField("movements")
        inline = serving.stub.Score(wire.ScoreRequest(consignment=given), timeout=SECONDS)
        assert inline.consignment_id == identity
        assert [each.margin for each in inline.threats] == [each.margin for each in by_id.threats]
        assert find_record(serving.store / "audit", inline.score_id).assessment.inputs.vector == (
            record.assessment.inputs.vector
        )


def test_a_caller_may_use_its_own_id(serving: Serving) -> None:
    """An id of the caller's own, however long, is answered under that id."""
    reply = serving.stub.Score(wire.ScoreRequest(consignment=_inline(consignment_id="X" * 900)), timeout=SECONDS)
    assert reply.consignment_id == "X" * 900


def test_scores_replay(serving: Serving, consignment_ids: tuple[str, ...]) -> None:
    """What the server answered, by id and inline, is reproduced bit for bit."""
    requests = [wire.ScoreRequest(consignment_id=each) for each in consignment_ids]
    requests.append(wire.ScoreRequest(consignment=_inline()))
    replies = [serving.stub.Score(each, timeout=SECONDS) for each in requests]
    history = LakeHistory(Lake(serving.store / "lake"))
    assert all(replay(each.score_id, store=serving.store, history=history).identical for each in replies)


def test_a_fallback_threat_is_explained_by_any(serving: Serving) -> None:
    """A threat without a model of its own has the reasons of `any`."""
    subject = _inline()
    told = [
        serving.stub.Explain(wire.ExplainRequest(consignment=subject, threat=enum_value(each)), timeout=SECONDS)
        for each in (Threat.ANY, Threat.COCAINE)
    ]
    assert told[0].reasons == told[1].reasons
    assert told[0].score_id != told[1].score_id


@pytest.mark.parametrize(
    ("call", "request_", "status", "told"),
    [
        ("Score", wire.ScoreRequest(), "INVALID_ARGUMENT", "a consignment id or a consignment"),
        ("Score", wire.ScoreRequest(consignment_id="CNOWHERE"), "NOT_FOUND", "CNOWHERE"),
        ("Score", wire.ScoreRequest(consignment_id="C" * 600), "NOT_FOUND", "CCC"),
        ("Score", wire.ScoreRequest(consignment_id="C" * 100_000), "INVALID_ARGUMENT", "at most 1024 characters"),
        ("Score", wire.ScoreRequest(consignment_id="C", request_id="r" * 200), "INVALID_ARGUMENT", "request id"),
        ("Score", wire.ScoreRequest(consignment=wire.Consignment()), "INVALID_ARGUMENT", "mode"),
        ("Score", wire.ScoreRequest(consignment=_inline(units=(), movements=(), entry=None, manifest=None)),
         "INVALID_ARGUMENT", "a transport document"),
        ("Explain", wire.ExplainRequest(score_id="no id"), "INVALID_ARGUMENT", "a score id"),
        ("Explain", wire.ExplainRequest(score_id="5-0-8"), "NOT_FOUND", "5-0-8"),
        ("Explain", wire.ExplainRequest(consignment=_inline(), threat=wire.THREAT_HEROIN),
         "FAILED_PRECONDITION", "heroin"),
        ("Ingest", wire.IngestRequest(source="x"), "INVALID_ARGUMENT", "no bytes"),
        ("Ingest", wire.IngestRequest(raw=b"x" * (1 << 20)), "RESOURCE_EXHAUSTED", "larger than max"),
        ("RecordOutcome", wire.RecordOutcomeRequest(), "INVALID_ARGUMENT", "an examination"),
    ],
)  # fmt: skip
def test_refusals_are_statuses(serving: Serving, call: str, request_: object, status: str, told: str) -> None:
    """Each kind of unusable request has its status and a text that says what was expected."""
    code, text = _refusal(lambda: getattr(serving.stub, call)(request_, timeout=SECONDS))
    assert (code.name, told in text) == (status, True), text


def test_a_refused_score_leaves_no_record(serving: Serving) -> None:
    """Only what was answered is in the log."""
    before = sum(path.stat().st_size for path in (serving.store / "audit").iterdir())
    _refusal(lambda: serving.stub.Score(wire.ScoreRequest(consignment_id="CNOWHERE"), timeout=SECONDS))
    assert sum(path.stat().st_size for path in (serving.store / "audit").iterdir()) == before


def test_an_ingested_message_waits_in_the_spool(serving: Serving) -> None:
    """An acknowledged message is durable with its received time, for the writer to take."""
    raw = ens.build(a_roro_entry())
    request = wire.IngestRequest(raw=raw, source="port", received_at=ARRIVAL - HOUR)
    kept = serving.stub.Ingest(request, timeout=SECONDS)
    (file,) = order(scan([serving.store / "spool"]), 0)
    assert (file.path.name, file.known_at) == (kept.spool_name, ARRIVAL - HOUR)
    assert load(file, 0).raw == raw


def test_a_recorded_outcome_becomes_a_native_message(serving: Serving) -> None:
    """The spooled outcome is read by its stream as the examination that was recorded."""
    examination = an_examination(OutcomeKind.POSITIVE)
    request = wire.RecordOutcomeRequest()
    encode(examination, request.examination)
    kept = serving.stub.RecordOutcome(request, timeout=SECONDS)
    assert outcome.parse((serving.store / "spool" / kept.spool_name).read_bytes()) == (examination,)


def test_a_contradictory_outcome_is_refused(serving: Serving) -> None:
    """What the stream would quarantine later is refused now, and nothing is spooled."""
    request = wire.RecordOutcomeRequest()
    encode(an_examination(OutcomeKind.POSITIVE, finds=()), request.examination)
    code, text = _refusal(lambda: serving.stub.RecordOutcome(request, timeout=SECONDS))
    assert (code, "at least one find" in text) == (grpc.StatusCode.INVALID_ARGUMENT, True)
    assert list((serving.store / "spool").iterdir()) == []


def test_a_store_that_cannot_be_written_acknowledges_nothing(serving: Serving) -> None:
    """A spool that is gone answers UNAVAILABLE, without inner detail."""
    (serving.store / "spool").rename(serving.store / "elsewhere")
    code, text = _refusal(lambda: serving.stub.Ingest(wire.IngestRequest(raw=b"x", source="s"), timeout=SECONDS))
    assert code is grpc.StatusCode.UNAVAILABLE
    assert str(serving.store) not in text


def test_reflection_names_the_services(serving: Serving) -> None:
    """A caller without the contract learns it from the server."""
    database = ProtoReflectionDescriptorDatabase(serving.channel)
    assert set(database.get_services()) == {
        "aftc.v1.Scorer",
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }
    described = database.FindFileContainingSymbol("aftc.v1.Scorer")
    assert {method.name for method in described.service[0].method} == {"Score", "Explain", "Ingest", "RecordOutcome"}
