"""Feeds: where a policy's columns and labels come from as the weeks go by.

    observed     straight from the simulation, fast; history as known when each week begins
    catalogue    through the product's own path (`catalogue_feed`)

A feed is asked for a week's vectors before anyone is selected, and told the week when it is over.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from aftc.clock import Instant
from training.rehearsal.learner import Columns, Labelled
from training.rehearsal.running import Running, Seen, columns_of, labels_of
from training.world.cast import Cast
from training.world.parameters import Flags, Floats, Ints
from training.world.simulation import Arrivals, Week

__all__ = ["Feed", "ObservedFeed"]


class Feed(Protocol):
    """What a policy may see of a world under way."""

    def see(self, arrivals: Arrivals) -> Floats:
        """float64[consignments, columns]: what is known of a week's arrivals when they are to be decided on."""

    def columns(self) -> Columns:
        """How a learner takes the columns; known once a week was seen."""

    def conclude(self, week: Week) -> None:
        """Take in what became of the week that was seen last."""

    def labelled(self, at: Instant, largest_weight: float) -> Labelled:
        """All rows whose outcome was recorded up to a moment, with capped inverse selection probabilities."""


class ObservedFeed:
    """Columns straight from the simulation."""

    def __init__(self, cast: Cast) -> None:
        self._running = Running(cast)
        self._seen: Seen | None = None
        self._vectors: list[Floats] = []
        self._found: list[Flags] = []
        self._chance: list[Floats] = []
        self._recorded: list[Ints] = []

    def see(self, arrivals: Arrivals) -> Floats:
        """All families of observed columns."""
        self._seen = self._running.see(arrivals)
        return self._seen.everything

    def columns(self) -> Columns:
        """History is monotone in finds."""
        return columns_of(self._last())

    def conclude(self, week: Week) -> None:
        """Keep the rows that were examined."""
        seen = self._last()
        self._running.learn(seen, week)
        found, unit = labels_of(week), week.arrivals.traffic.consignments.unit
        looked = found >= 0
        self._vectors.append(seen.everything[looked])
        self._found.append(found[looked] == 1)
        self._chance.append(week.selections.combined[unit[looked]])
        self._recorded.append(week.examinations.recorded[unit[looked]])

    def labelled(self, at: Instant, largest_weight: float) -> Labelled:
        """What was recorded up to a moment."""
        known = np.concatenate(self._recorded) <= at
        weight = np.minimum(1.0 / np.concatenate(self._chance)[known], largest_weight)
        return Labelled(np.concatenate(self._vectors)[known], np.concatenate(self._found)[known], weight)

    def _last(self) -> Seen:
        if self._seen is None:
            raise ValueError("a week is seen before it is asked about")
        return self._seen
