"""Making a world in a folder."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from msgspec import structs

from aftc.clock import parse_instant
from aftc.errors import InputError
from aftc.records import Record
from aftc.streams import read
from training.world.generation import WorldSummary, generate
from training.world.parameters import FaultLevel, WorldParameters
from training.world.parts import Form
from training.world.tables import RECORD_TYPES, Recorded, read_records

PARAMETERS = WorldParameters(seed=5, days=10, consignments=400, random_stratum=0.1, faults=FaultLevel.HEAVY)
LIMIT = 10_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldSummary]:
    """A small world's folder and its summary."""
    place = tmp_path_factory.mktemp("worlds") / "first"
    return place, generate(place, PARAMETERS)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldSummary]:
    """The same world as records."""
    place = tmp_path_factory.mktemp("worlds") / "recorded"
    return place, generate(place, PARAMETERS, form=Form.RECORDS)


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _received(folder: Path) -> dict[str, int]:
    """Known-at by the file's path, from the sidecars below a folder."""
    times = {}
    for sidecar in folder.rglob("received.csv"):
        with sidecar.open(encoding="ascii") as lines:
            for row in csv.DictReader(lines):
                times[(sidecar.parent / row["file"]).as_posix()] = parse_instant(row["received"])
    return times


def test_same_parameters_make_the_same_tree(made: tuple[Path, WorldSummary], tmp_path: Path) -> None:
    """Twice the same parameters give byte-identical files; another seed gives others."""
    place, _ = made
    generate(tmp_path / "second", PARAMETERS)
    generate(tmp_path / "third", replace(PARAMETERS, seed=6))
    assert _contents(tmp_path / "second") == _contents(place)
    assert _contents(tmp_path / "third") != _contents(place)


@pytest.mark.parametrize(("form", "processes"), [(Form.NATIVE, 3), (Form.RECORDS, 2)])
def test_any_number_of_processes_makes_the_same_tree(
    made: tuple[Path, WorldSummary],
    recorded: tuple[Path, WorldSummary],
    tmp_path: Path,
    form: Form,
    processes: int,
) -> None:
    """One, two or three processes write the same files, byte for byte, whatever the form."""
    place, summary = made if form is Form.NATIVE else recorded
    assert generate(tmp_path / "world", PARAMETERS, processes=processes, form=form) == summary
    assert _contents(tmp_path / "world") == _contents(place)


def _digest(folder: Path, without: str = "") -> str:
    """As `folder_digest` says it, read from the folder."""
    lines = []
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name != without:
            digest = _digest(path) if path.is_dir() else sha256(path.read_bytes()).hexdigest()
            lines.append(f"{path.name} {digest}\n")
    return sha256("".join(lines).encode()).hexdigest()


def test_digest_is_that_of_the_files(made: tuple[Path, WorldSummary], recorded: tuple[Path, WorldSummary]) -> None:
    """The digest of world.json covers every other file: names with SHA-256, folder by folder."""
    for place, summary in (made, recorded):
        assert _digest(place, without="world.json") == summary.digest


def test_sidecars_name_every_message_once(made: tuple[Path, WorldSummary]) -> None:
    """Each file of a stream has a received time beside it, and the counts are the summary's."""
    place, summary = made
    for stream, count in summary.messages.items():
        folder = place / "messages" / stream
        received = _received(folder)
        files = {path.as_posix() for path in folder.rglob("*") if path.is_file() and path.name != "received.csv"}
        assert received.keys() == files
        assert len(received) == count
        assert all(instant % 1_000_000 == 0 for instant in received.values())
        if stream != "selector":  # of which so small a world has a handful
            assert {path.name for path in folder.iterdir()} == {"week-000", "week-001"}
    assert summary.total_messages == sum(summary.messages.values())


def test_records_equal_what_the_native_messages_say(
    made: tuple[Path, WorldSummary], recorded: tuple[Path, WorldSummary]
) -> None:
    """Every stream's tables hold what reading its files gives, with the same names and times, but for garbled ones.

    A reader's flags are its own remarks, which no sender states.
    """
    for stream in RECORD_TYPES:
        tables = sorted((recorded[0] / "records" / stream).iterdir())
        rows = {row.name: row for table in tables for row in read_records(table, stream)}
        files = _received(made[0] / "messages" / stream)
        for path, received in files.items():
            if row := rows.pop(Path(path).stem, None):
                reading = read(Path(path).read_bytes(), limit_bytes=LIMIT)
                assert reading.stream == stream
                assert _without_flags(row, reading.records[0]) == Recorded(row.name, received, row.faults, row.record)
        assert not rows
        assert len(files) == made[1].messages[stream]
    left_out = made[1].total_messages - recorded[1].total_messages
    assert 0 < left_out == made[1].garbled == recorded[1].garbled


def _without_flags(row: Recorded, record: Record) -> Recorded:
    return replace(row, record=structs.replace(record, flags=()))


def test_both_forms_tell_the_same_truth(made: tuple[Path, WorldSummary], recorded: tuple[Path, WorldSummary]) -> None:
    """The truth does not depend on how messages are written."""
    for name in ("truth.parquet", "messages.parquet"):
        assert (made[0] / "truth" / name).read_bytes() == (recorded[0] / "truth" / name).read_bytes()


def test_truth_has_a_row_for_each_consignment_and_message(made: tuple[Path, WorldSummary]) -> None:
    """Consignments are sorted by document; messages, lost ones too, are those of the folder with their times."""
    place, summary = made
    truth = pq.read_table(place / "truth" / "truth.parquet")
    documents = truth["document"].to_pylist()
    assert documents == sorted(set(documents))
    assert len(documents) == summary.consignments == PARAMETERS.consignments
    assert set(truth["week"].to_pylist()) == {0, 1}
    messages = pq.read_table(place / "truth" / "messages.parquet").to_pylist()
    received = {Path(path).stem: instant for path, instant in _received(place / "messages").items()}
    assert {row["name"]: row["received"] for row in messages if row["received"] is not None} == received
    assert sum(row["received"] is None for row in messages) == summary.lost > 0
    assert Counter(fault for row in messages for fault in row["faults"]) == summary.faults
    assert {document for row in messages for document in row["documents"]} <= set(documents)


def test_the_same_world_is_recognised(made: tuple[Path, WorldSummary]) -> None:
    """A second run leaves the folder as it is and gives the same summary."""
    place, summary = made
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert generate(place, PARAMETERS, processes=2) == replace(summary, reused=True)
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before


def test_other_contents_are_refused(made: tuple[Path, WorldSummary], tmp_path: Path) -> None:
    """A folder with another world, the world in another form, other files, or a file is left alone."""
    place, _ = made
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="same world's parameters"):
        generate(place, replace(PARAMETERS, seed=6))
    with pytest.raises(InputError, match="as native"):
        generate(place, PARAMETERS, form=Form.RECORDS)
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


@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, processes: int) -> None:
    """When the run is interrupted there is neither a half-made world nor a trace of it, and a rerun succeeds."""

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path / "world", PARAMETERS, interrupt, processes=processes)
    assert list(tmp_path.iterdir()) == []
    generate(tmp_path / "world", PARAMETERS)
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    """A file where a parent folder should be is told as such."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="room and permission"):
        generate(tmp_path / "file" / "world", PARAMETERS)


@pytest.mark.parametrize("processes", [0, 257])
def test_too_few_or_too_many_processes_are_an_input_error(tmp_path: Path, processes: int) -> None:
    """The range is told, and nothing is made."""
    with pytest.raises(InputError, match="from 1 to 256"):
        generate(tmp_path / "world", PARAMETERS, processes=processes)
    assert list(tmp_path.iterdir()) == []


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    """Progress never falls, never exceeds its total and ends there."""
    steps: list[tuple[int, int]] = []
    generate(tmp_path / "world", PARAMETERS, lambda done, total: steps.append((done, total)))
    done = [step for step, _ in steps]
    assert done == sorted(done)
    assert steps[-1] == (PARAMETERS.consignments, PARAMETERS.consignments)


def test_truth_is_in_its_own_folder_alone(made: tuple[Path, WorldSummary]) -> None:
    """No message holds eight digits of the oracle or the legacy score, nor a word of the truth's columns."""
    place, _ = made
    truth = pq.read_table(place / "truth" / "truth.parquet")
    secrets = {f"{abs(value):.8f}" for name in ("p_any", "legacy_score") for value in truth[name].to_pylist()}
    text = b"".join(path.read_bytes() for path in (place / "messages").rglob("*") if path.is_file()).decode("latin-1")
    assert len(secrets) > PARAMETERS.consignments
    assert not any(secret in text for secret in secrets)
    assert not any(word in text for word in ("p_any", "y_any", "legacy", "oracle", "scheme"))


def test_names_carry_no_order(made: tuple[Path, WorldSummary]) -> None:
    """Names of messages and times of receipt are unrelated: rank correlation within four errors of zero."""
    place, _ = made
    for stream in ("ens", "gmr", "ferry_booking", "ferry_check_in"):
        for week in (place / "messages" / stream).iterdir():
            times = [instant for _, instant in sorted(_received(week).items())]
            ranks = np.argsort(np.argsort(times))
            assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) < 4 / np.sqrt(len(ranks))
