"""What the report's models see."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aftc.clock import SECOND
from training.world.imagined import World
from training.world.observed import earlier, observe

ROWS = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 8)), min_size=1, max_size=30)


@given(rows=ROWS, events=st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 8)), max_size=30))
def test_earlier_counts_as_counting_does(rows: list[tuple[int, int]], events: list[tuple[int, int]]) -> None:
    """The number of earlier events of the same key equals that of a plain count."""
    key, at = (np.array([each[part] for each in rows]) for part in (0, 1))
    event_key, event_at = (np.array([each[part] for each in events], dtype=np.int64) for part in (0, 1))
    naive = [sum(other == own and then < now for other, then in events) for own, now in rows]
    assert earlier(key, at * SECOND, event_key, event_at * SECOND).tolist() == naive


def test_columns_hold_no_truth(small: World) -> None:
    """Only history may hold finds, and only earlier ones: the first arrival of all has none."""
    seen = observe(small)
    first = int(np.argmin(small.traffic.units.arrival[small.traffic.consignments.unit]))
    assert np.nansum(seen.history[first].reshape(-1, 4)[:, :3]) == 0
    assert len(seen.raw) == len(seen.mismatches) == small.parameters.consignments
