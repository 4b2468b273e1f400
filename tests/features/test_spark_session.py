"""Sessions of Spark: what is missing is said in a line, and no JVM outlives its session."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from aftc.cli import run
from aftc.errors import InputError
from aftc.features.spark_session import spark_session
from training.commands import COMMANDS


def test_without_java_the_install_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither in JAVA_HOME nor on the path: one line that says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for home in ("", str(tmp_path)):
        monkeypatch.setenv("JAVA_HOME", home)
        with (
            pytest.raises(InputError, match=r"Java runtime of version 17.*apt-get install default-jre"),
            spark_session(),
        ):
            pass


def test_without_spark_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An install without the extra computes here as ever, and says what the other engine needs."""
    for name in ("aftc.features.spark", "aftc.features.spark_session"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    words = ["features", "--out", str(tmp_path / "set.parquet"), "--store", str(tmp_path), "--engine"]
    assert run(COMMANDS, [*words, "local"]) == 2
    assert "run 'aftc ingest PATH...' first" in capsys.readouterr().err
    assert run(COMMANDS, [*words, "spark"]) == 2
    assert "run: pip install 'aftc[spark]'" in capsys.readouterr().err


def test_a_master_is_sparks_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A master for an engine that has none is refused, and so is one of no kind that Spark knows."""
    with pytest.raises(InputError, match="master that begins with local"), spark_session("nowhere:7"):
        pass
    assert run(COMMANDS, ["features", "--out", str(tmp_path / "set.parquet"), "--master", "local[2]"]) == 2
    assert "expected --master with --engine spark" in capsys.readouterr().err


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_no_jvm_is_left() -> None:
    """After a session, after a failure within it, and after a start that failed."""
    before = _children()
    with spark_session("local[1]") as session:
        assert session.range(3).count() == 3
        assert _children() > before
    assert _children() == before
    with pytest.raises(ZeroDivisionError), spark_session("local[1]"):
        raise ZeroDivisionError
    assert _children() == before
    refused = r"expected a Spark that starts on local\[x\] .*Could not parse Master URL"
    with pytest.raises(InputError, match=refused), spark_session("local[x]"):
        pass
    assert _children() == before


def _children() -> set[int]:
    return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
