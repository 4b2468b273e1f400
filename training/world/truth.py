"""The truth of a world as a table: one row a consignment, in an order that says nothing.

Nothing but `--truth` reads it; no message carries any of it.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from training.world.consignments import MODES
from training.world.imagined import World
from training.world.threats import THREATS

__all__ = ["truth_file", "truth_table"]


def truth_table(world: World) -> pa.Table:
    """The truth.

    Columns: `document` (identity: house bill, else master bill, road consignment note, or the booking reference of
    an empty movement), `unit_number` (its first unit), `mode`, `arrival` (scheduled, event time, microseconds UTC),
    `y_any` and `y_THREAT` (what is aboard), `p_any` and `p_THREAT` (the oracle), `legacy_score`.
    """
    consignments, units, schemes = world.traffic.consignments, world.traffic.units, world.schemes
    documents = [world.traffic.reference(row) for row in range(len(consignments.document))]
    columns = {
        "document": pa.array(documents),
        "unit_number": pa.array([units.number[unit] for unit in consignments.unit.tolist()]),
        "mode": pa.array([MODES[mode].value for mode in consignments.mode.tolist()]),
        "arrival": pa.array(units.arrival[consignments.unit]),
        "y_any": pa.array(schemes.y_any),
        **{f"y_{threat.value}": pa.array(schemes.y[:, index]) for index, threat in enumerate(THREATS)},
        "p_any": pa.array(schemes.p_any),
        **{f"p_{threat.value}": pa.array(schemes.p[:, index]) for index, threat in enumerate(THREATS)},
        "legacy_score": pa.array(world.scores),
    }
    return pa.table(columns).take(pa.array(np.argsort(np.array(documents))))


def truth_file(world: World) -> bytes:
    """The table as a Parquet file."""
    file = BytesIO()
    pq.write_table(truth_table(world), file, compression="zstd")
    return file.getvalue()
