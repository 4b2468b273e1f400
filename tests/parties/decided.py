"""Decisions about parties, for tests."""

from __future__ import annotations

from typing import Any

from aftc.records import PartyMerge
from aftc.testing import ARRIVAL

__all__ = ["a_merge"]


def a_merge(keys: tuple[str, ...] = ("E|GB123456789000", "N|FRUIT HARBOUR|GB|CT161AA"), **given: Any) -> PartyMerge:
    """A merge of two keys, or with `applied=False` its reversal."""
    one, other = keys
    defaults: dict[str, Any] = {
        "keys": (one, other),
        "applied": True,
        "decided_by": "officer-17",
        "decided_at": ARRIVAL,
        "reason": "same name and address",
    }
    return PartyMerge(**{**defaults, **given})
