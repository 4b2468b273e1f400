"""Parity over a world's store: online, batch and SQL agree, and one lost update shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from aftc.config import Settings
from aftc.history.lake import Lake
from aftc.parties.mentions import mentions
from aftc.records import Message
from aftc.streams import party_merge
from aftc.streams.spool import load, order, scan
from benchmarks.parity import compare
from benchmarks.parity_run import measure
from serving.ingest import Ingest
from tests.parties.decided import a_merge
from training.world.generation import generate
from training.world.parameters import FaultLevel, WorldParameters

pytestmark = [pytest.mark.scale, pytest.mark.timeout(900)]

WORLD = WorldParameters(seed=5, days=20, consignments=300, faults=FaultLevel.USUAL)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A world's store: the writer restarts and is told some again, and halfway two parties are merged."""
    folder = tmp_path_factory.mktemp("world")
    settings = replace(Settings(), store=folder / "store")
    generate(folder / "world", WORLD)
    told = [load(each, 0) for each in order(scan([folder / "world" / "messages"]), 0)]
    half = len(told) // 2
    _take(settings, told[:half])
    named = Counter(each.key for each in mentions(Lake(settings.store / "lake")) if each.key is not None)
    one, other = sorted(key for key, _ in named.most_common(2))
    merge = party_merge.build(a_merge((one, other)))
    _take(settings, [Message(merge, told[half - 1].known_at, "merge")])
    assert _take(settings, told[half - 50 :]) >= 50
    return settings


def _take(settings: Settings, messages: list[Message]) -> int:
    """Duplicates left out by a writer that starts and stops."""
    with Ingest(settings) as ingest:
        for _ in ingest.take(messages):
            pass
        return ingest.tally.duplicates


def test_no_bit_and_no_sum_differs(settings: Settings) -> None:
    """0 vectors and 0 integers differ over all versions, with restarts, duplicates, a merge and outcomes."""
    assert len(Lake(settings.store / "lake").read("aliases")) > 0
    found = compare(settings)
    assert found.versions > 1_000
    assert (found.differing_vectors, found.differing_sums) == ({"batch": 0}, 0)


def test_a_lost_update_shows(settings: Settings) -> None:
    """The check has teeth: one outcome that the online state misses makes vectors differ."""
    outcomes = Lake(settings.store / "lake").read("outcomes")["sequence"].to_pylist()
    assert any(compare(settings, each).differing_vectors["batch"] for each in outcomes[:3])


def test_the_command_compares_and_fills_its_page(tmp_path: Path) -> None:
    """A small world, in which few declarations are amended late: nothing differs, and the table stands in the page."""
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: begin -->\n<!-- measured: end -->\n")
    measured = measure(tmp_path / "stores" / "store", 1_000, page, lambda _: None)
    gates = {each["gate"]: each for each in measured["gates"]}
    assert gates["scoring events"]["value"] >= 1_000
    differing = {name: each["value"] for name, each in gates.items() if "differ" in name}
    assert len(differing) >= 2
    assert not any(differing.values())
    failing = {name for name, each in gates.items() if not each["holds"]}
    assert failing <= {"amendments after arrival"}
    assert measured["holds"] == (not failing)
    assert measured["text"] in page.read_text()
    assert list((tmp_path / "stores").iterdir()) == []
