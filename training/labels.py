"""Labels: what an examination says of the consignments aboard, and of the unit itself.

A find that names a consignment makes it positive for that threat and the others aboard negative. A find that names
none labels the unit: where it is the only kind of find, none of the unit's consignments is a row; where another
find of the same examination names one, the threat found without a name stays unknown for all aboard. A unit
with one consignment aboard names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aftc.records import OutcomeKind, Threat
from training.outcomes import Outcome

__all__ = ["FOUND", "NOT_FOUND", "THREATS", "UNKNOWN", "Labels", "label_consignments", "label_units", "verdicts"]

THREATS: Final = tuple(Threat)
FOUND: Final = 1
NOT_FOUND: Final = 0
UNKNOWN: Final = -1
_ANY: Final = THREATS.index(Threat.ANY)


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What is known of n consignments or units, one row each.

    Attributes:
        found: int8[n, threats in the order of `THREATS`], `FOUND`, `NOT_FOUND` or `UNKNOWN`.
        known_at: int64[n], when the last label became known (instant); 0 without one.
        probability: float64[n], chance to be selected, over all examinations; NaN without a label.
        random_probability: float64[n], chance of the random draws that fired: the random stratum; NaN elsewhere.
        rule: bool[n], the legacy rule fired.
    """

    found: NDArray[np.int8]
    known_at: NDArray[np.int64]
    probability: NDArray[np.float64]
    random_probability: NDArray[np.float64]
    rule: NDArray[np.bool_]

    @property
    def examined(self) -> NDArray[np.bool_]:
        """bool[n]: at least one threat is known to be there or not."""
        return np.asarray((self.found != UNKNOWN).any(axis=1))

    def of(self, threat: Threat) -> NDArray[np.int8]:
        """int8[n]: one threat's labels."""
        return self.found[:, THREATS.index(threat)]


def verdicts(outcome: Outcome) -> NDArray[np.int8] | None:
    """int8[aboard, threats] that one examination gives its consignments; None where it gives none.

    A positive without any find says nothing of which threat it was or where: it labels the unit alone.
    """
    aboard = outcome.aboard
    sole = aboard[0] if len(aboard) == 1 else None
    named = [(threat, consignment or sole) for threat, consignment in outcome.finds]
    table = np.full((len(aboard), len(THREATS)), NOT_FOUND, dtype=np.int8)
    if outcome.kind is OutcomeKind.NEGATIVE:
        return table
    if not any(consignment in aboard for _, consignment in named):
        return None
    for threat, consignment in named:
        if consignment not in aboard:
            table[:, [_ANY, THREATS.index(threat)]] = UNKNOWN
    for threat, consignment in named:
        if consignment in aboard:
            table[aboard.index(consignment), [_ANY, THREATS.index(threat)]] = FOUND
    return table


def label_consignments(outcomes: Iterable[Outcome], rows: Mapping[str, int]) -> Labels:
    """Labels of consignments.

    Args:
        outcomes: Last revisions.
        rows: Row of each consignment; others aboard are passed over.
    """
    labels = _blank(len(rows))
    for outcome in outcomes:
        table = verdicts(outcome) if outcome.examined else None
        if table is None:
            continue
        for identity, verdict in zip(outcome.aboard, table, strict=True):
            if identity in rows:
                _enter(labels, rows[identity], verdict, outcome)
    return labels


def label_units(outcomes: Iterable[Outcome], units: Mapping[str, int], count: int) -> Labels:
    """Labels of units: a threat found anywhere in the unit makes it positive, named or not.

    Args:
        outcomes: Last revisions.
        units: By examination, the unit's row; examinations of unknown units are passed over.
        count: How many units there are.
    """
    labels = _blank(count)
    for outcome in outcomes:
        if not outcome.examined or outcome.examination_id not in units:
            continue
        verdict = np.full(len(THREATS), NOT_FOUND, dtype=np.int8)
        if outcome.kind is OutcomeKind.POSITIVE:
            verdict[[_ANY, *(THREATS.index(threat) for threat, _ in outcome.finds)]] = FOUND
        _enter(labels, units[outcome.examination_id], verdict, outcome)
    return labels


def _blank(count: int) -> Labels:
    return Labels(
        found=np.full((count, len(THREATS)), UNKNOWN, dtype=np.int8),
        known_at=np.zeros(count, dtype=np.int64),
        probability=np.full(count, np.nan),
        random_probability=np.full(count, np.nan),
        rule=np.zeros(count, dtype=np.bool_),
    )


def _enter(labels: Labels, row: int, verdict: NDArray[np.int8], outcome: Outcome) -> None:
    """Add a verdict: a find outweighs a doubt, a doubt outweighs a clear examination."""
    first = np.isnan(labels.probability[row])
    held = labels.found[row]
    doubt = (held == UNKNOWN) | (verdict == UNKNOWN)
    joined = np.where((held == FOUND) | (verdict == FOUND), FOUND, np.where(doubt, UNKNOWN, NOT_FOUND))
    labels.found[row] = verdict if first else joined
    for chances, chance in (
        (labels.probability, outcome.probability),
        (labels.random_probability, outcome.random_probability),
    ):
        if not isnan(chance):
            chances[row] = 1.0 - (1.0 - (0.0 if isnan(chances[row]) else chances[row])) * (1.0 - chance)
    labels.known_at[row] = max(int(labels.known_at[row]), outcome.known_at)
    labels.rule[row] |= outcome.rule
