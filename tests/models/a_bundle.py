"""A small bundle over the tiny boosters, for the tests of bundle and scorer."""

from __future__ import annotations

from functools import cache

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aftc.clock import parse_instant
from aftc.models.bundle import BundleContents
from aftc.models.calibration import Calibration
from aftc.models.manifest import ALL_MODES, CapacityThreshold, Manifest, Metric, QuantileRow, ThreatEntry
from aftc.models.percentiles import quantile_values
from aftc.records import Mode, Threat
from tests.models.tiny_trees import NAMES, Leaf, Split, booster_of
from training.export import InputSchema, ThreatModel, export

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CALIBRATION = Calibration(1.2, -0.3)
BOOSTER = booster_of(
    [
        Split(0, Split(2, Leaf(0.1, 5), Leaf(0.2, 3), codes=frozenset({3, 35})), Leaf(-0.4, 9), 0.7),
        Split(1, Leaf(0.3, 7), Split(0, Leaf(1.0, 4), Leaf(-0.7, 6), 2.5), -1.25),
    ]
)


@cache
def contents() -> BundleContents:
    """Contents with a model for any and a share of it for cocaine."""
    models = [ThreatModel(Threat.ANY, BOOSTER, CALIBRATION), ThreatModel(Threat.COCAINE, None, None, 0.25)]
    exported = export(models, InputSchema(NAMES))
    quantiles = quantile_values(np.linspace(0.0, 1.0, 500))
    manifest = Manifest(
        run_id="run-1",
        sequence=30_000,
        created=parse_instant("2026-03-01T00:00:00Z"),
        schema_digest="5c" * 32,
        features=NAMES,
        threats=(
            ThreatEntry(Threat.ANY, True, 1.0, CALIBRATION),
            ThreatEntry(Threat.COCAINE, False, 0.25, CALIBRATION),
        ),
        quantiles=(QuantileRow(ALL_MODES, Threat.ANY, quantiles), QuantileRow(Mode.CONTAINER, Threat.ANY, quantiles)),
        thresholds=(CapacityThreshold(ALL_MODES, Threat.ANY, 0.02, 0.9),),
        metrics=(Metric("average_precision", Threat.ANY, 0.5, 0.4, 0.6), Metric("rows", Threat.ANY, 500.0)),
    )
    return BundleContents(manifest, exported.graph, exported.trees, "# Card\n\nAll data is synthetic.\n")
