"""The quarantine: what could not be read, why, and whether it has been retried since.

Rows come from the lake; the bytes are in the journal. A retry never changes a row: that there was one is told by the
digest, since the state knows the newest entry of the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from aftc.clock import Instant
from aftc.errors import UnknownFormat, UnknownSubject
from aftc.history.lake import Lake

__all__ = ["Cause", "Held", "Quarantine", "Wanted", "cause"]

CAUSE_CHARACTERS = 200
_NUMBER = re.compile(r"(?<![\w-])[0-9]+(?!\w)")


class Cause(NamedTuple):
    """What messages in quarantine are counted by: one kind of fault, whatever the numbers in its words.

    Attributes:
        stream: The stream that recognised the message, or `unrecognised`.
        reason: The class of the error in a word or two.
        words: What was expected, with N for numbers; of an unknown format, what the message looks like.
    """

    stream: str
    reason: str
    words: str


def cause(stream: str, reason: str, expected: str, found: str) -> Cause:
    """The cause of one refusal.

    >>> cause("cuscar", "malformed", "UNT to count 3 segments", "4")
    Cause(stream='cuscar', reason='malformed', words='UNT to count N segments')
    """
    words = found if reason == UnknownFormat.reason else _NUMBER.sub("N", expected)
    return Cause(stream, reason, words[:CAUSE_CHARACTERS])


@dataclass(frozen=True, slots=True)
class Held:
    """A message in quarantine.

    Attributes:
        sequence: Its number in the journal, by which it is named.
        digest: SHA-256 of its bytes (hexadecimal).
        retried_as: Number of the newest entry of the same bytes; None where it is this one.
    """

    sequence: int
    known_at: Instant
    source: str
    digest: str
    size: int
    stream: str
    reason: str
    stage: str
    expected: str
    found: str
    advice: str
    retried_as: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are asked for; None leaves a condition out.

    Attributes:
        reason: Their reason, or a part of it.
        stream: Their stream, or `unrecognised`.
        since: Received at or after this instant.
    """

    reason: str | None = None
    stream: str | None = None
    since: Instant | None = None


class Quarantine:
    """The messages in quarantine.

    Args:
        lake: The store's lake.
        number_of: Sequence of the newest message of a SHA-256, as the state knows it.
    """

    def __init__(self, lake: Lake, number_of: Callable[[bytes], int | None]) -> None:
        self._rows = lake.read("quarantine")
        self._number_of = number_of

    def __len__(self) -> int:
        return len(self._rows)

    def held(self, wanted: Wanted, limit: int | None = None) -> tuple[list[Held], int]:
        """The newest messages asked for, newest first, and how many there are in all."""
        rows = self._wanted(wanted)
        order = pc.sort_indices(rows, sort_keys=[("sequence", "descending")])
        shown = rows.take(order[:limit] if limit is not None else order)
        return [self._held(row) for row in shown.to_pylist()], len(rows)

    def named(self, sequence: int) -> Held:
        """One message.

        Raises:
            UnknownSubject: none of this number is in quarantine.
        """
        rows = self._rows.filter(pc.equal(self._rows["sequence"], sequence)).to_pylist()
        if not rows:
            advice = "name one as 'aftc quarantine list' does"
            raise UnknownSubject("a message in quarantine", "none of this number", advice=advice, subject=str(sequence))
        return self._held(rows[0])

    def causes(self, wanted: Wanted) -> Counter[Cause]:
        """How many messages there are of each cause."""
        columns = self._wanted(wanted).select(("stream", "reason", "expected", "found")).to_pydict().values()
        return Counter(cause(*row) for row in zip(*columns, strict=True))

    def _wanted(self, wanted: Wanted) -> pa.Table:
        rows = self._rows
        if wanted.reason is not None:
            rows = rows.filter(pc.match_substring(rows["reason"], wanted.reason))
        if wanted.stream is not None:
            rows = rows.filter(pc.equal(rows["stream"], wanted.stream))
        if wanted.since is not None:
            rows = rows.filter(pc.greater_equal(rows["known_at"], wanted.since))
        return rows

    def _held(self, row: dict[str, Any]) -> Held:
        held = Held(**row)
        newest = self._number_of(bytes.fromhex(held.digest))
        return held if newest in (None, held.sequence) else replace(held, retried_as=newest)
