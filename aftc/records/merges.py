"""What is decided about parties: two keys are one party's, or not after all."""

from __future__ import annotations

from hashlib import sha256

from msgspec import Struct

from aftc.clock import Instant

__all__ = ["MergeEvidence", "PartyMerge", "merge_id"]


class MergeEvidence(Struct, frozen=True):
    """One step of a waterfall: what was compared, how it came out, and its weight (log2 of m / u)."""

    comparison: str
    one: str
    other: str
    level: str
    weight: float


class PartyMerge(Struct, frozen=True):
    """A decision about two party keys (`aftc.linking.parties`), in alphabetical order.

    `applied` merges them; false takes a merge back. `weight` and `evidence` are those of the proposal, which starts
    at the log2 odds `prior`; a decision without a proposal has none. `decided_at` is event time.
    """

    keys: tuple[str, str]
    applied: bool
    decided_by: str
    decided_at: Instant
    reason: str
    prior: float | None = None
    weight: float | None = None
    agreeing: tuple[str, ...] = ()
    evidence: tuple[MergeEvidence, ...] = ()
    flags: tuple[str, ...] = ()


def merge_id(one: str, other: str) -> str:
    """Name of the pair of two keys: the same whoever proposes or decides it.

    >>> merge_id("E|GB1", "N|X||") == merge_id("N|X||", "E|GB1")
    True
    """
    return sha256("\n".join(sorted((one, other))).encode()).hexdigest()[:16]
