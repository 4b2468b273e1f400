"""What a store keeps of merges: the last proposals, beside the lake, and what was decided, in it.

Proposals are no history: a job makes them from the lake and the next one replaces them. What was decided is.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import to_builtins

from aftc.clock import Instant
from aftc.history.lake import Lake
from aftc.parties.agreement import Identifier
from aftc.parties.proposals import Proposal
from aftc.records import MergeEvidence
from aftc.records.merges import merge_id

__all__ = ["Decision", "decisions", "read_proposals", "write_proposals"]

PLACE: Final = Path("parties") / "proposals.parquet"
_EVIDENCE: Final = pa.struct(
    [
        ("comparison", pa.string()),
        ("one", pa.string()),
        ("other", pa.string()),
        ("level", pa.string()),
        ("weight", pa.float64()),
    ]
)
_SCHEMA: Final = pa.schema(
    [
        ("merge_id", pa.string()),
        ("keys", pa.list_(pa.string())),
        ("weight", pa.float64()),
        ("prior", pa.float64()),
        ("evidence", pa.list_(_EVIDENCE)),
        ("agreeing", pa.list_(pa.string())),
        ("against", pa.string()),
    ]
)
_UP_TO: Final = b"up_to"


@dataclass(frozen=True, slots=True)
class Decision:
    """The last word on two keys.

    Attributes:
        sequence, known_at: Of the message: features know of it from there on.
        applied: Whether they are merged.
    """

    sequence: int
    known_at: Instant
    keys: tuple[str, str]
    applied: bool
    decided_by: str
    decided_at: Instant
    reason: str

    @property
    def merge_id(self) -> str:
        """Name of the pair."""
        return merge_id(*self.keys)


def write_proposals(store: Path, proposals: Sequence[Proposal], up_to: int) -> Path:
    """Put proposals in the place of those before, whole or not at all.

    Args:
        store: The store's folder.
        proposals: In the order to be shown.
        up_to: The last message that they know.
    """
    path = store / PLACE
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    rows = [{"merge_id": each.merge_id, **to_builtins(each)} for each in proposals]
    table = pa.Table.from_pylist(rows, schema=_SCHEMA)
    pq.write_table(table.replace_schema_metadata({_UP_TO: str(up_to)}), unfinished)
    unfinished.rename(path)
    return path


def read_proposals(store: Path) -> tuple[list[Proposal], int]:
    """The last proposals and the last message that they know; none and 0 where no job has run."""
    path = store / PLACE
    if not path.exists():
        return [], 0
    table = pq.read_table(path)
    return [
        Proposal(
            keys=(row["keys"][0], row["keys"][1]),
            weight=row["weight"],
            prior=row["prior"],
            evidence=tuple([MergeEvidence(**each) for each in row["evidence"]]),
            agreeing=tuple(map(Identifier, row["agreeing"])),
            against=row["against"],
        )
        for row in table.to_pylist()
    ], int(table.schema.metadata[_UP_TO])


def decisions(lake: Lake) -> dict[str, Decision]:
    """The last word on each pair of keys that was ever decided, by the name of the pair."""
    columns = ("sequence", "known_at", "one", "other", "applied", "decided_by", "decided_at", "reason")
    found = {}
    for sequence, known_at, one, other, *decided in zip(
        *(column.to_pylist() for column in lake.read("aliases", columns=columns).columns), strict=True
    ):
        decision = Decision(sequence, known_at, (one, other), *decided)
        found[decision.merge_id] = decision
    return found
