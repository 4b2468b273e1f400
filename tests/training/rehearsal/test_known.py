"""Records in memory against the store: the same path gives the same rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from aftc.history.lake import Lake
from aftc.records import Message
from serving.ingest import Ingest
from training.building import build_training_set
from training.dataset import TrainingSet
from training.rehearsal.known import Known, in_order, known
from training.rehearsal.memory import MemoryStore
from training.world.cast import Cast
from training.world.deliveries import PARTS, deliveries
from training.world.dispatch import Delivery
from training.world.fault_rates import Fault
from training.world.native import arrived
from training.world.simulation import Week


@pytest.fixture(scope="module")
def messages(little_cast: Cast, little_weeks: list[Week]) -> list[Delivery]:
    """All messages of the little world, lost and garbled ones too."""
    return [each for week in little_weeks for part in PARTS for each in deliveries(little_cast, week, part)]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, messages: list[Delivery]) -> TrainingSet:
    """The training set of a real store that took the same messages as bytes, in the same order."""
    settings = Settings(store=tmp_path_factory.mktemp("stored"))
    with Ingest(settings) as ingest:
        for _ in ingest.take(Message(arrived(each), each.received or 0, each.name) for each in in_order(messages)):
            pass
    return build_training_set(Lake(settings.store / "lake"), settings, SCHEMA)


@pytest.fixture(scope="module")
def remembered(messages: list[Delivery]) -> Known:
    """What the same messages give in memory."""
    return known(messages, Settings())


def test_rows_are_those_of_the_store(stored: TrainingSet, remembered: Known) -> None:
    """Consignments, moments, labels and weights equal those of the data set made from the lake."""
    assert len(stored) > 1_000
    assert list(remembered.document) == stored.versions["document"].to_pylist()
    assert list(remembered.mode) == stored.versions["mode"].to_pylist()
    assert np.array_equal(remembered.moment, stored.points.moment)
    assert np.array_equal(remembered.labels.found, stored.labels.found)
    assert np.array_equal(remembered.weight, stored.weights.values)
    assert {-1, 0, 1} == set(remembered.found.tolist())


def test_vectors_are_those_of_the_store_bit_for_bit(stored: TrainingSet, remembered: Known) -> None:
    """Every value of every vector is the same, though one went through bytes, journal and lake."""
    assert np.array_equal(remembered.vectors, stored.vectors, equal_nan=True)


def test_what_is_garbled_lost_or_told_twice_is_met_as_ingest_meets_it(messages: list[Delivery]) -> None:
    """Garbled messages are read from their bytes and quarantined, lost ones and repeated bytes change nothing."""
    repeated = sum(Fault.DUPLICATE in each.faults and each.received is not None for each in messages)
    lost = sum(each.received is None for each in messages)
    garbled = [each for each in messages if each.raw is not None and each.received is not None]
    assert repeated
    assert lost
    assert garbled
    store = MemoryStore(Settings())
    store.take(in_order(messages))
    assert store.sequence == len(messages) - lost - repeated
    assert 0 < store.quarantined <= len(garbled)


def test_known_at_never_falls(messages: list[Delivery]) -> None:
    """A message that is taken after its time has the known-at of the one before it, as live input has."""
    store, held = MemoryStore(Settings()), in_order(messages)[:40]
    store.take(reversed(held))
    known_at = store.versions()["known_at"].to_pylist()
    assert known_at == [held[-1].received] * len(known_at)


def test_an_empty_store_has_empty_tables(tmp_path: Path) -> None:
    """Before the first message there are no versions, outcomes nor successors."""
    store = MemoryStore(Settings())
    assert (len(store), len(store.versions()), store.outcomes(), store.successors()) == (0, 0, (), {})
