"""The commands of the services. Light to import: what a command needs is imported when it runs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import InputError
from serving.ingest_command import INGEST, REBUILD
from serving.parties_commands import PARTIES
from serving.quarantine_commands import QUARANTINE
from serving.state_commands import STATE

if TYPE_CHECKING:
    from aftc.state import Snapshots
    from serving.scoring import Scoring

__all__ = ["COMMANDS"]

FOUND = 1  # exit status of an answer that is itself a finding
LOOPBACK = "127.0.0.1"  # other machines are let in only on purpose
DEFAULT_PORT = 50_551
LAST_PORT = 65_535
DEFAULT_THREADS = 4  # measured: two to four for each process


def _port(word: str) -> int:
    port = int(word)
    if not 0 <= port <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{port} is no port: 0 to {LAST_PORT}")
    return port


def _positive(word: str) -> int:
    count = int(word)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{count} is too few: at least 1")
    return count


def _configure_state(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--state", metavar="URL", help="read the mirror of the state at a Redis server (AFTC_STATE)")


def _placed(arguments: argparse.Namespace, settings: Settings) -> Settings:
    """Settings with the state that was asked for."""
    return replace(settings, state=arguments.state) if arguments.state else settings


def _configure_serve(parser: argparse.ArgumentParser) -> None:
    _configure_state(parser)
    parser.add_argument("--host", default=LOOPBACK, help=f"address to listen on ({LOOPBACK}: this machine alone)")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"port ({DEFAULT_PORT}); 0 takes a free one")
    parser.add_argument("--workers", type=_positive, default=1, help="processes that share the port (1)")
    parser.add_argument(
        "--threads", type=_positive, default=DEFAULT_THREADS, help=f"calls at once in each ({DEFAULT_THREADS})"
    )
    parser.add_argument(
        "--metrics-port", type=_port, help="publish metrics over HTTP here, each further worker one port on"
    )


def _serve(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from serving.plan import Plan
    from serving.workers import supervise

    plan = Plan(_placed(arguments, settings), arguments.host, arguments.port, arguments.threads, arguments.metrics_port)
    supervise(plan, arguments.workers, lambda line: print(line, flush=True))
    return Reply({"stopped": True}, "stopped")


def _configure_score(parser: argparse.ArgumentParser) -> None:
    _configure_state(parser)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="raw messages, or folders of them")
    parser.add_argument("--consignment", action="append", default=[], metavar="ID", help="an ingested consignment")


def _score(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from serving.files import score_files
    from serving.plan import clock
    from serving.render import file_scores_payload, file_scores_text, score_payload, score_text

    if bool(arguments.files) == bool(arguments.consignment):
        raise InputError("FILE... or --consignment ID", "both" if arguments.files else "neither")
    with _scoring(_placed(arguments, settings)) as (state, scoring):
        if arguments.consignment:
            records = [scoring.score_ingested(each, "") for each in arguments.consignment]
            payload = {"scores": [score_payload(each) for each in records]}
            return Reply(payload, "\n".join(score_text(each) for each in records))
        scores = score_files(arguments.files, state, scoring, settings, clock())
    return Reply(file_scores_payload(scores), file_scores_text(scores), 0 if scores.scored else FOUND)


def _configure_score_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("score_id", metavar="SCORE_ID", help="as a score names itself")


def _configure_explain(parser: argparse.ArgumentParser) -> None:
    _configure_score_id(parser)
    parser.add_argument("--threat", default="any", help="whose margin to explain (any)")


def _explain(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.audit.shards import find_record
    from aftc.models.placed import load_placed
    from aftc.records import Threat
    from aftc.scoring import Model
    from serving.render import explanation_payload, explanation_text

    if arguments.threat not in list(Threat):
        raise InputError(f"one of {', '.join(Threat)}", repr(arguments.threat))
    record = find_record(settings.store / "audit", arguments.score_id)
    model = Model(load_placed(settings.store, record.basis.bundle))
    explanation = model.explain(record.assessment, Threat(arguments.threat))
    return Reply(explanation_payload(record, explanation), explanation_text(record, explanation))


def _configure_replay(parser: argparse.ArgumentParser) -> None:
    _configure_score_id(parser)
    parser.add_argument(
        "--from-journal", action="store_true", help="apply every journaled message again instead of reading the lake"
    )


def _replay(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.audit.journal_history import JournalHistory
    from aftc.audit.lake_history import LakeHistory
    from aftc.audit.replay import replay
    from aftc.audit.shards import find_record
    from aftc.history.lake import Lake
    from serving.render import replay_payload, replay_text

    score_id, store = arguments.score_id, settings.store
    if arguments.from_journal:
        sequence = find_record(store / "audit", score_id).basis.sequence
        with JournalHistory(settings, sequence) as history:
            report = replay(score_id, store=store, history=history)
    else:
        report = replay(score_id, store=store, history=LakeHistory(Lake(store / "lake")))
    return Reply(replay_payload(report), replay_text(report), 0 if report.identical else FOUND)


def _configure_nothing(parser: argparse.ArgumentParser) -> None:
    """For a command without arguments of its own."""


def _verify(_: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.audit.shards import check_shard, shard_paths
    from serving.render import shards_payload, shards_text

    shards = [check_shard(path) for path in shard_paths(settings.store / "audit")]
    damaged = any(each.damaged for each in shards)
    return Reply(shards_payload(shards), shards_text(shards), FOUND if damaged else 0)


def _configure_consignment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", metavar="ID", help="consignment id, or the transport document that identifies it")


def _consignment(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.lake import Lake
    from serving.timeline import timeline, timeline_payload, timeline_text

    made = timeline(Lake(settings.store / "lake"), arguments.reference)
    return Reply(timeline_payload(made), timeline_text(made))


@contextmanager
def _scoring(settings: Settings) -> Iterator[tuple[Snapshots, Scoring]]:
    """The scoring path over the store, in this process, for one command."""
    from aftc.audit.log import AuditLog
    from serving.models import CurrentModel
    from serving.opening import open_scored
    from serving.plan import clock
    from serving.scoring import Scoring

    state = open_scored(settings)
    try:
        model = CurrentModel(settings.store, refused=lambda: None)
        audit = AuditLog(settings.store / "audit", now=clock, sync=settings.audit_sync)
        try:
            yield state, Scoring(state, audit, model)
        finally:
            audit.close()
    finally:
        state.close()


COMMANDS = (
    INGEST,
    *STATE,
    REBUILD,
    *QUARANTINE,
    *PARTIES,
    Command("serve", "answer scores over gRPC", _configure_serve, _serve),
    Command("score", "score raw message files, or ingested consignments", _configure_score, _score),
    Command("explain", "every contribution to a past score", _configure_explain, _explain),
    Command("replay", "make a past score again from the recorded messages and compare it", _configure_replay, _replay),
    Command("audit verify", "check every record of the audit log", _configure_nothing, _verify),
    Command(
        "consignment",
        "a consignment's timeline: what was known from which message, when",
        _configure_consignment,
        _consignment,
    ),
)
