"""Native messages in folders."""

from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path

import pytest

from aftc.clock import SECOND, Instant, parse_instant
from aftc.streams import ferry_booking
from aftc.streams.spool import scan
from aftc.testing import a_booking
from training.world import native
from training.world.dispatch import Delivery
from training.world.native import MessageFolder, NativeMessages, arrived


def _fill(folder: Path, count: int) -> tuple[str, dict[str, tuple[Instant, bytes]]]:
    """Write messages named by the digest of their number; the folder's digest and what was written."""
    written = {}
    messages = MessageFolder(folder)
    for number in range(count):
        name, raw = sha256(b"%d" % number).hexdigest() + ".json", b"%d" % number
        written[name] = (number * SECOND, raw)
        messages.put(name, number * SECOND, raw)
    return messages.close(), written


def _read(folder: Path) -> dict[str, tuple[Instant, bytes]]:
    found = {}
    for sidecar in folder.rglob("received.csv"):
        with sidecar.open(encoding="ascii") as lines:
            for row in csv.DictReader(lines):
                path = sidecar.parent / row["file"]
                found[path.name] = (parse_instant(row["received"]), path.read_bytes())
    return found


@pytest.mark.parametrize(("count", "parts"), [(100, 0), (101, 16), (300, 16)])
def test_very_many_messages_are_split(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int, parts: int) -> None:
    """Up to the limit all stand in one folder; beyond, in one for each first sign, each with its own sidecar."""
    monkeypatch.setattr(native, "MOST_FILES", 100)
    _, written = _fill(tmp_path / "week", count)
    assert _read(tmp_path / "week") == written
    folders = [path for path in (tmp_path / "week").iterdir() if path.is_dir()]
    assert len(folders) == parts
    assert len(list((tmp_path / "week").rglob("received.csv"))) == max(parts, 1)
    assert all(path.name[0] == path.parent.name for path in (tmp_path / "week").glob("*/*.json"))


def test_the_digest_tells_contents_names_and_times(tmp_path: Path) -> None:
    """Equal folders have equal digests; one more message changes it."""
    assert _fill(tmp_path / "first", 20)[0] == _fill(tmp_path / "second", 20)[0] != _fill(tmp_path / "third", 21)[0]


def test_what_arrived_is_written_where_ingest_finds_it(tmp_path: Path) -> None:
    """A record in its stream's format, or as it arrived; nothing of a lost message; each with its time."""
    record = a_booking()
    whole = Delivery("ferry_booking", "WHOLE", 5 * SECOND, record, ())
    cut = Delivery("ferry_booking", "CUT", 7 * SECOND, record, (), ("truncated",), b'{"half')
    lost = Delivery("ferry_booking", "LOST", None, record, (), ("lost",))
    with NativeMessages(tmp_path, "week-003") as messages:
        assert [messages.put(each) for each in (whole, cut, lost)] == [True, True, False]
    folder = tmp_path / "messages" / "ferry_booking" / "week-003"
    assert messages.digests.keys() == {"messages/ferry_booking/week-003"}
    assert arrived(whole) == ferry_booking.build(record)
    assert (folder / "WHOLE.json").read_bytes() == ferry_booking.build(record)
    assert (folder / "CUT.json").read_bytes() == b'{"half'
    found = {file.path.name: file.known_at for file in scan([tmp_path]) if file.skipped is None}
    assert found == {"WHOLE.json": 5 * SECOND, "CUT.json": 7 * SECOND}
