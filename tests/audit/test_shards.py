"""Shards on disk: what is found, what counts as torn, and what as altered."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from aftc.audit.log import AuditLog
from aftc.audit.record import AuditRecord
from aftc.audit.shards import check_shard, find_record, shard_paths
from aftc.errors import AuditError, InputError, UnknownSubject
from aftc.testing import ARRIVAL, a_basis, a_subject, an_assessment


def _written(folder: Path, records: int) -> list[AuditRecord]:
    """A closed shard of that many records."""
    log = AuditLog(folder, now=count(ARRIVAL).__next__)
    made = [log.append("", a_subject(), a_basis(), an_assessment()) for _ in range(records)]
    log.close()
    return made


def test_lost_pages_count_as_torn(tmp_path: Path) -> None:
    """Zeros after the last record, as a loss of power leaves them, are no records."""
    _written(tmp_path, 1)
    (path,) = shard_paths(tmp_path)
    with path.open("ab") as file:
        file.write(bytes(4096))
    checked = check_shard(path)
    assert (checked.records, checked.damaged, checked.torn_bytes) == (1, (), 4096)


@pytest.mark.parametrize("part", ["length", "hash", "body"])
def test_an_altered_byte_is_seen(tmp_path: Path, part: str) -> None:
    """A flipped bit in any part of a record makes it no record, and the check says where."""
    record, after = _written(tmp_path, 2)
    (path,) = shard_paths(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[8 + {"length": 0, "hash": 4, "body": 200}[part]] ^= 1
    path.write_bytes(raw)
    with pytest.raises((AuditError, UnknownSubject)):
        find_record(tmp_path, record.score_id)
    assert find_record(tmp_path, after.score_id) == after
    assert check_shard(path).damaged[:1] == (8,)


@pytest.mark.parametrize("score_id", ["", "../../etc/passwd", "5-0", "5-0-8-9", "X-0-8", "5" * 99])
def test_what_is_no_score_id_is_refused(tmp_path: Path, score_id: str) -> None:
    """A text of another form never reaches the file system."""
    with pytest.raises(InputError, match="expected a score id"):
        find_record(tmp_path, score_id)


def test_an_id_with_a_slip_is_no_record(tmp_path: Path) -> None:
    """The id of another index at the same place is refused, not answered with its neighbour."""
    (record,) = _written(tmp_path, 1)
    shard, index, offset = record.score_id.split("-")
    with pytest.raises(AuditError, match="check the id"):
        find_record(tmp_path, f"{shard}-{int(index) + 1:x}-{offset}")


def test_another_file_is_no_shard(tmp_path: Path) -> None:
    """A file that only has a shard's name is told by its path."""
    (tmp_path / "5.audit").write_bytes(b"something else")
    with pytest.raises(AuditError, match=r"5\.audit"):
        check_shard(tmp_path / "5.audit")
