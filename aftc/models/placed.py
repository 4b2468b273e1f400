"""Where a store keeps its bundles, and which of them is current.

bundles/DIGEST/     every bundle that was ever promoted here: past scores replay with them
current             the digest of the promoted one
keys/bundle.pem     the signing key, for its owner alone
keys/bundle.pub     the trusted key
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from aftc.errors import BundleError
from aftc.models.bundle import Bundle, load_bundle
from aftc.models.signing import load_public_key

__all__ = ["current_digest", "load_placed", "placed_folder", "private_key_path", "public_key_path"]

CURRENT: Final = "current"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def private_key_path(store: Path) -> Path:
    """The store's signing key."""
    return store / "keys" / "bundle.pem"


def public_key_path(store: Path) -> Path:
    """The key that the store's bundles are verified with."""
    return store / "keys" / "bundle.pub"


def placed_folder(store: Path, digest: str) -> Path:
    """Folder of a placed bundle."""
    return store / "bundles" / digest


def current_digest(store: Path) -> str:
    """Digest of the promoted bundle.

    Raises:
        BundleError: none is promoted, or the file holds something else.
    """
    path = store / CURRENT
    try:
        digest = path.read_text().strip()
    except OSError as error:
        raise BundleError(
            "a promoted bundle",
            error.strerror or "none",
            advice="run 'aftc train' and 'aftc promote' first",
            subject=str(path),
        ) from error
    if not _DIGEST.fullmatch(digest):
        raise BundleError(
            "the digest of a bundle", repr(digest[:80]), advice="promote a bundle again", subject=str(path)
        )
    return digest


def load_placed(store: Path, digest: str) -> Bundle:
    """Verify and load a placed bundle.

    Raises:
        BundleError: it is not there, altered, not signed by the store's key, or is not the one asked for.
    """
    folder = placed_folder(store, digest)
    bundle = load_bundle(folder, load_public_key(public_key_path(store)))
    if bundle.digest != digest:
        raise BundleError(
            f"the bundle {digest[:12]}", f"{bundle.digest[:12]}", advice="promote it again", subject=str(folder)
        )
    return bundle
