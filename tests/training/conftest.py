"""A little world, ingested and trained on once, for the tests that need the whole way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aftc.config import Settings
from aftc.streams.spool import load, order, scan
from serving.ingest import Ingest
from training.fit import FitSettings
from training.run import train
from training.testing import TrainedWorld
from training.world.generation import generate
from training.world.parameters import WorldParameters

FITTING = FitSettings(rounds=60, patience=30, threads=1)
PARAMETERS = WorldParameters(
    seed=3, days=40, consignments=700, prevalence=0.22, examined_share=0.6, random_stratum=0.25
)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedWorld:
    """A world of 700 consignments, much examined, that no test may change."""
    folder = tmp_path_factory.mktemp("trained")
    settings = Settings(store=folder / "store")
    generate(folder / "world", PARAMETERS)
    with Ingest(settings) as ingest:
        for _ in ingest.take(load(each, 0) for each in order(scan([folder / "world" / "messages"]), 0)):
            pass
    return TrainedWorld(folder / "world", settings, train(settings, FITTING, up_to=None, progress=lambda _: None))


@pytest.fixture
def trained_store(trained: TrainedWorld, tmp_path: Path) -> Path:
    """A copy of the trained store, for one test."""
    return Path(shutil.copytree(trained.settings.store, tmp_path / "store"))
