"""A consignment's timeline: every message about it, in order, with the joins that it brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftc.clock import DAY, HOUR
from aftc.config import Settings
from aftc.errors import UnknownSubject
from aftc.history.lake import Lake
from aftc.records import Handling, Message
from aftc.streams import detection, ferry_booking, selector
from aftc.testing import ARRIVAL, a_booking, a_detection, a_selector
from serving.ingest import Ingest
from serving.timeline import timeline, timeline_payload, timeline_text


@pytest.fixture(scope="module")
def lake(made_store: Path) -> Lake:
    """The small store's lake, read only."""
    return Lake(made_store / "lake")


def test_the_lorry_of_the_first_day(lake: Lake) -> None:
    """Three versions and an examination with a find, each with its message's number, in order."""
    made = timeline(lake, "CMR-0")
    assert [entry.what.split(":")[0] for entry in made.entries][:3] == ["version 1", "version 2", "version 3"]
    assert made.entries[-1].what.endswith("positive (cannabis)")
    numbers = [entry.sequence for entry in made.entries]
    assert numbers == sorted(numbers)


def test_joins_stand_with_the_message_that_brought_them(lake: Lake) -> None:
    """Where nothing waited for its consignment, a version's links carry its message's number and no other's."""
    for entry in timeline(lake, "OCEAN0001").entries:
        assert all(link.sequence == entry.sequence for link in entry.links)
    assert any(entry.links for entry in timeline(lake, "OCEAN0001").entries)


def test_id_and_document_name_the_same(lake: Lake) -> None:
    """Either reference gives the same timeline."""
    by_document = timeline(lake, "ocean 0002")
    assert timeline(lake, by_document.consignment_id) == by_document


def test_a_taken_over_id_ends_with_its_successor(lake: Lake, consignment_ids: tuple[str, ...]) -> None:
    """The placeholder of a booking says which consignment took it over."""
    versions = lake.read("versions", columns=("consignment_id", "joined_into")).to_pylist()
    taken = next(row for row in versions if row["joined_into"] is not None)
    last = timeline(lake, taken["consignment_id"]).entries[-1]
    assert last.what == f"version 2: taken over by {taken['joined_into']}"
    assert taken["joined_into"] in consignment_ids


def test_text_and_json_tell_the_same(lake: Lake) -> None:
    """Every entry is in both."""
    made = timeline(lake, "CMR-1")
    payload = timeline_payload(made)
    assert isinstance(payload["entries"], list)
    assert len(payload["entries"]) == len(made.entries)
    assert all(entry.what in timeline_text(made) for entry in made.entries)


def test_an_unknown_reference_is_told(lake: Lake) -> None:
    """Nothing of this name is an error with advice, not an empty timeline."""
    with pytest.raises(UnknownSubject, match="name a consignment id"):
        timeline(lake, "NOWHERE")


def test_detections_and_selectors_are_shown(tmp_path: Path) -> None:
    """A match stands with the message that made it and its handling code, its end too; a scan says why it was made."""
    messages = [
        (ferry_booking.build(a_booking()), ARRIVAL - 4 * DAY),
        (selector.build(a_selector()), ARRIVAL - 3 * DAY),
        (selector.build(a_selector(selector_id="S-2", handling=Handling.ORIGINATOR)), ARRIVAL - 2 * DAY),
        (selector.build(a_selector(version=1, withdrawn=True)), ARRIVAL - DAY),
        (detection.build(a_detection()), ARRIVAL + HOUR),
    ]
    with Ingest(Settings(store=tmp_path / "store")) as ingest:
        for _ in ingest.take(Message(raw, at, "a test") for raw, at in messages):
            pass
    made = timeline(Lake(tmp_path / "store" / "lake"), a_booking().booking_reference)
    text = timeline_text(made)
    said = {each.sequence: each.said for each in made.entries if each.said}
    first = "selector Partner Agency North/S-1 version 0, stated as assessment, handling H2: graded B3, matches vehicle"
    assert said[2] == (first,)
    assert "handling H3: what it matches on stays with Partner Agency North" in said[3][0]
    assert said[4] == (f"no longer: {first}",)
    assert "x_ray of AB12 CDE at GBDVR, 2026-" in text
    assert "directed by EX-1: anomaly (80 % sure)" in text
    assert str(a_selector().text) not in text
