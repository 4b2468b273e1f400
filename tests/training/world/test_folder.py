"""A world's folder: made aside, moved when complete, refused where there is no room."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from aftc.errors import InputError
from training.world.folder import Staging, no_room


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """What is made appears at the end, in an empty folder too; what fails leaves nothing."""
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with Staging(tmp_path / name) as staged:
            (staged / "letter").write_text("here")
            assert not (tmp_path / name / "letter").exists()
        assert (tmp_path / name / "letter").read_text() == "here"
    with pytest.raises(RuntimeError), Staging(tmp_path / "failed"):
        raise RuntimeError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "new"]


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    """The rest of an earlier run is removed before the next begins."""
    (tmp_path / ".world.partial" / "messages").mkdir(parents=True)
    with Staging(tmp_path / "world") as staged:
        assert list(staged.iterdir()) == []


def test_two_runs_do_not_make_one_folder(tmp_path: Path) -> None:
    """A second run is refused while the first is at work, and leaves it alone."""
    with Staging(tmp_path / "world") as staged:
        (staged / "letter").write_text("first")
        with pytest.raises(InputError, match="another run that makes it"), Staging(tmp_path / "world"):
            pass
    assert (tmp_path / "world" / "letter").read_text() == "first"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "No space left on device; nothing was left there"),
        (errno.EDQUOT, "quota exceeded"),
        (errno.EFBIG, "ulimit -f"),
    ],
)
def test_where_there_is_no_room_it_is_told(tmp_path: Path, number: int, told: str) -> None:
    """A full disk, a quota and a limit on files each say how much is needed, where, and what to do."""
    error = no_room(OSError(number, "as the system says"), tmp_path / "absent" / "world", 250_000_000)
    assert error is not None
    assert told in error.found
    assert f"room for about 250 MB in {tmp_path / 'absent' / 'world'}" == error.expected
    assert "--consignments" in error.advice


def test_other_errors_are_no_lack_of_room(tmp_path: Path) -> None:
    """A missing permission is not told as a full disk."""
    assert no_room(PermissionError(errno.EACCES, "Permission denied"), tmp_path, 1) is None
