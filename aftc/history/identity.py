"""A store's name: what tells it from every other store, wherever its folder stands."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

__all__ = ["store_identity"]

_NAME = "identity"
_BYTES = 8


def store_identity(store: Path) -> str:
    """Name of a store (hex), drawn once; a copy or a restored backup of the store has the same.

    Args:
        store: Its folder. Of two callers that draw one at the same time, one does.
    """
    path = store / _NAME
    if not path.exists():
        name = secrets.token_hex(_BYTES)
        begun = path.with_suffix(f".{name}")
        begun.write_text(name, encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(begun)
        begun.unlink()
    return path.read_text(encoding="ascii")
