"""The bench of linking: how pairs are judged, and a world too small to prove anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aftc.parties.mentions import Mention
from aftc.records import Party
from benchmarks.linked import Ended
from benchmarks.linking import measure
from benchmarks.linking_pairs import judge
from benchmarks.linking_parties import Known, judge_parties, key_used, writings
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


def _known(key: str | None, actor: str | None, mode: str = "air", name: str = "") -> Known:
    return Known(Mention(1, 0, "ens", 0, "consignee", Party(name=name or key), key), mode, actor)


def test_parties_are_judged_by_pairs() -> None:
    """Three mentions of one actor under two keys, and a stranger under one of them: one true pair made of three."""
    known = [_known("a", "X"), _known("a", "X"), _known("b", "X", "sea"), _known("a", "Y")]
    pairs = judge_parties(known, {})[""]
    assert (pairs.count.precision, pairs.count.recall, pairs.f1) == (1 / 3, 1 / 3, 1 / 3)
    merged = judge_parties(known, {"a": "a", "b": "a"}, lambda each: each.mode)
    assert (merged["sea"].count.precision, merged["sea"].count.recall) == (2 / 3, 1.0)


def test_what_names_nobody_makes_no_pair() -> None:
    """Goods to order have no actor and no key: nothing is made, nothing is missed."""
    pairs = judge_parties([_known(None, None), _known(None, None)], {})[""]
    assert (pairs.count.precision, pairs.count.recall, pairs.keys) == (1.0, 1.0, 2)


def test_a_writing_counts_once() -> None:
    """However often it is written so; written otherwise it is another."""
    known = [_known("a", "X"), _known("a", "X"), _known("a", "X", name="other")]
    assert len(writings(known)) == 2


def test_the_key_used_is_told_in_words() -> None:
    """Of what a name's key is made, and that a number outweighs it."""
    assert key_used(Party(eori="GB1", name="A"), "E|GB1") == "EORI"
    assert key_used(Party(name="A", postcode="1", city="B", country="GB"), "N|A|GB|1") == "name + country + postcode"
    assert key_used(Party(name="A", city="B"), "N|A||B") == "name + town"
    assert key_used(Party(name="A"), "N|A||") == "name alone"
    assert key_used(Party(), None) == "no key"


def test_the_tables_go_into_the_page(tmp_path: Path) -> None:
    """The worlds are made, ingested, judged and told, every seed has its column, every mode, stream and key its row."""
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: begin -->\n<!-- measured: end -->\n")
    told: list[str] = []
    world = WorldParameters(seed=3, days=7, consignments=200)
    measured = measure(tmp_path / "stores" / "store", [world, replace(world, seed=4)], page, told.append)
    assert len(told) == 4
    assert [list(gate["values"]) for gate in measured["gates"]] == [[3, 4]] * 6
    assert measured["text"] in page.read_text()
    assert measured["worlds"]["usual"]["true_consignments"] == 200
    for row in (
        "| gate | bound | seed 3 | seed 4 | median | worst | verdict |",
        "| `roro_accompanied` |",
        "| `xffm` |",
        "| transport_document |",
        "| `EORI` |",
        "| `notify` |",
        "| allowed by the rule |",
    ):
        assert row in measured["text"]
