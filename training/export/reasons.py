"""The gate of the tree tables: reasons computed from them are LightGBM's own, and sum to the margin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from aftc.errors import ExportError
from aftc.models.reasons import contributions_batch
from aftc.models.tables import TreeTables
from training.export.parity import Fitted
from training.export.probes import Ranges, random_rows

__all__ = ["REASON_ROWS", "check_reasons"]

REASON_ROWS: Final = 64  # LightGBM takes some 12 ms for each of a large model
TOLERANCE: Final = 1e-6  # the promise of replies: contributions sum to the margin within this, in log-odds


def check_reasons(
    tables: Sequence[TreeTables], fitted: Sequence[Fitted], names: tuple[str, ...], *, seed: int = 0
) -> float:
    """Compare contributions with LightGBM's on `REASON_ROWS` random vectors for each fitted threat.

    Returns:
        The largest difference of a contribution, or of their sum from the margin, relative to 1 + the largest of the
        vector's contributions.

    Raises:
        ExportError: a difference above `TOLERANCE`; names threat, row and feature.
    """
    worst = 0.0
    ranges = Ranges.of([each.ensemble for each in fitted], len(names))
    rows = random_rows(ranges, REASON_ROWS, np.random.default_rng(seed))
    for own, each in zip(tables, fitted, strict=True):
        found = contributions_batch(own, rows)
        wanted = np.asarray(each.booster.predict(rows, pred_contrib=True, num_threads=1), dtype=np.float64)
        margins = np.asarray(each.booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)
        off = np.column_stack([np.abs(found - wanted), np.abs(found.sum(axis=1) - margins)])
        off /= 1.0 + np.abs(wanted).max(axis=1, keepdims=True)
        if not off.max() <= TOLERANCE:
            row, column = np.unravel_index(int(np.nanargmax(off)), off.shape)
            label = (*names, "the expected margin", "the sum of all")[int(column)]
            raise ExportError(f"LightGBM's contribution of {label}", f"{off[row, column]:.3g} beside it in row {row}")
        worst = max(worst, float(off.max()))
    return worst
