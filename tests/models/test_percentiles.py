"""Percentiles: whole thousandths from the frozen table, ties below."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.errors import BundleError, TrainingError
from aftc.models.manifest import ALL_MODES, QuantileRow
from aftc.models.percentiles import Percentile, PercentileTable, quantile_values
from aftc.records import Mode, Threat

PROBABILITIES = st.floats(0, 1)


def _place(scores: list[float], probability: float) -> int:
    table = PercentileTable([QuantileRow(ALL_MODES, Threat.ANY, quantile_values(np.array(scores)))])
    return table.place(Mode.CONTAINER, Threat.ANY, probability).thousandths


@given(scores=st.lists(PROBABILITIES, min_size=1, max_size=50), probability=PROBABILITIES)
def test_place_is_the_share_of_lower_scores(scores: list[float], probability: float) -> None:
    """A place is the share of validation scores strictly below, rounded down to thousandths."""
    lower = sum(score < probability for score in scores)
    assert _place(scores, probability) == lower * 1000 // len(scores)


@given(scores=st.lists(PROBABILITIES, min_size=1, max_size=50))
def test_quantiles_are_scores_that_occurred(scores: list[float]) -> None:
    """The table holds 1,000 ascending values, all of them scores, the largest last."""
    values = quantile_values(np.array(scores))
    assert len(values) == 1000
    assert list(values) == sorted(values)
    assert set(values) <= set(scores)
    assert values[-1] == max(scores)


def test_ties_are_not_riskier_than_themselves() -> None:
    """A model that gives everyone one score puts everyone at 0, and a higher score at 1,000 thousandths."""
    assert _place([0.3] * 7, 0.3) == 0
    assert _place([0.3] * 7, 0.31) == 1000
    assert _place([0.1, 0.2, 0.2, 0.4], 0.2) == 250


def test_the_own_mode_comes_first() -> None:
    """A mode's own row is used where there is one, else that of all modes; without either it is an error."""
    own, everyone = (0.1,) * 1000, (0.9,) * 1000
    table = PercentileTable(
        [QuantileRow(Mode.CONTAINER, Threat.ANY, own), QuantileRow(ALL_MODES, Threat.ANY, everyone)]
    )
    assert table.place(Mode.CONTAINER, Threat.ANY, 0.5) == Percentile(1000, "container")
    assert table.place(Mode.AIR, Threat.ANY, 0.5) == Percentile(0, "all")
    with pytest.raises(BundleError, match="quantiles of cocaine for air or all"):
        table.place(Mode.AIR, Threat.COCAINE, 0.5)


def test_no_scores_make_no_quantiles() -> None:
    """Quantiles of nothing are refused."""
    with pytest.raises(TrainingError, match="at least one validation score"):
        quantile_values(np.empty(0))
