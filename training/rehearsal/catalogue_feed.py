"""The catalogue as a feed: a week's messages go through the product's own path before anyone is selected.

A week's messages exist only when the week is drawn, since adversaries have a say in it. So those that were received
before it are taken as it begins: known-at never falls. Outcomes and what else a selection caused enter when received.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from aftc.clock import Instant
from aftc.config import Settings
from aftc.features.catalogue import SCHEMA
from aftc.records import Threat
from training.decision_points import NEVER, decision_points
from training.labels import label_consignments
from training.rehearsal.known import in_order
from training.rehearsal.learner import Columns, Labelled
from training.rehearsal.memory import MemoryStore
from training.rehearsal.running import beginning
from training.weights import inverse_probability
from training.world.cast import Cast
from training.world.deliveries import caused, told
from training.world.dispatch import Delivery, Dispatch
from training.world.parameters import Floats
from training.world.simulation import Arrivals, Week

__all__ = ["CatalogueFeed", "catalogue_columns"]


def catalogue_columns() -> Columns:
    """How a learner takes the catalogue's features."""
    coded = tuple(place for place, size in enumerate(SCHEMA.categorical_sizes) if size)
    return Columns(coded, tuple(SCHEMA.monotone))


class CatalogueFeed:
    """Vectors of the catalogue as it stands."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._settings = Settings()
        self._store = MemoryStore(self._settings)
        self._waiting: list[Dispatch | Delivery] = []
        self._consignments: list[str] = []
        self._vectors: list[Floats] = []

    def see(self, arrivals: Arrivals) -> Floats:
        """Vectors at the cut-off; empty ones of those that no message names."""
        until = beginning(self._cast.parameters.origin, arrivals.number + 1)
        first = len(self._store)
        messages = in_order([*self._waiting, *told(self._cast, arrivals)])
        self._waiting = [message for message in messages if (message.received or 0) >= until]
        self._store.take(messages[: len(messages) - len(self._waiting)])
        return self._decided(arrivals, first)

    def columns(self) -> Columns:
        """As the catalogue declares them."""
        return catalogue_columns()

    def conclude(self, week: Week) -> None:
        """What the selections caused waits for its time."""
        self._waiting.extend(caused(self._cast, week))

    def labelled(self, at: Instant, largest_weight: float) -> Labelled:
        """Labels of what outcomes told up to a moment."""
        into = self._store.successors()
        row_of = {into.get(each, each): row for row, each in enumerate(self._consignments)}
        outcomes = [outcome for outcome in self._store.outcomes() if outcome.known_at <= at]
        labels = label_consignments(outcomes, {each: place for place, each in enumerate(row_of)})
        found = labels.of(Threat.ANY)
        looked = found >= 0
        rows = np.fromiter(row_of.values(), np.int64, len(row_of))[looked]
        weight = inverse_probability(labels.probability, cap=largest_weight).values[looked]
        return Labelled(np.concatenate(self._vectors)[rows], found[looked] == 1, weight)

    def _decided(self, arrivals: Arrivals, first: int) -> Floats:
        """Vectors of the week's consignments from the versions that its messages made."""
        traffic = arrivals.traffic
        row_of = {traffic.reference(row): row for row in range(len(traffic.consignments.unit))}
        versions = self._store.versions(first)
        versions = versions.append_column("place", pa.array(first + np.arange(len(versions))))
        chosen = versions.take(pa.array(decision_points(versions, {}, self._settings, horizon=NEVER).position))
        chosen = chosen.filter(pc.is_in(chosen["document"], pa.array(list(row_of))))
        vectors = np.full((len(row_of), len(SCHEMA.features)), np.nan)
        rows = np.array([row_of[each] for each in chosen["document"].to_pylist()], dtype=np.int64)
        decided = self._store.vectors(chosen["place"].to_numpy())
        vectors[rows] = decided
        self._consignments.extend(chosen["consignment_id"].to_pylist())
        self._vectors.append(decided)
        return vectors
