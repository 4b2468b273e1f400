"""The demonstration's summary: what each stage answered, on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["render"]

Answers = Mapping[str, Any]
REASONS_SHOWN = 4


def render(answers: Answers, seconds: Mapping[str, float], total: float, folder: Path) -> str:
    """The screen's text.

    Args:
        answers: JSON answer of each stage by its name.
        seconds: Wall time of each stage.
        total: Wall time of all, in seconds.
        folder: Where world and store are.
    """
    parts = (
        _messages(answers),
        _model(answers),
        _precision(answers),
        _score(answers),
        _service(answers),
        _replays(answers),
        _times(seconds, total),
        _next(folder),
    )
    heading = "All people, companies, vehicles, consignments and seizures in this demonstration are synthetic."
    return "\n\n".join((heading, *parts))


def _messages(answers: Answers) -> str:
    ingest = answers["ingest"]
    again = ingest["skipped_by_reason"].get("the same bytes as a message in the journal", 0)
    taken = ", ".join(f"{name} {count:,}" for name, count in ingest["taken_by_stream"].items())
    joins = ", ".join(f"{name} {count:,}" for name, count in ingest["links_by_key"].items())
    lines = [
        "MESSAGES",
        f"  files {ingest['files']:,}: taken {ingest['taken']:,}, quarantined {ingest['quarantined']:,}, "
        f"skipped {ingest['skipped']:,}",
    ]
    if again:
        lines.append(f"  {again:,} of them were in the journal already: an earlier run took them")
    if ingest["taken"]:
        lines += [
            f"  by stream: {taken}",
            f"  linked by: {joins}",
            f"  {ingest['consignments']:,} consignments in {ingest['versions']:,} versions, "
            f"{ingest['outcomes']:,} outcomes, {ingest['messages_per_second']:,.0f} messages/s",
        ]
    return "\n".join(lines)


def _model(answers: Answers) -> str:
    train = answers["train"]
    made, parity = train["training_set"], train["parity"]
    return "\n".join(
        (
            "MODEL",
            f"  training set {made['name']}: {made['rows']:,} rows, {made['features']} features, up to message "
            f"{made['sequence']:,}; digest {made['digest'][:16]}",
            f"  {train['labelled']:,} consignments examined, {train['found']['any']:,} with a find; "
            f"shares of any, for want of finds: {', '.join(train['fallback']) or 'none'}",
            f"  export: {parity['rows']:,} vectors tested against LightGBM, differing margins = {parity['differing']}",
            f"  run {train['run']}, bundle {train['bundle'][:16]}, registered as version {train['version']}",
        )
    )


def _precision(answers: Answers) -> str:
    evaluation = answers["evaluate"]["evaluation"]
    figures = next(each for each in evaluation["threats"] if each["threat"] == "any")
    shares = [f"precision at {each['share']:.0%}" for each in figures["standings"][0]["capacities"]]
    lines = [
        f"ANY THREAT, every one of the {evaluation['rows']:,} consignments of the test period against the truth "
        "(95 % intervals)",
        f"  {'':<10}" + "".join(f"{title:>24}" for title in ("average precision", *shares)),
    ]
    for standing in figures["standings"]:
        columns = (standing["average_precision"], *(each["precision"] for each in standing["capacities"]))
        lines.append(f"  {standing['name']:<10}" + "".join(f"{_estimate(each):>24}" for each in columns))
    leak = evaluation["leak"]
    lines.append("  leak alarm: " + ("RAISED" if leak["alarm"] else "not raised; the model stays below the oracle"))
    return "\n".join(lines)


def _estimate(estimate: Mapping[str, float | None]) -> str:
    if estimate["value"] is None:
        return "not determined"
    if estimate["low"] is None or estimate["high"] is None:
        return f"{estimate['value']:.3f}"
    return f"{estimate['value']:.3f} ({estimate['low']:.3f}-{estimate['high']:.3f})"


def _score(answers: Answers) -> str:
    score = answers["score"]
    first = score["threats"][0]
    lines = [
        f"ONE SCORE: consignment {score['consignment_id']} ({score['mode']}), version {score['version']}",
        f"  any threat {first['probability']:.1%}, above {first['percentile']:.1%} of {first['percentile_among']}",
    ]
    lines += [
        f"  {reason['contribution']:+.2f}  {reason['sentence']}  [{reason['standing']}]"
        for reason in score["reasons"][:REASONS_SHOWN]
    ]
    known, missing = ", ".join(score["streams_known"]), ", ".join(score["streams_missing"]) or "none"
    lines.append(f"  streams known: {known}; missing: {missing}")
    return "\n".join(lines)


def _service(answers: Answers) -> str:
    calls = answers["calls"]
    return (
        "SERVICE\n"
        f"  {calls['calls']:,} Score calls over gRPC, one caller: "
        f"p50 {calls['p50_ms']:.2f} ms, p99 {calls['p99_ms']:.2f} ms"
    )


def _replays(answers: Answers) -> str:
    lines = ["REPLAY"]
    for name, source in (("replay", "from the lake"), ("replay from the journal", "from every journaled message")):
        report = answers[name]
        values = sum(report["compared"].values())
        verdict = "identical, bit for bit" if report["identical"] else "DIFFERS"
        lines.append(f"  score {report['score_id']} {source}: {verdict} ({values} values compared)")
    return "\n".join(lines)


def _times(seconds: Mapping[str, float], total: float) -> str:
    stages = ", ".join(f"{name} {spent:.0f}" for name, spent in seconds.items())
    return f"SECONDS\n  {total:.0f} in all: {stages}"


def _next(folder: Path) -> str:
    store = folder / "store"
    return (
        "NEXT\n"
        f"  the service:    .venv/bin/aftc serve --store {store}\n"
        f"  the runs:       .venv/bin/mlflow ui --backend-store-uri sqlite:///{(store / 'mlflow.db').resolve()}\n"
        f"  the model card: .venv/bin/aftc card --store {store}"
    )
