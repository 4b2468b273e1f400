"""The audit log: every acknowledged record is found again, and nothing is ever rewritten."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from aftc.audit.log import GROUP, STRICT, AuditLog
from aftc.audit.record import AuditRecord
from aftc.audit.shards import check_shard, find_record, records, shard_path, shard_paths
from aftc.errors import AuditError, InputError, UnknownSubject
from aftc.testing import ARRIVAL, a_basis, a_subject, an_assessment

KILLED_PROCESS = """
import os, sys
from itertools import count
from pathlib import Path
from aftc.audit.log import AuditLog
from aftc.testing import a_basis, a_subject, an_assessment
log = AuditLog(Path(sys.argv[1]), now=count(1).__next__)
for number in count():
    record = log.append(f"call-{number}", a_subject(), a_basis(), an_assessment())
    os.write(1, f"{record.score_id}\\n".encode())
"""


@pytest.fixture(params=[GROUP, STRICT])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AuditLog]:
    """An open log, in either mode of syncing."""
    opened = AuditLog(tmp_path / "audit", now=count(ARRIVAL).__next__, sync=request.param)
    yield opened
    opened.close()


def _append(log: AuditLog, request_id: str = "") -> AuditRecord:
    return log.append(request_id, a_subject(), a_basis(), an_assessment())


def test_a_record_is_found_by_its_score_id(log: AuditLog) -> None:
    """Each of 50 records is read back equal, directly by the id that named it."""
    made = [_append(log, f"call-{number}") for number in range(50)]
    assert [find_record(log.folder, each.score_id) for each in made] == made
    assert len({each.score_id for each in made}) == 50


def test_two_processes_never_share_a_shard(tmp_path: Path) -> None:
    """Logs opened in the same microsecond append to different shards."""
    first, second = (AuditLog(tmp_path, now=lambda: ARRIVAL) for _ in range(2))
    made = [_append(first), _append(second)]
    first.close()
    second.close()
    assert len(shard_paths(tmp_path)) == 2
    assert [find_record(tmp_path, each.score_id) for each in made] == made


def test_threads_append_whole_records(log: AuditLog) -> None:
    """Four threads append 100 records each: all 400 are sound, in place and distinct."""
    threads = [Thread(target=lambda: [_append(log) for _ in range(100)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (path,) = shard_paths(log.folder)
    checked = check_shard(path)
    assert (checked.records, checked.damaged, checked.torn_bytes) == (400, (), 0)


def test_a_killed_process_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Every score id that a process had named before SIGKILL has its record."""
    with subprocess.Popen([sys.executable, "-c", KILLED_PROCESS, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        named = [process.stdout.readline() for _ in range(200)]
        process.send_signal(signal.SIGKILL)
        named += process.stdout.readlines()
    whole = [line.decode().strip() for line in named if line.endswith(b"\n")]
    assert len(whole) >= 200
    assert all(find_record(tmp_path, score_id).score_id == score_id for score_id in whole)


def test_a_torn_tail_is_left_and_the_next_process_begins_another_shard(tmp_path: Path) -> None:
    """Half a record at the end is reported, its bytes stay, and the records before it are read."""
    log = AuditLog(tmp_path, now=lambda: ARRIVAL)
    kept, torn = _append(log), _append(log)
    log.close()
    (path,) = shard_paths(tmp_path)
    os.truncate(path, path.stat().st_size - 10)
    before = path.read_bytes()
    later = AuditLog(tmp_path, now=lambda: ARRIVAL)
    new = _append(later)
    later.close()
    assert path.read_bytes() == before
    assert list(records(path)) == [kept]
    assert check_shard(path).torn_bytes > 0
    assert find_record(tmp_path, new.score_id) == new
    with pytest.raises(UnknownSubject):
        find_record(tmp_path, torn.score_id)


def test_a_full_disk_gives_no_score_and_the_next_shard_recovers(tmp_path: Path) -> None:
    """A write that the disk cuts short is an error; once there is space, records go to a new shard."""
    moments = count(ARRIVAL)
    log = AuditLog(tmp_path, now=moments.__next__)
    first = _append(log)
    size = shard_path(tmp_path, first.score_id.split("-")[0]).stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, limits[1]))
        with pytest.raises(AuditError, match="durable audit record"):
            _append(log)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, former)
    second = _append(log)
    log.close()
    assert len(shard_paths(tmp_path)) == 2
    assert [find_record(tmp_path, each.score_id) for each in (first, second)] == [first, second]


def test_another_mode_of_syncing_is_refused(tmp_path: Path) -> None:
    """A mistyped setting is an error at the start, not a weaker promise."""
    with pytest.raises(InputError, match="AFTC_AUDIT_SYNC"):
        AuditLog(tmp_path, now=lambda: ARRIVAL, sync="sometimes")
