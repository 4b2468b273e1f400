"""Train and serve: vectors read online as messages come, and vectors made in batch from the lake's sightings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from aftc.clock import DAY
from aftc.features import batch, online
from aftc.features.assembly import assemble
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import Extract, Owned
from aftc.features.sightings import sight
from aftc.features.testing import apply_step, decisions_of, random_history
from aftc.overlay import MemoryState, Overlay
from aftc.state import Writer

Sight = Callable[..., NDArray[np.int64]]


def differing_vectors(seed: int, longest_gap: int, seen: Sight = sight) -> tuple[int, int]:
    """How many vectors differ in any bit between online and batch, and how many there are."""
    state, rows, served = MemoryState(), [], []
    extracts: list[tuple[int, Extract]] = []
    for step in random_history(seed, messages=120, longest_gap=longest_gap):
        made, sightings = apply_step(state, step, seen)
        rows.append(sightings)
        for each in made:
            sums = online.window_sums(state, SCHEMA, each.slots, each.owners, day=each.day)
            served.append(assemble(SCHEMA, each.facts[None], sums[None])[0])
            extracts.append((step.sequence, each))
    sums = batch.window_sums(SCHEMA, np.concatenate(rows), decisions_of(extracts))
    trained = assemble(SCHEMA, np.array([each.facts for _, each in extracts]), sums)
    pairs = zip(served, trained, strict=True)
    return sum(one.tobytes() != other.tobytes() for one, other in pairs), len(served)


@pytest.mark.parametrize("longest_gap", [DAY // 4, 3 * DAY, 60 * DAY])
@pytest.mark.parametrize("seed", range(4))
def test_no_bit_differs_between_training_and_serving(seed: int, longest_gap: int) -> None:
    """0 differing bits, with amendments, take-overs, late outcomes, corrections and years of history."""
    differing, count = differing_vectors(seed, longest_gap)
    assert count > 100
    assert differing == 0


class SkipsOne:
    """`sight`, but one of its updates reaches the lake alone."""

    def __init__(self, skipped: int) -> None:
        self._left = skipped

    def sight(self, writer: Writer, owned: Sequence[Owned], *, sequence: int, day: int) -> NDArray[np.int64]:
        """As `sight`; what it writes is lost when its turn has come."""
        update = Overlay(writer)
        rows = sight(update, owned, sequence=sequence, day=day)
        self._left -= bool(len(rows))
        if self._left == 0 and len(rows):
            return rows
        return sight(writer, owned, sequence=sequence, day=day)


@pytest.mark.parametrize("skipped", [1, 10, 50])
def test_a_skipped_online_update_is_caught(skipped: int) -> None:
    """The check has teeth: one update lost among hundreds makes vectors differ."""
    assert differing_vectors(1, 3 * DAY, SkipsOne(skipped).sight)[0] > 0
