"""The truth table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from aftc.records import Threat
from training.truth import read_truth
from training.world.cast import Cast
from training.world.consignments import MODES
from training.world.networks import METHODS
from training.world.simulation import Week
from training.world.threats import THREATS
from training.world.truth import truth_table

_THREATS = [threat.value for threat in THREATS]
_REASONS = ["rule", "selector", "intelligence", "random"]
_TYPES = {
    **dict.fromkeys(("document", "unit_number", "mode"), pa.string()),
    **dict.fromkeys(("week", "arrival"), pa.int64()),
    **dict.fromkeys(("origin", "route", "hs_code"), pa.string()),
    "value_pence": pa.int64(),
    **dict.fromkeys(("y_any", *(f"y_{each}" for each in _THREATS)), pa.bool_()),
    **dict.fromkeys(("p_any", *(f"p_{each}" for each in _THREATS), "legacy_score"), pa.float64()),
    **dict.fromkeys(("scheme", "method"), pa.string()),
    "network": pa.int64(),
    **dict.fromkeys((*(f"p_{each}" for each in _REASONS), "p_combined"), pa.float64()),
    **dict.fromkeys((*(f"fired_{each}" for each in _REASONS), "selected"), pa.bool_()),
    "outcome": pa.string(),
    **dict.fromkeys(("examined", "found_any", *(f"found_{each}" for each in _THREATS)), pa.bool_()),
    "recorded": pa.int64(),
}


def test_columns_are_as_documented(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Names, order and types are those of the page, the same in every week, and nothing is null but `recorded`."""
    for week in small_weeks:
        table = truth_table(small_cast, week)
        assert {field.name: field.type for field in table.schema} == _TYPES
        assert table.column_names == list(_TYPES)
        assert {name for name in table.column_names if table[name].null_count} == {"recorded"}


def test_the_page_names_every_column() -> None:
    """The documentation's table of truth has each column, or the form that stands for a threat's or a reason's."""
    page = (Path(__file__).parents[3] / "docs" / "world.md").read_text(encoding="utf-8")
    table = page[page.index("### Truth") : page.index("## ", page.index("### Truth") + 4)]
    for name in _TYPES:
        stem, _, end = name.partition("_")
        form = f"{stem}_THREAT" if end in _THREATS else f"{stem}_REASON" if end in _REASONS else name
        assert f"`{form}`" in table


def test_every_consignment_has_a_row(small_cast: Cast, small_weeks: list[Week]) -> None:
    """A week's rows are its consignments, each under the identity by which messages know it."""
    for week in small_weeks:
        traffic = week.arrivals.traffic
        documents = truth_table(small_cast, week)["document"].to_pylist()
        assert documents == [traffic.reference(row) for row in range(len(traffic.consignments.unit))]
        assert len(set(documents)) == len(documents)
        assert all(documents)


def test_truth_is_that_of_the_world(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Each row holds its consignment's truth, oracle, unit, goods and legacy score."""
    threats = [each for each in Threat if each is not Threat.ANY]
    for week in small_weeks:
        traffic = week.arrivals.traffic
        for place, row in enumerate(truth_table(small_cast, week).to_pylist()):
            assert row["unit_number"] == traffic.units.number[int(traffic.consignments.unit[place])]
            assert row["y_any"] == any(row[f"y_{threat}"] for threat in threats)
            assert np.isclose(row["p_any"], 1 - np.prod([1 - row[f"p_{threat}"] for threat in threats]))
            assert row["legacy_score"] == week.arrivals.scores[place]
            assert row["value_pence"] == traffic.consignments.value[place]
            assert row["mode"] == MODES[int(traffic.consignments.mode[place])].value
            assert (row["scheme"] == "") == (row["method"] == "") == (week.arrivals.schemes.threat[place] < 0)
            assert (row["hs_code"] == "") == (row["origin"] == "") == (traffic.consignments.consignor[place] < 0)
            assert row["method"] in {"", *METHODS}


def test_selection_and_outcome_are_of_the_unit_that_hides(small_cast: Cast, small_weeks: list[Week]) -> None:
    """Chances, outcome and time of record are those of the unit where a find would be made; found is what was found."""
    for week in small_weeks:
        examinations, selections = week.examinations, week.selections
        rows = truth_table(small_cast, week).to_pylist()
        for row, unit, found in zip(rows, examinations.hiding.tolist(), examinations.found.tolist(), strict=True):
            assert row["selected"] == (row["outcome"] != "") == (row["recorded"] is not None)
            assert row["examined"] == (row["outcome"] in ("positive", "negative"))
            assert row["selected"] == any(row[f"fired_{reason}"] for reason in _REASONS)
            assert row["p_combined"] == selections.combined[unit]
            assert row["recorded"] in (None, examinations.recorded[unit])
            assert [row[f"found_{threat}"] for threat in _THREATS] == found
            assert row["found_any"] <= (row["outcome"] == "positive")
            assert row["found_any"] <= row["y_any"]


def test_routes_are_written_as_documented(large_truth: dict[str, npt.NDArray[Any]]) -> None:
    """A ferry route's number, or two ports, or two airports."""
    for mode, route in set(zip(large_truth["mode"].tolist(), large_truth["route"].tolist(), strict=True)):
        ends = route.split("-")
        assert (len(ends) == 1 and route.isdigit()) if mode.startswith("roro") else [len(end) for end in ends] == [5, 5]


def test_evaluation_can_read_it(small_cast: Cast, small_weeks: list[Week], tmp_path: Path) -> None:
    """The reader of truth takes what the world writes."""
    table = pa.concat_tables([truth_table(small_cast, week) for week in small_weeks]).sort_by("document")
    pq.write_table(table, tmp_path / "truth.parquet")
    assert len(read_truth(tmp_path).row) == small_cast.parameters.consignments
