"""The report of a world's difficulty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.world import WorldParameters, generate
from training.world.imagined import World
from training.world.report import main, measure


def test_each_family_of_columns_helps_and_the_oracle_stays_above(demonstration: World) -> None:
    """Raw columns reach at most half of the oracle's average precision, history more than they, the oracle most."""
    figures = measure(demonstration).precision
    assert figures["base rate"] < figures["legacy score"] < figures["oracle"]
    assert figures["base rate"] * 1.3 < figures["raw columns"] < figures["oracle"] / 2
    assert figures["raw columns"] < figures["+ history as known"] < figures["oracle"]


def test_report_goes_into_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report replaces what stands between a page's marks and nothing else; a second time changes nothing."""
    generate(tmp_path / "world", WorldParameters(seed=3, days=20, consignments=1_000, random_stratum=0.1))
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n")
    command = [str(tmp_path / "world"), "--worlds", "2", "--into", str(page)]
    assert main(command) == 0
    first = page.read_text()
    assert main(command) == 0
    assert page.read_text() == first
    assert first.startswith("before\n")
    assert first.endswith("after\n")
    assert "old" not in first
    assert "| oracle |" in first
    assert "seal at check-in" in capsys.readouterr().out


@pytest.mark.parametrize("page", [None, "no marks"])
def test_what_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], page: str | None) -> None:
    """A folder without a world and a page without marks end with exit code 1 and one clear line."""
    arguments = [str(tmp_path / "world")]
    if page is not None:
        generate(tmp_path / "world", WorldParameters(seed=3, days=20, consignments=1_000, random_stratum=0.1))
        (tmp_path / "page.md").write_text(page)
        arguments += ["--worlds", "1", "--into", str(tmp_path / "page.md")]
    assert main(arguments) == 1
    assert capsys.readouterr().err.startswith("input: ")


def test_measuring_is_repeatable(small: World) -> None:
    """The same world gives the same figures."""
    first, second = measure(small), measure(small)
    assert first == second
    assert all(np.isfinite(list(first.precision.values())))
