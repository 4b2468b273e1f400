"""The main job in a fresh clone, with the README's command, twice."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEAST_FOUND = 300
STAGES = ("MESSAGES", "MODEL", "ANY THREAT", "ONE SCORE", "SERVICE", "REPLAY", "NEXT")
CHANGING = ("run", "version", "bundle", "evaluation")  # identities of a run; its figures are compared apart


def _clone(target: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    return target


def _demo(clone: Path) -> tuple[str, dict[str, Any]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AFTC_", "VIRTUAL_ENV"))}
    done = subprocess.run(
        ["make", "demo"], cwd=clone, env=environment, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answers: dict[str, Any] = json.loads((clone / "aftc-demo" / "summary.json").read_text())
    return done.stdout, answers


@pytest.mark.scale
@pytest.mark.timeout(2400)
def test_demo_in_a_fresh_clone(tmp_path: Path) -> None:
    """The demonstration passes in a fresh clone; a second run takes no message twice and comes to the same figures."""
    clone = _clone(tmp_path / "clone")
    screen, first = _demo(clone)
    assert [stage for stage in STAGES if stage not in screen] == []
    assert "synthetic" in screen
    ingest = first["ingest"]
    assert ingest["taken"] + ingest["quarantined"] + ingest["skipped"] == ingest["files"]
    assert first["train"]["found"]["any"] >= LEAST_FOUND
    assert first["train"]["parity"]["differing"] == 0
    assert first["train"]["parity"]["rows"] > 0
    assert first["evaluate"]["evaluation"]["leak"]["alarm"] is False
    assert first["replay"]["identical"] is True
    assert first["replay from the journal"]["identical"] is True
    _, second = _demo(clone)
    assert second["ingest"]["taken"] == 0
    same = {name: value for name, value in first["train"].items() if name not in CHANGING}
    assert {name: value for name, value in second["train"].items() if name not in CHANGING} == same
    assert second["train"]["evaluation"] == first["train"]["evaluation"]
    assert second["evaluate"]["evaluation"] == first["evaluate"]["evaluation"]
    assert second["score"]["threats"] == first["score"]["threats"]
