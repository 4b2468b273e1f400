"""The command `aftc bench`: one measurement by name, as ratios within one run where machines would differ."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from aftc.cli import DONE, Command, Reply
from aftc.config import Settings
from aftc.errors import InputError

__all__ = ["COMMANDS"]

LEAST_WORLDS, MOST_WORLDS = 2, 10  # a spread needs two; the table of Student's t ends at ten
LINKING_DAYS = 30  # of arrivals in the worlds of linking
FOUND_AMISS = 1  # a gate that fails is itself a finding


def _ingest(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.ingest import measure

    return measure(settings.store, arguments.messages)


def _scorer(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.scorer_load import load

    return load(settings.store, arguments.calls)


def _stages(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.scorer_load import stages

    return stages(settings.store, arguments.calls)


def _models(_: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.models import measure

    return measure(arguments.trees, arguments.leaves)


def _world(_: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.world import Terms, measure

    terms = Terms(worlds=arguments.worlds, features=arguments.features)
    return measure(terms, arguments.into, lambda line: print(line, file=sys.stderr, flush=True))


def _linking(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.linking import measure
    from training.world.parameters import WorldParameters

    given = {"days": LINKING_DAYS, "consignments": arguments.consignments}
    worlds = [WorldParameters(seed=seed, **given) for seed in dict.fromkeys(arguments.seed)]
    return measure(settings.store, worlds, arguments.into, lambda line: print(line, file=sys.stderr, flush=True))


def _features(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.features import WORLD, measure

    terms = (arguments.sizes, arguments.compared, arguments.into)
    told = partial(print, file=sys.stderr, flush=True)
    return measure(settings.store, WORLD, *terms, told, spark=arguments.spark)


def _parity(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.parity_run import measure

    told = partial(print, file=sys.stderr, flush=True)
    return measure(settings.store, arguments.events, arguments.into, told)


def _state(settings: Settings, arguments: argparse.Namespace) -> Mapping[str, Any]:
    from benchmarks.state import WORLD, measure

    terms = (arguments.entities, arguments.calls, arguments.into)
    return measure(settings.store, WORLD, *terms, lambda line: print(line, file=sys.stderr, flush=True))


_BENCHES: Mapping[str, tuple[Callable[[Settings, argparse.Namespace], Mapping[str, Any]], str]] = {
    "scorer": (_scorer, "round trips of Score by id over gRPC on loopback, one and eight callers (ms)"),
    "stages": (_stages, "where the server's time goes in a score (us)"),
    "ingest": (_ingest, "from raw bytes to state and lake: messages/s, time of each stage, memory along the run"),
    "features": (_features, "vectors of all decisions from the lake's sightings, and the windows by Polars and DuckDB"),
    "parity": (_parity, "every version's vector online, in batch and on Spark, and sums by SQL: what differs"),
    "state": (_state, "the online state at size: filled in bulk, updated, read; bytes of an entity"),
    "models": (_models, "one vector scored and explained, beside LightGBM's own ways (us)"),
    "linking": (_linking, "final links of worlds against their truth, with the tables of docs/linking.md"),
    "world": (_world, "the freight world's validity gates in full, with the tables of docs/world.md (half an hour)"),
}


def _configure(parser: argparse.ArgumentParser) -> None:
    names = "; ".join(f"{name}: {meaning}" for name, (_, meaning) in _BENCHES.items())
    parser.add_argument("name", choices=_BENCHES, help=names)
    parser.add_argument("--calls", type=int, default=1000, help="calls measured (scorer, stages, state)")
    parser.add_argument("--trees", type=int, default=200, help="trees of the model (models)")
    parser.add_argument("--leaves", type=int, default=31, help="leaves of each tree (models)")
    parser.add_argument("--worlds", type=int, default=5, help="worlds of each measurement, two to ten (world)")
    parser.add_argument(
        "--features", choices=("observed", "catalogue"), default="observed", help="columns of the policies (world)"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[100_000, 1_000_000], help="decisions of each run (features)"
    )
    parser.add_argument("--spark", action="store_true", help="compute the first size on Spark too (features)")
    parser.add_argument("--compared", type=int, default=100_000, help="decisions of the comparison (features)")
    parser.add_argument("--events", type=int, default=10_000, help="scoring events of the world, at least (parity)")
    parser.add_argument("--entities", type=int, default=10_000_000, help="entities of the state (state)")
    parser.add_argument("--consignments", type=int, default=5000, help="consignments of each world (linking)")
    parser.add_argument(
        "--seed", type=int, nargs="+", default=[7], help="of two worlds each; most tables are the first's (linking)"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="PAGE",
        help="page whose marked part the tables replace (features, linking, parity, state, world)",
    )
    parser.add_argument(
        "--messages", type=Path, help="folder of messages (ingest)", default=Path("aftc-demo/world/messages")
    )


def _bench(arguments: argparse.Namespace, settings: Settings) -> Reply:
    for name in ("calls", "trees", "leaves", "entities"):
        if getattr(arguments, name) < 1:
            raise InputError(f"--{name} of at least 1", str(getattr(arguments, name)))
    if not LEAST_WORLDS <= arguments.worlds <= MOST_WORLDS:
        raise InputError(f"--worlds from {LEAST_WORLDS} to {MOST_WORLDS}", str(arguments.worlds))
    measured = _BENCHES[arguments.name][0](settings, arguments)
    if "gates" in measured:
        payload = {name: value for name, value in measured.items() if name not in ("text", "holds")}
        return Reply(payload, measured["text"], DONE if measured["holds"] else FOUND_AMISS)
    width = max(map(len, measured))
    return Reply(measured, "\n".join(f"{name:<{width}}  {value}" for name, value in measured.items()))


COMMANDS = (Command("bench", "the measurements of docs/performance.md", _configure, _bench),)
