"""What state and lake were derived with: one store keeps to it, or they would part from each other without a word.

The journal is what happened; state and lake are functions of it, of how records are linked, of the layout of keys,
measures and facts, of the lake's columns, and of the settings that reading and linking use. A store notes these when it
begins.
"""

from __future__ import annotations

import os
from pathlib import Path

from aftc.config import Settings
from aftc.errors import HistoryError
from aftc.features.catalogue import SCHEMA
from aftc.history.tables import columns_digest
from aftc.linking import REVISION

__all__ = ["bind_derivation", "require_derivation"]

NAME = "derivation"


def bind_derivation(settings: Settings) -> None:
    """Note what a new store derives with; hold an old one to it.

    Raises:
        HistoryError: the store was derived otherwise.
    """
    path = settings.store / NAME
    if path.exists():
        require_derivation(settings)
        return
    begun = path.with_suffix(f".{os.getpid()}")
    begun.write_text(_stated(settings))
    begun.rename(path)


def require_derivation(settings: Settings) -> None:
    """Hold a store to what it was derived with.

    Raises:
        HistoryError: it was derived otherwise, or never begun.
    """
    path: Path = settings.store / NAME
    held = path.read_text() if path.exists() else ""
    stated = _stated(settings)
    if held != stated:
        raise HistoryError(
            f"a store derived with {' '.join(stated.split())}",
            f"one with {' '.join(held.split()) or 'nothing noted'}",
            advice="set what it was derived with, or apply its journal to a new store: "
            "aftc ingest --from-store OLD --store NEW",
            subject=str(settings.store),
        )


def _stated(settings: Settings) -> str:
    return (
        f"layout={SCHEMA.layout}\n"
        f"lake={columns_digest()}\n"
        f"linking={REVISION}\n"
        f"link_window_hours={settings.link_window_hours}\n"
        f"max_message_bytes={settings.max_message_bytes}\n"
    )
