"""The gate of the tree tables refuses tables that would explain another model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aftc.errors import ExportError
from tests.models.tiny_trees import FEATURES, NAMES, Leaf, Split, booster_of
from training.export.parity import Fitted
from training.export.reasons import check_reasons
from training.export.tables import tree_tables
from training.export.trees import read_ensemble

BOOSTER = booster_of([Split(0, Leaf(0.5, 3), Split(1, Leaf(1.0, 2), Leaf(-1.0, 7), 0.2), 0.7), Leaf(0.25, 12)])
ENSEMBLE = read_ensemble(BOOSTER, NAMES, "any")
FITTED = [Fitted(BOOSTER, ENSEMBLE, 0)]
TABLES = tree_tables(ENSEMBLE, FEATURES)


def test_true_tables_pass() -> None:
    """The tables of the booster itself differ by rounding alone, below 1e-12."""
    assert check_reasons([TABLES], FITTED, NAMES) < 1e-12


@pytest.mark.parametrize(
    ("name", "named"), [("cover", NAMES[0]), ("value", NAMES[0]), ("expected", "the expected margin")]
)
def test_altered_tables_are_refused(name: str, named: str) -> None:
    """Covers, values or an expected margin that are off by 1 % are refused, and what differs is named."""
    wrong = replace(TABLES, **{name: np.array(getattr(TABLES, name) * 1.01)})
    with pytest.raises(ExportError, match=f"LightGBM's contribution of ({named}|{NAMES[1]}|the sum of all)"):
        check_reasons([wrong], FITTED, NAMES)
