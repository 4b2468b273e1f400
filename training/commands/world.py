"""`aftc world`: a freight world with known truth, as native messages."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aftc.cli import Command, Reply
from aftc.config import Settings

__all__ = ["WORLD"]

_STEP = 20  # parts of the progress line


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", required=True, help="where it goes: absent, empty or the same world"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="root of every draw (7)")
    parser.add_argument("--days", type=int, metavar="N", help="days with arrivals (60)")
    parser.add_argument("--consignments", type=int, metavar="N", help="consignments (10000)")
    parser.add_argument("--prevalence", type=float, metavar="SHARE", help="consignments with a threat (0.12)")
    parser.add_argument("--examined-share", type=float, metavar="SHARE", help="consignments examined (one third)")
    parser.add_argument("--random-stratum", type=float, metavar="SHARE", help="chance of the random draw (0.02)")


def _run(arguments: argparse.Namespace, _: Settings) -> Reply:
    from training.world import WorldParameters, generate

    names = ("seed", "days", "consignments", "prevalence", "examined_share", "random_stratum")
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    made = generate(arguments.out, WorldParameters(**given), _Line())
    payload = {
        "folder": str(arguments.out),
        "messages": made.messages,
        "units": made.units,
        "units_examined": made.units_examined,
        "outcomes": made.outcomes,
        "found_consignments": made.found_consignments,
        "digest": made.digest,
        "reused": made.reused,
    }
    return Reply(payload, _text(payload, made.total_messages))


def _text(payload: dict[str, object], messages: int) -> str:
    folder = payload["folder"]
    state = "is there already" if payload["reused"] else "made"
    return (
        f"World {state} in {folder}: {messages:,} messages, {payload['units']:,} units of which "
        f"{payload['units_examined']:,} were examined, finds in {payload['found_consignments']:,} consignments.\n"
        f"All of it is synthetic. Next: aftc ingest {folder}/messages"
    )


class _Line:
    """One line that is written over, on a terminal only."""

    def __init__(self) -> None:
        self._told = -1

    def __call__(self, written: int, expected: int) -> None:
        part = min(_STEP, _STEP * written // max(expected, 1))
        if part != self._told and sys.stderr.isatty():
            self._told = part
            end = "\n" if part == _STEP else ""
            print(f"\r[{'#' * part}{'.' * (_STEP - part)}] {written:,} messages", end=end, file=sys.stderr, flush=True)


WORLD = Command("world", "generate a freight world: native messages, outcomes, ground truth apart", _configure, _run)
