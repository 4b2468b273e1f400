"""What `aftc world` answers: for machines, and the same for people."""

from __future__ import annotations

from pathlib import Path

from aftc.cli import Reply
from aftc.clock import format_instant
from training.world.generation import WorldSummary
from training.world.live import Played
from training.world.parts import Form

__all__ = ["made_reply", "played_reply"]


def made_reply(folder: Path, made: WorldSummary) -> Reply:
    """A world in a folder."""
    payload = {
        "folder": str(folder),
        "form": made.form.value,
        "parameters": made.parameters.as_mapping(),
        "messages": made.messages,
        "lost": made.lost,
        "garbled": made.garbled,
        "faults": made.faults,
        "consignments": made.consignments,
        "units": made.units,
        "units_examined": made.units_examined,
        "outcomes": made.outcomes,
        "found_consignments": made.found_consignments,
        "digest": made.digest,
        "reused": made.reused,
    }
    return Reply(payload, _made_text(folder, made))


def played_reply(spool: Path, played: Played) -> Reply:
    """A world played into a spool."""
    first, last = (None if each is None else format_instant(each) for each in (played.first, played.last))
    total = played.messages.total()
    payload = {
        "spool": str(spool),
        "messages": dict(sorted(played.messages.items())),
        "first": first,
        "last": last,
        "behind_seconds": round(played.behind, 1),
        "complete": played.complete,
    }
    told = f", received from {first} to {last}" if total else ""
    text = (
        f"Played {total:,} messages into {spool}{told}; at most {played.behind:.1f} s late.\n"
        f"The world {'is at its end' if played.complete else 'would go on'}. All of it is synthetic."
    )
    return Reply(payload, text)


def _made_text(folder: Path, made: WorldSummary) -> str:
    native = made.form is Form.NATIVE
    state = "is there already" if made.reused else "made"
    left_out = "" if native else f" {made.garbled:,} more arrived garbled and are no records."
    following = f"aftc ingest {folder}/messages" if native else f"aftc world describe {folder}"
    return (
        f"World {state} in {folder}: {made.total_messages:,} {'messages' if native else 'records'}, {made.lost:,} lost "
        f"on their way.{left_out}\n"
        f"{made.consignments:,} consignments aboard {made.units:,} units of which {made.units_examined:,} were "
        f"examined, finds in {made.found_consignments:,} consignments.\n"
        f"All of it is synthetic. Next: {following}"
    )
