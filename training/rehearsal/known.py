"""What is known of a world's consignments at their decision points: the catalogue's vectors, labels as recorded."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from aftc.config import Settings
from aftc.records import Threat
from training import decision_points as points
from training.labels import Labels, label_consignments
from training.outcomes import first_issues
from training.rehearsal.memory import MemoryStore
from training.weights import inverse_probability
from training.world.dispatch import Delivery, Dispatch

_Message = TypeVar("_Message", bound=Dispatch | Delivery)

__all__ = ["Known", "in_order", "known"]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One consignment a row, in the order of their moments.

    Attributes:
        document: As linking states it; the truth names consignments alike.
        mode: Mode of arrival as the version states it.
        moment: int64[n], when the decision falls due (instant).
        vectors: float64[n, features of the catalogue], NaN where missing.
        labels: As recorded.
        weight: float64[n], inverse selection probability, 0 where nothing was examined.
    """

    document: tuple[str, ...]
    mode: tuple[str, ...]
    moment: NDArray[np.int64]
    vectors: NDArray[np.float64]
    labels: Labels
    weight: NDArray[np.float64]

    @property
    def found(self) -> NDArray[np.int8]:
        """int8[n]: whether any threat was found; -1 where nobody looked."""
        return self.labels.of(Threat.ANY)


def in_order(messages: Iterable[_Message]) -> list[_Message]:
    """Messages as they were received, those that were lost left out."""
    received = [(message.received, message.stream, message.name, message) for message in messages if message.received]
    return [message for *_, message in sorted(received, key=lambda each: each[:3])]


def known(messages: Iterable[Dispatch | Delivery], settings: Settings) -> Known:
    """Take all messages of a world and say what was known of each consignment when it was to be decided on.

    Args:
        messages: In any order.
        settings: The time window of linking, the leads of the cut-off.
    """
    store = MemoryStore(settings)
    held = in_order(messages)
    gc.collect()
    gc.freeze()  # the messages stay until all are taken: walking them again and again cost a fifth of the time
    try:
        store.take(held)
    finally:
        gc.unfreeze()
    outcomes = store.outcomes()
    versions = store.versions()
    versions = versions.append_column("place", pa.array(np.arange(len(versions))))
    # Equal moments keep this order, which is that of the lake's reader.
    versions = versions.sort_by([("sequence", "ascending"), ("consignment_id", "ascending")])
    chosen = points.decision_points(versions, first_issues(outcomes), settings, horizon=store.known_at)
    rows = versions.take(pa.array(chosen.position))
    labels = label_consignments(outcomes, {each: row for row, each in enumerate(rows["consignment_id"].to_pylist())})
    return Known(
        document=tuple(rows["document"].to_pylist()),
        mode=tuple(rows["mode"].to_pylist()),
        moment=chosen.moment,
        vectors=store.vectors(rows["place"].to_numpy()),
        labels=labels,
        weight=inverse_probability(labels.probability).values,
    )
