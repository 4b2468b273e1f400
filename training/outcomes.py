"""Outcomes as labels see them: the last revision of each examination, its ids followed to those that stand now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, Final

import pyarrow as pa

from aftc.clock import Instant
from aftc.records import OutcomeKind, Threat

__all__ = ["COLUMNS", "Outcome", "first_issues", "latest_outcomes", "successors"]

COLUMNS: Final = (
    "sequence", "known_at", "examination_id", "revision", "unit_number", "outcome", "aboard", "finds",
    "issued_at", "combined_probability", "random_fired", "random_probability", "rule_fired",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One examination's last word.

    Attributes:
        known_at: When this revision was received.
        aboard: Consignments aboard the unit.
        finds: Threats found, each with the consignment that holds it; None labels the unit alone.
        issued_at: Event time of the selection.
        probability: Combined selection probability.
        random_probability: Chance of the random draw where it fired, else NaN.
        rule: Whether the legacy rule fired.
    """

    examination_id: str
    known_at: Instant
    kind: OutcomeKind
    unit_number: str
    aboard: tuple[str, ...]
    finds: tuple[tuple[Threat, str | None], ...]
    issued_at: Instant
    probability: float
    random_probability: float
    rule: bool

    @property
    def examined(self) -> bool:
        """Whether the unit was examined: only then is the outcome a label."""
        return self.kind in (OutcomeKind.POSITIVE, OutcomeKind.NEGATIVE)


def latest_outcomes(outcomes: pa.Table, into: Mapping[str, str]) -> tuple[Outcome, ...]:
    """The last revision of each examination, in the order in which they became known.

    A revision sent again changes nothing; one that came before what it is about is known when that came.

    Args:
        outcomes: `COLUMNS` of the lake's outcomes, any order.
        into: Successors of consignments that were taken over, from `successors`.
    """
    rows = sorted(
        outcomes.select(COLUMNS).to_pylist(), key=lambda row: (row["revision"], bool(row["aboard"]), -row["sequence"])
    )
    last = {row["examination_id"]: row for row in rows}
    return tuple(_outcome(row, into) for row in sorted(last.values(), key=lambda row: row["sequence"]))


def successors(identities: Iterable[str], joined_into: Iterable[str | None]) -> dict[str, str]:
    """Who stands for a consignment that was taken over, chains followed to their end.

    Args:
        identities: Of the consignments.
        joined_into: Of the last version of each.
    """
    step = {identity: successor for identity, successor in zip(identities, joined_into, strict=True) if successor}
    return {identity: _end(identity, step) for identity in step}


def first_issues(outcomes: Iterable[Outcome]) -> dict[str, Instant]:
    """By consignment, the earliest issue of a selection of a unit that it was aboard, however it ended."""
    first: dict[str, Instant] = {}
    for outcome in outcomes:
        for identity in outcome.aboard:
            first[identity] = min(first.get(identity, outcome.issued_at), outcome.issued_at)
    return first


def _outcome(row: Mapping[str, Any], into: Mapping[str, str]) -> Outcome:
    finds = tuple(
        (Threat(find["threat"]), None if (named := find["consignment"]) is None else into.get(named, named))
        for find in row["finds"]
    )
    return Outcome(
        examination_id=row["examination_id"],
        known_at=row["known_at"],
        kind=OutcomeKind(row["outcome"]),
        unit_number=row["unit_number"],
        aboard=tuple(dict.fromkeys(into.get(each, each) for each in row["aboard"])),
        finds=finds,
        issued_at=row["issued_at"],
        probability=row["combined_probability"],
        random_probability=row["random_probability"] if row["random_fired"] else nan,
        rule=row["rule_fired"],
    )


def _end(identity: str, step: Mapping[str, str]) -> str:
    seen = {identity}
    while (successor := step.get(identity)) is not None and successor not in seen:
        seen.add(successor)
        identity = successor
    return identity
