"""Why messages are in quarantine, counted: by reason, by stream, and by both with the words of the fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aftc.history.quarantine import Cause

__all__ = ["causes_payload", "causes_text"]

SHOWN = 12  # causes in the text; all of them are in the JSON


def causes_payload(causes: Counter[Cause]) -> dict[str, Any]:
    """The counts for machines, the most frequent first."""
    reasons: Counter[str] = Counter()
    streams: Counter[str] = Counter()
    for each, count in causes.items():
        reasons[each.reason] += count
        streams[each.stream] += count
    return {
        "quarantined_by_reason": dict(reasons.most_common()),
        "quarantined_by_stream": dict(streams.most_common()),
        "quarantined_by_cause": [{**each._asdict(), "count": count} for each, count in causes.most_common()],
    }


def causes_text(payload: Mapping[str, Any]) -> Sequence[str]:
    """The counts by cause for people."""
    causes = payload["quarantined_by_cause"]
    if not causes:
        return ()
    rows = [f"  {each['count']:>9,}  {each['stream']}, {each['reason']}: {each['words']}" for each in causes[:SHOWN]]
    more = [f"  {len(causes) - SHOWN} more: see --json"] if len(causes) > SHOWN else []
    return ("quarantined, by what was expected or what it looks like", *rows, *more)
