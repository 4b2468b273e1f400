"""The commands `aftc parties propose|list|show|apply|revert`: which keys may be one party's, and what was decided."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from aftc.cli import Command, Reply
from aftc.clock import Instant, format_instant, parse_instant
from aftc.config import Settings
from aftc.errors import InputError, MalformedMessage, UnknownSubject

if TYPE_CHECKING:
    from aftc.parties.kept import Decision
    from aftc.parties.proposals import Proposal
    from aftc.records import PartyMerge

__all__ = ["PARTIES"]

FOUND = 1  # exit status where a decision was refused
SHOWN = 50  # proposals that are listed where --limit says nothing
_ALLOWED = "the rule allows it: "  # before what agrees, as the reason of a merge that nobody looked at


def _instant(word: str) -> Instant:
    try:
        return parse_instant(word)
    except MalformedMessage as error:
        raise argparse.ArgumentTypeError(f"{word!r} is no time as 2026-03-01T09:20:00Z") from error


def _require_store(settings: Settings) -> None:
    if not (settings.store / "state" / "data.mdb").exists():
        found = f"none in {settings.store}"
        raise InputError("a store with messages", found, advice="run 'aftc ingest PATH...' first, or name its --store")


def _configure_nothing(_: argparse.ArgumentParser) -> None:
    """`--json` and `--store` are enough."""


def _propose(_: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.lake import Lake
    from aftc.parties.kept import decisions, write_proposals
    from aftc.parties.mentions import mentions
    from aftc.parties.pairings import pairings
    from aftc.parties.proposals import propose
    from aftc.parties.statements import statements

    _require_store(settings)
    lake = Lake(settings.store / "lake")
    up_to = lake.through("records")
    stated = statements(mentions(lake, up_to=up_to))
    found = propose(stated, pairings(lake, up_to=up_to))
    path = write_proposals(settings.store, found, up_to)
    decided = {name for name, decision in decisions(lake).items() if decision.applied}
    counts = {
        "up_to": up_to,
        "keys": len({each.key for each in stated}),
        "statements": len(stated),
        "proposals": len(found),
        "allowed": sum(not each.against for each in found),
        "merged": sum(each.merge_id in decided for each in found),
    }
    words = (
        f"{counts['statements']:,} ways to write {counts['keys']:,} keys, up to message {up_to}: "
        f"{counts['proposals']:,} proposals, {counts['allowed']:,} allowed by the rule, "
        f"{counts['merged']:,} merged already, in {path}"
    )
    return Reply(counts, words)


def _configure_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--merged", action="store_true", help="what was decided, instead of what is proposed")
    parser.add_argument("--limit", metavar="N", type=int, default=SHOWN, help=f"at most so many ({SHOWN})")


def _list(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.lake import Lake
    from aftc.parties.kept import decisions, read_proposals

    _require_store(settings)
    decided = decisions(Lake(settings.store / "lake"))
    if arguments.merged:
        last = sorted(decided.values(), key=lambda each: -each.sequence)
        told = [_decision_payload(each) for each in last[: arguments.limit]]
        lines = [_decision_line(each) for each in last[: arguments.limit]]
        return Reply({"total": len(last), "decisions": told}, "\n".join((*lines, f"{len(last):,} pairs decided")))
    proposals, up_to = read_proposals(settings.store)
    shown = [each for each in proposals if each.merge_id not in decided][: arguments.limit]
    left = sum(each.merge_id not in decided for each in proposals)
    lines = [f"{each.merge_id}  {each.weight:5.1f}  {_verdict(each)}\n    {_pair(each.keys)}" for each in shown]
    total = f"{left:,} proposals undecided, of the messages up to {up_to}"
    payload = {"total": left, "up_to": up_to, "proposals": [_proposal_payload(each) for each in shown]}
    return Reply(payload, "\n".join((*lines, total)))


def _configure_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="ID", help="as 'aftc parties list' gives it")


def _show(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.lake import Lake
    from aftc.parties.kept import decisions

    _require_store(settings)
    (proposal,) = _proposed([arguments.name], settings)
    decision = decisions(Lake(settings.store / "lake")).get(arguments.name)
    payload = {**_proposal_payload(proposal), "decision": _decision_payload(decision) if decision else None}
    rows = [("prior", "", "", "", proposal.prior)]
    rows += [(each.comparison, each.one, each.other, each.level, each.weight) for each in proposal.evidence]
    lines = [f"{name:<9} {weight:+7.2f}  {level:<15} {one} / {other}" for name, one, other, level, weight in rows]
    head = [_pair(proposal.keys), f"log2 odds, {_verdict(proposal)}"]
    tail = [f"{'sum':<9} {proposal.weight:+7.2f}", *([_decision_line(decision)] if decision else [])]
    return Reply(payload, "\n".join((*head, *(line.rstrip(" /") for line in lines), *tail)))


def _configure_decision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="WHO", help="who decides: an officer's token, or a job's name")
    parser.add_argument("--at", type=_instant, metavar="T", help="when it was decided and is known (now)")


def _configure_apply(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", metavar="ID", nargs="*", help="as 'aftc parties list' gives them")
    parser.add_argument("--allowed", action="store_true", help="all that the rule allows without a person")
    parser.add_argument("--reason", help="why; asked for where the rule wants a person")
    _configure_decision(parser)


def _apply(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.lake import Lake
    from aftc.parties.kept import decisions, read_proposals

    _require_store(settings)
    if bool(arguments.names) == arguments.allowed:
        raise InputError("ID..., or --allowed", "both" if arguments.allowed else "neither")
    if arguments.allowed:
        decided = decisions(Lake(settings.store / "lake"))  # what was taken back stays so
        proposed = read_proposals(settings.store)[0]
        wanted = [each for each in proposed if not each.against and each.merge_id not in decided]
    else:
        wanted = _proposed(arguments.names, settings)
    for each in wanted:
        if each.against and not arguments.reason:
            advice = "look at it with 'aftc parties show', and give a --reason"
            raise InputError(
                "two identifiers that agree, or a reason", each.against, advice=advice, subject=each.merge_id
            )
    at = _now(arguments)
    return _decided([_merge(each, arguments, at) for each in wanted], at, settings)


def _configure_revert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", metavar="ID", nargs="+", help="as 'aftc parties list --merged' gives them")
    parser.add_argument("--reason", required=True, help="why")
    _configure_decision(parser)


def _revert(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.history.lake import Lake
    from aftc.parties.kept import decisions
    from aftc.records import PartyMerge

    _require_store(settings)
    decided = decisions(Lake(settings.store / "lake"))
    at = _now(arguments)
    merges = []
    for name in dict.fromkeys(arguments.names):
        if name not in decided or not decided[name].applied:
            raise UnknownSubject("a merge that stands", name, advice="see 'aftc parties list --merged'")
        merges.append(PartyMerge(decided[name].keys, False, arguments.by, at, arguments.reason))
    return _decided(merges, at, settings)


def _now(arguments: argparse.Namespace) -> Instant:
    return arguments.at if arguments.at is not None else time.time_ns() // 1_000


def _proposed(names: Sequence[str], settings: Settings) -> list[Proposal]:
    from aftc.parties.kept import read_proposals

    proposals = {each.merge_id: each for each in read_proposals(settings.store)[0]}
    for name in names:
        if name not in proposals:
            raise UnknownSubject("a merge that is proposed", name, advice="run 'aftc parties propose' and 'list'")
    return [proposals[name] for name in dict.fromkeys(names)]


def _merge(proposal: Proposal, arguments: argparse.Namespace, at: Instant) -> PartyMerge:
    from aftc.records import PartyMerge

    return PartyMerge(
        keys=proposal.keys,
        applied=True,
        decided_by=arguments.by,
        decided_at=at,
        reason=arguments.reason or _ALLOWED + " and ".join(proposal.agreeing),
        prior=proposal.prior,
        weight=proposal.weight,
        agreeing=tuple(each.value for each in proposal.agreeing),
        evidence=proposal.evidence,
    )


def _decided(merges: Sequence[PartyMerge], at: Instant, settings: Settings) -> Reply:
    """Take decisions as messages of the timeline: they are known from now on, and only then."""
    from aftc.records import Message
    from aftc.streams import party_merge
    from serving.ingest import Ingest

    messages = [Message(party_merge.build(each), at, f"parties/{each.decided_by}") for each in merges]
    with Ingest(settings) as ingest:
        for _ in ingest.take(messages, as_arrived=True):
            pass
    refused = ingest.tally.refused
    taken = ingest.tally.taken.total()
    lines = [f"refused: expected {each.expected}, found {each.found}" for each in refused]
    payload = {"taken": taken, "refused": [to_builtins(each) for each in refused]}
    words = f"{taken:,} decisions taken, {len(refused):,} refused"
    return Reply(payload, "\n".join((*lines, words)), FOUND if refused and not taken else 0)


def _verdict(proposal: Proposal) -> str:
    agrees = " and ".join(proposal.agreeing)
    return f"for a person: {proposal.against}" if proposal.against else f"allowed: {agrees} agree"


def _pair(keys: tuple[str, str]) -> str:
    return "  =  ".join(keys)


def _proposal_payload(proposal: Proposal) -> dict[str, Any]:
    return {"merge_id": proposal.merge_id, **to_builtins(proposal)}


def _decision_payload(decision: Decision) -> dict[str, Any]:
    times = {"known_at": format_instant(decision.known_at), "decided_at": format_instant(decision.decided_at)}
    return {"merge_id": decision.merge_id, **to_builtins(decision), **times}


def _decision_line(decision: Decision) -> str:
    word = "merged" if decision.applied else "taken back"
    known = f"message {decision.sequence}, {format_instant(decision.known_at)[:19]}Z"
    return (
        f"{decision.merge_id}  {word} by {decision.decided_by} ({known}): {decision.reason}\n    {_pair(decision.keys)}"
    )


PARTIES = (
    Command("parties propose", "weigh which keys may be one party's, with the evidence", _configure_nothing, _propose),
    Command("parties list", "proposals that nobody has decided, or decisions", _configure_list, _list),
    Command("parties show", "the evidence for one proposal, step by step", _configure_show, _show),
    Command("parties apply", "merge keys from now on", _configure_apply, _apply),
    Command("parties revert", "take a merge back from now on", _configure_revert, _revert),
)
