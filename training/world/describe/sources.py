"""What a world's folder says of itself: `world.json`, and the two files of truth beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftc.errors import InputError
from training.world.describe.consignments import Consignments, read_consignments
from training.world.describe.messages import Messages, read_messages
from training.world.parameters import WorldParameters

__all__ = ["Source", "read_source"]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A world, read.

    Attributes:
        parameters: What it was made from.
        digest: SHA-256 over its files, as `world.json` states it.
        generator: SHA-256 over the sources that made it; empty where not stated.
    """

    parameters: WorldParameters
    digest: str
    generator: str
    consignments: Consignments
    messages: Messages


def read_source(folder: Path) -> Source:
    """Read a world's folder.

    Raises:
        InputError: it is not a world's folder, or its truth is missing or of another form.
    """
    written = _summary(folder / "world.json")
    consignments = read_consignments(folder / "truth" / "truth.parquet")
    return Source(
        parameters=WorldParameters.from_mapping(written["parameters"]),
        digest=str(written["digest"]),
        generator=str(written.get("generator", "")),
        consignments=consignments,
        messages=read_messages(folder / "truth" / "messages.parquet", consignments.documents),
    )


def _summary(path: Path) -> dict[str, Any]:
    advice = "give a folder that aftc world made"
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            "a world's world.json", error.strerror or str(error), advice=advice, subject=str(path)
        ) from error
    except ValueError as error:
        raise InputError("world.json as JSON", str(error), advice=advice, subject=str(path)) from error
    if not isinstance(written, dict) or not isinstance(written.get("parameters"), dict) or "digest" not in written:
        raise InputError("a world's parameters and digest", "a file without them", advice=advice, subject=str(path))
    return written
