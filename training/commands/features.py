"""`aftc features`: the point-in-time training set as a file."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aftc.cli import Command, Reply
from aftc.config import Settings
from aftc.errors import InputError

if TYPE_CHECKING:
    from aftc.features.out_of_core import Engine

__all__ = ["FEATURES"]

_ENGINES: Final = ("local", "spark")


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="Parquet file to write")
    parser.add_argument("--up-to", type=int, metavar="SEQUENCE", help="last message to use (all)")
    parser.add_argument("--engine", choices=_ENGINES, default="local", help="what computes: the same values either way")
    parser.add_argument("--master", metavar="URL", help="Spark's master (local[*]: the cores of this machine)")


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
    with _engine(arguments) as engine:
        made = build_training_set(
            Lake(settings.store / "lake"),
            settings,
            SCHEMA,
            up_to=arguments.up_to,
            work=work,
            progress=lambda line: print(line, file=sys.stderr, flush=True),
            engine=engine,
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


@contextmanager
def _engine(arguments: argparse.Namespace) -> Iterator[Engine]:
    """What computes the vectors, for as long as it is needed."""
    if arguments.engine == "local":
        if arguments.master is not None:
            raise InputError("--master with --engine spark", "--engine local")
        from aftc.features.out_of_core import compute

        yield compute
        return
    from aftc.features.spark import SparkEngine
    from aftc.features.spark_session import HERE, spark_session

    with spark_session(arguments.master or HERE) as session:
        yield SparkEngine(session, session.sparkContext.defaultParallelism)


FEATURES = Command("features", "write the point-in-time training set", _configure, _run)
