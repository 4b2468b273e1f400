"""The services' commands as a person types them, each also as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aftc.audit.shards import shard_paths
from aftc.cli import run
from aftc.streams import ens
from aftc.testing import a_container_entry
from serving.commands import COMMANDS


class Shell:
    """Runs commands over one store."""

    def __init__(self, store: Path, capture: pytest.CaptureFixture[str]) -> None:
        self._store = store
        self._capture = capture

    def text(self, *words: object, status: int = 0) -> str:
        """Output of a command, which must end with this status."""
        assert run(COMMANDS, [*map(str, words), "--store", str(self._store)]) == status
        return self._capture.readouterr().out

    def json(self, *words: object, status: int = 0) -> Any:
        """The same as JSON."""
        return json.loads(self.text(*words, "--json", status=status))

    def refused(self, *words: object) -> str:
        """The one line on standard error of a command that cannot be done."""
        assert run(COMMANDS, [*map(str, words), "--store", str(self._store)]) == 2
        said = self._capture.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        return said.err


@pytest.fixture
def shell(store: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell over a copy of the small store."""
    return Shell(store, capsys)


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """A raw entry summary of an unknown consignment."""
    path = tmp_path / "entry.xml"
    path.write_bytes(ens.build(a_container_entry(document="NEW9")))
    return path


def test_a_raw_file_is_scored(shell: Shell, entry: Path) -> None:
    """A raw entry summary is answered with probabilities, reasons and the missing stream."""
    told = shell.text("score", entry)
    assert "any" in told
    assert "missing: cuscar" in told
    (score,) = shell.json("score", entry)["scores"]
    assert [each["threat"] for each in score["threats"]] == ["any", "cocaine"]
    assert all(each["sentence"] and each["standing"] in ("fact", "assessment") for each in score["reasons"])
    assert score["streams_missing"] == ["cuscar"]


def test_nothing_scored_is_a_finding(shell: Shell, tmp_path: Path) -> None:
    """Where nothing could be scored the reasons are printed and the status is 1."""
    (tmp_path / "noise.bin").write_bytes(b"\x01\x02 noise")
    told = shell.json("score", tmp_path / "noise.bin", status=1)
    assert (told["scores"], len(told["quarantined"])) == ([], 1)


def test_an_ingested_consignment_is_scored_explained_and_replayed(
    shell: Shell, consignment_ids: tuple[str, ...]
) -> None:
    """The ids that one command prints are what the next one takes, down to an identical replay."""
    (score,) = shell.json("score", "--consignment", consignment_ids[0])["scores"]
    told = shell.json("explain", score["score_id"])
    assert told["margin"] == score["threats"][0]["margin"]
    assert told["base"] + sum(each["contribution"] for each in told["reasons"]) == pytest.approx(told["margin"])
    assert "margin, so" in shell.text("explain", score["score_id"], "--threat", "cocaine")
    replayed = shell.json("replay", score["score_id"])
    assert (replayed["identical"], replayed["differences"]) == (True, [])
    assert "identical, bit for bit" in shell.text("replay", score["score_id"])


def test_the_audit_log_is_checked(shell: Shell, store: Path, consignment_ids: tuple[str, ...]) -> None:
    """A sound log is counted; a flipped byte is a finding that names shard and place."""
    shell.text("score", "--consignment", consignment_ids[0])
    assert shell.json("audit", "verify")["records"] == 1
    (path,) = shard_paths(store / "audit")
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    assert "DAMAGED record at byte 8" in shell.text("audit", "verify", status=1)


def test_a_timeline_is_told(shell: Shell) -> None:
    """A transport document leads to the consignment's history."""
    assert "version 1" in shell.text("consignment", "OCEAN0001")
    assert shell.json("consignment", "OCEAN0001")["document"] == "OCEAN0001"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("score",), "FILE... or --consignment ID"),
        (("score", "nowhere.xml"), "nothing at nowhere.xml"),
        (("score", "--consignment", "CNOWHERE"), "CNOWHERE"),
        (("score", "--consignment", "\udcff\udcfe"), "none of this id"),
        (("explain", "5-0-8"), "5-0-8"),
        (("explain", "5-0-8", "--threat", "dragons"), "dragons"),
        (("replay", "no id"), "a score id"),
        (("consignment", "NOWHERE"), "NOWHERE"),
        (("serve", "--port", "0", "--host", "999.0.0.1"), "--port"),
    ],
)
def test_a_mistake_is_one_line(shell: Shell, words: tuple[str, ...], told: str) -> None:
    """What a person can mend is said in one line with status 2."""
    assert told in shell.refused(*words)


def test_without_a_store_the_next_step_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In an empty folder the commands say what to run first."""
    assert run(COMMANDS, ["score", "--consignment", "C", "--store", str(tmp_path / "none")]) == 2
    assert "run 'aftc ingest" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"), [("--port", "70000"), ("--port", "x"), ("--workers", "0"), ("--threads", "-1")]
)
def test_an_impossible_option_is_usage(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ports and counts out of range are told with the usage, before anything is opened."""
    with pytest.raises(SystemExit, match="2"):
        run(COMMANDS, ["serve", option, value])
    assert option in capsys.readouterr().err
