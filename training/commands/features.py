"""`aftc features`: the point-in-time training set as a file."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import InputError

__all__ = ["FEATURES"]


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="Parquet file to write")
    parser.add_argument("--up-to", type=int, metavar="SEQUENCE", help="last message to use (all)")


def _run(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from aftc.features.catalogue import SCHEMA
    from aftc.history.lake import Lake
    from training.building import build_training_set
    from training.dataset import write_training_set

    if arguments.out is None:
        raise InputError(
            "--out FILE, the Parquet file to write", "none", advice="'aftc features list' tells what features are"
        )
    work = arguments.out.with_name(f"{arguments.out.name}.work")
    made = build_training_set(
        Lake(settings.store / "lake"),
        settings,
        SCHEMA,
        up_to=arguments.up_to,
        work=work,
        progress=lambda line: print(line, file=sys.stderr, flush=True),
    )
    write_training_set(made, arguments.out)
    shutil.rmtree(work)
    payload = {
        "file": str(arguments.out),
        "name": made.name,
        "sequence": made.sequence,
        "schema": made.schema.digest,
        "digest": made.digest,
        "rows": len(made),
        "features": len(made.schema.features),
        "labelled": int(made.labels.examined.sum()),
        "not_yet_due": made.points.still_open,
    }
    text = (
        f"{payload['rows']:,} consignments at their decision points, {payload['labelled']:,} of them examined, "
        f"{payload['features']} features, in {arguments.out}\n"
        f"{made.name}, digest {made.digest}"
    )
    return Reply(payload, text)


FEATURES = Command("features", "write the point-in-time training set", _configure, _run)
