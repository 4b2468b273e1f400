"""The command line: finds the commands of the applications, runs one, renders its reply.

An application announces its commands under the entry-point group `aftc.commands`; each entry is a tuple of
`Command`. A command's module stays light: what is heavy is imported inside `run`.

Exit status: 0 done, 1 done with a finding (the reply says which), 2 not done (one line on standard error says what
was expected, what came and what to do next), 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

from aftc.config import Settings
from aftc.errors import AftcError, InputError
from aftc.printable import printable

__all__ = ["Command", "Reply", "installed_commands", "main", "run"]

GROUP = "aftc.commands"
DONE, NOT_DONE, INTERRUPTED = 0, 2, 130

EXTRAS: Mapping[str, frozenset[str]] = {
    "ingest": frozenset({"deltalake", "duckdb", "lxml", "pyarrow", "redis", "splink"}),
    "spark": frozenset({"py4j", "pyspark"}),
    "train": frozenset({"lightgbm", "matplotlib", "mlflow", "onnx", "pandas", "sklearn"}),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command answers.

    Attributes:
        payload: The answer for machines: what JSON can hold.
        text: The same for people.
        status: Exit status: 0, or 1 where the answer is itself a finding (nothing scored, a replay that differs).
    """

    payload: Mapping[str, Any]
    text: str
    status: int = DONE


@dataclass(frozen=True, slots=True)
class Command:
    """One command of an application.

    Attributes:
        name: What is typed; `"audit verify"` is the command `verify` under `audit`, which may be a command itself.
        summary: One line of help.
        configure: Adds the command's own arguments; `--json` and `--store` are every command's.
        run: Does it. Raises `AftcError` where it cannot be done.
    """

    name: str
    summary: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Settings], Reply]


def installed_commands() -> tuple[Command, ...]:
    """The commands of every installed application, by name."""
    found = [command for entry in entry_points(group=GROUP) for command in entry.load()]
    return tuple(sorted(found, key=lambda command: command.name))


def run(commands: Iterable[Command], words: Sequence[str] | None = None) -> int:
    """Parse the words (those of the process where None), run the command, print its reply.

    Returns:
        The exit status.
    """
    arguments = _parser(commands).parse_args(words)
    try:
        settings = Settings.from_environment()
        if arguments.store is not None:
            settings = replace(settings, store=arguments.store)
        reply: Reply = arguments.command.run(arguments, settings)
        print(json.dumps(reply.payload, indent=2) if arguments.json else printable(reply.text, lines=True), flush=True)
        return reply.status
    except AftcError as error:
        if arguments.json:
            print(json.dumps({"error": _told(error)}, indent=2), flush=True)
        return _fail(str(error))
    except ModuleNotFoundError as error:
        return _fail(str(_missing_extra(error)))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say to it
        return DONE
    except OSError as error:
        return _fail(str(InputError("a readable, writable place", str(error), advice="check the path and its rights")))
    except KeyboardInterrupt:
        print("aftc: interrupted", file=sys.stderr)
        return INTERRUPTED


def main() -> None:
    """Entry point of the `aftc` script."""
    sys.exit(run(installed_commands()))


def _parser(commands: Iterable[Command]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aftc", description="Point-in-time risk scores for freight, with reasons and replay."
    )
    parser.add_argument("--version", action="version", version=f"aftc {version('aftc')}")
    listed = sorted(commands, key=lambda command: command.name)  # a command before those under it
    parsers, families = {"": parser}, {"": parser.add_subparsers(metavar="COMMAND", required=True)}

    def family(path: str) -> argparse._SubParsersAction[argparse.ArgumentParser]:
        """What stands under a name, which may be that of a command itself."""
        if path not in families:
            outer, _, name = path.rpartition(" ")
            if path not in parsers:
                members = ", ".join(each.name for each in listed if each.name.startswith(f"{path} "))
                parsers[path] = family(outer).add_parser(name, help=members)
            alone = parsers[path].get_default("command") is not None
            metavar = "[COMMAND]" if alone else "COMMAND"
            families[path] = parsers[path].add_subparsers(metavar=metavar, required=not alone)
        return families[path]

    for command in listed:
        outer, _, name = command.name.rpartition(" ")
        parsers[command.name] = _add(family(outer), name, command)
    return parser


def _add(
    level: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: Command
) -> argparse.ArgumentParser:
    parser = level.add_parser(name, help=command.summary, description=command.summary)
    command.configure(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument(
        "--store", type=Path, metavar="FOLDER", help="store to use (else AFTC_STORE, else ./aftc-store)"
    )
    parser.set_defaults(command=command)
    return parser


def _missing_extra(error: ModuleNotFoundError) -> InputError:
    module = (error.name or "").partition(".")[0]
    for extra, modules in EXTRAS.items():
        if module in modules:
            return InputError(
                f"the package {module}", "an install without it", advice=f"run: pip install 'aftc[{extra}]'"
            )
    raise error


def _told(error: AftcError) -> Mapping[str, str]:
    parts = {"stage": error.stage, "subject": error.subject, "expected": error.expected, "found": error.found}
    return {**parts, "advice": error.advice}


def _fail(sentence: str) -> int:
    print("aftc: " + printable(" ".join(sentence.split())), file=sys.stderr)
    return NOT_DONE
