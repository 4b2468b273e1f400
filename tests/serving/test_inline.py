"""An inline consignment finds its own history, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from aftc.config import Settings
from aftc.errors import InputError, StateError
from aftc.linking import link
from aftc.linking.keys import consignment_id
from aftc.overlay import MemoryState
from aftc.records import (
    AirWaybill,
    ConditionKind,
    ConsignmentVersion,
    DocumentReference,
    GoodsItem,
    SelectorCondition,
)
from aftc.state import View, Watermark
from aftc.testing import (
    ARRIVAL,
    a_bill,
    a_booking,
    a_container_entry,
    a_house_waybill,
    a_manifest,
    a_selector,
    a_selector_hit,
    a_version,
    an_air_waybill,
)
from serving.inline import resolve_inline, stored_version
from serving.scoring import Scoring

WATERMARK = Watermark((41, ARRIVAL))
OWN = consignment_id("document", "OCEAN0001")


@pytest.fixture
def known() -> MemoryState:
    """A state that knows the container of bill OCEAN0001 aboard movement MOWN."""
    state = MemoryState()
    version = a_version(consignment_id=OWN, movements=("MOWN",), joined_from=("MFORMER",))
    state.put("consignments", OWN.encode(), msgspec.msgpack.encode(version))
    return state


def test_a_known_document_brings_its_own_ids(known: MemoryState) -> None:
    """Id, movement and what was taken over come from the state: a score subtracts them all."""
    found = resolve_inline(known, a_version(consignment_id="", movements=()), WATERMARK)
    assert (found.consignment_id, found.movements, found.joined_from) == (OWN, ("MOWN",), ("MFORMER",))


def test_another_id_of_the_caller_still_finds_the_document(known: MemoryState) -> None:
    """A caller's own id is kept, and the rows under the document's id are still its own."""
    found = resolve_inline(known, a_version(consignment_id="CALLER", movements=("MCALLER",)), WATERMARK)
    assert (found.consignment_id, found.movements) == ("CALLER", ("MCALLER",))
    assert set(found.joined_from) == {OWN, "MOWN", "MFORMER"}


def test_an_unknown_document_owns_nothing() -> None:
    """A consignment that was never ingested has an id and a movement that no sighting has."""
    found = resolve_inline(MemoryState(), a_version(consignment_id="", movements=()), WATERMARK)
    assert (found.consignment_id, found.movements, found.joined_from) == (OWN, ("inline CSQU3054383",), ())


def test_the_clock_is_the_watermark() -> None:
    """Where the caller does not say, the version is as of the last applied message."""
    unsaid = replace(a_version(), known_at=0, sequence=0)
    found = resolve_inline(MemoryState(), unsaid, WATERMARK)
    assert (found.known_at, found.sequence) == (ARRIVAL, 41)
    said = resolve_inline(MemoryState(), a_version(), WATERMARK)
    assert (said.known_at, said.sequence) == (a_version().known_at, a_version().sequence)


def test_live_selectors_are_matched() -> None:
    """What a partner agency looks for is found in an inline consignment too, and the caller cannot state it."""
    state, number = MemoryState(), a_version().units[0].number
    box = a_selector(SelectorCondition(ConditionKind.CONTAINER, number))
    link(state, (box,), stream="selector", sequence=1, known_at=ARRIVAL, settings=Settings())
    stated = replace(a_version(), selectors=(a_selector_hit(selector_id="STATED"),))
    assert [each.selector_id for each in resolve_inline(state, stated, WATERMARK).selectors] == ["S-1"]
    assert resolve_inline(MemoryState(), stated, WATERMARK).selectors == ()


def _flown(waybill: AirWaybill) -> ConsignmentVersion:
    return a_version(consignment_id="", entry=None, manifest=None, waybill=waybill)


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        (a_version(consignment_id="", manifest=None), OWN),
        (a_version(consignment_id="", entry=None), OWN),
        (
            a_version(consignment_id="", entry=None, manifest=a_manifest(a_bill(house="HOUSE 7"))),
            consignment_id("document", "HOUSE7"),
        ),
        (_flown(a_house_waybill("mwf 1")), consignment_id("document", "MWF1")),
        (_flown(an_air_waybill()), consignment_id("document", "80912345675")),
        (
            a_version(consignment_id="", entry=None, manifest=None, booking=a_booking()),
            consignment_id("movement", "MAAAA"),
        ),
    ],
    ids=["entry", "master bill", "house bill", "house waybill", "air waybill", "movement"],
)
def test_the_id_is_derived_as_linking_does(given: ConsignmentVersion, identity: str) -> None:
    """The lowest document identifies; without one the movement does."""
    assert resolve_inline(MemoryState(), given, WATERMARK).consignment_id == identity


def _two_documents() -> ConsignmentVersion:
    goods = [GoodsItem(number=each, documents=(DocumentReference("N705", f"OCEAN{each}"),)) for each in (1, 2)]
    return a_version(entry=a_container_entry(items=tuple(goods)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (a_version(consignment_id="", entry=None, manifest=None, movements=()), "a transport document"),
        (_two_documents(), "the goods items of one consignment"),
        (a_version(entry=None, manifest=a_manifest(a_bill(), a_bill(master="OCEAN0002"))), "one bill of lading"),
        (_flown(an_air_waybill(consolidation=True)), "the waybill of one consignment"),
    ],
    ids=["nothing", "two documents", "two bills", "consolidation"],
)
def test_what_is_not_one_consignment_is_refused(given: ConsignmentVersion, told: str) -> None:
    """Nothing that identifies it, or several consignments in one."""
    with pytest.raises(InputError, match=told):
        resolve_inline(MemoryState(), given, WATERMARK)


def test_a_consignment_of_another_version_is_told(known: MemoryState) -> None:
    """Bytes that are no consignment of this version are an error with advice, not a guess."""
    known.put("consignments", OWN.encode(), msgspec.msgpack.encode({"consignment_id": OWN}))
    with pytest.raises(StateError, match="state rebuild"):
        stored_version(known, OWN)


@pytest.fixture
def view(scoring: Scoring) -> Iterator[View]:
    """A snapshot of the small store."""
    with scoring.state.snapshot() as snapshot:
        yield snapshot


def test_every_stored_consignment_resolves_to_itself(view: View, consignment_ids: tuple[str, ...]) -> None:
    """Given back without ids, each finds its id, its movements and what it took over."""
    for identity in consignment_ids:
        stored = stored_version(view, identity)
        assert stored is not None
        found = resolve_inline(view, replace(stored, consignment_id="", movements=()), WATERMARK)
        assert (found.consignment_id, found.movements) == (identity, stored.movements)
        assert set(found.joined_from) == set(stored.joined_from)


def test_scoring_changes_no_state(scoring: Scoring, store: Path) -> None:
    """The state's bytes are the same after an inline score."""
    before = (store / "state" / "data.mdb").read_bytes()
    scoring.score_inline(a_version(consignment_id="", movements=()), "")
    assert (store / "state" / "data.mdb").read_bytes() == before
