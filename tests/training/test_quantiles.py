"""The manifest's tables: quantiles by mode and threat, and what a capacity takes."""

from __future__ import annotations

import numpy as np
import pytest

from aftc.errors import TrainingError
from aftc.models.manifest import ALL_MODES
from aftc.models.percentiles import PercentileTable
from aftc.records import Mode, Threat
from training.labels import THREATS
from training.quantiles import capacity_thresholds, quantile_rows

SCORES = np.linspace(0, 1, 2_000)[:, None].repeat(len(THREATS), 1)
MODES = np.where(np.arange(2_000) < 500, Mode.CONTAINER.value, Mode.RORO_ACCOMPANIED.value)


def test_every_mode_that_occurred_has_its_own_quantiles() -> None:
    """1,000 values for each threat, for all modes and for the two of validation; others fall back to all."""
    rows = quantile_rows(SCORES, MODES)
    assert {row.mode for row in rows} == {ALL_MODES, Mode.CONTAINER, Mode.RORO_ACCOMPANIED}
    assert len(rows) == 3 * len(THREATS)
    assert {len(row.values) for row in rows} == {1_000}
    table = PercentileTable(rows)
    assert table.place(Mode.CONTAINER, Threat.ANY, 0.1).thousandths == 400
    assert table.place(Mode.AIR, Threat.ANY, 0.1).among == ALL_MODES
    assert table.place(Mode.AIR, Threat.ANY, 0.1).thousandths == 100


@pytest.mark.parametrize("share", [0.01, 0.02, 0.05])
def test_a_threshold_leaves_the_capacity_above(share: float) -> None:
    """Of 2,000 scores the share asked for lies above the threshold, none more."""
    (found,) = [
        each.probability
        for each in capacity_thresholds(SCORES, MODES)
        if (each.mode, each.threat, each.capacity) == (ALL_MODES, Threat.ANY, share)
    ]
    assert int((SCORES[:, 0] > found).sum()) == share * 2_000


def test_without_decision_points_there_is_no_table() -> None:
    """An empty validation part is an error, not an empty table."""
    with pytest.raises(TrainingError):
        quantile_rows(np.empty((0, len(THREATS))), np.empty(0, dtype=np.str_))
