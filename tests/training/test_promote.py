"""Promotion: whole or not at all, refused where altered, undone by one command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aftc.errors import BundleError, InputError
from aftc.models.bundle import MANIFEST
from aftc.models.placed import current_digest, load_placed, placed_folder
from training.promote import copy_bundle, promote, roll_back

Make = Callable[[Path, Path, int], None]


@pytest.fixture
def other(store: Path, tmp_path: Path, make_bundle: Make) -> Path:
    """A bundle of the store that is not promoted yet."""
    make_bundle(store, tmp_path / "other", 2)
    return tmp_path / "other"


def test_promotion_and_its_undoing(store: Path, other: Path) -> None:
    """The new bundle is current, rolling back returns to the first, rolling back again to the new one."""
    first = current_digest(store)
    made = promote(store, other)
    assert (current_digest(store), made.previous, made.run_id) == (made.digest, first, "run-2")
    assert load_placed(store, made.digest).manifest.run_id == "run-2"
    undone = roll_back(store)
    assert (current_digest(store), undone.digest, undone.previous) == (first, first, made.digest)
    assert roll_back(store).digest == current_digest(store) == made.digest


def test_promoting_the_current_bundle_again_changes_nothing(store: Path, other: Path) -> None:
    """What to roll back to stays what it was."""
    first = current_digest(store)
    promote(store, other)
    again = promote(store, other)
    assert current_digest(store) == again.digest
    assert roll_back(store).digest == first


@pytest.mark.parametrize("name", ["model.onnx", "trees.npz", "card.md", "manifest.json", "manifest.sig"])
def test_an_altered_bundle_is_refused(store: Path, other: Path, name: str) -> None:
    """One flipped bit in any file: the file is named, the current bundle stays, nothing is placed."""
    first, placed = current_digest(store), set(placed_folder(store, "x").parent.iterdir())
    raw = bytearray((other / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (other / name).write_bytes(raw)
    with pytest.raises(BundleError, match=MANIFEST if name == "manifest.sig" else name):
        promote(store, other)
    assert current_digest(store) == first
    assert set(placed_folder(store, "x").parent.iterdir()) == placed


class Stopped(BaseException):
    """The machine stops."""


@pytest.mark.parametrize("step", range(12))
def test_a_promotion_stopped_anywhere_leaves_a_working_store(
    store: Path, other: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Stopped at its n-th sync to disk, a sound bundle is current; promoting again completes."""
    first, left, sync = current_digest(store), iter(range(step)), os.fsync

    def stop(descriptor: int) -> None:
        if next(left, None) is None:
            raise Stopped
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", stop)
    stopped = False
    try:
        promote(store, other)
    except Stopped:
        stopped = True
    monkeypatch.setattr(os, "fsync", sync)
    assert stopped == (step < 10)
    assert load_placed(store, current_digest(store)).digest in {first, promote(store, other).digest}
    assert roll_back(store).digest == first


def test_nothing_to_roll_back_to(store: Path) -> None:
    """A store with one promotion says what to do instead."""
    with pytest.raises(InputError, match="aftc promote"):
        roll_back(store)


def test_a_previous_bundle_that_was_altered_is_refused(store: Path, other: Path) -> None:
    """Rolling back verifies first; the current bundle stays."""
    first = current_digest(store)
    now = promote(store, other).digest
    (placed_folder(store, first) / "card.md").write_text("# Another card")
    with pytest.raises(BundleError, match=r"card\.md"):
        roll_back(store)
    assert current_digest(store) == now


def test_a_bundle_is_exported_whole_into_a_new_folder(store: Path, other: Path, tmp_path: Path) -> None:
    """Byte for byte the same files; a folder that is there is never written into."""
    copy_bundle(store, other, tmp_path / "out" / "bundle")
    copied = {each.name: each.read_bytes() for each in (tmp_path / "out" / "bundle").iterdir()}
    assert copied == {each.name: each.read_bytes() for each in other.iterdir()}
    with pytest.raises(InputError, match="a new folder"):
        copy_bundle(store, other, tmp_path / "out" / "bundle")
