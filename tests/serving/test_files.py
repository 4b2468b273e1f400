"""Raw files scored at once: joined with what is known, nothing written, every file accounted for."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from aftc.clock import DAY, MINUTE
from aftc.config import Settings
from aftc.errors import InputError
from aftc.history.journal import Journal
from aftc.streams import cuscar, ens, ferry_booking, ferry_check_in, outcome
from aftc.testing import (
    ARRIVAL,
    a_bill,
    a_booking,
    a_check_in,
    a_container_entry,
    a_manifest,
    a_roro_entry,
    an_examination,
)
from serving.files import FileScores, score_files
from serving.inline import stored_version
from serving.scoring import Scoring

SETTINGS = Settings()
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "ens"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for messages."""
    made = tmp_path / "messages"
    made.mkdir()
    return made


def _scores(scoring: Scoring, *paths: Path) -> FileScores:
    return score_files(paths, scoring.state, scoring, SETTINGS, ARRIVAL)


def test_files_of_one_consignment_are_joined(scoring: Scoring, folder: Path) -> None:
    """Manifest and entry summary of an unknown container make one consignment with both streams known."""
    (folder / "a.xml").write_bytes(ens.build(a_container_entry(document="NEW1", containers=("TEMU1111117",))))
    manifest = a_manifest(a_bill(master="NEW1", containers=("TEMU1111117",)))
    (folder / "b.edi").write_bytes(cuscar.build(manifest))
    made = _scores(scoring, folder)
    (scored,) = made.scored
    assert scored.record.assessment.streams_known == ("ens", "cuscar")
    assert scored.record.assessment.streams_missing == ()


def test_a_file_joins_what_the_state_knows(scoring: Scoring, folder: Path) -> None:
    """A check-in alone finds its booking in the state."""
    check_in = a_check_in(booking_reference="BK-5", arrival=ARRIVAL + 5 * DAY)
    (folder / "check-in.json").write_bytes(ferry_check_in.build(check_in))
    made = _scores(scoring, folder)
    (scored,) = made.scored
    assert set(scored.record.assessment.streams_known) == {"ens", "ferry_booking", "ferry_check_in", "gmr"}


def test_an_entry_that_takes_over_a_booking_is_scored_once(scoring: Scoring, folder: Path) -> None:
    """The booking's placeholder is superseded within the same call and not scored."""
    late = ARRIVAL + 40 * DAY
    booking = a_booking(booking_reference="BK-99", departure=late - 90 * MINUTE, arrival=late, vehicle="ZZ99ZZZ")
    entry = a_roro_entry(document="CMR-99", lrn="L-99", ucr="U-99", expected_arrival=late, vehicles=("ZZ99ZZZ",))
    (folder / "1.json").write_bytes(ferry_booking.build(booking))
    (folder / "2.xml").write_bytes(ens.build(entry))
    made = _scores(scoring, folder)
    (scored,) = made.scored
    assert {"ens", "ferry_booking"} == set(scored.record.assessment.streams_known)


def test_bad_files_do_not_stop_the_others(scoring: Scoring, folder: Path) -> None:
    """Of five files one is scored, two are quarantined with reasons, one skipped, and one speaks of no consignment."""
    (folder / "good.xml").write_bytes(ens.build(a_container_entry(document="NEW2")))
    (folder / "cut.xml").write_bytes(ens.build(a_container_entry())[:300])
    (folder / "noise.bin").write_bytes(b"\x93\x8f no message")
    (folder / "README.md").write_text("words")
    (folder / "outcome.json").write_bytes(outcome.build(an_examination(examination_id="EX-77")))
    made = _scores(scoring, folder)
    assert len(made.scored) == 1
    assert sorted(Path(each.source).name for each in made.quarantined) == ["cut.xml", "noise.bin"]
    assert all(each.expected and each.found for each in made.quarantined)
    assert [Path(source).name for source, _ in made.skipped] == ["README.md"]
    assert [Path(source).name for source in made.silent] == ["outcome.json"]


def test_a_file_of_several_messages_is_scored_message_by_message(scoring: Scoring, folder: Path) -> None:
    """Of an archive of three members one is scored, one quarantined and one skipped, each told by where it stands."""
    with zipfile.ZipFile(folder / "day.zip", "w") as archive:
        archive.writestr("good.xml", ens.build(a_container_entry(document="NEW8")))
        archive.writestr("cut.xml", ens.build(a_container_entry())[:300])
        archive.writestr("README.md", "words")
    made = _scores(scoring, folder)
    assert len(made.scored) == 1
    assert made.taken == (f"{folder / 'day.zip'}!good.xml",)
    assert [each.source for each in made.quarantined] == [f"{folder / 'day.zip'}!cut.xml"]
    assert made.skipped == ((f"{folder / 'day.zip'}!README.md", "documentation or a licence"),)


def test_the_state_is_not_written(scoring: Scoring, folder: Path, store: Path) -> None:
    """What the files say is forgotten after the score."""
    (folder / "good.xml").write_bytes(ens.build(a_container_entry(document="NEW3")))
    before = (store / "state" / "data.mdb").read_bytes()
    first, second = _scores(scoring, folder), _scores(scoring, folder)
    assert (store / "state" / "data.mdb").read_bytes() == before
    assert first.scored[0].record.assessment == second.scored[0].record.assessment


def test_a_missing_path_is_an_error(scoring: Scoring, folder: Path) -> None:
    """A mistyped path is told, not skipped."""
    with pytest.raises(InputError, match="nothing at"):
        _scores(scoring, folder / "nowhere.xml")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample messages are not beside this project")
def test_every_sample_is_accounted_for(scoring: Scoring) -> None:
    """Of other people's entry summaries every file is taken, quarantined or skipped, and what is taken is scored."""
    made = _scores(scoring, SAMPLES)
    files = {str(path) for path in SAMPLES.rglob("*") if path.is_file()}
    accounted = [*made.taken, *(each.source for each in made.quarantined), *(source for source, _ in made.skipped)]
    assert sorted(accounted) == sorted(files)
    assert len(made.taken) > len(files) / 4
    assert made.scored
    assert (made.unscored, made.silent) == ((), ())


def test_a_journaled_file_is_scored_as_it_stands(scoring: Scoring, store: Path, folder: Path) -> None:
    """A message that was ingested already makes no further version: its consignment's last one is scored."""
    entry = next(each for each in Journal(store / "journal").entries() if b"CMR-0" in each.raw)
    (folder / "again.xml").write_bytes(entry.raw)
    (scored,) = _scores(scoring, folder).scored
    with scoring.state.snapshot() as view:
        stored = stored_version(view, scored.version.consignment_id)
    assert stored is not None
    assert scored.version.version == stored.version
