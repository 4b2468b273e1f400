"""Replay: past scores come out of the lake bit for bit, and any difference is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from aftc.audit.lake_history import LakeHistory
from aftc.audit.log import AuditLog
from aftc.audit.record import AuditRecord, Basis
from aftc.audit.replay import ReplayReport, replay
from aftc.errors import BundleError, ReplayError
from aftc.features.extract import Extract
from aftc.history.lake import Lake
from aftc.models.placed import placed_folder
from aftc.records import ConsignmentVersion
from aftc.streams import ens
from aftc.testing import ARRIVAL, a_basis, a_roro_entry, a_subject, an_assessment
from serving.inline import stored_version
from serving.scoring import Scoring

AFTC = Path(sys.executable).with_name("aftc")


def _replay(store: Path, record: AuditRecord) -> ReplayReport:
    return replay(record.score_id, store=store, history=LakeHistory(Lake(store / "lake")))


class _Altered(LakeHistory):
    """A history in which one window sum of every consignment is greater by one."""

    def sums(self, extracted: Extract, basis: Basis) -> NDArray[np.int64]:
        sums = super().sums(extracted, basis)
        sums[0] += 1
        return sums


class _Renumbered(LakeHistory):
    """A history whose versions are not those that were scored."""

    def version(self, consignment_id: str, sequence: int) -> ConsignmentVersion:
        return replace(super().version(consignment_id, sequence), version=99)


def test_every_ingested_consignment_replays(store: Path, scoring: Scoring, consignment_ids: tuple[str, ...]) -> None:
    """All ten consignments' scores come out identical, over more than 200 values each."""
    records = [scoring.score_ingested(each, "") for each in consignment_ids]
    reports = [_replay(store, record) for record in records]
    assert len(reports) == 10
    assert [report.differences for report in reports] == [()] * 10
    assert all(sum(count for _, count in report.compared) > 200 for report in reports)


def test_a_score_replays_after_history_has_moved_on(
    store: Path, scoring: Scoring, consignment_ids: tuple[str, ...], tmp_path: Path
) -> None:
    """What is ingested later changes new scores and no past one."""
    past = [scoring.score_ingested(each, "") for each in consignment_ids]
    messages = tmp_path / "messages"
    messages.mkdir()
    for number in range(5):
        entry = a_roro_entry(document="CMR-0", lrn="LRN-0", ucr="6GB-0", seals=(f"S{number}",))
        (messages / f"entry-{number}.xml").write_bytes(ens.build(entry))
    subprocess.run([AFTC, "ingest", messages, "--store", store], check=True, capture_output=True, timeout=120)
    new = scoring.score_ingested(past[0].subject.consignment_id, "")
    assert new.basis.sequence > past[0].basis.sequence
    assert all(_replay(store, record).identical for record in (*past, new))


def test_an_inline_score_replays_from_its_record(
    store: Path, scoring: Scoring, consignment_ids: tuple[str, ...]
) -> None:
    """An inline consignment needs no trace in the lake but the history of its entities."""
    with scoring.state.snapshot() as view:
        versions = [stored_version(view, each) for each in consignment_ids]
    given = [replace(version, consignment_id="", movements=()) for version in versions if version is not None]
    records = [scoring.score_inline(each, "inline") for each in given]
    assert all(_replay(store, record).identical for record in records)


def test_a_difference_is_named(store: Path, scoring: Scoring, consignment_ids: tuple[str, ...]) -> None:
    """One changed window sum is reported by its name with both values, and the vector's difference with it."""
    record = scoring.score_ingested(consignment_ids[0], "")
    report = replay(record.score_id, store=store, history=_Altered(Lake(store / "lake")))
    (first, *_) = report.differences
    assert not report.identical
    assert first.part.startswith("sums: consignor_")
    assert int(first.found) == int(first.expected) + 1


def test_another_version_is_named(store: Path, scoring: Scoring, consignment_ids: tuple[str, ...]) -> None:
    """A version whose bytes differ is a difference even where the features do not."""
    record = scoring.score_ingested(consignment_ids[0], "")
    report = replay(record.score_id, store=store, history=_Renumbered(Lake(store / "lake")))
    assert [each.part for each in report.differences] == ["consignment"]


def test_another_lake_cannot_replay(
    store: Path, scoring: Scoring, consignment_ids: tuple[str, ...], tmp_path: Path
) -> None:
    """Where the version is not in the lake, the replay says so instead of making one up."""
    record = scoring.score_ingested(consignment_ids[0], "")
    with pytest.raises(ReplayError, match="replay with the store that made the score"):
        replay(record.score_id, store=store, history=LakeHistory(Lake(tmp_path / "empty")))


def test_a_bundle_that_is_gone_is_an_error(store: Path, scoring: Scoring, consignment_ids: tuple[str, ...]) -> None:
    """A replay never takes another bundle than the recorded one."""
    record = scoring.score_ingested(consignment_ids[0], "")
    shutil.rmtree(placed_folder(store, record.basis.bundle))
    with pytest.raises(BundleError):
        _replay(store, record)


def test_another_feature_schema_is_an_error(store: Path) -> None:
    """A score of other feature definitions is not replayed with these."""
    log = AuditLog(store / "audit", now=lambda: ARRIVAL)
    record = log.append("", a_subject(), a_basis(schema="00" * 32), an_assessment())
    log.close()
    with pytest.raises(ReplayError, match="replay with the version of this project"):
        _replay(store, record)
