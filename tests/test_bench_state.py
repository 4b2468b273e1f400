"""The bench of the online state, small: its tables and plot go into the page."""

from __future__ import annotations

from pathlib import Path

from benchmarks.state import measure
from training.world.parameters import WorldParameters


def test_the_tables_go_into_the_page(tmp_path: Path) -> None:
    """A world is made, ingested, replicated, filled in bulk, read and updated; every gate has its verdict."""
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: begin -->\n<!-- measured: end -->\n")
    world = WorldParameters(seed=3, days=7, consignments=100)
    measured = measure(tmp_path / "stores" / "store", world, 3_000, 100, page, lambda _: None)
    assert measured["figures"]["entities"] >= 3_000
    assert [gate["holds"] for gate in measured["gates"][:3]] == [
        gate["value"] <= gate["bound"] for gate in measured["gates"][:3]
    ]
    assert measured["text"] in page.read_text()
    assert (tmp_path / "state-times.svg").read_text().startswith("<?xml")
    assert list((tmp_path / "stores").iterdir()) == []
