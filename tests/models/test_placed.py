"""Where a store keeps its bundles: what `current` names is verified, and is what was asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aftc.errors import BundleError
from aftc.models.placed import current_digest, load_placed, placed_folder


def test_the_current_bundle_is_loaded(made_store: Path) -> None:
    """The digest that the store names is the digest of what is loaded."""
    digest = current_digest(made_store)
    assert load_placed(made_store, digest).digest == digest


def test_a_store_without_a_promoted_bundle_says_what_to_do(tmp_path: Path) -> None:
    """The next command is in the message."""
    with pytest.raises(BundleError, match="aftc promote"):
        current_digest(tmp_path)


@pytest.mark.parametrize("text", ["", "../keys", "A" * 64, "ab" * 31])
def test_what_is_no_digest_is_refused(tmp_path: Path, text: str) -> None:
    """`current` cannot lead out of the folder of bundles."""
    (tmp_path / "current").write_text(text)
    with pytest.raises(BundleError, match="the digest of a bundle"):
        current_digest(tmp_path)


def test_a_bundle_under_another_name_is_refused(store: Path) -> None:
    """A sound bundle that is not the one asked for is not taken for it."""
    other = "0" * 64
    shutil.copytree(placed_folder(store, current_digest(store)), placed_folder(store, other))
    with pytest.raises(BundleError, match="promote it again"):
        load_placed(store, other)
