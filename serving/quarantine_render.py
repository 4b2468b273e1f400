"""The quarantine for people, machines and spreadsheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from aftc.clock import format_instant
from aftc.history.quarantine import Held
from aftc.printable import printable, printable_bytes
from aftc.spreadsheet import write_csv
from serving.retry import Retried, Retry

__all__ = ["list_payload", "list_text", "retry_payload", "retry_text", "show_payload", "show_text", "write_list"]

SHOWN_BYTES = 4_000  # of a message; --raw writes all of them
WORDS = 160  # characters of a reason in a line of a list
CARRIAGE_RETURN = b"\r"  # before a line end it is one with it
TOLD = 20  # messages that a retry tells one by one in its text


def _payload(held: Held) -> dict[str, Any]:
    told = {each.name: getattr(held, each.name) for each in fields(held)}
    return {**told, "known_at": format_instant(held.known_at)}


def list_payload(held: Sequence[Held], total: int) -> dict[str, Any]:
    """A list for machines."""
    return {"total": total, "messages": [_payload(each) for each in held]}


def list_text(held: Sequence[Held], total: int) -> str:
    """A list for people: two lines a message."""
    lines = [line for each in held for line in _lines(each)]
    more = f", the newest {len(held):,}" if len(held) < total else ""
    return "\n".join((*lines, f"{total:,} messages in quarantine{more}"))


def _lines(held: Held) -> tuple[str, str]:
    again = f", retried as {held.retried_as}" if held.retried_as else ""
    head = f"{held.sequence:>9}  {format_instant(held.known_at)[:19]}Z  {held.stream}, {held.reason}{again}"
    words = printable(f"expected {held.expected}, found {held.found}")[:WORDS]
    return (
        f"{head}  {held.digest[:12]}  {held.size:,} bytes  {printable(held.source)}",
        f"{'':>9}  {held.stage}: {words}",
    )


def write_list(path: Path, held: Sequence[Held]) -> int:
    """A list as CSV in which nothing is a formula; the number of its rows."""
    columns = [each.name for each in fields(Held)]
    rows = ((row[0], format_instant(row[1]), *row[2:]) for row in map(astuple, held))
    return write_csv(path, columns, rows)


def show_payload(held: Held, raw: bytes, today: str) -> dict[str, Any]:
    """A message for machines: its first bytes as text without control characters."""
    shown = printable_bytes(raw[:SHOWN_BYTES])
    return {**_payload(held), "today": today, "shown_bytes": min(len(raw), SHOWN_BYTES), "text": shown}


def show_text(held: Held, raw: bytes, today: str) -> str:
    """A message for people: every line of its bytes behind a bar, so that none can pass for ours."""
    told = {
        "number": held.sequence,
        "received": format_instant(held.known_at),
        "source": held.source,
        "digest": held.digest,
        "size": f"{held.size:,} bytes",
        "stream": held.stream,
        "reason": f"{held.reason}, at the stage {held.stage}",
        "expected": held.expected,
        "found": held.found,
        "advice": held.advice,
        "retried as": held.retried_as,
        "today": today,
    }
    lines = [f"{name:<10}  {printable(str(value))}" for name, value in told.items() if value not in ("", None)]
    lines += [f"| {printable_bytes(line.removesuffix(CARRIAGE_RETURN))}" for line in raw[:SHOWN_BYTES].split(b"\n")]
    more = [f"{len(raw) - SHOWN_BYTES:,} bytes more: --raw FILE"] if len(raw) > SHOWN_BYTES else []
    return "\n".join((*lines, *more))


def retry_payload(done: Sequence[Retried]) -> dict[str, Any]:
    """What became of a retry, for machines."""
    results = Counter(each.result for each in done)
    return {
        "retried": len(done),
        "taken": results[Retry.TAKEN],
        "still_refused": results[Retry.REFUSED],
        "taken_before": results[Retry.KNOWN],
        "messages": [
            {
                "sequence": each.held.sequence,
                "result": each.result.value,
                "numbers": list(each.numbers),
                "expected": each.expected,
                "found": each.found,
            }
            for each in done
        ],
    }


def retry_text(done: Sequence[Retried]) -> str:
    """What became of a retry, for people."""
    told = retry_payload(done)
    head = (
        f"{told['retried']:,} messages read again: {told['taken']:,} taken, {told['still_refused']:,} still refused, "
        f"{told['taken_before']:,} taken before"
    )
    lines = [_retried(each) for each in done[:TOLD]]
    more = [f"{len(done) - TOLD:,} more: see --json"] if len(done) > TOLD else []
    return "\n".join((head, *lines, *more))


def _retried(each: Retried) -> str:
    numbers = f" as {', '.join(map(str, each.numbers[:TOLD]))}" if each.numbers else ""
    why = f": expected {each.expected}, found {each.found}" if each.result is Retry.REFUSED else ""
    return f"{each.held.sequence:>9}  {each.result}{numbers}{printable(why)[:WORDS]}"
