"""Examinations: what became of every selected unit, what was found, and when and how it was recorded.

Six outcome kinds occur. Whether a selected unit is examined depends on capacity and chance, never on what is
aboard. An examination finds what is there with a sensitivity below one; the record comes hours to days later,
sometimes wrong at first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aftc.clock import DAY, HOUR, MINUTE
from aftc.records import OutcomeKind
from training.world.conduct import Carriage
from training.world.draws import Draws
from training.world.parameters import Flags, Floats, Ints
from training.world.schemes import Schemes
from training.world.selection import Selections
from training.world.threats import SENSITIVITY, THREATS
from training.world.traffic import Traffic

__all__ = ["KINDS", "MEANS_OF_SEARCH", "Examinations", "draw_examinations"]

KINDS = (
    OutcomeKind.POSITIVE,
    OutcomeKind.NEGATIVE,
    OutcomeKind.NO_SHOW,
    OutcomeKind.MISSED,
    OutcomeKind.INSUFFICIENT_RESOURCES,
    OutcomeKind.TARGET_WITHDRAWN,
)
_POSITIVE, _NEGATIVE, _NO_SHOW, _MISSED, _CAPACITY, _WITHDRAWN = range(len(KINDS))
MEANS_OF_SEARCH = ("scan and search", "dog", "documents and search", "full strip")
# Chance of each means of search, by mode in the order of `MODES`.
_AT_HAND = np.array(
    ((0.5, 0.2, 0.2, 0.1), (0.6, 0.1, 0.2, 0.1), (0.6, 0.05, 0.25, 0.1), (0.4, 0.2, 0.4, 0.0), (0.6, 0.3, 0.1, 0.0))
)
# What each means of search sees of each method (in the order of `METHODS`, then of no method), over the threat's own
# sensitivity: the project's own choice.
_SEES = np.array(
    (
        (1.0, 1.0, 0.95, 0.9, 0.9, 1.0, 0.85, 1.0),
        (0.95, 1.0, 0.95, 0.95, 0.8, 1.0, 0.6, 1.0),
        (0.9, 0.95, 1.0, 0.8, 0.6, 0.9, 1.0, 0.9),
        (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
    )
)
_MISSED_SHARE = 0.04
_WITHDRAWN_SHARE = 0.025
_BUSY = 1.25  # a day's capacity over the mean number selected; what comes beyond is turned away
_STAFF_SHORT = 0.02  # share turned away on any day
_NAMED = 0.86  # share of finds in shared units whose consignment the officer names
_CORRECTED = 0.02  # share of examinations first recorded wrongly


@dataclass(frozen=True, slots=True)
class Examinations:
    """Outcomes of the selected units, and finds by consignment.

    Attributes:
        kind: int64 [units], index in `KINDS`, -1 where not selected.
        means: int64 [units], index in `MEANS_OF_SEARCH`, how it is or would be searched.
        found: bool [consignments, threats], what was found.
        hiding: int64 [consignments], the unit that hides what a consignment carries.
        named: bool [units], whether finds name their consignment.
        corrected: bool [units], whether the first record was wrong.
        started: Instants [units].
        ended: Instants [units].
        recorded: Instants [units] of the first record; a correction follows days later.
    """

    kind: Ints
    means: Ints
    found: Flags
    hiding: Ints
    named: Flags
    corrected: Flags
    started: Ints
    ended: Ints
    recorded: Ints

    @property
    def examined(self) -> Flags:
        """Bool [units], whether the unit was searched."""
        return np.isin(self.kind, (_POSITIVE, _NEGATIVE))


def draw_examinations(
    draws: Draws, traffic: Traffic, schemes: Schemes, method: Ints, carriage: Carriage, selections: Selections
) -> Examinations:
    """What became of every selection; `method` [consignments] is that of the schemes, as in `Marks`."""
    rng = draws.of("examinations")
    count = len(selections.issued)
    kind = _outcomes(rng, traffic, carriage, selections)
    consignments = traffic.consignments
    hiding = consignments.unit + rng.integers(0, consignments.units)
    means = _means(rng, traffic)
    sensitivity = np.array([SENSITIVITY[threat] for threat in THREATS])
    seen = rng.random(schemes.y.shape) < sensitivity * _SEES[means[hiding], method][:, None]
    found = schemes.y & seen & (kind[hiding] == _NEGATIVE)[:, None]
    kind[hiding[found.any(axis=1)]] = _POSITIVE
    aboard = np.bincount(consignments.unit, minlength=count)
    started = traffic.units.arrival + rng.integers(20, 300, count) * MINUTE
    ended = started + rng.integers(30, 420, count) * MINUTE
    delay = (rng.lognormal(np.log(5.0), 0.9, count) * HOUR).astype(np.int64) // MINUTE * MINUTE
    return Examinations(
        kind=kind,
        means=means,
        found=found,
        hiding=hiding,
        named=(aboard <= 1) | (rng.random(count) < _NAMED),
        corrected=np.isin(kind, (_POSITIVE, _NEGATIVE)) & (rng.random(count) < _CORRECTED),
        started=started,
        ended=ended,
        recorded=ended + np.minimum(delay, 6 * DAY),
    )


def _means(rng: np.random.Generator, traffic: Traffic) -> Ints:
    """How each unit is searched: parcels by scan and dog, the others by what is at hand."""
    steps = np.cumsum(_AT_HAND, axis=1)[traffic.units.mode]
    return np.asarray((rng.random(len(steps))[:, None] * steps[:, -1:] > steps).sum(axis=1), dtype=np.int64)


def _outcomes(rng: np.random.Generator, traffic: Traffic, carriage: Carriage, selections: Selections) -> Ints:
    """Kinds [units] before anything is found: an examined unit is negative so far."""
    selected = selections.selected
    count = len(selected)
    pick: Floats = rng.random(count)
    kind = np.where(selected, _NEGATIVE, -1)
    kind[selected & (pick < _MISSED_SHARE)] = _MISSED
    kind[selected & (pick > 1.0 - _WITHDRAWN_SHARE)] = _WITHDRAWN
    kind[selected & (rng.random(count) < _STAFF_SHORT)] = _CAPACITY
    kind[_beyond_capacity(rng, traffic, kind == _NEGATIVE)] = _CAPACITY
    kind[selected & carriage.no_show] = _NO_SHOW
    return kind


def _beyond_capacity(rng: np.random.Generator, traffic: Traffic, waiting: Flags) -> Flags:
    """Units turned away on busy days: whichever come last in a random order, whatever their score."""
    days = traffic.units.arrival // DAY
    present, place = np.unique(days, return_inverse=True)
    capacity = max(1.0, _BUSY * float(waiting.sum()) / len(present))
    order = rng.permutation(len(days))
    turned = np.zeros(len(days), dtype=np.bool_)
    used = np.zeros(len(present), dtype=np.int64)
    for row in order[waiting[order]].tolist():
        used[place[row]] += 1
        turned[row] = used[place[row]] > capacity
    return turned
