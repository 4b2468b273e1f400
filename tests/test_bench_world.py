"""The bench of the freight world, on worlds too small to prove anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aftc.cli import run
from benchmarks.commands import COMMANDS
from benchmarks.world import Terms, measure
from training.rehearsal.plan import Plan
from training.world.parameters import Regime, WorldParameters

TINY = WorldParameters(seed=3, days=28, consignments=600, prevalence=0.2, examined_share=0.5)
TERMS = Terms(
    usual=TINY,
    more=2,
    ladder=TINY,
    contests=tuple(
        (replace(TINY, regime=each), Plan(warm_up=2, rounds=10)) for each in (Regime.COLLAPSE, Regime.STABLE)
    ),
    features="observed",
    worlds=2,
    processes=1,
)


def test_tables_go_into_the_page(tmp_path: Path) -> None:
    """All measurements are made, told one by one and put into the page with the tables that worlds are drawn from."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\n<!-- measured: end -->\nafter\n")
    told: list[str] = []
    measured = measure(TERMS, page, told.append)
    assert [each.split(":")[0] for each in told] == [f"{count} of 8" for count in range(1, 9)]
    assert all("raw columns" in each or "hit rate" in each for each in told)
    assert [gate["holds"] for gate in measured["gates"]].count(True) + measured["text"].count("**fails**") == 7
    written = page.read_text()
    assert measured["text"] in written
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    for part in (
        "| oracle |",
        "the ceiling",
        "| collapse | greedy |",
        "Regime stable, week by week",
        "seal at check-in",
    ):
        assert part in written


def test_a_page_without_marks_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No time is spent on a page that cannot take the tables, nor on a number of worlds that gives no spread."""
    page = tmp_path / "page.md"
    page.write_text("no marks")
    assert run(COMMANDS, ["bench", "world", "--into", str(page)]) == 2
    assert "marks" in capsys.readouterr().err
    assert run(COMMANDS, ["bench", "world", "--worlds", "1"]) == 2
    assert "--worlds from 2 to 10" in capsys.readouterr().err
