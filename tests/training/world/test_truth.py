"""The truth table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aftc.records import Threat
from training.truth import read_truth
from training.world.imagined import World
from training.world.truth import truth_file, truth_table


def test_truth_has_a_row_a_consignment_in_an_order_that_says_nothing(small: World) -> None:
    """Every consignment once, by document; the order is unrelated to arrival and to what is aboard."""
    table = truth_table(small)
    documents = table["document"].to_pylist()
    assert documents == sorted({small.traffic.reference(row) for row in range(small.parameters.consignments)})
    arrival = np.array(
        [
            arrival
            for arrival, mode in zip(table["arrival"].to_pylist(), table["mode"].to_pylist(), strict=True)
            if mode == "container"
        ]
    )
    assert abs(np.corrcoef(arrival, np.arange(len(arrival)))[0, 1]) < 4 / np.sqrt(len(arrival))


def test_truth_is_that_of_the_world(small: World) -> None:
    """Each row holds its consignment's truth, oracle, unit and legacy score."""
    rows = {row["document"]: row for row in truth_table(small).to_pylist()}
    threats = [each for each in Threat if each is not Threat.ANY]
    for place in range(0, small.parameters.consignments, 7):
        row = rows[small.traffic.reference(place)]
        assert row["unit_number"] == small.traffic.units.number[int(small.traffic.consignments.unit[place])]
        assert row["y_any"] == any(row[f"y_{threat}"] for threat in threats)
        assert np.isclose(row["p_any"], 1 - np.prod([1 - row[f"p_{threat}"] for threat in threats]))
        assert row["legacy_score"] == small.scores[place]


def test_evaluation_can_read_it(small: World, tmp_path: Path) -> None:
    """The reader of truth takes what the world writes."""
    (tmp_path / "truth.parquet").write_bytes(truth_file(small))
    assert len(read_truth(tmp_path).row) == small.parameters.consignments
