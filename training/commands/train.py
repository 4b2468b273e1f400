"""`aftc train`: from the lake to a signed bundle in the registry."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import InputError
from training.commands.progress import stages

if TYPE_CHECKING:
    from training.run import TrainedRun

__all__ = ["TRAIN"]


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--up-to", type=int, metavar="SEQUENCE", help="last message to learn from (all)")
    parser.add_argument("--seed", type=int, metavar="N", help="of the fit's draws")
    parser.add_argument("--threads", type=int, metavar="N", help="of the fit (2)")


def _run(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from training.fit import FitSettings
    from training.run import train

    if arguments.threads is not None and arguments.threads < 1:
        raise InputError("--threads of at least 1", str(arguments.threads))
    given = {name: value for name in ("seed", "threads") if (value := getattr(arguments, name)) is not None}
    run = train(settings, FitSettings(**given), up_to=arguments.up_to, progress=stages())
    return Reply(_payload(run), _text(run, settings))


def _payload(run: TrainedRun) -> dict[str, object]:
    import msgspec

    from training.evaluation import as_builtins

    made = run.training_set
    return {
        "run": run.run_id,
        "version": run.version,
        "bundle": run.digest,
        "training_set": {
            "name": made.name,
            "digest": made.digest,
            "rows": len(made),
            "features": len(made.schema.names),
            "sequence": made.sequence,
        },
        "labelled": int(made.labels.examined.sum()),
        "found": {each.threat.value: each.found for each in run.models.scored},
        "fallback": [each.threat.value for each in run.models.shared],
        "parity": msgspec.to_builtins(run.parity),
        "evaluation": as_builtins(run.evaluation),
    }


def _text(run: TrainedRun, settings: Settings) -> str:
    from training.commands.figures import figures_text

    made, shared = run.training_set, [each.threat.value for each in run.models.shared]
    lines = [
        f"Run {run.run_id}, bundle {run.digest[:12]} (version {run.version} in the registry)",
        f"Training set {made.name}: {len(made):,} consignments, {int(made.labels.examined.sum()):,} examined, "
        f"{run.models.reference.found:,} with a find",
        f"Parity: {run.parity.rows:,} vectors, {run.parity.differing} differing margins",
        f"Shares of any, for want of finds: {', '.join(shared) or 'none'}",
        "",
        figures_text(run.evaluation),
        "",
        "Next: aftc promote latest      all runs: mlflow ui --backend-store-uri "
        f"sqlite:///{(settings.store / 'mlflow.db').resolve()}",
    ]
    return "\n".join(lines)


TRAIN = Command("train", "train, evaluate, export and register a bundle", _configure, _run)
