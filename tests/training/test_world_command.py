"""`aftc world`: a world on the command line, its errors, and what is left when it is ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aftc.cli import run
from aftc.streams.spool import scan
from training.commands import COMMANDS
from training.world.parameters import WorldParameters

AFTC = Path(sys.executable).with_name("aftc")
SMALL = ("--consignments", "200", "--days", "7", "--random-stratum", "0.1", "--processes", "1")
LARGE = ("--consignments", "60000", "--processes", "2")
SECONDS = 120


def test_a_world_is_made_and_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer says what is there and what to do next; a second run finds it; its report is a page beside it."""
    folder = tmp_path / "world"
    words = ["world", "--out", str(folder), *SMALL]
    assert run(COMMANDS, words) == 0
    assert f"Next: aftc ingest {folder}/messages" in capsys.readouterr().out
    assert run(COMMANDS, [*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["reused"]
    assert answer["consignments"] == 200
    assert answer["parameters"]["random_stratum"] == 0.1
    assert sum(answer["messages"].values()) == sum(each.skipped is None for each in scan([folder / "messages"]))
    assert run(COMMANDS, ["world", "describe", str(folder)]) == 0
    assert (tmp_path / "world.html").read_text(encoding="utf-8").startswith("<!")


@pytest.mark.parametrize(("consignments", "days"), [("100", "1"), ("100", "100")])
def test_the_smallest_worlds_are_worlds(tmp_path: Path, consignments: str, days: str) -> None:
    """The fewest consignments in one day, and one a day: nothing needs a network, a flight or a full week."""
    words = ("--consignments", consignments, "--days", days, "--processes", "1")
    assert run(COMMANDS, ["world", "--out", str(tmp_path / "world"), *words]) == 0


def test_a_world_is_made_as_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --records there are tables, and the next step is the report."""
    folder = tmp_path / "world"
    assert run(COMMANDS, ["world", "--out", str(folder), "--records", *SMALL]) == 0
    assert f"Next: aftc world describe {folder}" in capsys.readouterr().out
    assert (folder / "records" / "ens" / "week-000.parquet").is_file()


def test_a_world_is_played_into_a_spool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --live messages come one by one as files with their received times, to the end of a short world."""
    spool = tmp_path / "store" / "spool"
    words = ["world", "--live", "--out", str(spool), *SMALL[:6], "--speed-up", "10000000", "--json"]
    assert run(COMMANDS, words) == 0
    told = capsys.readouterr()
    answer = json.loads(told.out)
    assert "stop with Ctrl-C" in told.err
    assert answer["complete"]
    files = scan([spool])
    assert len(files) == sum(answer["messages"].values()) > 0
    assert all(each.known_at is not None and each.skipped is None for each in files)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "expected --out FOLDER"),
        (("--days", "0"), "days from 1 to 730"),
        (("--days", "731"), "days from 1 to 730"),
        (("--consignments", "99"), "consignments from 100 to 10000000"),
        (("--consignments", "364", "--days", "365"), "consignments from 365 to"),
        (("--start", "1989-12-31"), "start year from 1990 to 2100"),
        (("--prevalence", "0.3"), "prevalence from 0.01 to 0.22"),
        (("--prevalence", "nan"), "prevalence from 0.01 to 0.22"),
        (("--examined-share", "0.7"), "examined share from"),
        (("--random-stratum", "0.5"), "random stratum from"),
        (("--seed", "-1"), "seed from 0"),
        (("--processes", "0"), "processes from 1 to 256"),
        (("--regime", "calm"), "regime as one of stable, gradual, abrupt, migrating, collapse"),
        (("--faults", "some"), "faults as one of none, usual, heavy"),
        (("--speed-up", "10"), "add --live"),
        (("--live", "--records"), "expected --live alone"),
        (("--live", "--speed-up", "0"), "speed-up from 1 to 10,000,000"),
        (("--live", "--for", "0"), "seconds above 0"),
    ],
)
def test_bad_arguments_are_told_with_their_range(
    words: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each ends with one line and status 2, and nothing is made."""
    place = ("--out", str(tmp_path / "world")) if words else ()
    assert run(COMMANDS, ["world", *place, *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "value"), [("--days", "many"), ("--start", "tomorrow"), ("--prevalence", "x")])
def test_words_that_are_no_values_are_told(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be read at all is told with the option."""
    with pytest.raises(SystemExit, match="2"):
        run(COMMANDS, ["world", "--out", "nowhere", option, value])
    assert f"argument {option}" in capsys.readouterr().err


def test_help_names_the_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    """Every parameter's default stands in the help as the code has it."""
    with pytest.raises(SystemExit, match="0"):
        run(COMMANDS, ["world", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    for name, value in WorldParameters().as_mapping().items():
        shown = f"{value:g}" if isinstance(value, float) else value
        assert f"--{name.replace('_', '-')} " in told
        assert f"({shown})" in told


HEEDING = ("env", "--default-signal=INT")  # what runs in the background of a shell ignores interruptions


def _started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A run of a large world that has begun to write messages."""
    process = subprocess.Popen(
        [*HEEDING, str(AFTC), "world", "--out", str(folder), *LARGE, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    partial = folder.parent / f".{folder.name}.partial"
    while process.poll() is None and not (partial / "messages" / "ens").exists():
        pass
    return process


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_an_ended_run_says_so_in_one_line(tmp_path: Path, way: signal.Signals) -> None:
    """Ctrl-C at all processes, or SIGTERM at the first: status 130, one line, nothing left."""
    process = _started(tmp_path / "world")
    os.killpg(process.pid, way) if way is signal.SIGINT else process.send_signal(way)
    assert process.communicate(timeout=SECONDS) == ("", "aftc: interrupted\n")
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_nothing_in_place_and_is_begun_again(tmp_path: Path) -> None:
    """After SIGKILL there is no world but a hidden rest, which the next run clears away."""
    process = _started(tmp_path / "world")
    process.kill()
    process.communicate(timeout=SECONDS)
    assert [path.name for path in tmp_path.iterdir()] == [".world.partial"]
    assert run(COMMANDS, ["world", "--out", str(tmp_path / "world"), *SMALL]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


# A limit set between fork and exec would run code in a copy of this process, whose threads are gone: it may abort.
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, processes: str) -> None:
    """Where files may not grow: status 2; the line names the folder, what is needed and what to do; nothing is left."""
    words = (str(AFTC), "world", "--out", str(tmp_path / "world"), "--records", *LARGE[:2], "--processes", processes)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *words], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "room for about" in done.stderr
    assert str(tmp_path / "world") in done.stderr
    assert "raise the limit" in done.stderr
    assert list(tmp_path.iterdir()) == []
