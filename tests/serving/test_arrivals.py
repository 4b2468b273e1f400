"""The spool reaches the writer: once on demand, and for as long as it is told to follow."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from multiprocessing import Pipe
from pathlib import Path

from aftc.clock import HOUR
from aftc.config import Settings
from aftc.history.journal import Journal
from aftc.records import Message
from aftc.streams import ens, ferry_booking
from aftc.testing import ARRIVAL, a_booking, a_roro_entry
from serving.arrivals import follow, take_spool
from serving.ingest import Ingest
from serving.spool import Spool

AFTC = Path(sys.executable).with_name("aftc")
BOOKING, ENTRY = ferry_booking.build(a_booking()), ens.build(a_roro_entry())


def _now() -> int:
    return ARRIVAL


def test_the_spool_is_taken_in_the_order_received_and_emptied(tmp_path: Path) -> None:
    """Two spooled messages are journaled by their received times, whichever was written first, and leave no file."""
    spool = Spool(tmp_path / "spool", _now)
    spool.keep(ENTRY, source="declarant", received_at=ARRIVAL - HOUR)
    spool.keep(BOOKING, source="carrier", received_at=ARRIVAL - 2 * HOUR)
    with Ingest(Settings(store=tmp_path)) as ingest:
        take_spool(ingest, tmp_path / "spool", _now)
    entries = list(Journal(tmp_path / "journal").entries())
    assert [entry.raw for entry in entries] == [BOOKING, ENTRY]
    assert [entry.known_at for entry in entries] == [ARRIVAL - 2 * HOUR, ARRIVAL - HOUR]
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_message_journaled_before_a_crash_is_not_taken_again(tmp_path: Path) -> None:
    """A file left behind after its message was journaled is recognised by its bytes and removed."""
    spool = Spool(tmp_path / "spool", _now)
    for _ in range(2):
        spool.keep(BOOKING, source="carrier")
        with Ingest(Settings(store=tmp_path)) as ingest:
            take_spool(ingest, tmp_path / "spool", _now)
    assert Journal(tmp_path / "journal").last()[0] == 1
    assert list((tmp_path / "spool").iterdir()) == []


def test_an_archive_taken_in_part_before_a_crash_is_taken_to_its_end(tmp_path: Path) -> None:
    """Of two messages in a spooled archive the first was journaled: the second is taken, once, and the file removed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("booking.json", BOOKING)
        archive.writestr("entry.xml", ENTRY)
        archive.writestr("README.md", "words")
    Spool(tmp_path / "spool", _now).keep(held.getvalue(), source="port")
    with Ingest(Settings(store=tmp_path)) as ingest:
        list(ingest.take([Message(BOOKING, ARRIVAL - HOUR, "as the first run journaled it")]))
        arrived = take_spool(ingest, tmp_path / "spool", _now)
        assert (arrived.files, dict(arrived.skipped)) == (1, {"documentation or a licence": 1})
        assert (ingest.tally.duplicates, dict(ingest.tally.taken)) == (1, {"ferry_booking": 1, "ens": 1})
    assert [entry.raw for entry in Journal(tmp_path / "journal").entries()] == [BOOKING, ENTRY]
    assert list((tmp_path / "spool").iterdir()) == []


def test_following_ends_at_a_word(tmp_path: Path) -> None:
    """What waits is taken before the word is heeded."""
    Spool(tmp_path / "spool", _now).keep(BOOKING, source="carrier")
    words, told = Pipe(duplex=False)
    told.send("stop")
    with Ingest(Settings(store=tmp_path)) as ingest:
        assert follow(ingest, tmp_path / "spool", _now, words).files == 1
    assert Journal(tmp_path / "journal").last()[0] == 1


def test_the_command_follows_until_sigterm(tmp_path: Path) -> None:
    """`aftc ingest --follow` says where it listens, and ends with its tally when it is told to stop."""
    Spool(tmp_path / "spool", _now).keep(BOOKING, source="carrier")
    command = [str(AFTC), "ingest", "--follow", "--store", str(tmp_path), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        assert "as they come" in process.stderr.readline()
        os.kill(process.pid, signal.SIGTERM)
        answer, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert '"taken": 1' in answer
