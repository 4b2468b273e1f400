"""A consignment's timeline: every message about it, in order, with the joins that it brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftc.errors import UnknownSubject
from aftc.history.lake import Lake
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
