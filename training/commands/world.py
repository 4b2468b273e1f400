"""`aftc world`: a freight world with known truth, in a folder or played live; `aftc world describe`: its report."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import InputError

if TYPE_CHECKING:
    from training.world.parameters import WorldParameters

__all__ = ["DESCRIBE", "WORLD"]

_PARAMETERS = {
    "seed": (int, "N", "root of every draw"),
    "days": (int, "N", "days with arrivals"),
    "consignments": (int, "N", "consignments"),
    "prevalence": (float, "SHARE", "consignments with any threat"),
    "examined_share": (float, "SHARE", "consignments examined"),
    "random_stratum": (float, "SHARE", "chance of a unit to be drawn at random"),
    "regime": (str, "NAME", "how the threat changes over the run"),
    "faults": (str, "LEVEL", "how much goes wrong between what is so and what arrives"),
}
_STEP = 20  # parts of the progress line


class _Defaults(argparse.HelpFormatter):
    """Help that names defaults as the code has them; what is heavy is imported when help is asked for."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        from training.world.live import Pace
        from training.world.parameters import WorldParameters

        defaults = WorldParameters().as_mapping() | {"speed_up": Pace().speed_up, "processes": "one a core"}
        told = action.help or ""
        if action.dest in _words():
            told += f": {', '.join(_words()[action.dest])}"
        default = defaults.get(action.dest)
        if default is None:
            return told
        return f"{told} ({default:g})" if isinstance(default, float) else f"{told} ({default})"


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = _Defaults
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where it goes: absent, empty or the same world; with --live a spool, STORE/spool",
    )
    for name, (kind, metavar, meaning) in _PARAMETERS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar=metavar, help=meaning)
    parser.add_argument("--start", type=_day, metavar="DATE", help="first day with arrivals")
    parser.add_argument("--processes", type=int, metavar="N", help="processes that write messages")
    parser.add_argument("--records", action="store_true", help="tables of records (Parquet) instead of native messages")
    parser.add_argument("--live", action="store_true", help="play the messages into a spool as they are received")
    parser.add_argument("--speed-up", type=float, metavar="N", help="with --live: simulated seconds a second")
    parser.add_argument("--for", type=float, metavar="SECONDS", dest="seconds", help="with --live: when to stop")


def _run(arguments: argparse.Namespace, _: Settings) -> Reply:
    from training.world.parameters import WorldParameters

    if arguments.out is None:
        raise InputError("--out FOLDER", "none", advice="say where the world goes")
    given = {name: value for name in (*_PARAMETERS, "start") if (value := getattr(arguments, name)) is not None}
    for name, kind in _words().items():
        if name in given:
            if given[name] not in list(kind):
                raise InputError(f"{name} as one of {', '.join(kind)}", repr(given[name]))
            given[name] = kind(given[name])
    parameters = WorldParameters(**given)
    with _orderly_end():
        return _play(arguments, parameters) if arguments.live else _make(arguments, parameters)


def _make(arguments: argparse.Namespace, parameters: WorldParameters) -> Reply:
    from training.commands.world_replies import made_reply
    from training.world.generation import generate
    from training.world.parts import Form

    if arguments.speed_up is not None or arguments.seconds is not None:
        raise InputError("--live with --speed-up and --for", "them without it", advice="add --live")
    processes = _cores() if arguments.processes is None else arguments.processes
    form = Form.RECORDS if arguments.records else Form.NATIVE
    with _Line() as line:
        made = generate(arguments.out, parameters, line, processes=processes, form=form)
    return made_reply(arguments.out, made)


def _play(arguments: argparse.Namespace, parameters: WorldParameters) -> Reply:
    import time

    from training.commands.world_replies import played_reply
    from training.world.cast import make_cast
    from training.world.live import Pace, play
    from training.world.timeline import timeline

    if arguments.records or arguments.processes is not None:
        raise InputError("--live alone", "--live with --records or --processes", advice="leave them out")
    given = {name: value for name in ("speed_up", "seconds") if (value := getattr(arguments, name)) is not None}
    pace = Pace(**given)
    print(
        f"playing into {arguments.out}, {pace.speed_up:,.0f} times faster than life; stop with Ctrl-C or SIGTERM",
        file=sys.stderr,
        flush=True,
    )
    with closing(timeline(make_cast(parameters))) as messages:
        played = play(messages, arguments.out, pace, begin=parameters.origin, clock=time.monotonic, pause=time.sleep)
    return played_reply(arguments.out, played)


def _configure_describe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="a world's folder")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the page (DIR.html beside it)")


def _describe(arguments: argparse.Namespace, _: Settings) -> Reply:
    from training.world.describe import describe

    page = describe(arguments.folder, arguments.out)
    return Reply({"page": str(page)}, f"The report of the world is in {page}")


@contextmanager
def _orderly_end() -> Iterator[None]:
    """SIGTERM ends as Ctrl-C does: what is half made is removed."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _words() -> dict[str, type[StrEnum]]:
    """Parameters that are one of some words."""
    from training.world.parameters import FaultLevel, Regime

    return {"regime": Regime, "faults": FaultLevel}


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is no date: give one as 2026-01-05") from None


class _Line:
    """One line that is written over, on a terminal only."""

    def __init__(self) -> None:
        self._told = -1

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the line, whatever happened."""
        if self._told >= 0:
            print(file=sys.stderr, flush=True)

    def __call__(self, written: int, expected: int) -> None:
        """Tell how many consignments' messages are written."""
        part = _STEP * written // max(expected, 1)
        if part != self._told and sys.stderr.isatty():
            self._told = part
            bar = f"[{'#' * part}{'.' * (_STEP - part)}]"
            print(f"\r{bar} {written:,} of {expected:,} consignments", end="", file=sys.stderr, flush=True)


WORLD = Command("world", "generate a freight world: native messages, outcomes, ground truth apart", _configure, _run)
DESCRIBE = Command("world describe", "a report of a generated world, with plots", _configure_describe, _describe)
