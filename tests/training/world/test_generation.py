"""Making a world in a folder."""

from __future__ import annotations

import csv
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from aftc.clock import parse_instant
from aftc.errors import InputError
from training.world import WorldParameters, WorldSummary, generate
from training.world import folder as folders

PARAMETERS = WorldParameters(seed=5, days=10, consignments=300, random_stratum=0.1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldSummary]:
    """A small world's folder and its summary."""
    place = tmp_path_factory.mktemp("worlds") / "first"
    return place, generate(place, PARAMETERS)


def test_same_parameters_make_the_same_tree(made: tuple[Path, WorldSummary], tmp_path: Path) -> None:
    """Twice the same parameters give byte-identical files; another seed gives others."""
    place, _ = made
    generate(tmp_path / "second", PARAMETERS)
    generate(tmp_path / "third", replace(PARAMETERS, seed=6))
    assert _contents(tmp_path / "second") == _contents(place)
    assert _contents(tmp_path / "third") != _contents(place)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_digest_is_that_of_the_files(made: tuple[Path, WorldSummary]) -> None:
    """The digest of world.json covers every other file: path and SHA-256, a line each, in the order of the paths."""
    place, summary = made
    contents = _contents(place)
    del contents["world.json"]
    lines = "".join(f"{path} {sha256(raw).hexdigest()}\n" for path, raw in sorted(contents.items()))
    assert sha256(lines.encode()).hexdigest() == summary.digest


def test_sidecars_name_every_message_once(made: tuple[Path, WorldSummary]) -> None:
    """Each stream's folder has a received time for each of its files, and the counts are the summary's."""
    place, summary = made
    for stream, count in summary.messages.items():
        folder = place / "messages" / stream
        with (folder / "received.csv").open(encoding="ascii") as sidecar:
            rows = list(csv.DictReader(sidecar))
        assert {row["file"] for row in rows} == {path.name for path in folder.iterdir()} - {"received.csv"}
        assert len(rows) == count
        assert all(parse_instant(row["received"]) % 1_000_000 == 0 for row in rows)
    assert summary.total_messages == sum(summary.messages.values())


def test_large_streams_are_split(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A stream of more files than a folder should hold goes into subfolders, each with its sidecar."""
    monkeypatch.setattr(folders, "MOST_FILES", 100)
    summary = generate(tmp_path / "world", PARAMETERS)
    parts = [path for path in (tmp_path / "world" / "messages" / "ens").iterdir() if path.is_dir()]
    assert len(parts) > 10
    assert all((part / "received.csv").is_file() for part in parts)
    assert sum(len(list(part.glob("*.xml"))) for part in parts) == summary.messages["ens"]


def test_the_same_world_is_recognised(made: tuple[Path, WorldSummary]) -> None:
    """A second run leaves the folder as it is and gives the same summary."""
    place, summary = made
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert generate(place, PARAMETERS) == replace(summary, reused=True)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_other_contents_are_refused(made: tuple[Path, WorldSummary], tmp_path: Path) -> None:
    """A folder with another world, with other files, or a file is left alone with an input error."""
    place, _ = made
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="same world's parameters"):
        generate(place, replace(PARAMETERS, seed=6))
    for name in ("other", "other/letter.txt"):
        with pytest.raises(InputError, match="empty folder or the same world"):
            generate(tmp_path / name, PARAMETERS)
    assert [path.name for path in tmp_path.rglob("*")] == ["other", "letter.txt"]


def test_a_world_of_other_sources_is_refused(made: tuple[Path, WorldSummary], tmp_path: Path) -> None:
    """A world whose generator was another version is not taken for the same."""
    place, summary = made
    (tmp_path / "world.json").write_text((place / "world.json").read_text().replace(summary.generator, "0" * 64))
    with pytest.raises(InputError, match="made by this version"):
        generate(tmp_path, PARAMETERS)


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    """When the run is interrupted there is neither a half-made world nor a trace of it, and a rerun succeeds."""

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "world", PARAMETERS, interrupt)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".world.partial").mkdir()  # what a killed run leaves
    generate(tmp_path / "world", PARAMETERS)
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    """A file where a parent folder should be is told as such."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="room and permission"):
        generate(tmp_path / "file" / "world", PARAMETERS)


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    """Progress never falls, never exceeds its total and ends there."""
    steps: list[tuple[int, int]] = []
    generate(tmp_path / "world", PARAMETERS, lambda done, total: steps.append((done, total)))
    done = [step for step, _ in steps]
    assert done == sorted(done)
    assert steps[-1][0] == steps[-1][1]


def test_truth_is_in_its_own_folder_alone(made: tuple[Path, WorldSummary]) -> None:
    """No message holds eight digits of the oracle or the legacy score, nor a word of the truth's columns."""
    place, _ = made
    truth = pq.read_table(place / "truth" / "truth.parquet")
    secrets = {f"{abs(value):.8f}" for name in ("p_any", "legacy_score") for value in truth[name].to_pylist()}
    text = "".join(path.read_text("utf-8") for path in (place / "messages").rglob("*") if path.is_file())
    assert len(secrets) > PARAMETERS.consignments
    assert not any(secret in text for secret in secrets)
    assert not any(word in text for word in ("p_any", "y_any", "legacy", "oracle", "scheme"))


def test_names_carry_no_order(made: tuple[Path, WorldSummary]) -> None:
    """Names of messages and times of receipt are unrelated: rank correlation within four errors of zero."""
    place, _ = made
    for stream in ("ens", "gmr", "ferry_booking", "ferry_check_in"):
        with (place / "messages" / stream / "received.csv").open(encoding="ascii") as sidecar:
            times = [parse_instant(row["received"]) for row in csv.DictReader(sidecar)]
        ranks = np.argsort(np.argsort(times))
        assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) < 4 / np.sqrt(len(ranks))
