"""The training set of a world by Spark: a faulty stream with merges of parties, and the local engine's bits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aftc.columns import instants, matrix
from aftc.config import Settings
from aftc.features.algebra import KeyKind
from aftc.history.aliases import known_aliases
from aftc.history.lake import Lake
from aftc.parties.mentions import mentions
from aftc.records import Message
from aftc.streams import party_merge
from aftc.streams.spool import load, order, scan
from serving.ingest import Ingest
from tests.parties.decided import a_merge
from training.world.generation import generate
from training.world.parameters import FaultLevel, WorldParameters

pytestmark = [pytest.mark.scale, pytest.mark.timeout(900)]

PARAMETERS = WorldParameters(
    seed=5, days=40, consignments=600, examined_share=0.5, random_stratum=0.2, faults=FaultLevel.USUAL
)
MERGES = 8
COMMAND = "from aftc.cli import main; main()"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A world's store; halfway the parties named most are merged in pairs, and near the end half of them parted."""
    folder = tmp_path_factory.mktemp("world")
    settings = Settings(store=folder / "store")
    generate(folder / "world", PARAMETERS)
    told = [load(each, 0) for each in order(scan([folder / "world" / "messages"]), 0)]
    half, most = len(told) // 2, len(told) * 9 // 10
    _take(settings, told[:half])
    named = Counter(each.key for each in mentions(Lake(settings.store / "lake")) if each.key is not None)
    keys = [key for key, _ in named.most_common(2 * MERGES)]
    pairs = [tuple(sorted(pair)) for pair in zip(keys[::2], keys[1::2], strict=True)]
    _take(settings, _decided(pairs, applied=True, known_at=told[half - 1].known_at))
    _take(settings, told[half:most])
    _take(settings, _decided(pairs[::2], applied=False, known_at=told[most - 1].known_at))
    _take(settings, told[most:])
    return settings


def _take(settings: Settings, messages: Iterator[Message] | list[Message]) -> None:
    with Ingest(settings) as ingest:
        for _ in ingest.take(messages):
            pass


def _decided(pairs: list[tuple[str, ...]], *, applied: bool, known_at: int) -> Iterator[Message]:
    for one, other in pairs:
        merge = a_merge((one, other), applied=applied, decided_at=known_at)
        yield Message(party_merge.build(merge), known_at, f"{one} {other} {applied}")


def features(settings: Settings, out: Path, *words: str) -> dict[str, Any]:
    """What `aftc features` answers, in a process of its own."""
    command = [sys.executable, "-c", COMMAND, "features", "--out", str(out), "--store", str(settings.store)]
    done = subprocess.run([*command, "--json", *words], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_world_holds_what_could_differ(settings: Settings) -> None:
    """Amended versions, outcomes later than arrivals, merges known to some decisions and parted again."""
    lake = Lake(settings.store / "lake")
    versions = lake.read("versions", columns=("version", "slots", "sequence"))
    further = known_aliases(lake).further(matrix(versions["slots"], len(KeyKind)), instants(versions["sequence"]))
    outcomes = lake.read("outcomes", columns=("known_at", "issued_at"))
    late = instants(outcomes["known_at"]) > instants(outcomes["issued_at"], missing=0)
    assert np.count_nonzero(instants(versions["version"]) > 1) > 100
    assert np.count_nonzero(late) > 50
    assert len(further) > 50


@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_spark_writes_the_local_set(
    settings: Settings, tmp_path: Path, spark_home: Path, monkeypatch: pytest.MonkeyPatch, master: str
) -> None:
    """0 differing bits: the same answer and the same file from threads of one JVM and from two executors."""
    monkeypatch.setenv("SPARK_HOME", str(spark_home))
    local = features(settings, tmp_path / "local.parquet")
    spark = features(settings, tmp_path / "spark.parquet", "--engine", "spark", "--master", master)
    assert {**spark, "file": local["file"]} == local
    assert local["rows"] > 300
    assert (tmp_path / "local.parquet").read_bytes() == (tmp_path / "spark.parquet").read_bytes()
