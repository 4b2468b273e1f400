"""The bench of features, small: exact against Polars and DuckDB, and a page with its tables and plot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aftc.errors import InputError
from aftc.features import sql
from aftc.features.algebra import KeyKind
from aftc.features.batch import Decisions, window_sums
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract
from aftc.features.testing import apply_step, decisions_of, random_history
from aftc.overlay import MemoryState
from benchmarks.features import measure
from benchmarks.replicas import World, problem_of
from benchmarks.window_rivals import by_batch, by_duckdb, by_polars
from training.world.parameters import WorldParameters

REPLICAS = 3


@pytest.fixture(scope="module")
def world() -> World:
    """A random history in the form of a world's store."""
    state, rows = MemoryState(), []
    extracts: list[tuple[int, Extract]] = []
    kinds: dict[int, int] = {}
    for step in random_history(5, messages=120):
        made, sightings = apply_step(state, step)
        rows.append(sightings)
        extracts.extend((step.sequence, each) for each in made)
        for each in made:
            kinds.update(zip(each.slots.tolist(), KeyKind, strict=True))
    sightings, decisions = np.concatenate(rows), decisions_of(extracts)
    return World(
        sightings=sightings,
        kind=np.array([kinds.get(key, KeyKind.CONTAINER) for key in sightings[:, 0].tolist()], np.int64),
        sequence=decisions.sequence,
        day=decisions.day,
        slots=decisions.slots,
        facts=np.array([each.facts for _, each in extracts]),
        owner_offsets=decisions.owner_offsets,
        owners=decisions.owners,
    )


def test_all_ways_give_the_same_integers(world: World) -> None:
    """0 differing sums between batch, Polars and DuckDB, of every kind of key, over three replicas."""
    asked = world.decided(np.arange(len(world)), REPLICAS, share=2)
    problems = [problem_of(world, REPLICAS, asked, kind) for kind in KeyKind]
    problems = [each for each in problems if len(each.asked)]
    ways = [sums_of(problems) for sums_of in (by_batch, by_polars, by_duckdb)]
    assert sum(np.count_nonzero(sums) for sums in ways[0]) > 1000
    for batch, polars, duckdb in zip(*ways, strict=True):
        assert np.array_equal(batch, polars)
        assert np.array_equal(batch, duckdb)


def test_a_replica_is_the_world_under_other_ids(world: World) -> None:
    """What is not shared sums to the same in every replica; the whole agrees with the SQL oracle."""
    asked = world.decided(np.arange(len(world)), REPLICAS, share=1)
    sightings = np.ascontiguousarray(world.sighted(np.arange(len(world.sightings)), REPLICAS).T)
    owners = asked["owners"].combine_chunks()
    decisions = Decisions(
        slots=np.array(asked["slots"].to_pylist()),
        owner_offsets=owners.offsets.to_numpy().astype(np.int64),
        owners=owners.values.to_numpy(),
        day=asked["day"].to_numpy(),
        sequence=asked["sequence"].to_numpy(),
    )
    sums = window_sums(SCHEMA, sightings, decisions)
    assert np.array_equal(sql.window_sums(SCHEMA, sightings, decisions), sums)
    alone = Decisions(
        slots=world.slots,
        owner_offsets=world.owner_offsets,
        owners=world.owners,
        day=world.day,
        sequence=world.sequence,
    )
    own = slice(*SCHEMA.tables.first[[KeyKind.CONSIGNOR, KeyKind.DECLARANT]])
    for replica in range(REPLICAS):
        mine = sums[decisions.sequence % REPLICAS == replica]
        assert np.array_equal(mine[:, own], window_sums(SCHEMA, world.sightings, alone)[:, own])


def test_the_tables_go_into_the_page(tmp_path: Path) -> None:
    """A world is made, ingested, replicated and measured; the gate of exactness holds."""
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: begin -->\n<!-- measured: end -->\n")
    told: list[str] = []
    world = WorldParameters(seed=3, days=7, consignments=200)
    measured = measure(tmp_path / "stores" / "store", world, (100,), 50, page, told.append)
    assert measured["gates"][0] == {"gate": "differing window sums", "value": 0, "bound": 0, "holds": True}
    (size,) = measured["sizes"]
    assert size["decisions"] >= 100
    assert len(size["digest"]) == 64
    assert measured["text"] in page.read_text()
    assert (tmp_path / "features-growth.svg").read_text().startswith("<?xml")
    assert list((tmp_path / "stores").iterdir()) == []


def test_no_size_is_refused(tmp_path: Path) -> None:
    """At least one decision is to be measured."""
    with pytest.raises(InputError):
        measure(tmp_path / "store", WorldParameters(), (), 1, None, print)
