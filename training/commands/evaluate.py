"""`aftc evaluate`: figures of a bundle, by outcomes or against a world's truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from aftc.cli import Command, Reply
from aftc.config import Settings
from training.commands.progress import stages

__all__ = ["EVALUATE"]

_FINDING = 1  # exit status


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", metavar="RUN", help="run or 'latest' (the promoted bundle)")
    parser.add_argument("--truth", type=Path, metavar="FOLDER", help="truth folder of the world that was ingested")


def _run(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from training.commands.figures import figures_text
    from training.evaluation import as_builtins
    from training.judging import judge

    judged = judge(settings, arguments.run, truth=arguments.truth, progress=stages())
    manifest, evaluation = judged.bundle.manifest, judged.evaluation
    payload = {"run": manifest.run_id, "bundle": judged.bundle.digest, "evaluation": as_builtins(evaluation)}
    alarm = evaluation.leak is not None and evaluation.leak.alarm
    text = f"Run {manifest.run_id}, bundle {judged.bundle.digest[:12]}\n\n{figures_text(evaluation)}"
    return Reply(payload, text, _FINDING if alarm else 0)


EVALUATE = Command("evaluate", "figures of a bundle at capacity, with intervals", _configure, _run)
