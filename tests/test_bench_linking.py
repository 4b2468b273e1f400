"""The bench of linking: how pairs are judged, and a world too small to prove anything."""

from __future__ import annotations

from pathlib import Path

from benchmarks.linked import Ended
from benchmarks.linking import measure
from benchmarks.linking_pairs import judge
from training.world.parameters import WorldParameters

MODES = {"X": "air", "Y": "air"}


def test_a_consignment_under_another_name_is_right() -> None:
    """What is known by its booking alone is named by what its messages are about."""
    judged = judge([Ended(1, "ferry_booking", {"C1": "booking"})], {1: ("X",)}, MODES, {"C1": "BK-1"})
    assert (judged.overall.right, judged.overall.wrong, judged.overall.missing) == (1, 0, 0)
    assert judged.names == {"C1": "X"}


def test_of_two_halves_one_is_wrong() -> None:
    """A consignment split in two keeps its name in the larger half; the other's pairs are wrong, and missing there."""
    taken = [Ended(1, "ens", {"C1": "a"}), Ended(2, "ens", {"C1": "a"}), Ended(3, "gmr", {"C2": "b"})]
    judged = judge(taken, {1: ("X",), 2: ("X",), 3: ("X",)}, MODES, {})
    assert (judged.overall.precision, judged.overall.recall) == (2 / 3, 2 / 3)
    assert (judged.split, judged.merged) == ({"X"}, set())
    assert judged.by_key["b"].wrong == 1


def test_a_message_in_the_wrong_place_is_a_merge() -> None:
    """A consignment that holds a message about another is merged, and the pair of the other is missing."""
    taken = [Ended(1, "ens", {"C1": "a"}), Ended(2, "ens", {"C1": "a"}), Ended(3, "gmr", {"C1": "b"})]
    judged = judge(taken, {1: ("X",), 2: ("X",), 3: ("Y",)}, MODES, {})
    assert (judged.merged, judged.by_stream["gmr"].missing) == ({"C1"}, 1)


def test_the_tables_go_into_the_page(tmp_path: Path) -> None:
    """Both worlds are made, ingested, judged and told, and every mode, stream and key has its row."""
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: begin -->\n<!-- measured: end -->\n")
    told: list[str] = []
    world = WorldParameters(seed=3, days=7, consignments=200)
    measured = measure(tmp_path / "stores" / "store", world, page, told.append)
    assert len(told) == 2
    assert len(measured["gates"]) == 4
    assert measured["text"] in page.read_text()
    assert measured["worlds"]["usual"]["true_consignments"] == 200
    for row in ("| `roro_accompanied` |", "| `xffm` |", "| transport_document |"):
        assert row in measured["text"]
