"""Running history of a world's observed columns: norms and entity history as known when each week begins.

What arrived in earlier weeks counts as sighted; what was examined counts from the moment its outcome was recorded.
Rows of one week see nothing of each other, so a policy that selects among a whole week is shown what it could know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from aftc.clock import DAY, Instant
from training.rehearsal.learner import Columns
from training.rehearsal.tallies import Tallies
from training.world.cast import Cast
from training.world.observed import CATEGORICAL, KEYS, Observer, Shown
from training.world.parameters import DAYS_A_WEEK, Flags, Floats, Ints
from training.world.simulation import Arrivals, Week

__all__ = ["HISTORY", "NORMS", "Running", "Seen", "beginning", "columns_of", "history_of", "labels_of"]

NORMS: Final = 2  # columns: pence per kilogram, grams per package
HISTORY: Final = (0, 0, 1, 1, 1, 1)  # monotone directions of one key's columns, see `history_of`
_LEAST: Final = 5  # sightings from which on there is a norm
_PRIOR_RATE, _PRIOR_WEIGHT = 0.03, 4.0  # a find rate starts from this, as if from so many examinations
_FADE: Final = 0.5 ** (1 / 4)  # a week: recent finds count half after four weeks
_SIGHTED, _EXAMINED, _FOUND, _LATELY_EXAMINED, _LATELY_FOUND = range(5)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a week's consignments, by family.

    Attributes:
        shown: What their own papers show.
        norms: float64 [consignments, NORMS], deviations from what is usual for goods and country.
        history: float64 [consignments, KEYS x HISTORY].
    """

    shown: Shown
    norms: Floats
    history: Floats

    @property
    def everything(self) -> Floats:
        """All families side by side."""
        return np.hstack([self.shown.raw, self.norms, self.shown.mismatches, self.history])


class Running:
    """Norms and history so far.

    Args:
        cast: Of the world.
        shuffled: Where given, the ids of every week are dealt out anew among its rows, so that history is of nobody.
    """

    def __init__(self, cast: Cast, *, shuffled: np.random.Generator | None = None) -> None:
        self._observer = Observer(cast)
        self._origin = cast.parameters.origin
        self._shuffled = shuffled
        self._norms = Tallies(1 + 2 * NORMS)
        self._history = [Tallies(5) for _ in KEYS]
        self._pending: list[_Outcomes] = []

    def see(self, arrivals: Arrivals) -> Seen:
        """What is known of a week's arrivals when their week begins."""
        at = beginning(self._origin, arrivals.number)
        self._learn_outcomes(at)
        shown = self._observer.show(arrivals)
        if self._shuffled is not None:
            shown = _dealt_anew(shown, self._shuffled)
        norms = _deviations(self._norms.of(shown.goods), shown.ratios)
        history = [history_of(each.of(key)) for each, key in zip(self._history, shown.keys.T, strict=True)]
        for columns, key in zip(history, shown.keys.T, strict=True):
            columns[key < 0] = np.nan
        return Seen(shown, norms, np.hstack(history))

    def learn(self, seen: Seen, week: Week) -> None:
        """Take a week into history: its arrivals now, its outcomes when they are recorded."""
        shown = seen.shown
        laden = shown.goods >= 0
        ratios = shown.ratios[laden]
        self._norms.add(shown.goods[laden], np.hstack([np.ones((len(ratios), 1)), ratios, ratios**2]))
        for tallies, key in zip(self._history, shown.keys.T, strict=True):
            tallies.fade(_LATELY)
            known = key[key >= 0]
            sighted = np.zeros((len(known), 5))
            sighted[:, _SIGHTED] = 1.0
            tallies.add(known, sighted)
        found, unit = labels_of(week), week.arrivals.traffic.consignments.unit
        looked = found >= 0
        recorded = week.examinations.recorded[unit]
        self._pending.append(_Outcomes(recorded[looked], shown.keys[looked], found[looked] == 1))

    def _learn_outcomes(self, at: Instant) -> None:
        """Take in what was recorded up to a moment."""
        left = []
        for outcomes in self._pending:
            due = outcomes.recorded <= at
            keys, found = outcomes.keys[due], outcomes.found[due].astype(np.float64)
            ones, none = np.ones(len(found)), np.zeros(len(found))
            amounts = np.column_stack([none, ones, found, ones, found])
            for tallies, key in zip(self._history, keys.T, strict=True):
                tallies.add(key[key >= 0], amounts[key >= 0])
            if not due.all():
                left.append(_Outcomes(outcomes.recorded[~due], outcomes.keys[~due], outcomes.found[~due]))
        self._pending = left


_LATELY: Final = np.array([1.0, 1.0, 1.0, _FADE, _FADE])


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """Examined consignments whose outcome is not yet known: when it will be, their keys, whether there was a find."""

    recorded: Ints
    keys: Ints
    found: Flags


def beginning(origin: Instant, week: int) -> Instant:
    """The instant at which a week begins."""
    return origin + week * DAYS_A_WEEK * DAY


def labels_of(week: Week) -> Ints:
    """int64 [consignments]: 1 where something was found, 0 where nothing, -1 where nothing is known.

    Outcomes are taken as finally recorded. A find that names no consignment labels the unit alone; what fills several
    containers is labelled by the first.
    """
    consignments, examinations = week.arrivals.traffic.consignments, week.examinations
    hiding = examinations.hiding
    found = examinations.found.any(axis=1)
    nameless = np.zeros(len(examinations.kind), dtype=np.bool_)
    nameless[hiding[found]] = ~examinations.named[hiding[found]]
    known = examinations.examined[consignments.unit] & ~nameless[consignments.unit]
    return np.where(known, (found & ~nameless[hiding]).astype(np.int64), -1)


def history_of(sums: Floats) -> Floats:
    """Sightings, examinations, finds, find rate, late finds and late find rate, from one key's sums."""
    rates = [
        (sums[:, found] + _PRIOR_RATE * _PRIOR_WEIGHT) / (sums[:, examined] + _PRIOR_WEIGHT)
        for examined, found in ((_EXAMINED, _FOUND), (_LATELY_EXAMINED, _LATELY_FOUND))
    ]
    return np.column_stack(
        [sums[:, _SIGHTED], sums[:, _EXAMINED], sums[:, _FOUND], rates[0], sums[:, _LATELY_FOUND], rates[1]]
    )


def columns_of(seen: Seen) -> Columns:
    """How a learner takes `Seen.everything`: more finds can only raise a score."""
    free = seen.shown.raw.shape[1] + NORMS + seen.shown.mismatches.shape[1]
    return Columns(CATEGORICAL, (*[0] * free, *HISTORY * len(KEYS)))


def _deviations(sums: Floats, ratios: Floats) -> Floats:
    """Standard deviations from the norm; NaN where too little is known."""
    count = sums[:, :1]
    mean = sums[:, 1 : 1 + NORMS] / np.maximum(count, 1)
    variance = sums[:, 1 + NORMS :] / np.maximum(count, 1) - mean**2
    return np.where(count >= _LEAST, (ratios - mean) / np.sqrt(np.maximum(variance, 1e-4)), np.nan)


def _dealt_anew(shown: Shown, rng: np.random.Generator) -> Shown:
    keys = shown.keys.copy()
    for place in range(keys.shape[1]):
        rows = np.flatnonzero(keys[:, place] >= 0)
        keys[rows, place] = keys[rng.permutation(rows), place]
    return Shown(shown.raw, shown.mismatches, shown.goods, shown.ratios, keys, shown.exact)
