"""Tables of the measurements."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftc.errors import InputError
from training.rehearsal.ceiling import Ceiling, ceiling
from training.rehearsal.gates import Figure, Verdict
from training.rehearsal.report import ceiling_table, gate_table, put_into
from training.world.parameters import WorldParameters


def test_tables_hold_what_was_measured() -> None:
    """Means and spreads over the worlds stand in the table, verdicts beside their figures."""
    text = ceiling_table([Ceiling(0.1, 0.2, 0.5, 0.7, 0.6), Ceiling(0.3, 0.2, 0.5, 0.8, 0.6)])
    assert "| raw columns, recorded labels, usual size | 0.200 | 0.141 |" in text
    assert "the ceiling | 0.750 | 0.071 |" in text
    figures = (Figure("cost", 0.01, 0.002, 0.005), Figure("ratio", 0.4, None))
    gates = gate_table([Verdict("one", True, figures), Verdict("other", False, figures)])
    assert "| one | cost 0.010 (0.002), bound 0.005; ratio 0.400 | holds |" in gates
    assert "| **fails** |" in gates


def test_a_page_keeps_all_but_its_measured_part(tmp_path: Path) -> None:
    """What stands between the marks is replaced and nothing else; a second time changes nothing."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n")
    put_into(page, "new")
    assert page.read_text() == "before\n<!-- measured: begin -->\nnew\n<!-- measured: end -->\nafter\n"
    put_into(page, "new")
    assert page.read_text().count("new") == 1


@pytest.mark.parametrize("written", [None, "no marks", "<!-- measured: begin --> never ends"])
def test_a_page_that_cannot_take_them_is_told(tmp_path: Path, written: str | None) -> None:
    """A page that is missing or has no marks is an input error, and stays as it is."""
    page = tmp_path / "page.md"
    if written is not None:
        page.write_text(written)
    with pytest.raises(InputError):
        put_into(page, "new")
    assert written is None or page.read_text() == written


def test_the_ceiling_of_a_tiny_world_is_measured() -> None:
    """On 300 consignments and twice as many, shares of the oracle's precision come out."""
    parameters = WorldParameters(seed=3, days=28, consignments=300, prevalence=0.2, examined_share=0.5)
    measured = ceiling(parameters, 2)
    assert 0 < measured.raw < 1
    assert 0 < measured.true < 1.2
    assert measured.oracle > 0.4
