"""A store's name: what tells it from every other store, wherever its folder stands."""

from __future__ import annotations

import secrets
from pathlib import Path

__all__ = ["store_identity"]

_NAME = "identity"
_BYTES = 8


def store_identity(store: Path) -> str:
    """Name of a store (hex), drawn once; a copy or a restored backup of the store has the same.

    Args:
        store: Its folder; the caller is its one writer.
    """
    path = store / _NAME
    if not path.exists():
        begun = path.with_suffix(".begun")
        begun.write_text(secrets.token_hex(_BYTES), encoding="ascii")
        begun.rename(path)
    return path.read_text(encoding="ascii")
