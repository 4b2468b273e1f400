"""The merges of parties as a lake knows them at a message."""

from __future__ import annotations

from aftc.features.aliases import Aliases
from aftc.history.lake import Lake

__all__ = ["known_aliases"]


def known_aliases(lake: Lake, *, up_to: int | None = None) -> Aliases:
    """Whose histories are summed together, as known at message `up_to`, or at the newest."""
    rows = lake.read("aliases", up_to=up_to, columns=("sequence", "key", "members"))
    return Aliases.of(*(rows[name].to_pylist() for name in rows.column_names))
