"""The spool: what is acknowledged is on disk under a name that says when it was received."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from aftc.clock import HOUR
from aftc.errors import InputError
from aftc.streams.spool import load, order, scan
from aftc.testing import ARRIVAL
from serving.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """A spool whose clock stands at `ARRIVAL`."""
    return Spool(tmp_path / "spool", lambda: ARRIVAL)


def test_a_kept_message_is_taken_as_it_was_received(spool: Spool, tmp_path: Path) -> None:
    """The writer reads the same bytes, with the known-at of the acknowledgement."""
    kept = spool.keep(b"UNB+UNOA", source="port of Dover")
    (file,) = order(scan([tmp_path / "spool"]), ARRIVAL + HOUR)
    assert (kept.digest, kept.received_at) == (sha256(b"UNB+UNOA").hexdigest(), ARRIVAL)
    assert load(file, 0).raw == b"UNB+UNOA"
    assert (file.known_at, file.path.name) == (ARRIVAL, kept.name)


def test_an_earlier_hop_says_when_it_received(spool: Spool, tmp_path: Path) -> None:
    """A given received time is kept, and the writer orders by it."""
    spool.keep(b"later", source="a")
    spool.keep(b"earlier", source="b", received_at=ARRIVAL - HOUR)
    ordered = order(scan([tmp_path / "spool"]), ARRIVAL)
    assert [load(each, 0).raw for each in ordered] == [b"earlier", b"later"]


@pytest.mark.parametrize(
    ("raw", "source", "received_at"),
    [(b"", "a", None), (b"x", "a", ARRIVAL + HOUR), (b"x", "a", -1), (b"x", "a" * 300, None)],
    ids=["empty", "future", "before 1970", "long source"],
)
def test_what_cannot_be_kept_is_refused(
    spool: Spool, tmp_path: Path, raw: bytes, source: str, received_at: int | None
) -> None:
    """Nothing of a refused message is left in the spool."""
    with pytest.raises(InputError):
        spool.keep(raw, source=source, received_at=received_at)
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_hostile_source_stays_in_the_folder(spool: Spool, tmp_path: Path) -> None:
    """A source that looks like a path becomes part of a plain name."""
    kept = spool.keep(b"x", source="../../etc/passwd\n")
    assert [each.name for each in (tmp_path / "spool").iterdir()] == [kept.name]
    assert "/" not in kept.name


def test_an_unfinished_message_is_not_taken(tmp_path: Path) -> None:
    """A file that a killed process left half written is no message."""
    (tmp_path / ".123-0").write_bytes(b"half")
    assert order(scan([tmp_path]), ARRIVAL) == []
